"""Pets, weights and care as staff keep them."""

from __future__ import annotations

import io
from datetime import date
from decimal import Decimal

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone
from PIL import Image

from clinics.models import Role
from clinics.tenancy import tenant
from pets.models import CareRecord, Pet, Species, Weight
from tests import factories
from tests.staff.rows import action, listing, page, reread, staff, typed_pet


@pytest.fixture
def pet(client, willow):
    staff(client, willow, Role.VET)
    return factories.create_pet(factories.create_owner(willow), name="Miso", born_on=date(2020, 5, 1))


def errors(response) -> dict[str, list[str]]:
    return {name: list(found) for name, found in response.context["adminform"].form.errors.items()}


def test_a_pet_is_changed(client, pet):
    client.post(page(pet), typed_pet(pet, name="Miso II", microchip="9851 4100 0123 456"))

    assert (reread(pet).name, reread(pet).microchip) == ("Miso II", "985141000123456")


def test_a_pet_is_added_for_the_owner_whose_profile_led_here(client, pet, willow):
    shown = client.get(listing(Pet, "add"), {"owner": pet.owner_id})
    client.post(listing(Pet, "add"), typed_pet(pet, name="Second"))

    assert shown.context["adminform"].form.initial["owner"] == str(pet.owner_id)
    with tenant(willow):
        assert Pet.objects.for_clinic(willow).get(name="Second").owner_id == pet.owner_id


@pytest.mark.parametrize(
    ("typed", "field"),
    [
        ({"microchip": "12"}, "microchip"),
        ({"deceased_on": "2019-01-01"}, "__all__"),
        ({"born_on": "31/02/2020"}, "born_on"),
        ({"species": "dragon"}, "species"),
    ],
)
def test_bad_input_is_told(client, pet, typed, field):
    assert list(errors(client.post(page(pet), typed_pet(pet, **typed)))) == [field]


@pytest.mark.parametrize(
    ("lightest", "heaviest", "field"),
    [
        ("3.6", "", "healthy_to_kg"),
        ("", "4.5", "healthy_from_kg"),
        ("0", "4.5", "healthy_from_kg"),
        ("4.5", "4.5", "healthy_to_kg"),
        ("4.5", "3", "healthy_to_kg"),
        ("12,5 kg", "20", "healthy_from_kg"),
    ],
)
def test_a_healthy_range_is_two_weights(client, pet, lightest, heaviest, field):
    said = typed_pet(pet, healthy_from_kg=lightest, healthy_to_kg=heaviest)

    assert list(errors(client.post(page(pet), said))) == [field]


def test_insurance_notes_and_a_healthy_range_are_kept(client, pet):
    said = {"healthy_from_kg": "3.6", "healthy_to_kg": "4.5", "insurance_company": "Pawlinsure"}

    client.post(page(pet), typed_pet(pet, **said, insurance_policy="PW-1", notes="Shy"))

    kept = reread(pet)
    assert (kept.healthy_from_kg, kept.healthy_to_kg) == (Decimal("3.600"), Decimal("4.500"))
    assert (kept.insurance_company, kept.insurance_policy, kept.notes) == ("Pawlinsure", "PW-1", "Shy")


def test_a_service_given_here_means_that_the_animal_was_seen(client, willow):
    staff(client, willow, Role.VET)
    pet = factories.create_pet(factories.create_owner(willow), is_identity_checked=False, born_on=date(2020, 5, 1))
    plan = factories.create_plan(willow)
    given = {"plan": plan.pk, "given_on": "2026-05-01", "valid_until": "2027-05-01"}
    elsewhere = given | {"pet": pet.pk, "given_at_clinic": "Cray Vets"}

    client.post(listing(CareRecord, "add"), elsewhere)
    before = reread(pet).is_identity_checked
    rows = {f"care_records-0-{name}": value for name, value in given.items()} | {"care_records-0-pet": pet.pk}
    client.post(page(pet), typed_pet(pet, **rows) | {"care_records-TOTAL_FORMS": 1})

    assert (before, reread(pet).is_identity_checked) == (False, True)


def test_a_weight_that_staff_correct_is_the_clinics(client, willow, pet):
    with tenant(willow):
        told = Weight.objects.create(clinic=willow, pet=pet, kg="4.2", weighed_on=date(2026, 5, 1), is_owners=True)
    row = {
        "weights-0-id": told.pk,
        "weights-0-pet": pet.pk,
        "weights-0-weighed_on": "2026-05-01",
        "weights-0-kg": "4.4",
    }

    client.post(page(pet), typed_pet(pet, **row) | {"weights-TOTAL_FORMS": 1, "weights-INITIAL_FORMS": 1})

    with tenant(willow):
        told.refresh_from_db()
    assert (told.kg, told.is_owners) == (Decimal("4.400"), False)


def test_a_deleted_pet_stays_on_file_and_is_restored(client, pet):
    client.post(listing(Pet), action("delete", pet))
    deleted = reread(pet).deleted_at

    client.post(page(pet), {"CHANGE_FORM-action": "restore", "_selected_action": pet.pk})

    assert (deleted is not None, reread(pet).deleted_at) == (True, None)


def test_the_list_goes_living_deleted_deceased(client, pet):
    factories.create_pet(pet.owner, name="Alma", deceased_on=date(2026, 1, 1))
    factories.create_pet(pet.owner, name="Bruno", deleted_at=timezone.now())

    response = client.get(listing(Pet))

    assert [row.name for row in response.context["cl"].result_list] == ["Miso", "Bruno", "Alma"]


@pytest.mark.parametrize(
    ("standing", "names"),
    [
        ("living", ["Miso"]),
        ("deleted", ["Bruno"]),
        ("deceased", ["Alma"]),
        ("odd", ["Miso", "Bruno", "Alma"]),
    ],
)
def test_the_list_is_narrowed_by_standing(client, pet, standing, names):
    factories.create_pet(pet.owner, name="Alma", deceased_on=date(2026, 1, 1))
    factories.create_pet(pet.owner, name="Bruno", deleted_at=timezone.now())

    response = client.get(listing(Pet), {"standing": standing})

    assert [row.name for row in response.context["cl"].result_list] == names


def test_a_photo_is_uploaded_seen_by_staff_and_removed(client, pet, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    made = io.BytesIO()
    Image.new("RGB", (400, 300), "teal").save(made, "JPEG")

    client.post(page(pet), typed_pet(pet, new_photo=SimpleUploadedFile("a.jpg", made.getvalue())))
    shown = client.get(page(pet, "photo"))
    client.post(page(pet), typed_pet(pet, no_photo="on"))

    assert (shown.status_code, shown.headers["Content-Type"]) == (200, "image/webp")
    assert client.get(page(pet, "photo")).status_code == 404


def test_a_file_that_is_no_picture_is_refused_beside_its_field(client, pet):
    response = client.post(page(pet), typed_pet(pet, name="Typed", new_photo=SimpleUploadedFile("a.jpg", b"no")))

    assert errors(response) == {"new_photo": ["This isn’t a picture we can use. Choose a JPEG, PNG or WebP file."]}
    assert reread(pet).name == "Miso"


def test_a_weight_is_added_on_the_pets_page_and_only_once_a_day(client, pet, willow):
    weight = {
        "weights-TOTAL_FORMS": 1,
        "weights-0-pet": pet.pk,
        "weights-0-weighed_on": "2026-05-01",
        "weights-0-kg": "4.2",
    }

    client.post(page(pet), typed_pet(pet, **weight))
    again = client.post(page(pet), typed_pet(pet, **weight))
    heavy = client.post(page(pet), typed_pet(pet, **weight | {"weights-0-kg": "1e309"}))

    assert ("There is a weight for this day already." in again.content.decode(), heavy.status_code) == (
        True,
        200,
    )
    with tenant(willow):
        assert [str(row) for row in Weight.objects.for_clinic(willow)] == ["4.2 kg"]


def test_a_record_is_for_the_species_and_ends_after_it_begins(client, pet, willow):
    cat, dog = factories.create_plan(willow), factories.create_plan(willow, species=Species.DOG)
    typed = {"pet": pet.pk, "plan": cat.pk, "given_on": "2026-05-01", "valid_until": "2027-05-01"}

    other = client.post(listing(CareRecord, "add"), typed | {"plan": dog.pk})
    backwards = client.post(listing(CareRecord, "add"), typed | {"valid_until": "2025-05-01"})
    client.post(listing(CareRecord, "add"), typed)

    assert errors(other) == {"plan": ["This service is for another species."]}
    assert errors(backwards) == {"__all__": ["“Valid until” is before “given on”."]}
    with tenant(willow):
        assert CareRecord.objects.for_clinic(willow).count() == 1


@pytest.mark.parametrize("count", [1, 3])
def test_the_lists_ask_as_often_for_one_row_as_for_three(client, pet, willow, statements, count):
    plan = factories.create_plan(willow)
    for _number in range(count):
        factories.create_record(pet, plan, valid_until=date(2027, 5, 1))

    with statements(8):
        client.get(listing(CareRecord))
