"""The clinic's own pages: settings, legal texts, colleagues, and the log of it all."""

from __future__ import annotations

import io

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from clinics.models import (
    Clinic,
    ClinicState,
    HoursException,
    LegalText,
    OpeningHours,
    Role,
    StaffAction,
)
from clinics.tenancy import tenant
from tests.staff.rows import action, create_platform_admin, listing, page, staff


def typed_settings(client, clinic: Clinic, **fields):
    """What the settings form posts: everything as it is, but for these fields."""
    shown = client.get(page(clinic)).context["adminform"].form
    kept = {name: shown.initial.get(name) for name in shown.fields if shown.initial.get(name) not in (None, False)}
    return {**kept, **fields}


def log(clinic: Clinic) -> list[tuple[str, str, str]]:
    with tenant(clinic):
        return list(StaffAction.objects.for_clinic(clinic).order_by("pk").values_list("kind", "model", "summary"))


def errors(response) -> dict[str, list[str]]:
    return {name: list(found) for name, found in response.context["adminform"].form.errors.items()}


def test_the_list_of_clinics_is_the_one_clinic(client, willow, harbour):
    staff(client, willow)

    assert client.get(listing(Clinic)).headers["Location"] == page(willow)


def test_an_owner_changes_the_settings(client, willow):
    staff(client, willow)

    client.post(page(willow), typed_settings(client, willow, phone="01632 960 555", brand_colour="#1d6b4f"))

    willow.refresh_from_db()
    assert (willow.phone, willow.brand_colour) == ("+441632960555", "#1d6b4f")
    assert log(willow) == [("changed", "clinics.clinic", "Phone, Brand colour")]


def test_a_wrong_phone_or_colour_is_told_beside_the_field(client, willow):
    staff(client, willow)

    response = client.post(page(willow), typed_settings(client, willow, phone="01632 abc", brand_colour="green"))

    assert sorted(errors(response)) == ["brand_colour", "phone"]


@pytest.mark.parametrize("field", ["slug", "host", "state", "legal_revision"])
def test_an_owner_cannot_forge_what_is_the_platforms(client, willow, field):
    staff(client, willow)
    before = getattr(willow, field)

    client.post(page(willow), typed_settings(client, willow, **{field: "forged"}))

    willow.refresh_from_db()
    assert getattr(willow, field) == before


def test_a_logo_is_uploaded_and_a_bad_one_refused_beside_its_field(client, willow, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    staff(client, willow)
    made = io.BytesIO()
    Image.new("RGB", (200, 200)).save(made, "PNG")

    bad = client.post(
        page(willow),
        typed_settings(client, willow, name="Typed", new_logo=SimpleUploadedFile("a.png", b"no")),
    )
    good = client.post(
        page(willow), typed_settings(client, willow, new_logo=SimpleUploadedFile("a.png", made.getvalue()))
    )

    willow.refresh_from_db()
    assert (list(errors(bad)), bad.context["adminform"].form["name"].value()) == (["new_logo"], "Typed")
    assert (good.status_code, willow.name, bool(willow.logo)) == (302, "Willow & Pine Veterinary", True)


def test_the_platforms_administrator_sees_all_clinics_and_suspends_one(client, willow, harbour):
    create_platform_admin(client)

    listed = client.get(listing(Clinic)).context["cl"].result_count
    client.post(listing(Clinic), action("suspend", harbour))

    harbour.refresh_from_db()
    assert (listed, harbour.state) == (2, ClinicState.SUSPENDED)
    assert log(harbour) == [("changed", "clinics.clinic", "Suspended")]
    assert "Suspended" in client.get(page(harbour, "history")).content.decode()


def test_an_owner_drafts_and_publishes_a_text(client, willow):
    staff(client, willow)
    client.post(listing(LegalText, "add"), {"kind": "privacy_policy", "language": "en", "body": "New."})
    with tenant(willow):
        draft = LegalText.objects.for_clinic(willow).get(body="New.")

    client.post(listing(LegalText), action("publish", draft))

    with tenant(willow):
        draft.refresh_from_db()
    assert (draft.version, draft.published_at is not None) == (2, True)
    assert client.post(page(draft), {"body": "Sneaky."}).status_code == 403
    assert client.get(page(draft, "delete")).status_code == 403
    assert log(willow) == [
        ("added", "clinics.legaltext", "Text, Wording"),
        ("changed", "clinics.legaltext", "Published"),
    ]


def test_others_do_not_publish(client, willow):
    staff(client, willow, Role.RECEPTION)
    with tenant(willow):
        draft = LegalText.objects.create(clinic=willow, kind="privacy_policy", version=2, body="New.")

    client.post(listing(LegalText), action("publish", draft))

    with tenant(willow):
        draft.refresh_from_db()
    assert draft.published_at is None


def test_hours_are_kept_and_their_rules_told_in_words(client, willow):
    staff(client, willow, Role.RECEPTION)

    backwards = client.post(listing(OpeningHours, "add"), {"weekday": 0, "opens": "12:00", "closes": "09:00"})
    client.post(listing(OpeningHours, "add"), {"weekday": 0, "opens": "09:00", "closes": "12:00"})
    twice = client.post(listing(OpeningHours, "add"), {"weekday": 0, "opens": "11:59", "closes": "13:00"})
    after_lunch = client.post(listing(OpeningHours, "add"), {"weekday": 0, "opens": "12:00", "closes": "13:00"})
    half = client.post(listing(HoursException, "add"), {"on": "2026-12-24", "opens": "09:00"})

    assert errors(backwards) == {"__all__": ["Closing must be after opening."]}
    assert errors(twice) == {"opens": ["That day is open at this time already."]}
    assert after_lunch.status_code == 302
    assert errors(half) == {"__all__": ["Give both times, or neither for a closed day."]}


def test_what_was_done_is_on_the_history_page_without_its_contents(client, willow):
    user = staff(client, willow)
    client.post(listing(OpeningHours, "add"), {"weekday": 0, "opens": "09:00", "closes": "12:00"})
    with tenant(willow):
        hours = OpeningHours.objects.for_clinic(willow).get()

    client.post(page(hours), {"weekday": 0, "opens": "09:00", "closes": "13:00"})
    history = client.get(page(hours, "history")).content.decode()
    client.post(page(hours, "delete"), {"post": "yes"})

    assert ("Added: Day, Opens, Closes" in history, "Changed: Closes" in history, user.email in history) == (
        True,
        True,
        True,
    )
    assert log(willow)[-1] == ("deleted", "clinics.openinghours", "")
