"""**Edit Pet Information** → **Save Changes** (R13–R15)."""

from datetime import date, timedelta

import pytest
from django.utils import timezone

from clinics.models import Editing
from clinics.models.choices import WeightUnit
from tests import factories
from tests.pets.profiles import (
    CHIP,
    as_on_file,
    changes_of,
    create_miso,
    errors,
    now_on_file,
    request_of,
    said,
    switch,
    weights_of,
)

SAVED = "Miso’s details are saved\nThe clinic sees the change too."


@pytest.fixture
def miso(owner):
    return create_miso(owner)


def address(pet) -> str:
    return f"/willow/pets/{pet.pk}/edit/"


def test_the_dialog_holds_what_is_on_file(signed_in, miso):
    factories.create_weight(miso, "4.6", date(2026, 4, 11))

    response = signed_in.get(address(miso))

    form, html = response.context["form"], response.content.decode()
    shown = {name: form[name].value() for name in ("name", "species", "breed", "sex", "born", "weight", "microchip")}
    assert shown == {
        "name": "Miso",
        "species": "cat",
        "breed": "Bengal",
        "sex": "female-yes",
        "born": ["12", "5", "2021"],
        "weight": "4.6",
        "microchip": CHIP,
    }
    assert ("Edit Pet Information" in html, "Save Changes" in html, '<option value="Siamese">' in html) == (True,) * 3


def test_a_change_is_saved_and_the_list_confirms_it(signed_in, miso):
    form = as_on_file(miso, name="Miso II", notes="Likes cheese")

    response = signed_in.post(address(miso), form, follow=True)

    pet = now_on_file(miso)
    assert response.redirect_chain == [("/willow/pets/", 303)]
    assert said(response) == ["Miso II’s details are saved\nThe clinic sees the change too."]
    assert (pet.name, pet.notes, pet.edition, changes_of(pet)) == ("Miso II", "Likes cheese", 1, ["edited"])


def test_nothing_changed_is_nothing_written(signed_in, miso):
    response = signed_in.post(address(miso), as_on_file(miso), follow=True)

    assert (said(response), changes_of(miso), now_on_file(miso).edition) == (["Miso’s details are saved"], [], 0)


def test_an_error_keeps_what_was_typed(signed_in, miso):
    response = signed_in.post(address(miso), as_on_file(miso, name="", colour="Brown", born_month="13"))

    html = response.content.decode()
    assert (response.status_code, sorted(errors(response)), changes_of(miso)) == (422, ["born", "name"], [])
    assert ('value="Brown"' in html, '<details class="fold" open>' in html, "Error: " in html) == (True, True, True)


@pytest.mark.parametrize("is_estimated", [True, False])
def test_an_estimate_stays_one_until_another_day_is_typed(signed_in, owner, is_estimated):
    pet = create_miso(owner, is_birth_estimated=is_estimated)

    signed_in.post(address(pet), as_on_file(pet, colour="Brown"))
    was = now_on_file(pet).is_birth_estimated
    signed_in.post(address(pet), as_on_file(now_on_file(pet), born_day="13"))

    assert (was, now_on_file(pet).is_birth_estimated) == (is_estimated, False)


def test_a_guessed_month_comes_back_without_its_day(signed_in, owner):
    pet = create_miso(owner, born_on=date(2021, 5, 1), is_birth_estimated=True)

    boxes = signed_in.get(address(pet)).context["form"]["born"].value()

    assert boxes == ["", "5", "2021"]


def test_a_weight_is_recorded_only_when_its_figure_changed(signed_in, miso):
    factories.create_weight(miso, "4.6", timezone.localdate() - timedelta(days=9))
    form = as_on_file(miso, weight="4.6", weight_before="4.6")

    signed_in.post(address(miso), form, follow=True)
    before = weights_of(miso)
    response = signed_in.post(address(miso), form | {"weight": "4,8"}, follow=True)

    assert (before, weights_of(miso)) == ([("4.6", False)], [("4.6", False), ("4.8", True)])
    assert said(response) == [SAVED]


def test_pounds_are_shown_and_read_back_without_a_change(signed_in, miso, willow):
    switch(willow, weight_unit=WeightUnit.LB)
    factories.create_weight(miso, "4.6", timezone.localdate() - timedelta(days=9))

    figure = signed_in.get(address(miso)).context["form"]["weight"].value()
    signed_in.post(address(miso), as_on_file(miso, weight=figure, weight_before=figure))

    assert (figure, weights_of(miso)) == ("10.14", [("4.6", False)])


def test_the_clinics_weight_of_today_stands_and_nothing_else_is_saved(signed_in, miso, willow):
    factories.create_weight(miso, "4.6", timezone.localdate(timezone=willow.zone))

    response = signed_in.post(address(miso), as_on_file(miso, name="Miso II", weight="5", weight_before="4.6"))

    expected = {"weight": ["The clinic has a weight for that day already."]}
    assert (response.status_code, errors(response), now_on_file(miso).name) == (422, expected, "Miso")


def test_another_species_clears_a_breed_that_does_not_fit(signed_in, owner):
    pet = create_miso(owner, is_identity_checked=False)

    response = signed_in.post(address(pet), as_on_file(pet, species="dog"), follow=True)

    expected = f"{SAVED}\nThe breed is empty now: it belonged to another species."
    assert (now_on_file(pet).breed, said(response)) == ("", [expected])


def test_what_the_clinic_vouches_for_is_asked_for(signed_in, miso):
    response = signed_in.post(address(miso), as_on_file(miso, microchip="985141003276541", colour="Brown"), follow=True)

    pet, request = now_on_file(miso), request_of(miso)
    expected = f"{SAVED}\nWe’ve asked Willow & Pine Veterinary to change: Microchip."
    assert (said(response), pet.microchip, pet.colour) == ([expected], CHIP, "Brown")
    assert request.details == {"microchip": [CHIP, "985141003276541"]}


def test_what_was_asked_for_is_there_again_and_not_asked_twice(signed_in, miso):
    asked = as_on_file(miso, microchip="985141003276541", species="dog")
    first = signed_in.post(address(miso), asked, follow=True)

    shown = signed_in.get(address(miso)).context["form"]
    second = signed_in.post(address(miso), asked, follow=True)

    words = "We’ve asked Willow & Pine Veterinary to change: Microchip, Species."
    assert ([shown[name].value() for name in ("microchip", "species")], said(first), said(second)) == (
        ["985141003276541", "dog"], [words], ["Miso’s details are saved"],
    )  # fmt: skip
    assert changes_of(miso) == ["asked"]


def test_putting_it_back_takes_the_request_back(signed_in, miso):
    signed_in.post(address(miso), as_on_file(miso, microchip="985141003276541"), follow=True)

    response = signed_in.post(address(miso), as_on_file(miso), follow=True)

    expected = "Miso’s details are saved\nWhat you had asked for is taken back."
    assert (said(response), request_of(miso).state) == ([expected], "withdrawn")


def test_the_form_says_what_the_clinic_checks(signed_in, miso):
    html = signed_in.get(address(miso)).content.decode()

    assert html.count("Willow &amp; Pine Veterinary checks this before it changes.") == 2


def test_what_is_only_seen_is_text_and_no_forged_field_changes_it(signed_in, miso, willow):
    switch(willow, pet_facts_editing=Editing.READ_ONLY, pet_identity_editing=Editing.READ_ONLY)

    response = signed_in.get(address(miso))
    signed_in.post(address(miso), as_on_file(miso, name="X", microchip="", weight="9", notes="Nervous"))

    pet, told = now_on_file(miso), [(fact.label, fact.text) for fact in response.context["form"].only_seen]
    assert list(response.context["form"].fields) == ["weight_before", "notes"]
    assert told[:2] == [("Name", "Miso"), ("Breed", "Bengal")]
    assert (pet.name, pet.microchip, pet.notes, weights_of(pet)) == ("Miso", CHIP, "Nervous", [])


def test_a_neutered_pet_of_unknown_sex_stays_as_it_is(signed_in, owner):
    pet = create_miso(owner, sex="unknown", neutered="yes")

    response = signed_in.post(address(pet), as_on_file(pet))

    assert (response.status_code, changes_of(pet)) == (303, [])


def test_remembered_deleted_and_other_peoples_pets_are_not_found(signed_in, owner, willow, harbour):
    hidden = [
        create_miso(owner, deceased_on=date(2025, 1, 1)),
        create_miso(owner, deleted_at=timezone.now()),
        create_miso(factories.create_owner(willow)),
        create_miso(factories.create_owner(harbour)),
    ]

    answers = [signed_in.get(address(pet)) for pet in hidden]
    answers += [signed_in.post(address(pet), as_on_file(pet, name="Mine")) for pet in hidden]

    assert [answer.status_code for answer in answers] == [404] * 8
    assert [now_on_file(pet).name for pet in hidden] == ["Miso"] * 4


def test_where_clients_do_not_manage_pets_there_is_no_such_page(signed_in, miso, willow):
    switch(willow, has_pet_management=False)

    answers = signed_in.get(address(miso)), signed_in.post(address(miso), as_on_file(miso, name="X"))

    assert ([answer.status_code for answer in answers], now_on_file(miso).name) == ([404, 404], "Miso")
