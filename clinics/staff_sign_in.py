"""How staff sign in: what differs from allauth's defaults."""

from __future__ import annotations

from contextlib import suppress
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.authentication import get_authentication_records
from allauth.account.internal.flows.login import record_authentication
from allauth.core import context
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from allauth.mfa.signals import authenticator_added
from django.conf import settings
from django.db import connection, transaction
from django.dispatch import receiver
from django.urls import reverse
from django.utils import timezone

from clinics.models import FailedSignIn
from portal.kit import crypto

if TYPE_CHECKING:
    from django.http import HttpRequest
    from django.http.response import HttpResponseBase

    from clinics.models import User

# Recovery codes alone are the way back in, not a factor that somebody set up.
FACTORS = [Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN]
# Passwords tried for one login: from browsers that it signed in on before, and from all others together.
MOST_TRIES, WINDOW = 10, timedelta(minutes=15)
FAMILIAR_FOR = timedelta(days=365)


class StaffAccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]  # allauth has no types
    """Clinics make the accounts. Links in e-mails start with the stored address, never with a request's Host."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def get_reset_password_from_key_url(self, key: str) -> str:
        uid, _dash, token = key.partition("-")
        return settings.PORTAL_URL + reverse("account_reset_password_from_key", kwargs={"uidb36": uid, "key": token})

    def format_email_subject(self, subject: str) -> str:
        return subject  # allauth would put the Host of the request before it.

    def pre_authenticate(self, request: HttpRequest, **credentials: Any) -> None:
        super().pre_authenticate(request, **credentials)
        if _count_try(self._quota(request, credentials), now=timezone.now()) > MOST_TRIES:
            raise self.validation_error("too_many_login_attempts")

    def authenticate(self, request: HttpRequest, **credentials: Any) -> Any:
        user = super().authenticate(request, **credentials)
        if user:
            _forget_tries(self._quota(request, credentials), now=timezone.now())
        return user

    def get_reauthentication_methods(self, user: Any) -> list[dict[str, Any]]:
        """The password again is not enough where a second factor was not shown: it would open that one's pages."""
        methods: list[dict[str, Any]] = super().get_reauthentication_methods(user)
        only = second_factor_missing(context.request) == "mfa_reauthenticate"
        return [method for method in methods if not only or method["id"] != "reauthenticate"]

    def post_login(self, request: HttpRequest, user: Any, **kwargs: Any) -> HttpResponseBase:
        """Remember that this login came in on this browser, so that strangers' tries don't lock it out here."""
        response: HttpResponseBase = super().post_login(request, user, **kwargs)
        sealed = crypto.seal(f"staff_familiar:{_digest(user.email)}")
        response.set_cookie(
            familiar_cookie(), sealed, FAMILIAR_FOR, secure=settings.IS_HTTPS, httponly=True, samesite="Lax"
        )
        return response

    def _get_login_attempts_cache_key(self, request: HttpRequest, **credentials: Any) -> str:
        return self._quota(request, credentials)  # allauth's own key has the Host in it, which a guesser varies.

    def _delete_login_attempts_cached_email(self, request: HttpRequest, **credentials: Any) -> None:
        super()._delete_login_attempts_cached_email(request, **credentials)
        _forget_tries(self._quota(request, credentials), now=timezone.now())

    def _quota(self, request: HttpRequest, credentials: dict[str, Any]) -> str:
        """Whose tries are counted together. Saying the password again goes without credentials."""
        login = str(credentials.get("email") or getattr(request.user, "email", ""))
        digest = _digest(login)
        return _digest(f"{login} familiar") if digest == _familiar_digest(request) else digest


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


def needs_second_factor(request: Any) -> bool:
    """A clinic may require it; of a platform administrator it always is, but for the demo, where all is made up."""
    asked_by_clinic = bool(request.clinic and request.clinic.requires_second_factor)
    return asked_by_clinic or (request.user.is_superuser and not settings.DEMO)


def second_factor_missing(request: Any) -> str:
    """The page where this session passes its second factor, or sets one up; "" when it has passed."""
    own = dict(Authenticator.objects.filter(user=request.user).values_list("pk", "type"))
    if not set(own.values()) & set(FACTORS):
        return "mfa_activate_totp"
    records = get_authentication_records(request, request.user)
    passed = any(record["method"] == "mfa" and record.get("id") in own for record in records)
    return "" if passed else "mfa_reauthenticate"


@receiver(authenticator_added)
def _pass_with_the_first(request: HttpRequest, user: User, authenticator: Authenticator, **kwargs: Any) -> None:
    """Who has just set up their first factor need not show it again in the same session."""
    others = Authenticator.objects.filter(user=user, type__in=FACTORS).exclude(pk=authenticator.pk)
    if authenticator.type in FACTORS and not others.exists():
        record_authentication(request, user, "mfa", id=authenticator.pk, type=authenticator.type)


def familiar_cookie() -> str:
    return f"{settings.COOKIE_PREFIX}staff_familiar"


def _digest(login: str) -> str:
    return crypto.keyed_digest(login.strip().lower(), purpose="staff_login")


def _familiar_digest(request: HttpRequest) -> str:
    with suppress(crypto.Unreadable):
        age = int(FAMILIAR_FOR.total_seconds())
        opened = crypto.unseal(request.COOKIES.get(familiar_cookie(), ""), max_age=age)
        kind, _colon, digest = opened.partition(":")
        return digest if kind == "staff_familiar" else ""  # Other cookies are sealed with the same keys.
    return ""


def _count_try(digest: str, *, now: datetime) -> int:
    """Count one more before the password is compared, so that guesses at once count too; a cache might be away."""
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO clinics_failedsignin AS f (login_digest, window_starts_at, count) "
            "VALUES (%(digest)s, %(now)s, 1) "
            "ON CONFLICT (login_digest) DO UPDATE SET "
            "count = CASE WHEN f.window_starts_at > %(over)s THEN f.count + 1 ELSE 1 END, "
            "window_starts_at = CASE WHEN f.window_starts_at > %(over)s THEN f.window_starts_at ELSE %(now)s END "
            "RETURNING count",
            {"digest": digest, "now": now, "over": now - WINDOW},
        )
        (count,) = cursor.fetchone()
    return int(count)


@transaction.atomic
def _forget_tries(digest: str, *, now: datetime) -> None:
    """The right password ends the count, and takes what is over anyway along."""
    FailedSignIn.objects.filter(login_digest=digest).delete()
    over = FailedSignIn.objects.filter(window_starts_at__lte=now - WINDOW)
    FailedSignIn.objects.filter(pk__in=over.select_for_update(skip_locked=True).values("pk")).delete()
