"""What the pets app forgets, and seals anew, when the apps below say that it is time."""

from datetime import timedelta
from io import StringIO

import pytest
from cryptography.fernet import Fernet
from django.core.management import CommandError, call_command
from django.utils import timezone

from clients import retention
from clinics.tenancy import tenant
from pets.models import CardCheck, CardKey, IdCard
from portal.kit import crypto
from tests import factories

NOW = timezone.now()


@pytest.fixture
def card(willow):
    pet = factories.create_pet(factories.create_owner(willow))
    with tenant(willow):
        return IdCard.objects.create(clinic=willow, pet=pet, token="W-1", issued_at=NOW, made_at=NOW)


@pytest.fixture
def key(willow):
    with tenant(willow):
        return CardKey.objects.create(
            clinic=willow, kid="one", public_key="…", sealed_private_key=crypto.seal("private"), made_at=NOW
        )


def reseal(*arguments: str) -> str:
    out = StringIO()
    call_command("reseal_secrets", *arguments, stdout=out)
    return out.getvalue()


def test_checks_of_a_card_are_forgotten_after_a_year(willow, card):
    with tenant(willow):
        _old, young = (
            CardCheck.objects.create(clinic=willow, card=card, answer="current", checked_at=NOW - timedelta(days=days))
            for days in (366, 364)
        )

        forgotten = retention.purge_clinic(clinic=willow, now=NOW)

        assert forgotten == 1
        assert list(CardCheck.objects.for_clinic(willow)) == [young]


def test_a_card_key_is_sealed_anew(willow, key, settings):
    settings.PORTAL_KEYS = [Fernet.generate_key().decode(), *settings.PORTAL_KEYS]

    said = reseal()

    settings.PORTAL_KEYS = settings.PORTAL_KEYS[:1]
    with tenant(willow):
        key.refresh_from_db()
    assert crypto.unseal(key.sealed_private_key) == "private"
    assert "1 other secret(s) of clinics" in said


def test_a_dry_run_seals_nothing(willow, key, settings):
    before, settings.PORTAL_KEYS = key.sealed_private_key, [Fernet.generate_key().decode(), *settings.PORTAL_KEYS]

    reseal("--dry-run")

    with tenant(willow):
        key.refresh_from_db()
    assert key.sealed_private_key == before


def test_a_card_key_that_no_key_opens_is_told(willow, key, settings):
    settings.PORTAL_KEYS = [Fernet.generate_key().decode()]

    with pytest.raises(CommandError, match="willow"):
        reseal()
