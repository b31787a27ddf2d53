"""How staff come in: password, second factor, and who is turned away."""

from __future__ import annotations

import re

import pytest
from allauth.mfa.adapter import get_adapter
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal import auth
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from cryptography.fernet import Fernet
from django.core import mail
from django.urls import reverse

from clinics import staff_sign_in
from clinics.models import Clinic, Role
from tests import factories
from tests.staff.rows import staff

LOGIN = "/staff/account/login/"


def sign_in(client, email, password=factories.PASSWORD):
    return client.post(LOGIN, {"login": email, "password": password})


def test_a_stranger_is_sent_to_sign_in_and_back(client, willow):
    assert client.get("/staff/pets/pet/").headers["Location"] == f"{LOGIN}?next=/staff/pets/pet/"


def test_the_password_opens_the_only_clinic(client, willow):
    user = factories.create_staff(willow)

    response = sign_in(client, user.email.upper())

    assert response.headers["Location"] == "/staff/"
    assert "Willow &amp; Pine Veterinary" in client.get("/staff/").content.decode()


@pytest.mark.parametrize("known", [True, False])
def test_a_wrong_password_and_an_unknown_address_get_the_same_answer(client, willow, known):
    email = factories.create_staff(willow).email if known else "nobody@example.com"

    response = sign_in(client, email, "wrong-horse-battery")

    assert [str(error) for error in response.context["form"].non_field_errors()] == [
        "The email address and/or password you specified are not correct."
    ]


def test_guessing_is_slowed_down(client, willow):
    email = factories.create_staff(willow).email
    for _guess in range(5):
        sign_in(client, email, "wrong-horse-battery")

    response = sign_in(client, email)

    assert "Too many failed login attempts" in response.content.decode()


def test_nobody_signs_themselves_up(client, willow):
    staff(client, willow)

    assert client.get("/staff/account/signup/").status_code == 404


def test_a_clinic_may_ask_for_a_second_factor_before_anything_is_seen(client, willow):
    Clinic.objects.filter(pk=willow.pk).update(requires_second_factor=True)
    staff(client, willow)

    for address in ("/staff/", "/staff/clients/client/", "/staff/autocomplete/"):
        assert client.get(address).headers["Location"] == reverse("mfa_activate_totp")


def test_with_a_second_factor_the_password_alone_opens_nothing(client, willow):
    Clinic.objects.filter(pk=willow.pk).update(requires_second_factor=True)
    user = factories.create_staff(willow)
    TOTP.activate(user, generate_totp_secret())

    response = sign_in(client, user.email)

    assert response.headers["Location"] == reverse("mfa_authenticate")
    assert client.get("/staff/").headers["Location"] == f"{LOGIN}?next=/staff/"


def test_password_and_second_factor_open_the_clinic(client, willow):
    Clinic.objects.filter(pk=willow.pk).update(requires_second_factor=True)
    user = factories.create_staff(willow)
    TOTP.activate(user, secret := generate_totp_secret())
    sign_in(client, user.email)

    client.post(reverse("mfa_authenticate"), {"code": _code(secret)})

    assert client.get("/staff/").status_code == 200


def test_the_secret_of_a_second_factor_is_sealed(willow):
    user = factories.create_staff(willow)
    TOTP.activate(user, secret := generate_totp_secret())

    assert secret not in str(Authenticator.objects.get(user=user).data)


def test_an_owner_can_require_it(client, willow):
    staff(client, willow)
    form = client.get(reverse("admin:clinics_clinic_change", args=[willow.pk])).context["adminform"].form

    client.post(
        reverse("admin:clinics_clinic_change", args=[willow.pk]),
        {name: value for name, value in form.initial.items() if value} | {"requires_second_factor": "on"},
    )

    willow.refresh_from_db()
    assert willow.requires_second_factor is True


def test_the_link_for_a_password_starts_with_the_stored_address(client, willow, settings):
    settings.PORTAL_URL, settings.ALLOWED_HOSTS = "https://portal.example", ["*"]
    user = factories.create_staff(willow)

    client.post(reverse("account_reset_password"), {"email": user.email}, headers={"Host": "evil.example"})

    (sent,) = mail.outbox
    assert re.findall(r"https?://[^/\s]+", str(sent.body)) == ["https://portal.example"]
    assert "evil" not in sent.subject


def test_a_new_colleague_chooses_a_password_through_the_link(client, willow):
    user = factories.create_staff(willow)
    user.set_unusable_password()
    user.save()
    client.post(reverse("account_reset_password"), {"email": user.email})
    link = re.search(r"/staff/account/password/reset/key/\S+", str(mail.outbox[0].body))
    assert link is not None
    form = client.get(link[0], follow=True).redirect_chain[-1][0]

    client.post(form, {"password1": "a-long-new-password", "password2": "a-long-new-password"})

    assert sign_in(client, user.email, "a-long-new-password").headers["Location"] == "/staff/"


def test_no_mail_goes_to_an_unknown_address(client, db):
    client.post(reverse("account_reset_password"), {"email": "nobody@example.com"})

    assert mail.outbox == []


def test_an_account_that_is_closed_is_out_at_the_next_request(client, willow):
    user = staff(client, willow)
    user.is_active = False
    user.save()

    assert client.get("/staff/").headers["Location"] == f"{LOGIN}?next=/staff/"


def test_a_client_who_is_signed_in_is_no_staff(client, willow):
    factories.sign_in(client, factories.create_owner(willow))

    assert client.get("/staff/").headers["Location"] == f"{LOGIN}?next=/staff/"


@pytest.mark.parametrize("address", ["", "password/change/", "2fa/", "2fa/totp/activate/", "logout/"])
def test_the_pages_of_ones_own_account_open(client, willow, address):
    user = factories.create_staff(willow, Role.VET)
    sign_in(client, user.email)

    assert client.get(f"/staff/account/{address}", follow=True).status_code == 200


@pytest.fixture
def with_totp(client, willow):
    """Somebody who came in with a password and a code of the app, and has just said the password again."""
    user = factories.create_staff(willow)
    TOTP.activate(user, secret := generate_totp_secret())
    RecoveryCodes.activate(user)
    sign_in(client, user.email)
    client.post(reverse("mfa_authenticate"), {"code": _code(secret)})
    client.post(reverse("account_reauthenticate"), {"password": factories.PASSWORD})
    return user


@pytest.mark.parametrize(
    "address",
    ["", "totp/deactivate/", "recovery-codes/", "recovery-codes/generate/", "reauthenticate/", "webauthn/add/"],
)
def test_the_pages_of_a_second_factor_open(client, with_totp, address):
    assert client.get(f"/staff/account/2fa/{address}").status_code == 200


def test_a_security_key_is_listed_renamed_and_removed(client, with_totp):
    key = Authenticator.objects.create(user=with_totp, type=Authenticator.Type.WEBAUTHN, data={"name": "My key"})

    listed = client.get("/staff/account/2fa/webauthn/").content.decode()
    client.post(f"/staff/account/2fa/webauthn/keys/{key.pk}/edit/", {"name": "Blue key"})
    renamed = client.get("/staff/account/2fa/webauthn/").content.decode()
    client.post(f"/staff/account/2fa/webauthn/keys/{key.pk}/remove/")

    assert ("My key" in listed, "Blue key" in renamed) == (True, True)
    assert Authenticator.objects.filter(pk=key.pk).count() == 0


def test_signing_out_ends_the_session(client, willow):
    staff(client, willow)

    client.post(reverse("account_logout"))

    assert client.get("/staff/").headers["Location"] == f"{LOGIN}?next=/staff/"


def _code(secret: str) -> str:
    _before, now, _after = auth.yield_hotp_counters_from_time()
    return str(auth.format_hotp_value(auth.hotp_value(secret, now)))


def test_second_factors_survive_a_new_key(client, willow, settings):
    user = factories.create_staff(willow)
    TOTP.activate(user, "JBSWY3DPEHPK3PXP")
    RecoveryCodes.activate(user)
    new, old = Fernet.generate_key().decode(), list(settings.PORTAL_KEYS)
    settings.PORTAL_KEYS = [new, *old]

    count = staff_sign_in.reseal_second_factors()

    settings.PORTAL_KEYS = [new]
    kept = Authenticator.objects.get(user=user, type=Authenticator.Type.TOTP)
    assert count == 2
    assert get_adapter().decrypt(kept.data["secret"]) == "JBSWY3DPEHPK3PXP"
