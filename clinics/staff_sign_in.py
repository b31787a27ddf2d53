"""How staff sign in: what differs from allauth's defaults."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from django.conf import settings
from django.urls import reverse

from portal.kit import crypto

if TYPE_CHECKING:
    from django.http import HttpRequest

    from clinics.models import User

# Recovery codes alone are the way back in, not a factor that somebody set up.
FACTORS = [Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN]


class StaffAccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]  # allauth has no types
    """Clinics make the accounts. Links in e-mails start with the stored address, never with a request's Host."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def get_reset_password_from_key_url(self, key: str) -> str:
        uid, _dash, token = key.partition("-")
        return settings.PORTAL_URL + reverse("account_reset_password_from_key", kwargs={"uidb36": uid, "key": token})

    def format_email_subject(self, subject: str) -> str:
        return subject  # allauth would put the Host of the request before it.


class StaffMFAAdapter(DefaultMFAAdapter):  # type: ignore[misc]  # allauth has no types
    """The secrets of second factors are sealed in the database."""

    def encrypt(self, text: str) -> str:
        return crypto.seal(text)

    def decrypt(self, encrypted_text: str) -> str:
        return crypto.unseal(encrypted_text)


def reseal_second_factors(*, dry_run: bool = False) -> int:
    """Seal every second factor's secret with the newest of PORTAL_KEYS. Returns how many. Raises crypto.Unreadable."""
    count = 0
    for factor in Authenticator.objects.filter(type__in=[Authenticator.Type.TOTP, Authenticator.Type.RECOVERY_CODES]):
        sealed = {name: factor.data[name] for name in ("secret", "seed") if factor.data.get(name)}
        factor.data |= {name: crypto.reseal(text) for name, text in sealed.items()}
        count += bool(sealed)
        if sealed and not dry_run:
            factor.save(update_fields=["data"])
    return count


def has_second_factor(user: User) -> bool:
    return bool(Authenticator.objects.filter(user=user, type__in=FACTORS).exists())


def must_set_up_second_factor(request: Any) -> bool:
    """Does the acting clinic require a second factor that this user does not have yet?"""
    return bool(request.clinic and request.clinic.requires_second_factor and not has_second_factor(request.user))
