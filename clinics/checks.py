"""System checks that hold the walls: models by their code, tables and role by asking PostgreSQL."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from django.apps import AppConfig, apps
from django.core.checks import CheckMessage, Error, register
from django.db import connection, models

from clinics.tenancy import ClinicOwned, OneClinicPolicy, SameClinic

OUR_APPS = ("clinics", "messaging", "clients", "pets", "loyalty", "bookings")
# Not tenant data, and holding nothing about people. A model that is neither here nor ClinicOwned fails the check.
GLOBAL_MODELS = {
    "clinics.Clinic",
    "clinics.User",
    "clinics.Workplace",
    "clinics.FailedSignIn",
    "messaging.Waiting",
    "clients.KnownContact",
    "clients.SignInCode",
    "clients.Tally",
}


@register()
def models_are_walled(app_configs: Sequence[AppConfig] | None = None, **kwargs: Any) -> list[CheckMessage]:
    """E001: a model neither clinic-owned nor known to be global. E002: no policy. E003: a link without SameClinic."""
    ours = [model for model in apps.get_models(include_auto_created=True) if model._meta.app_label in OUR_APPS]
    return [error for model in ours for error in _faults(model)]


def _faults(model: type[models.Model]) -> Iterator[CheckMessage]:
    if not issubclass(model, ClinicOwned):
        if model._meta.label not in GLOBAL_MODELS:
            yield Error(
                f"{model._meta.label} is neither ClinicOwned nor listed as global", obj=model, id="tenancy.E001"
            )
        return
    constraints = model._meta.constraints
    if not any(isinstance(constraint, OneClinicPolicy) for constraint in constraints):
        yield Error(f"{model._meta.label} has no OneClinicPolicy", obj=model, id="tenancy.E002")
    held = {constraint.field for constraint in constraints if isinstance(constraint, SameClinic)}
    for field in model._meta.concrete_fields:
        target = field.related_model
        if isinstance(target, type) and issubclass(target, ClinicOwned) and field.name not in held:
            yield Error(f"{model._meta.label}.{field.name} has no SameClinic", obj=model, id="tenancy.E003")


@register("database")
def database_is_walled(
    app_configs: Sequence[AppConfig] | None = None, databases: Sequence[str] | None = None, **kwargs: Any
) -> list[CheckMessage]:
    """E004: the role looks past row-level security. E005: a table with clinic_id, or one of its policies, is open."""
    return list(database_faults()) if databases else []


UNPROTECTED = """
    SELECT c.relname FROM pg_class c
    JOIN pg_attribute a ON a.attrelid = c.oid AND a.attname = 'clinic_id' AND NOT a.attisdropped
    WHERE c.relkind IN ('r', 'p') AND c.relnamespace = 'public'::regnamespace
    AND (NOT c.relrowsecurity OR NOT c.relforcerowsecurity OR (
        SELECT count(*) FILTER (
            WHERE pg_get_expr(p.polqual, p.polrelid)
                = '(clinic_id = (current_setting(''app.clinic_id''::text))::bigint)'
            AND p.polcmd = '*' AND p.polpermissive
        ) <> 1 OR count(*) <> 1 FROM pg_policy p WHERE p.polrelid = c.oid))
    ORDER BY 1
"""


def database_faults() -> Iterator[CheckMessage]:
    """The same, for /readyz and the commands."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT rolsuper OR rolbypassrls FROM pg_roles WHERE rolname = current_user")
        (sees_all,) = cursor.fetchone()
        if sees_all:
            yield Error("this database role ignores row-level security; use an ordinary one", id="tenancy.E004")
        cursor.execute(UNPROTECTED)
        for (table,) in cursor.fetchall():
            yield Error(f"{table} has clinic_id but not exactly the one forced policy", id="tenancy.E005")
