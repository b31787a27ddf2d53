"""Walking through a clinic's door in tests: ask, read the message that was queued, enter."""

from __future__ import annotations

import re
from typing import Any

from django.test import Client as Browser

from clinics.models import Clinic
from clinics.tenancy import tenant
from messaging.models import Outgoing

CONSENTS = {"consent_data": "on", "consent_terms": "on"}


def ask_by_phone(browser: Browser, clinic: Clinic | None, phone: str | list[str], **more: Any) -> Any:
    return _ask(browser, clinic, {"by": "phone", "phone": phone}, more)


def ask_by_email(browser: Browser, clinic: Clinic | None, email: str, **more: Any) -> Any:
    return _ask(browser, clinic, {"by": "email", "email": email}, more)


def _ask(browser: Browser, clinic: Clinic | None, data: dict[str, Any], more: dict[str, Any]) -> Any:
    data["revision"] = str(Clinic.objects.get(pk=clinic.pk).legal_revision) if clinic else ""
    return browser.post(
        f"{door(clinic)}sign-in/{more.pop('query', '')}", {**data, **CONSENTS, **more.pop("data", {})}, **more
    )


def enter(browser: Browser, clinic: Clinic | None, code: str, **more: Any) -> Any:
    return browser.post(f"{door(clinic)}sign-in/code/", {"code": code}, **more)


def door(clinic: Clinic | None) -> str:
    return f"/{clinic.slug}/" if clinic else "/"


def messages(clinic: Clinic, *, decoys: bool = False) -> list[Outgoing]:
    """What the clinic's outbox holds, oldest first."""
    with tenant(clinic):
        return list(Outgoing.objects.for_clinic(clinic).filter(is_decoy=decoys).order_by("pk"))


def newest_code(clinic: Clinic) -> str:
    return code_in(messages(clinic)[-1])


def code_in(message: Outgoing) -> str:
    match = re.search(r"\b[0-9]{6}\b", message.text)
    assert match is not None
    return match[0]


def wrong(code: str) -> str:
    return f"{(int(code) + 1) % 1_000_000:06d}"
