"""Two tabs, or owner and clinic, edit the same pet: nobody's change is silently lost."""

import pytest
from django.utils import timezone

from clinics.tenancy import tenant
from pets import actions
from tests.pets.profiles import as_on_file, changes_of, create_miso, errors, now_on_file, said, weights_of


@pytest.fixture
def miso(owner):
    return create_miso(owner)


def address(pet) -> str:
    return f"/willow/pets/{pet.pk}/edit/"


def rename(pet, name):
    with tenant(pet.clinic):
        actions.update_pet(pet=now_on_file(pet), by=None, now=timezone.now(), name=name)


def test_the_second_tab_is_told_what_is_on_file_now(signed_in, miso):
    form = as_on_file(miso, name="Miso III", weight="5")
    rename(miso, "Miso II")

    response = signed_in.post(address(miso), form)

    html = response.content.decode()
    assert response.status_code == 422
    assert errors(response) == {"__all__": ["Somebody changed this pet’s details while you were editing."]}
    assert [(one.label, one.before, one.after) for one in response.context["on_file"]] == [
        ("Name", "Miso II", "Miso III")
    ]
    assert ("Name: Miso II (on file now)" in html, 'value="Miso III"' in html) == (True, True)
    assert (now_on_file(miso).name, weights_of(miso)) == ("Miso II", [])


def test_saving_again_is_a_knowing_choice(signed_in, miso):
    form = as_on_file(miso, name="Miso III")
    rename(miso, "Miso II")
    edition = signed_in.post(address(miso), form).context["edition"]

    response = signed_in.post(address(miso), form | {"edition": edition})

    assert (response.status_code, now_on_file(miso).name) == (303, "Miso III")


def test_a_change_of_the_clinics_while_saving_again_is_told_once_more(signed_in, miso):
    form = as_on_file(miso, name="Miso III")
    rename(miso, "Miso II")
    edition = signed_in.post(address(miso), form).context["edition"]
    rename(miso, "Miso IV")

    response = signed_in.post(address(miso), form | {"edition": edition})

    assert (response.status_code, now_on_file(miso).name) == (422, "Miso IV")


def test_a_double_tap_is_saved_once_and_confirmed_twice(signed_in, miso):
    form = as_on_file(miso, name="Miso II", microchip="985141003276541", weight="5")

    answers = [signed_in.post(address(miso), form, follow=True) for _ in range(2)]

    assert [said(answer)[0].splitlines()[0] for answer in answers] == ["Miso II’s details are saved"] * 2
    assert (changes_of(miso), weights_of(miso)) == (["asked", "edited", "weighed"], [("5", True)])


@pytest.mark.parametrize("edition", ["", "x", "-1", "1.5", "9" * 5000, "٠", "\x00"])
def test_a_form_that_hides_its_edition_overwrites_nothing(signed_in, miso, edition):
    response = signed_in.post(address(miso), as_on_file(miso, name="X", edition=edition))

    assert (response.status_code, now_on_file(miso).name) == (422, "Miso")
