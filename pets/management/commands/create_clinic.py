"""`manage.py create_clinic willow --name "Willow & Pine" --country GB --time-zone Europe/London …`.

In pets because a new clinic gets care plans: see pets/setting_up.py.
"""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError
from django.core.validators import validate_email
from django.db import transaction
from django.utils import timezone

from clinics.models import Clinic
from clinics.signals import clinic_opened
from clinics.tenancy import tenant
from pets.setting_up import open_clinic


class Command(BaseCommand):
    help = "Open a clinic: its owner, drafts of its legal texts, the usual request types, care plans and booking rules."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("slug", metavar="SLUG", help="the first word of its address, like willow-pine")
        parser.add_argument("--name", required=True)
        parser.add_argument("--country", required=True, help="two letters, like GB")
        parser.add_argument("--time-zone", required=True, help="like Europe/London")
        parser.add_argument("--owner-email", required=True)
        parser.add_argument("--phone", default="", help="with its country code, like +441632960418")
        parser.add_argument("--email", default="", help="where clients may write to")
        parser.add_argument("--dry-run", action="store_true", help="check everything, keep nothing")

    def handle(self, *, slug: str, owner_email: str, dry_run: bool, **options: Any) -> None:
        facts = {name: options[name] for name in ("name", "country", "time_zone", "phone", "email")}
        check(slug=slug, owner_email=owner_email, **facts)
        with transaction.atomic():
            clinic = open_clinic(slug=slug, owner_email=owner_email, **facts)
            with tenant(clinic):
                clinic_opened.send(Clinic, clinic=clinic, now=timezone.now())
            transaction.set_rollback(dry_run)
        verb = "Would open" if dry_run else "Opened"
        self.stdout.write(
            f"{verb} 1 clinic: {clinic.name} at {settings.PORTAL_URL}/{slug}/. {owner_email} chooses a "
            f"password at {settings.PORTAL_URL}/staff/. What is missing yet: manage.py check_clinic {slug}"
        )


def check(*, slug: str, owner_email: str, **facts: str) -> None:
    """Everything that is wrong with the arguments, at once. Raises CommandError."""
    if Clinic.objects.filter(slug=slug).exists():
        raise CommandError(f"There is a clinic “{slug}” already. Nothing was changed.")
    wrong: dict[str, list[str]] = {}
    try:
        Clinic(slug=slug, **facts).full_clean()
    except ValidationError as error:
        wrong = error.message_dict
    try:
        validate_email(owner_email)
    except ValidationError as error:
        wrong["owner_email"] = error.messages
    if wrong:
        names = {field: "SLUG" if field == "slug" else f"--{field.replace('_', '-')}" for field in wrong}
        raise CommandError("\n".join(f"{names[field]}: {' '.join(said)}" for field, said in wrong.items()))
