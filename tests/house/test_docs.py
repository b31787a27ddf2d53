"""What the documents name exists, and what exists is documented."""

import re
from pathlib import Path

import pytest
from django.apps import apps
from django.core.management import get_commands

from clients import limits, models, retention, sign_in
from clinics.models import Clinic

ROOT = Path(__file__).resolve().parents[2]
PAGES = sorted([*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md")])
OPERATIONS = ROOT / "docs/operations.md"
ADRS = sorted(ROOT.glob("docs/adr/[0-9]*.md"))
LINK = re.compile(r"\[[^\]]*\]\(([^)\s]+)\)")
# A file in backticks with its folder, like `clients/sign_in.py`.
FILE = re.compile(r"`((?:[\w.-]+/)+[\w.-]+\.(?:py|html|sql|sh|md|css|js))`")

each_page = pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))


def our_commands() -> set[str]:
    """`seed_demo` too, wherever the demo is not installed."""
    ours = {config.label for config in apps.get_app_configs() if Path(config.path).parent == ROOT}
    return {name for name, app in get_commands().items() if app in ours} | {"seed_demo"}


def headings(page: Path) -> set[str]:
    """The anchors of a page, as they are made of its headings."""
    titles = re.findall(r"^#+ (.+)$", page.read_text(), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", title.lower()).replace(" ", "-") for title in titles}


def broken_links(page: Path) -> list[str]:
    broken = []
    for link in LINK.findall(page.read_text()):
        address, _hash, anchor = link.partition("#")
        if "://" in address:
            continue
        target = (page.parent / address).resolve() if address else page
        if not target.exists() or (anchor and anchor not in headings(target)):
            broken.append(link)
    return broken


@each_page
def test_links_lead_somewhere(page):
    assert broken_links(page) == []


def test_a_broken_link_is_noticed(tmp_path):
    page = tmp_path / "page.md"
    page.write_text(
        "# One title, here\n[a](gone.md) [b](page.md#one-title-here) [c](#another) [d](https://example.com/x)"
    )

    assert broken_links(page) == ["gone.md", "#another"]


@each_page
def test_files_that_are_named_exist(page):
    # A template is named as views name it.
    names = FILE.findall(page.read_text())

    assert [name for name in names if not (ROOT / name).exists() and not (ROOT / "templates" / name).exists()] == []


@each_page
def test_commands_and_targets_that_are_named_exist(page):
    text = page.read_text()
    commands = set(re.findall(r"manage\.py ([a-z_]+)", text)) - set(get_commands()) - our_commands()
    targets = set(re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text(), re.MULTILINE))

    assert commands == set()
    assert set(re.findall(r"(?:`|^)make ([a-z]+)", text, re.MULTILINE)) - targets == set()


def test_operations_lists_our_commands_and_no_others():
    listed = re.findall(r"^\| `([a-z_]+)` \|.*manage\.py|^\| `(seed_demo)` \|", OPERATIONS.read_text(), re.MULTILINE)

    assert {name for pair in listed for name in pair if name} == our_commands()


def test_every_decision_is_in_the_index():
    index = (ROOT / "docs/adr/README.md").read_text()

    assert re.findall(r"\]\(([0-9][\w.-]+\.md)\)", index) == [page.name for page in ADRS]


@pytest.mark.parametrize("page", ADRS, ids=lambda page: page.stem)
def test_a_decision_has_a_number_a_context_and_consequences(page):
    titles = re.findall(r"^#+ (.+)$", page.read_text(), re.MULTILINE)

    assert titles[0].startswith(page.name[:4])
    assert titles[1:] == ["Context", "Decision", "Consequences"]


def test_the_numbers_of_the_sign_in_are_those_of_the_code():
    (ten_minutes, few), (hour, more), (day, most) = sign_in.SENDS
    said = (ROOT / "docs/security.md").read_text()
    cap = Clinic._meta.get_field("sms_codes_per_day").default
    expected = [
        f"{sign_in.LIFETIME.seconds // 60} minutes; works once",
        f"{sign_in.MOST_TRIES} a code",
        f"{limits.WRONG_CODES.most} compared ones a contact and day",
        f"{limits.TRIES_PER_ADDRESS.most} tries an hour from one address",
        f"{few} in {ten_minutes.seconds // 60} minutes, {more} in an hour, {most} in a day",
        f"{limits.CODES_PER_ADDRESS.most} an hour (an IPv6",
        f"last four digits | {limits.CODES_PER_PREFIX.most} an hour",
        f"`sms_codes_per_day`, {cap} by default",
        f"{models.IDLE_LIMIT.days} days without a visit, {models.ABSOLUTE_LIMIT.days} days at most",
        f"devices | {retention.ENDED_DEVICES_KEPT.days} days after their end",
    ]

    assert (hour.seconds, day.days) == (3600, 1)
    assert [words for words in expected if words not in said] == []


def test_the_pictures_are_small():
    pictures = list((ROOT / "docs/pictures").iterdir())

    assert sorted(picture.name for picture in pictures) == ["home.png", "sign-in.png"]
    assert sum(picture.stat().st_size for picture in pictures) < 300_000
