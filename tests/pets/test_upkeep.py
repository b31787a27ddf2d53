"""What the pets app forgets, and seals anew, when the apps below say that it is time."""

from datetime import timedelta
from io import StringIO

import pytest
from cryptography.fernet import Fernet
from django.core.files.base import ContentFile
from django.core.management import CommandError, call_command
from django.utils import timezone

from clients import retention
from clinics.tenancy import tenant
from pets.models import CardCheck, CardKey, Certificate, IdCard
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


@pytest.mark.parametrize(
    ("state", "days", "is_kept"), [("declined", 91, False), ("declined", 89, True), ("accepted", 999, True)]
)
def test_papers_that_were_not_accepted_are_forgotten(
    willow, settings, tmp_path, django_capture_on_commit_callbacks, state, days, is_kept
):
    settings.MEDIA_ROOT = tmp_path
    pet, plan = factories.create_pet(factories.create_owner(willow)), factories.create_plan(willow)
    with tenant(willow):
        paper = Certificate.objects.create(
            clinic=willow,
            pet=pet,
            client=pet.owner,
            plan=plan,
            state=state,
            file=ContentFile(b"%PDF-", "paper.pdf"),
            handed_in_at=NOW,
            decided_at=NOW - timedelta(days=days),
        )

    with tenant(willow), django_capture_on_commit_callbacks(execute=True):
        retention.purge_clinic(clinic=willow, now=NOW)

    with tenant(willow):
        paper.refresh_from_db()
    files = [path for path in tmp_path.rglob("*") if path.is_file()]
    assert (bool(paper.file), len(files)) == (is_kept, int(is_kept))


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
