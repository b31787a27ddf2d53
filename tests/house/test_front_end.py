"""The conventions of templates, styles and scripts, as tests."""

import gzip
import json
import re
import subprocess
import sys
from html.parser import HTMLParser
from pathlib import Path

import pytest
from django.template.loader import get_template

from portal.kit import tags

TEMPLATES = sorted(Path("templates").rglob("*.html"))
# What a browser shows under the policy. Mail has no stylesheet, and documents are printed on the server.
PAGES = [path for path in TEMPLATES if not {"notices", "documents"} & set(path.parts)]
CSS = Path("static/css/portal.css")
# Later pages bring these along.
MORE_CSS = [Path("static/css/bookings.css"), Path("static/css/cards.css")]
FIRST_VIEW = [
    CSS,
    Path("static/js/app.js"),
    Path("static/vendor/htmx/htmx.min.js"),
    Path("static/vendor/figtree/western.woff2"),
    Path("static/icons.svg"),
]
TRANSLATED = re.compile(r"{%\s*(blocktranslate|blocktrans)\b.*?{%\s*end\1\s*%}", re.DOTALL)
COMMENTS = re.compile(r"{#.*?#}|{%\s*comment.*?endcomment\s*%}", re.DOTALL)
# A block whose name says that it stands inside a tag: it holds class names or attributes, not words.
CLASS_NAMES = re.compile(r"{%\s*block \w*(?:class|attrs)\s*%}.*?{%\s*endblock.*?%}")
# Classes that say what something is and look like nothing.
MARKERS = {"acc-s", "unit-h"}
SPOKEN = ("alt", "aria-label", "placeholder", "title")

each_page = pytest.mark.parametrize("path", PAGES, ids=str)


class Words(HTMLParser):
    """Collects what a person would read or hear in a template, outside translations and variables."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def take(self, text: str | None) -> None:
        if text and re.search(r"[^\W\d_]{2}", text):
            self.found.append(text.strip())

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        for name, value in attrs:
            if name in SPOKEN:
                self.take(value)

    def handle_data(self, data: str) -> None:
        self.take(data)


def markup(path: Path) -> str:
    """The template's HTML; what Django says in it is gone."""
    text = CLASS_NAMES.sub("", COMMENTS.sub("", path.read_text()))
    return re.sub(r"{[{%].*?[%}]}", "", TRANSLATED.sub("", text), flags=re.DOTALL)


def packed(*paths: Path) -> int:
    """Bytes on the wire with gzip; a font is compressed already."""
    return sum(
        len(path.read_bytes() if path.suffix == ".woff2" else gzip.compress(path.read_bytes(), 9, mtime=0))
        for path in paths
    )


@each_page
def test_nothing_inline_that_the_policy_would_refuse(path):
    html = markup(path)

    assert re.findall(r"<[^>]*\sstyle\s*=", html) == []
    assert re.findall(r"<style\b", html) == []
    assert re.findall(r"<script(?![^>]*\bsrc=)[^>]*>", html) == []
    assert re.findall(r"<[^>]*\s(on\w+\s*=|hx-on|hx-vals=.js:)", html) == []
    assert "javascript:" not in html


@each_page
def test_nothing_from_another_host(path):
    assert re.findall(r"""(?:src|href|action)=["'](?:https?:)?//[^"']*""", markup(path)) == []


@each_page
def test_every_word_is_translated(path):
    words = Words()
    words.feed(markup(path))

    assert words.found == []


@each_page
def test_no_colour_is_written_into_a_page(path):
    assert re.findall(r"""["':\s](#[0-9a-fA-F]{6}|#[0-9a-fA-F]{3})\b""", markup(path)) == []


@pytest.mark.parametrize("path", [path for path in PAGES if "admin" not in path.parts], ids=str)
def test_every_class_has_a_look(path):
    """The stylesheet holds what the release's pages use; a new part brings its rules along."""
    css = CSS.read_text()
    rules = css[css.index("@layer reset") :] + "".join(path.read_text() for path in MORE_CSS)
    looks = set(re.findall(r"\.([a-z][\w-]*)", rules))
    # What {{ }} or {% %} completes can't be told from here.
    used = set(" ".join(re.findall(r'class="([^"{]*)"', COMMENTS.sub("", path.read_text()))).split())

    assert used - looks <= MARKERS


@pytest.mark.parametrize("path", TEMPLATES, ids=str)
def test_a_template_is_short_and_compiles(path):
    get_template(path.relative_to("templates").as_posix())

    assert len(path.read_text().splitlines()) <= 120


@each_page
def test_every_icon_is_in_a_sprite(path):
    text = path.read_text()
    named = re.findall(r'{%\s*icon\s+"([^"]+)"', text)
    parts = r'{%\s*include\s+"components/(?:empty|pet_avatar|reminder_row)\.html"[^%]*\b(?:icon|tile)="([^"]+)"'
    named += re.findall(parts, text)
    for name in re.findall(r'{%\s*include\s+"components/nav_item\.html"[^%]*\bicon="([^"]+)"', text):
        named += [name, f"{name}-fill"]

    assert [name for name in named if name not in tags.icon_index()] == []


def test_every_animal_and_every_request_has_an_icon():
    from messaging.models import RequestType
    from pets.models import Species

    names = [f"{value.replace('_', '-')}-duotone" for value in Species.values] + list(RequestType.Icon.values)

    assert [name for name in names if name not in tags.icon_index()] == []


def test_parts_of_the_stylesheet_take_their_colours_from_tokens():
    css = re.sub(r"/\*.*?\*/", "", CSS.read_text(), flags=re.DOTALL)
    parts = css[css.index("@layer reset") :] + "".join(path.read_text() for path in MORE_CSS)

    colours = r"#[0-9a-fA-F]{3,8}\b|\b(?:rgb|hsl|hwb|lab|lch|oklab)a?\(|oklch\((?!var\(--tint)"
    assert re.findall(colours, parts) == []


def test_every_token_in_use_is_declared():
    css = "".join(path.read_text() for path in (CSS, *MORE_CSS))
    used, declared = (set(re.findall(pattern, css)) for pattern in (r"var\(--([\w-]+)", r"--([\w-]+):"))

    assert used - declared == {"brand-l"}  # A bright brand's own stylesheet declares it.


def test_the_font_is_asked_for_exactly_what_it_holds():
    from tools import vendor

    css = CSS.read_text()
    rule = css[css.index("western.woff2") : css.index("extended.woff2")]
    ranges = re.findall(r"U\+([0-9A-F]+)(?:-([0-9A-F]+))?", rule)
    asked = {code for first, last in ranges for code in range(int(first, 16), int(last or first, 16) + 1)}

    assert asked == vendor.WESTERN


def test_vendored_files_are_as_committed():
    command = [sys.executable, "tools/vendor.py", "--check"]
    check = subprocess.run(command, capture_output=True, text=True, check=False)

    assert (check.returncode, check.stderr) == (0, "")


def test_the_manifest_names_no_host():
    manifest = json.loads(Path("static/vendor/manifest.json").read_text())

    assert sorted(manifest) == ["packages", "sha256"]
    assert "//" not in json.dumps(manifest)


def test_the_first_view_stays_within_its_budget():
    """The page itself comes on top: 50 kB in all, without photos."""
    assert packed(*FIRST_VIEW) <= 46_000
    assert packed(Path("static/js/app.js")) <= 3_000


@pytest.mark.parametrize("name", ["403", "403_csrf", "404", "429", "500", "503"])
def test_error_pages_need_no_context(name):
    html = get_template(f"{name}.html").render()

    assert "<h1>" in html
    assert 'href="tel:' not in html
