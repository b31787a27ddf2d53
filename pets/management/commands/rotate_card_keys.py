"""`manage.py rotate_card_keys willow`: yearly, when somebody who could read the server leaves, or a key is lost."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import transaction
from django.utils import timezone

from clinics.models import Clinic
from clinics.tenancy import tenant
from pets import actions


class Command(BaseCommand):
    help = (
        "Sign a clinic's Pet ID cards with a new key; cards on paper stay good. "
        "With --revoke, take a stolen or lost key out of the published ones instead."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("clinic", metavar="SLUG")
        parser.add_argument("--revoke", default="", metavar="KID", help="the key that is published no longer")
        parser.add_argument("--dry-run", action="store_true", help="say what would happen, change nothing")

    def handle(self, *, clinic: str, revoke: str, dry_run: bool, **options: Any) -> None:
        found = Clinic.objects.filter(slug=clinic).first()
        if found is None:
            raise CommandError(f"There is no clinic “{clinic}”.")
        with tenant(found):
            said = _revoke(found, revoke, dry_run) if revoke else _rotate(found, dry_run)
            transaction.set_rollback(dry_run)
        self.stdout.write(said)


def _rotate(clinic: Clinic, is_dry: bool) -> str:
    key = actions.rotate_keys(clinic=clinic, now=timezone.now())
    if is_dry:
        return f"Would make 1 new key for {clinic.name}."
    return f"Made 1 new key for {clinic.name}: {key.kid}. The older ones stay published."


def _revoke(clinic: Clinic, kid: str, is_dry: bool) -> str:
    try:
        count = actions.revoke_key(clinic=clinic, kid=kid, now=timezone.now())
    except actions.UnknownKey as error:
        raise CommandError(f"{clinic.name} publishes no key “{kid}”.") from error
    verb = "Would revoke" if is_dry else "Revoked"
    return f"{verb} key {kid} of {clinic.name}. {count:,} card(s) are signed anew when their owners next open them."
