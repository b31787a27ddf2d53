"""Opening a clinic, closing it, and its logo."""

from __future__ import annotations

import io

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from clinics import actions
from clinics.models import Clinic, ClinicState, LegalText, StaffMember
from clinics.tenancy import tenant
from portal.kit.images import TooSmall, UnusablePicture


def picture(side: int, kind: str = "PNG") -> SimpleUploadedFile:
    made = io.BytesIO()
    Image.new("RGB", (side, side), "teal").save(made, kind)
    return SimpleUploadedFile("../../logo.php", made.getvalue())


@pytest.fixture(autouse=True)
def _own_folder(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path


def test_a_new_clinic_has_drafts_and_an_owner_and_nothing_in_force(db):
    clinic = actions.create_clinic(
        name="New Vets",
        slug="new",
        country="GB",
        time_zone="Europe/London",
        owner_email="boss@example.com",
        email="hi@new.example",
    )

    with tenant(clinic):
        drafts = LegalText.objects.for_clinic(clinic)
        owner = StaffMember.objects.for_clinic(clinic).get()
        assert sorted(drafts.values_list("kind", "published_at")) == [(kind, None) for kind in sorted(LegalText.Kind)]
        assert {"New Vets" in text.body for text in drafts} == {True}
        assert (owner.user.email, owner.role, clinic.legal_revision) == ("boss@example.com", "owner", 0)


def test_a_suspended_clinic_is_not_live_until_it_is_reopened(willow):
    actions.suspend_clinic(clinic=willow)
    suspended = list(Clinic.objects.live())

    actions.reopen_clinic(clinic=willow)

    assert (suspended, list(Clinic.objects.live()), willow.state) == ([], [willow], ClinicState.ACTIVE)


def test_a_logo_is_painted_anew_under_a_name_of_ours(willow):
    actions.set_logo(clinic=willow, image=picture(200))

    with willow.logo.open() as stored:
        assert Image.open(stored).format == "WEBP"
    assert (willow.logo.name.startswith(f"logos/{willow.pk}/"), willow.logo.name.endswith(".webp")) == (
        True,
        True,
    )


def test_a_new_logo_replaces_the_file(willow, django_capture_on_commit_callbacks):
    actions.set_logo(clinic=willow, image=picture(200))
    storage, first = willow.logo.storage, willow.logo.name

    with django_capture_on_commit_callbacks(execute=True):
        actions.set_logo(clinic=willow, image=picture(300, "JPEG"))

    assert (storage.exists(first), storage.exists(willow.logo.name)) == (False, True)


def test_a_logo_is_removed(willow, django_capture_on_commit_callbacks):
    actions.set_logo(clinic=willow, image=picture(200))
    storage, name = willow.logo.storage, willow.logo.name

    with django_capture_on_commit_callbacks(execute=True):
        actions.remove_logo(clinic=willow)

    willow.refresh_from_db()
    assert (willow.logo_url, storage.exists(name)) == ("", False)


@pytest.mark.parametrize(
    ("upload", "refusal"),
    [(picture(127), TooSmall), (SimpleUploadedFile("a.svg", b"<svg/>"), UnusablePicture)],
)
def test_an_unusable_picture_changes_nothing(willow, upload, refusal):
    with pytest.raises(refusal):
        actions.set_logo(clinic=willow, image=upload)

    willow.refresh_from_db()
    assert willow.logo_url == ""
