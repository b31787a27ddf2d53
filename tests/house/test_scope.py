"""Wall three: in screens, `.objects` is followed by `.for_clinic()` or `.for_client()`. Read off the syntax trees."""

import ast
from collections.abc import Iterator
from pathlib import Path

from django.apps import apps

from clinics.tenancy import ClinicOwned

ROOT = Path(__file__).resolve().parents[2]
APPS = ("clinics", "messaging", "clients", "pets", "loyalty", "bookings", "portal", "demo")
SCOPES = {"for_clinic", "for_client"}
OWNED = {model.__name__ for model in apps.get_models() if issubclass(model, ClinicOwned)}
# Creating names its clinic itself, and the database checks it.
CREATES = {"create", "bulk_create", "get_or_create", "update_or_create"}


def sources() -> Iterator[Path]:
    for app in APPS:
        yield from (path for path in (ROOT / app).rglob("*.py") if "migrations" not in path.parts)


def unscoped(tree: ast.AST) -> list[int]:
    """Lines where a clinic-owned model's `.objects` (or `_default_manager`) is followed by something else."""
    followed = {}
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Attribute):
            followed[id(node.value)] = node.attr
    found = []
    for node in ast.walk(tree):
        if not isinstance(node, ast.Attribute) or node.attr not in {"objects", "_default_manager", "_base_manager"}:
            continue
        if (
            isinstance(node.value, ast.Name)
            and node.value.id in OWNED
            and followed.get(id(node)) not in SCOPES | CREATES
        ):
            found.append(node.lineno)
    return sorted(found)


def test_clinic_owned_rows_are_asked_for_within_a_scope():
    found = [f"{path.relative_to(ROOT)}:{line}" for path in sources() for line in unscoped(ast.parse(path.read_text()))]

    assert found == []


def test_an_unscoped_question_is_noticed():
    assert unscoped(ast.parse("Pet.objects.filter(name='x')\nPet.objects.for_clinic(clinic)\nrows = Pet.objects")) == [
        1,
        3,
    ]
