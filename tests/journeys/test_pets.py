"""An owner keeps her pets: added, edited, photographed, deleted and back; also without JavaScript, and by keyboard."""

import io
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone
from PIL import Image

from clients import devices
from clinics.tenancy import tenant
from loyalty.models import Membership, MembershipPlan
from pets import tasks
from pets.models import Certificate, Pet, Upload
from tests import factories

pytestmark = [pytest.mark.journey, pytest.mark.django_db(transaction=True)]


@pytest.fixture(autouse=True)
def media(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path


@pytest.fixture
def clinic(transactional_db):
    return factories.create_clinic("willow", name="Willow & Pine Veterinary", brand_colour="#1d6b4f")


@pytest.fixture
def owner(clinic):
    return factories.create_owner(clinic, name="Nadia Brennan")


@pytest.fixture
def miso(owner):
    return factories.create_pet(owner, name="Miso", breed="Siamese")


@pytest.fixture
def walk(visitor_of, clinic, owner):
    """A function that opens a signed-in browser at the Pets page."""

    def signed_in(*how, **more):
        visitor = visitor_of(*how, **more)
        _device, token = factories.create_device(owner)
        cookie = {"name": devices.cookie_name(clinic), "value": token, "url": visitor.address}
        visitor.page.context.add_cookies([cookie])
        visitor.open("/willow/pets/")
        return visitor

    return signed_in


def flash(visitor) -> str:
    return str(visitor.page.locator(".flash").inner_text())


def picture() -> Any:
    file = io.BytesIO()
    Image.new("RGB", (900, 600), "#b5651d").save(file, "JPEG")
    return {"name": "IMG 1.jpg", "mimeType": "image/jpeg", "buffer": file.getvalue()}


def on_file(clinic, **which) -> Pet:
    with tenant(clinic):
        return Pet.objects.for_clinic(clinic).get(**which)


def test_a_pet_is_added_in_a_dialog_and_what_is_wrong_is_told_first(walk, clinic):
    visitor = walk()
    visitor.page.get_by_role("link", name="Add Pet").first.click()
    dialog = visitor.page.get_by_role("dialog", name="Add New Pet")
    dialog.get_by_label("Year").fill("2399")
    dialog.get_by_role("button", name="Save Pet").click()
    visitor.page.locator(".errsum").wait_for()
    assert (visitor.violations(), dialog.get_by_label("Year").input_value()) == ([], "2399")

    dialog.get_by_label("Name", exact=True).fill("Clover")
    dialog.get_by_text("Rabbit", exact=True).click()
    visitor.page.locator("datalist option[value='Netherland Dwarf']").wait_for(state="attached")
    dialog.get_by_label("Breed").fill("Netherland Dwarf")
    dialog.get_by_label("Sex").select_option(label="I’m not sure")
    dialog.get_by_label("Year").fill("2024")
    dialog.get_by_role("button", name="Save Pet").click()
    visitor.page.wait_for_url("**/willow/pets/")

    assert "Clover" in flash(visitor)
    pet = on_file(clinic, name="Clover")
    assert (pet.species, pet.breed, pet.is_birth_estimated) == ("rabbit", "Netherland Dwarf", True)


def test_escape_closes_the_dialog_and_changes_nothing(walk, clinic, miso):
    visitor = walk("desktop")
    visitor.page.get_by_role("link", name="Edit Miso").click()
    visitor.page.get_by_role("dialog", name="Edit Pet Information").get_by_label("Name", exact=True).fill("Rex")
    visitor.page.keyboard.press("Escape")
    visitor.page.wait_for_url("**/willow/pets/")

    assert on_file(clinic, pk=miso.pk).name == "Miso"


def test_edited_deleted_and_restored_without_script(walk, clinic, miso):
    visitor = walk(java_script_enabled=False)
    visitor.page.get_by_role("link", name="Edit Miso").click()
    visitor.page.get_by_label("Name", exact=True).fill("Miso II")
    visitor.page.get_by_role("button", name="Save Changes").click()
    assert "Miso II" in flash(visitor)

    visitor.page.get_by_role("link", name="Delete Miso II").click()
    visitor.page.get_by_role("button", name="Delete Pet").click()
    assert on_file(clinic, pk=miso.pk).deleted_at is not None
    visitor.page.get_by_role("button", name="Restore").first.click()

    assert visitor.page.get_by_role("link", name="Edit Miso II").count() == 1


def test_a_membership_refuses_and_leads_to_the_gentle_way(walk, clinic, owner, miso):
    with tenant(clinic):
        plan = MembershipPlan.objects.create(clinic=clinic, name="Wellness Club")
        Membership.objects.create(
            clinic=clinic, plan=plan, client=owner, pet=miso, starts_on=timezone.now().date() - timedelta(days=9)
        )
    visitor = walk()
    visitor.page.get_by_role("link", name="Delete Miso").click()
    refusal = visitor.page.get_by_role("dialog", name="Delete Miso?").get_by_role("alert")
    assert refusal.inner_text().strip() == (
        "This pet cannot be deleted because there is an active membership in place. "
        "Please contact the business directly."
    )
    assert visitor.violations() == []

    visitor.page.get_by_role("dialog").get_by_role("link", name="Tell us").click()
    visitor.page.get_by_role("heading", name="We’re so sorry").wait_for()
    assert visitor.violations() == []
    visitor.page.get_by_role("button", name="Tell the clinic").click()
    visitor.page.wait_for_url(f"**/pets/{miso.pk}/")

    assert on_file(clinic, pk=miso.pk).deceased_on is not None
    with tenant(clinic):
        assert Membership.objects.get().review_reason == "pet_deceased"


def test_a_photo_is_prepared_while_the_page_is_open(walk, clinic, miso):
    visitor = walk()
    visitor.open(f"/willow/pets/{miso.pk}/")
    visitor.page.locator("input[type=file]").first.set_input_files(picture())
    visitor.page.get_by_text("Your photo is being prepared.").wait_for()
    with tenant(clinic):
        upload = Upload.objects.for_clinic(clinic).get()
    tasks.finish_upload(clinic_id=clinic.pk, upload_id=upload.pk)

    visitor.page.locator("#photo img").wait_for()
    assert visitor.page.get_by_text("Your photo is being prepared.").count() == 0
    assert visitor.violations() == []


def test_a_certificate_is_handed_in_without_script(walk, clinic, miso):
    factories.create_plan(clinic, name="Rabies", is_vaccine=True)
    visitor = walk(java_script_enabled=False)
    visitor.open(f"/willow/pets/{miso.pk}/certificates/add/")
    visitor.page.get_by_label("What was done").select_option(label="Rabies")
    visitor.page.get_by_label("Clinic that did it").fill("Cray Vets")
    file = {"name": "a.pdf", "mimeType": "application/pdf", "buffer": b"%PDF-1.7\n1 0 obj\nendobj\n%%EOF\n"}
    visitor.page.locator("input[type=file]").set_input_files(file)
    visitor.page.get_by_role("button", name="Send certificate").click()

    assert visitor.path.startswith(f"/willow/pets/{miso.pk}/")
    with tenant(clinic):
        assert Certificate.objects.for_clinic(clinic).get().state == "waiting"


def test_a_pet_is_added_by_keyboard_alone(walk, clinic):
    visitor = walk("desktop")
    visitor.page.get_by_role("link", name="Add Pet").first.focus()
    visitor.page.keyboard.press("Enter")
    visitor.page.wait_for_url("**/pets/add/")
    visitor.page.wait_for_function("document.activeElement.name === 'name'")
    visitor.page.keyboard.type("Biscuit")
    visitor.page.keyboard.press("Tab")
    visitor.page.keyboard.press("Space")
    while visitor.page.evaluate("document.activeElement.name") != "sex":
        visitor.page.keyboard.press("Tab")
    visitor.page.keyboard.type("Female, s")
    visitor.page.keyboard.press("Tab")
    visitor.page.keyboard.press("Enter")
    visitor.page.wait_for_url("**/willow/pets/")

    pet = on_file(clinic, name="Biscuit")
    assert (pet.species, pet.sex, pet.neutered) == ("dog", "female", "yes")


def test_a_card_is_shown_printed_and_checked_by_a_stranger(walk, visitor_of, clinic, miso):
    plan = factories.create_plan(clinic, name="Rabies", is_vaccine=True)
    factories.create_record(miso, plan, valid_until=timezone.now().date() + timedelta(days=200))
    visitor = walk()
    visitor.open(f"/willow/pets/{miso.pk}/")
    visitor.page.get_by_role("link", name="View Pet ID Card").click()
    visitor.page.get_by_role("heading", name="Pet ID Card").wait_for()
    assert visitor.page.get_by_role("row", name="Rabies").count() == 1
    with tenant(clinic):
        card = miso.cards.get()
        sheet = card.documents.get(form="sheet")

    visitor.page.get_by_role("link", name="Download PDF").click()
    visitor.page.wait_for_url("**/card/making/sheet/")
    asked_at = sheet.asked_at.isoformat()
    tasks.make_card_document(clinic_id=clinic.pk, document_id=sheet.pk, asked_at=asked_at)
    link = visitor.page.get_by_role("link", name="Download PDF")
    link.wait_for()
    with visitor.page.expect_download() as download:
        link.click()
    assert download.value.suggested_filename == "Miso – Pet ID card.pdf"

    stranger = visitor_of()
    stranger.open(f"/verify/{card.token}/#{card.statement}")

    assert stranger.page.get_by_role("heading", level=1).inner_text() == "This card is genuine"
    assert "Brennan" not in stranger.page.content()
    assert (visitor.violations(), stranger.violations()) == ([], [])
