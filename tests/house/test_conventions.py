"""Habits that a tool can hold."""

import ast
import re
import subprocess
from pathlib import Path

import pytest
from django.apps import apps

ROOT = Path(__file__).resolve().parents[2]
APPS = ("clinics", "messaging", "clients", "pets", "loyalty", "bookings", "portal", "demo")
BANNED_FILES = {"utils.py", "helpers.py", "common.py", "misc.py", "managers.py"}
# Words of the trade: what knows them belongs in an app, not in the kit.
TRADE = re.compile(r"\b(clinic|pet|booking|appointment|client|owner|vet)s?\b", re.IGNORECASE)


def tracked(*suffixes: str) -> list[Path]:
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    paths = [ROOT / line for line in listed.stdout.splitlines()]
    return [path for path in paths if path.suffix in suffixes and path.exists() and "vendor" not in path.parts]


@pytest.mark.parametrize(("folder", "limit"), [("app", 300), ("tests", 250)])
def test_files_stay_readable(folder, limit):
    paths = [path for path in tracked(".py") if "migrations" not in path.parts]
    mine = [path for path in paths if ("tests" in path.relative_to(ROOT).parts) == (folder == "tests")]

    assert [str(path) for path in mine if len(path.read_text().splitlines()) > limit] == []


def test_no_room_is_called_after_nothing():
    assert [path.name for path in tracked(".py") if path.name in BANNED_FILES] == []


def test_the_kit_does_not_know_the_trade():
    found = []
    for path in (ROOT / "portal/kit").glob("*.py"):
        tree = ast.parse(path.read_text())
        names = {node.id for node in ast.walk(tree) if isinstance(node, ast.Name)}
        names |= {node.name for node in ast.walk(tree) if isinstance(node, ast.FunctionDef | ast.ClassDef)}
        words = {word for name in names for word in name.split("_")}
        found += [f"{path.name}: {word}" for word in words if TRADE.fullmatch(word)]

    assert found == []


def test_every_action_says_what_it_does():
    silent = []
    for app in APPS:
        for path in (ROOT / app).glob("actions*"):
            for file in [path] if path.is_file() else path.glob("*.py"):
                tree = ast.parse(file.read_text())
                functions = [node for node in tree.body if isinstance(node, ast.FunctionDef)]
                silent += [
                    f"{app}.{node.name}"
                    for node in functions
                    if not node.name.startswith("_") and not ast.get_docstring(node)
                ]

    assert silent == []


def test_actions_take_keywords_only():
    found = []
    for app in APPS:
        for path in [*(ROOT / app).glob("actions.py"), *(ROOT / app).glob("actions/*.py")]:
            functions = [node for node in ast.parse(path.read_text()).body if isinstance(node, ast.FunctionDef)]
            found += [f"{app}.{node.name}" for node in functions if not node.name.startswith("_") and node.args.args]

    assert found == []


def test_nothing_orders_itself():
    assert [
        model._meta.label for model in apps.get_models() if model._meta.app_label in APPS and model._meta.ordering
    ] == []


def test_times_and_days_are_named_for_what_they_are():
    wrong = []
    for model in apps.get_models():
        if model._meta.app_label not in APPS:
            continue
        for field in model._meta.local_fields:
            kind = field.get_internal_type()
            is_right = {"DateTimeField": ("_at", "_until"), "DateField": ("_on", "_until", "on")}.get(kind, "")
            if is_right and not field.name.endswith(is_right) and field.name not in {"last_login", "date_joined"}:
                wrong.append(f"{model._meta.label}.{field.name}")

    assert wrong == []
