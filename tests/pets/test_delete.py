"""**Delete** → **Deceased** → **Delete Pet** (R16–R22, R26)."""

from datetime import date, timedelta

import pytest
from django.utils import timezone

from clinics.tenancy import tenant
from loyalty.models import Membership
from pets.models import Sex
from tests import factories
from tests.pets.profiles import changes_of, create_membership, create_miso, now_on_file, said, switch

REFUSAL = (
    "This pet cannot be deleted because there is an active membership in place. Please contact the business directly."
)
DAY = timedelta(days=1)


@pytest.fixture
def miso(owner):
    return create_miso(owner)


def address(pet) -> str:
    return f"/willow/pets/{pet.pk}/delete/"


def today() -> date:
    return timezone.localdate()


@pytest.mark.parametrize(
    ("sex", "words"),
    [
        (Sex.FEMALE, "The clinic keeps her medical record."),
        (Sex.MALE, "The clinic keeps his medical record."),
        (Sex.UNKNOWN, "The clinic keeps the medical record."),
    ],
)
def test_the_pop_up_says_what_happens_and_offers_to_keep_the_pet(signed_in, owner, sex, words):
    response = signed_in.get(address(create_miso(owner, sex=sex)))

    html = response.content.decode()
    assert (response.status_code, 'class="app" inert' in html, words in html) == (200, True, True)
    assert [html.count(label) for label in ("<b>Deceased</b>", ">Delete Pet<", ">Keep Miso<", REFUSAL)] == [1, 1, 1, 0]


def test_deleting_is_confirmed_on_the_list_with_a_way_back(signed_in, miso):
    response = signed_in.post(address(miso), follow=True)

    (message,) = response.context["messages"]
    assert response.redirect_chain == [("/willow/pets/", 303)]
    assert str(message) == "Miso is deleted\nYou can restore Miso for 30 days."
    assert message.extra_tags == f"/willow/pets/{miso.pk}/restore/"
    assert ([row["pet"].name for row in response.context["deleted"]], response.context["living"]) == (["Miso"], [])
    assert (changes_of(miso), now_on_file(miso).deceased_on) == (["deleted"], None)


def test_with_deceased_ticked_the_pet_is_remembered(signed_in, miso):
    response = signed_in.post(address(miso), {"deceased": "on"}, follow=True)

    pet = now_on_file(miso)
    assert said(response) == [
        "We’re so sorry\nWillow & Pine Veterinary knows now. No more messages about Miso are sent."
    ]
    assert ([row["pet"].name for row in response.context["remembered"]], pet.deleted_at) == (["Miso"], None)
    assert changes_of(miso) == ["deceased"]


@pytest.mark.parametrize(
    ("fields", "status", "line"),
    [
        ({}, "Active", ""),
        ({"suspended_on": date(2026, 1, 1)}, "Suspended", ""),
        ({"frozen_on": date(2026, 1, 1), "frozen_until": date(2099, 2, 1)}, "Frozen", "Frozen until 1 February 2099"),
        ({"cancel_on": date(2099, 2, 1)}, "Ending", "Ends on 1 February 2099"),
    ],
)
@pytest.mark.parametrize("form", [{}, {"deceased": "on"}])
def test_a_membership_stands_in_the_way_before_and_after_the_button(signed_in, miso, fields, status, line, form):
    create_membership(miso, starts_on=date(2025, 1, 1), **fields)

    asked, refused = signed_in.get(address(miso)), signed_in.post(address(miso), form)

    pages = [asked.content.decode(), refused.content.decode()]
    assert (asked.status_code, refused.status_code) == (200, 422)
    for words in (REFUSAL, f"{status}</span>", line, "<b>Wellness Club</b>", 'role="alert"', "tel:+441632960418"):
        assert [words in page for page in pages] == [True, True]
    assert [">Delete Pet<" in page for page in pages] == [False, False]
    assert ("<title>Error: Delete Miso" in pages[1], changes_of(miso), now_on_file(miso).is_living) == (True, [], True)


@pytest.mark.parametrize(
    ("sex", "words"),
    [
        (Sex.FEMALE, "Has she died? Tell us, and we take care of the membership."),
        (Sex.MALE, "Has he died? Tell us, and we take care of the membership."),
        (Sex.UNKNOWN, "Has Miso died? Tell us, and we take care of the membership."),
    ],
)
def test_a_refusal_leads_to_pet_loss(signed_in, owner, sex, words):
    pet = create_miso(owner, sex=sex)
    create_membership(pet)

    html = signed_in.get(address(pet)).content.decode()

    assert f'<a href="/willow/pets/{pet.pk}/loss/">{words}</a>' in html


@pytest.mark.parametrize("fields", [{"cancel_on": date(2026, 1, 1)}, {"ends_on": date(2026, 1, 1)}])
def test_a_membership_that_is_over_does_not(signed_in, miso, fields):
    create_membership(miso, starts_on=date(2025, 1, 1), **fields)

    html = signed_in.get(address(miso)).content.decode()

    assert (REFUSAL in html, "Wellness Club" in html) == (False, False)
    assert (signed_in.post(address(miso)).status_code, now_on_file(miso).is_living) == (303, False)


def test_a_membership_that_has_not_started_is_announced_to_go_to_staff(signed_in, miso, willow):
    create_membership(miso, starts_on=today() + 9 * DAY)

    html = signed_in.get(address(miso)).content.decode()
    signed_in.post(address(miso))

    with tenant(willow):
        reasons = [one.review_reason for one in Membership.objects.for_clinic(willow)]
    assert ("looks at the membership Wellness Club, which has not started yet" in html, reasons) == (
        True,
        ["pet_deleted"],
    )


def test_the_householders_membership_is_no_ones_pets(signed_in, miso, willow):
    membership = create_membership(miso)
    with tenant(willow):
        Membership.objects.for_clinic(willow).filter(pk=membership.pk).update(pet=None)

    assert signed_in.post(address(miso)).status_code == 303


@pytest.mark.parametrize("form", [{}, {"deceased": "on"}])
def test_a_double_tap_is_confirmed_twice_and_done_once(signed_in, miso, form):
    answers = [signed_in.post(address(miso), form) for _ in range(2)]

    assert ([answer.status_code for answer in answers], len(changes_of(miso))) == ([303, 303], 1)


def test_there_is_no_pop_up_for_what_is_gone_or_somebody_elses(signed_in, owner, willow, harbour):
    hidden = [
        create_miso(owner, deleted_at=timezone.now()),
        create_miso(owner, deceased_on=date(2025, 1, 1)),
        create_miso(factories.create_owner(willow)),
        create_miso(factories.create_owner(harbour)),
    ]

    assert [signed_in.get(address(pet)).status_code for pet in hidden] == [404] * 4
    assert [signed_in.post(address(pet)).status_code for pet in hidden[1:]] == [404] * 3
    assert [now_on_file(pet).deleted_at for pet in hidden[1:]] == [None] * 3


def test_where_clients_do_not_manage_pets_there_is_no_such_page(signed_in, miso, willow):
    switch(willow, has_pet_management=False)

    answers = signed_in.get(address(miso)), signed_in.post(address(miso))

    assert ([answer.status_code for answer in answers], now_on_file(miso).is_living) == ([404, 404], True)


def test_a_clinic_without_a_phone_offers_no_call(signed_in, miso, willow):
    switch(willow, phone="")
    create_membership(miso)

    html = signed_in.get(address(miso)).content.decode()

    assert (REFUSAL in html, "Call the clinic" in html) == (True, False)
