"""What happened to a pet, where staff look for it: on its page, on its owner's profile, and in a list (R27)."""

from __future__ import annotations

import io
from datetime import date

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone
from PIL import Image

from clinics.models import Role
from clinics.tenancy import tenant
from pets import actions
from pets.models import Breed, IdCard, Pet, PetChange
from tests import factories
from tests.staff.rows import action, create_certificate, create_request, every_trace_of, listing, page, staff


@pytest.fixture
def pet(client, willow):
    staff(client, willow, Role.RECEPTION)
    return factories.create_pet(factories.create_owner(willow, name="Nadia Brennan"), name="Miso")


def test_an_owners_change_is_on_the_profile_and_on_the_pets_page_at_once(client, willow, pet):
    with tenant(willow):
        actions.update_pet(pet=pet, by=pet.owner, now=timezone.now(), colour="Grey", born_on=date(2021, 5, 12))

    for row in (pet.owner, pet):
        (change,) = client.get(page(row)).context["changes"]
        assert (change.what, change.who, change.pet.name) == ("Edited", "Nadia Brennan", "Miso")
        assert [(one.label, one.before, one.after) for one in change.differences] == [
            ("Colour", "–", "Grey"),
            ("Date of birth", "–", "12 May 2021"),
        ]


def test_what_waits_is_linked_from_both(client, willow, pet):
    request = create_request(pet, colour=["", "Grey"])
    certificate = create_certificate(pet, factories.create_plan(willow))

    for row in (pet.owner, pet):
        shown = client.get(page(row)).content.decode()
        assert (page(request) in shown, page(certificate) in shown) == (True, True)


def test_names_with_markup_are_shown_as_they_are_written(client, willow, pet):
    with tenant(willow):
        actions.update_pet(pet=pet, by=pet.owner, now=timezone.now(), name="<b>Miso</b>", colour="🐈 <script>")

    shown = client.get(page(pet.owner)).content.decode()

    assert ("<b>Miso" in shown, "&lt;b&gt;Miso" in shown, "🐈 &lt;script&gt;" in shown) == (False, True, True)


@pytest.mark.parametrize("count", [1, 3])
def test_the_pets_page_asks_as_often_for_one_of_each_as_for_three(client, willow, pet, statements, count):
    with tenant(willow):
        for _number in range(count):
            PetChange.objects.create(clinic=willow, pet=pet, kind="photo", done_at=timezone.now(), client=pet.owner)
    for _number in range(count):
        create_certificate(pet, factories.create_plan(willow))

    with statements(12):
        client.get(page(pet))


@pytest.mark.parametrize("count", [1, 3])
def test_the_list_of_changes_asks_as_often_for_one_row_as_for_three(client, willow, pet, statements, count):
    for _number in range(count):
        every_trace_of(factories.create_pet(pet.owner))

    with statements(7):
        client.get(listing(PetChange))


def test_a_thumbnail_falls_back_to_the_large_photo(client, willow, pet, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    made = io.BytesIO()
    Image.new("RGB", (400, 300), "teal").save(made, "JPEG")
    with tenant(willow):
        upload = SimpleUploadedFile("a.jpg", made.getvalue())
        actions.set_photo(pet=pet, upload=upload, by=pet.owner, now=timezone.now())

    small = client.get(page(pet, "thumbnail")).content
    pet.photo.storage.delete(pet.thumbnail_name)
    fallen_back = client.get(page(pet, "thumbnail")).content

    assert [Image.open(io.BytesIO(one)).size for one in (small, fallen_back)] == [(128, 128), (300, 300)]


def test_without_a_photo_there_is_no_thumbnail(client, pet):
    assert client.get(page(pet, "thumbnail")).status_code == 404


@pytest.mark.parametrize("count", [1, 3])
def test_cards_are_listed_with_how_they_stand_and_as_few_statements(client, willow, pet, statements, count):
    for number in range(count):
        other = factories.create_pet(pet.owner)
        fields = {"expires_on": date(2020, 1, 1)} if number == 1 else {}
        create_card(other, token=f"t{number}", **fields)

    with statements(7):
        listed = client.get(listing(IdCard))

    assert [state for state in ("Valid", "Expired") if f">{state}<" in listed.content.decode()] == (
        ["Valid"] if count == 1 else ["Valid", "Expired"]
    )


def test_a_card_is_withdrawn_and_its_address_is_shown_nowhere(client, willow, pet):
    card = create_card(pet, token="SECRET-TOKEN", hidden_parts=["owner"])

    shown = client.get(page(card)).content.decode()
    client.post(listing(IdCard), action("withdraw", card))

    assert ("SECRET-TOKEN" in shown, "Your name" in shown) == (False, True)
    with tenant(willow):
        card.refresh_from_db()
    assert card.withdrawn_at is not None
    assert "Withdrawn" in client.get(page(card)).content.decode()


@pytest.mark.parametrize(
    ("name", "told"),
    [
        ("  domestic   SHORTHAIR ", ["This breed is on the list already."]),
        ("", ["This field is required."]),
        ("x" * 81, ["Ensure this value has at most 80 characters (it has 81)."]),
    ],
)
def test_a_breed_that_the_list_has_is_refused(client, willow, pet, name, told):
    response = client.post(listing(Breed, "add"), {"species": "cat", "name": name})

    assert response.context["adminform"].form.errors["name"] == told


def test_a_breed_is_added_offered_and_deleted(client, willow, pet):
    client.post(listing(Breed, "add"), {"species": "cat", "name": " Hartwell  Blue "})
    with tenant(willow):
        breed = Breed.objects.for_clinic(willow).get()
        Pet.objects.for_clinic(willow).update(breed=breed.name)
    client.post(page(breed, "delete"), {"post": "yes"})

    with tenant(willow):
        assert Breed.objects.for_clinic(willow).count() == 0
        assert Pet.objects.for_clinic(willow).get().breed == "Hartwell Blue"


def create_card(pet: Pet, **fields) -> IdCard:
    with tenant(pet.clinic_id):
        return IdCard.objects.create(
            clinic=pet.clinic, pet=pet, issued_at=timezone.now(), made_at=timezone.now(), **fields
        )
