"""A deletion and the report of a death can be taken back for 30 days."""

from datetime import date, timedelta

import pytest
from django.utils import timezone

from tests import factories
from tests.pets.profiles import changes_of, create_miso, now_on_file, said, switch

DAY = timedelta(days=1)


def address(pet) -> str:
    return f"/willow/pets/{pet.pk}/restore/"


def test_a_deleted_pet_comes_back_to_the_list(signed_in, owner):
    pet = create_miso(owner, deleted_at=timezone.now() - 29 * DAY, undo_until=timezone.now() + DAY)

    response = signed_in.post(address(pet), follow=True)

    assert response.redirect_chain == [("/willow/pets/", 303)]
    assert said(response) == ["Miso is back in your list\nThe clinic sees it too."]
    assert (now_on_file(pet).is_living, changes_of(pet)) == (True, ["restored"])


def test_a_death_told_by_mistake_is_taken_back_on_the_pets_page(signed_in, owner):
    pet = create_miso(owner, deceased_on=date(2026, 1, 1), undo_until=timezone.now() + DAY)

    response = signed_in.post(address(pet), follow=True)

    assert response.redirect_chain == [(f"/willow/pets/{pet.pk}/", 303)]
    assert (now_on_file(pet).is_living, said(response)) == (
        True,
        ["Miso is back in your list\nThe clinic sees it too."],
    )


@pytest.mark.parametrize(
    "gone", [{"deleted_at": -31 * DAY, "undo_until": -DAY}, {"deceased_on": date(2026, 1, 1), "undo_until": -DAY}]
)
def test_after_30_days_the_clinic_must_be_asked(signed_in, owner, gone):
    fields = {name: timezone.now() + when if isinstance(when, timedelta) else when for name, when in gone.items()}
    pet = create_miso(owner, **fields)

    response = signed_in.post(address(pet), follow=True)

    assert said(response) == ["This can’t be taken back here any more. Please ask the clinic."]
    assert (now_on_file(pet).is_living, changes_of(pet), "flash-bad" in response.content.decode()) == (False, [], True)


def test_a_double_tap_restores_once(signed_in, owner):
    pet = create_miso(owner, deleted_at=timezone.now(), undo_until=timezone.now() + DAY)

    answers = [signed_in.post(address(pet)) for _ in range(2)]

    assert ([answer.status_code for answer in answers], changes_of(pet)) == ([303, 303], ["restored"])


def test_it_takes_a_post(signed_in, owner):
    assert signed_in.get(address(create_miso(owner, deleted_at=timezone.now()))).status_code == 405


def test_a_neighbours_and_another_clinics_pet_stay_gone(signed_in, willow, harbour):
    gone = timezone.now()
    pets = [create_miso(factories.create_owner(clinic), deleted_at=gone) for clinic in (willow, harbour)]

    assert [signed_in.post(address(pet)).status_code for pet in pets] == [404, 404]
    assert [now_on_file(pet).deleted_at for pet in pets] == [gone, gone]


def test_where_clients_do_not_manage_pets_there_is_no_such_address(signed_in, owner, willow):
    switch(willow, has_pet_management=False)
    pet = create_miso(owner, deleted_at=timezone.now())

    assert (signed_in.post(address(pet)).status_code, now_on_file(pet).is_living) == (404, False)
