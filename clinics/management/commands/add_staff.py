"""`manage.py add_staff --clinic willow --email priya@example.com --role reception`."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError
from django.core.validators import validate_email
from django.db import transaction

from clinics import actions
from clinics.models import Clinic, Role, StaffMember
from clinics.tenancy import tenant


class Command(BaseCommand):
    help = "Give somebody a job at a clinic. The new choose a password through “Forgot your password?”."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--clinic", required=True, metavar="SLUG")
        parser.add_argument("--email", required=True)
        parser.add_argument("--role", required=True, choices=Role.values)
        parser.add_argument("--shown-name", default="", help="the name that clients see")
        parser.add_argument("--dry-run", action="store_true", help="say what would happen, change nothing")

    def handle(self, *, clinic: str, email: str, role: str, shown_name: str, dry_run: bool, **options: Any) -> None:
        found = Clinic.objects.filter(slug=clinic).first()
        if found is None:
            raise CommandError(f"There is no clinic “{clinic}”.")
        try:
            validate_email(email)
        except ValidationError as error:
            raise CommandError(f"“{email}” is not an e-mail address.") from error
        with tenant(found):
            staff = StaffMember.objects.for_clinic(found).filter(is_active=True)
            working = staff.filter(user__email=email.strip().lower()).first()
            if working is not None and working.role != role:
                raise CommandError(f"{email} is {working.role} at {found.name} already. Change it at /staff/.")
            if working is None:
                actions.add_staff_member(clinic=found, email=email, role=Role(role), shown_name=shown_name)
            transaction.set_rollback(dry_run)
        verb = "Would add" if dry_run else "Added"
        self.stdout.write(f"{verb} {int(not working)} staff member(s) at {found.name}: {email} is {role} there.")
