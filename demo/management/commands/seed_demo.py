"""`manage.py seed_demo`: the made-up clinics. What exists is left alone."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone

from demo import actions
from demo.facts import ADMINISTRATOR, CLINICS, PASSWORD

WHO = f"""\
Clients sign in by a code: +44 7700 900123 or demo@example.com at both clinics, +1 202 555 0142 at harbour.
Staff sign in at /staff/: staff@example.com (owns both), reception@example.com and vet@example.com (willow),
{ADMINISTRATOR} (the platform); the password of each is {PASSWORD}."""


class Command(BaseCommand):
    help = "Make the demo's clinics, staff, clients and pets. Safe to run as often as you like."

    def handle(self, **options: Any) -> None:
        made = actions.seed(now=timezone.now())
        self.stdout.write(WHO)
        self.stdout.write(f"Made {len(made)} of {len(CLINICS)} demo clinics anew.")
