"""Pet-loss: one gentle page, and nothing that has to be filled in (B11)."""

from datetime import UTC, date, datetime, timedelta

import pytest
import time_machine
from django.utils import timezone

from clinics.tenancy import tenant
from loyalty.models import Membership
from tests import factories
from tests.pets.profiles import changes_of, create_membership, create_miso, errors, now_on_file, said, switch

NOON = datetime(2026, 4, 16, 12, tzinfo=UTC)


@pytest.fixture
def miso(owner):
    return create_miso(owner)


def address(pet) -> str:
    return f"/willow/pets/{pet.pk}/loss/"


def test_the_page_says_what_happens_and_asks_for_nothing(signed_in, miso):
    create_membership(miso)

    response = signed_in.get(address(miso))

    html = response.content.decode()
    words = ("We’re so sorry", "Tell the clinic", "Keep as is", "takes care of the membership Wellness Club", "30 days")
    assert (response.status_code, [html.count(part) for part in words]) == (200, [1] * 5)
    assert ("!" in html.split("<main")[1].replace("<!--", ""), "appointment" in html) == (False, False)


def test_without_a_membership_none_is_spoken_of(signed_in, miso):
    assert "membership" not in signed_in.get(address(miso)).content.decode()


@time_machine.travel(NOON, tick=False)
def test_one_button_is_enough(signed_in, miso, willow):
    create_membership(miso)

    response = signed_in.post(address(miso), follow=True)

    pet = now_on_file(miso)
    assert response.redirect_chain == [(f"/willow/pets/{miso.pk}/", 303)]
    assert said(response) == [
        "We’re so sorry\nWillow & Pine Veterinary knows now. No more messages about Miso are sent."
    ]
    assert (pet.deceased_on, pet.undo_until, changes_of(miso)) == (
        date(2026, 4, 16),
        NOON + timedelta(days=30),
        ["deceased"],
    )
    with tenant(willow):
        assert [one.review_reason for one in Membership.objects.for_clinic(willow)] == ["pet_deceased"]


@time_machine.travel(NOON, tick=False)
def test_a_day_may_be_given(signed_in, miso):
    signed_in.post(address(miso), {"died_day": "14", "died_month": "4", "died_year": "2026"})

    assert now_on_file(miso).deceased_on == date(2026, 4, 14)


@time_machine.travel(NOON, tick=False)
@pytest.mark.parametrize(
    ("day", "error"),
    [
        (("17", "4", "2026"), "This day is still to come."),
        (("11", "5", "2021"), "The date of death is before the date of birth."),
        (("31", "2", "2026"), "This day is not in the calendar."),
        (("1", "1", "1900"), "That is more than 60 years ago. Check the year."),
        (("", "4", "2026"), "Enter the day and the month."),
    ],
)
def test_a_day_that_cannot_be_is_refused_beside_the_field(signed_in, miso, day, error):
    form = dict(zip(("died_day", "died_month", "died_year"), day, strict=True))

    response = signed_in.post(address(miso), form)

    assert (response.status_code, errors(response), changes_of(miso)) == (422, {"died": [error]}, [])
    assert response.context["form"]["died"].value() == list(day)


def test_a_double_tap_is_told_once(signed_in, miso):
    answers = [signed_in.post(address(miso)) for _ in range(2)]

    assert ([answer.status_code for answer in answers], changes_of(miso)) == ([303, 303], ["deceased"])


def test_the_pets_page_leads_here_quietly_and_back_when_it_was_a_mistake(signed_in, miso):
    before = signed_in.get(f"/willow/pets/{miso.pk}/").content.decode()
    after = signed_in.post(address(miso), follow=True).content.decode()

    assert (f'href="{address(miso)}">Has Miso died? Tell us' in before, 'id="undo"' in before) == (True, False)
    assert ("Has Miso died" in after, 'id="undo"' in after) == (False, True)
    assert f'action="/willow/pets/{miso.pk}/restore/"' in after


def test_remembered_deleted_and_other_peoples_pets_are_not_found(signed_in, owner, willow, harbour):
    hidden = [
        create_miso(owner, deceased_on=date(2025, 1, 1)),
        create_miso(owner, deleted_at=timezone.now() - timedelta(days=40)),
        create_miso(factories.create_owner(willow)),
        create_miso(factories.create_owner(harbour)),
    ]

    answers = [signed_in.get(address(pet)) for pet in hidden] + [signed_in.post(address(pet)) for pet in hidden]

    assert ([answer.status_code for answer in answers], [changes_of(pet) for pet in hidden]) == ([404] * 8, [[]] * 4)


def test_where_clients_do_not_manage_pets_there_is_no_such_page(signed_in, miso, willow):
    switch(willow, has_pet_management=False)

    answers = signed_in.get(address(miso)), signed_in.post(address(miso))

    assert ([answer.status_code for answer in answers], changes_of(miso)) == ([404, 404], [])
