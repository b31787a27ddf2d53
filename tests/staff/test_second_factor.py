"""A second factor counts for the session that showed it."""

from __future__ import annotations

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal import auth
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from django.test import Client as Browser
from django.urls import reverse

from clinics.models import Clinic, User
from tests import factories

LOGIN = "/staff/account/login/"


def code(secret: str) -> str:
    _before, now, _after = auth.yield_hotp_counters_from_time()
    return str(auth.format_hotp_value(auth.hotp_value(secret, now)))


def sign_in(browser, user):
    browser.post(LOGIN, {"login": user.email, "password": factories.PASSWORD})


@pytest.fixture
def user(willow):
    Clinic.objects.filter(pk=willow.pk).update(requires_second_factor=True)
    return factories.create_staff(willow)


@pytest.fixture
def secret():
    return str(generate_totp_secret())


def test_a_session_older_than_the_factor_is_asked_for_it(client, user, secret):
    sign_in(client, user)
    TOTP.activate(user, secret)

    asked = client.get("/staff/pets/pet/").headers["Location"]
    client.post(asked, {"code": code(secret)})

    assert asked == f"{reverse('mfa_reauthenticate')}?next=%2Fstaff%2Fpets%2Fpet%2F"
    assert client.get("/staff/pets/pet/").status_code == 200


def test_with_the_password_alone_it_cannot_take_the_factor_away(client, user, secret):
    sign_in(client, user)
    TOTP.activate(user, secret)
    RecoveryCodes.activate(user)

    client.post(reverse("account_reauthenticate"), {"password": factories.PASSWORD})
    for name in ("mfa_deactivate_totp", "mfa_add_webauthn", "mfa_view_recovery_codes", "mfa_generate_recovery_codes"):
        assert client.get(reverse(name)).headers["Location"].startswith(reverse("mfa_reauthenticate"))

    assert Authenticator.objects.filter(user=user).count() == 2
    assert client.get("/staff/").headers["Location"].startswith(reverse("mfa_reauthenticate"))


def test_who_sets_up_the_first_factor_goes_on_in_the_same_session(transactional_db, client, user):
    sign_in(client, user)
    client.post(reverse("account_reauthenticate"), {"password": factories.PASSWORD})
    secret = client.get(reverse("mfa_activate_totp")).context["form"].secret

    client.post(reverse("mfa_activate_totp"), {"code": code(secret)})

    assert client.get("/staff/").status_code == 200


def test_a_factor_that_was_taken_away_no_longer_counts(client, user, secret):
    TOTP.activate(user, secret)
    sign_in(client, user)
    client.post(reverse("mfa_authenticate"), {"code": code(secret)})
    Authenticator.objects.filter(user=user).delete()
    TOTP.activate(user, str(generate_totp_secret()))

    assert client.get("/staff/").headers["Location"].startswith(reverse("mfa_reauthenticate"))


@pytest.mark.parametrize(("is_demo", "status"), [(False, 302), (True, 200)])
def test_a_platform_administrator_always_needs_one_but_in_the_demo(db, settings, is_demo, status):
    settings.DEMO = is_demo
    browser = Browser()
    sign_in(browser, User.objects.create_superuser("admin@example.com", factories.PASSWORD))

    assert browser.get("/staff/clinics/user/").status_code == status
