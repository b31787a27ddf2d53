"""“Done elsewhere” (B12): what waits for the clinic isn't asked for again, and records name where they come from."""

import re
from datetime import date, timedelta

import pytest
import time_machine
from django.urls import reverse

from clinics.models import Clinic, User
from clinics.tenancy import tenant
from pets import care
from pets.actions import accept_certificate
from pets.models import Certificate, Species
from tests import factories
from tests.pets.papers import hand_in

TODAY = date(2026, 4, 15)
State = Certificate.State


@pytest.fixture
def miso(owner):
    return factories.create_pet(owner, name="Miso")


@pytest.fixture
def booster(willow):
    return factories.create_plan(willow, name="Booster", family="booster")


def overdue(pet, plan):
    return factories.create_record(pet, plan, valid_until=TODAY - timedelta(days=14))


def reminders_of(*pets):
    (clinic,) = {pet.clinic for pet in pets}
    with tenant(clinic):
        return care.reminders_of(pets, clinic=clinic, today=TODAY)


def handed_in(*pets):
    """By pet and service."""
    return {(one.pet.name, one.name): one.is_handed_in for one in reminders_of(*pets)}


def page_of(client, pet):
    with time_machine.travel("2026-04-15T08:00:00Z", tick=False):
        factories.sign_in(client, pet.owner)
        return client.get(reverse("pets:pet", args=[pet.clinic.slug, pet.pk]))


def rows_of(response):
    """The rows below Reminders, without tags."""
    (section,) = re.findall(r'id="reminders">(.*?)</section>', response.content.decode(), re.DOTALL)
    return [" ".join(re.sub(r"<[^>]*>", " ", row).split()) for row in re.findall(r"<li.*?</li>", section, re.DOTALL)]


@pytest.mark.parametrize(
    ("state", "is_handed_in"),
    [
        (State.PREPARING, True),
        (State.WAITING, True),
        (State.UNREADABLE, False),
        (State.ACCEPTED, False),
        (State.DECLINED, False),
        (State.WITHDRAWN, False),
    ],
)
def test_only_what_nobody_has_decided_yet_counts_as_handed_in(miso, booster, state, is_handed_in):
    overdue(miso, booster)
    hand_in(miso, booster, state)

    assert handed_in(miso) == {("Miso", "Booster"): is_handed_in}


def test_a_certificate_is_for_one_pet_and_one_service(willow, owner, miso, booster):
    worming = factories.create_plan(willow, name="Worming")
    clover = factories.create_pet(owner, name="Clover")
    for pet in (miso, clover):
        overdue(pet, booster)
        overdue(pet, worming)
    hand_in(miso, booster)

    assert handed_in(miso, clover) == {
        ("Miso", "Booster"): True,
        ("Miso", "Worming"): False,
        ("Clover", "Booster"): False,
        ("Clover", "Worming"): False,
    }


def test_a_certificate_still_counts_after_the_species_was_corrected(willow, owner):
    for_cats = factories.create_plan(willow, family="rabies", name="Rabies (cat)")
    for_dogs = factories.create_plan(willow, family="rabies", name="Rabies (dog)", species=Species.DOG)
    biscuit = factories.create_pet(owner, name="Biscuit", species=Species.DOG)
    overdue(biscuit, for_dogs)
    hand_in(biscuit, for_cats)

    assert handed_in(biscuit) == {("Biscuit", "Rabies (dog)"): True}


@pytest.mark.parametrize("count", [1, 3])
def test_certificates_cost_no_statement_of_their_own(willow, owner, booster, statements, count):
    pets = [factories.create_pet(owner) for _ in range(count)]
    for pet in pets:
        overdue(pet, booster)
        for _paper in range(count):
            hand_in(pet, booster)

    with tenant(willow), statements(2):
        reminders = care.reminders_of(pets, clinic=willow, today=TODAY)

    assert [reminder.is_handed_in for reminder in reminders] == [True] * count


@pytest.mark.parametrize(
    ("papers", "days_left", "summary"),
    [
        (1, [-1, -2], ("bad", "1 reminder overdue")),
        (1, [-1, 5], ("warn", "1 reminder due soon")),
        (1, [-1, 90], ("warn", "Certificate being checked")),
        (1, [None], ("warn", "Certificate being checked")),
        (0, [-1], ("bad", "1 reminder overdue")),
    ],
)
def test_what_was_handed_in_presses_nobody(willow, miso, papers, days_left, summary):
    plans = [factories.create_plan(willow) for _days in days_left]
    for plan, days in zip(plans, days_left, strict=True):
        if days is not None:
            factories.create_record(miso, plan, valid_until=TODAY + timedelta(days=days))
    for plan in plans[:papers]:
        hand_in(miso, plan)

    with tenant(willow):
        found = care.summary_of(care.care_of([miso], clinic=willow, today=TODAY)[miso.pk])

    assert found is not None
    assert (found.tone, found.text) == summary


def test_a_reminder_leads_to_the_call_and_to_the_certificate(client, willow, miso, booster):
    overdue(miso, booster)

    response = page_of(client, miso)

    address = reverse("pets:certificate_add", args=["willow", miso.pk])
    assert rows_of(response) == [
        "Booster Was due 1 April Overdue by 2 weeks Done elsewhere? Booster Call to book Booster"
    ]
    assert f'href="{address}?plan={booster.pk}">Done elsewhere?' in response.content.decode()


def test_what_was_handed_in_is_not_asked_for_again(client, miso, booster):
    overdue(miso, booster)
    hand_in(miso, booster)

    assert rows_of(page_of(client, miso)) == [
        "Booster Was due 1 April Certificate handed in, the clinic is checking it",
    ]


@pytest.mark.parametrize("switch", ["accepts_certificates", "has_pet_management"])
def test_a_clinic_that_takes_no_certificates_is_only_called(client, willow, miso, booster, switch):
    Clinic.objects.filter(pk=willow.pk).update(**{switch: False})
    factories.create_plan(willow, name="Rabies")
    overdue(miso, booster)

    response = page_of(client, miso)

    assert rows_of(response) == ["Booster Was due 1 April Overdue by 2 weeks Call to book Booster"]
    assert "If Miso had one elsewhere, tell the clinic." in response.content.decode()


def test_what_is_not_on_file_may_be_handed_in_too(client, willow, miso):
    factories.create_plan(willow, name="Rabies")

    html = page_of(client, miso).content.decode()

    address = reverse("pets:certificate_add", args=["willow", miso.pk])
    assert f'Not on file here: Rabies. <a href="{address}">Has Miso had one elsewhere?' in html


def test_an_accepted_certificate_stops_the_reminder_and_names_its_source(client, willow, miso, booster):
    overdue(miso, booster)
    paper, vet = hand_in(miso, booster), factories.employ(User.objects.create_user("vet@example.com"), willow)
    with tenant(willow):
        accept_certificate(
            certificate=paper,
            by=vet,
            now=paper.handed_in_at,
            given_on=date(2026, 4, 2),
            valid_until=date(2027, 4, 2),
            given_at_clinic="Cray Veterinary Centre",
        )

    response = page_of(client, miso)

    assert [one.given for one in response.context["services"]] == ["Given 2 April 2026 at Cray Veterinary Centre"]
    assert (rows_of(response), reminders_of(miso)) == ([], [])


def test_what_was_given_here_names_no_source(client, miso, booster):
    factories.create_record(miso, booster, given_on=date(2025, 4, 24), valid_until=date(2028, 4, 24))

    assert [one.given for one in page_of(client, miso).context["services"]] == ["Given 24 April 2025"]


def test_the_source_is_shown_as_text(client, miso, booster):
    factories.create_record(miso, booster, valid_until=date(2026, 9, 24), given_at_clinic="<b>Cray</b>")

    html = page_of(client, miso).content.decode()

    assert ("<b>Cray" in html, "at &lt;b&gt;Cray&lt;/b&gt;" in html) == (False, True)
