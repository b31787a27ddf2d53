"""One pet's page."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.urls import reverse
from django.utils import timezone

from clinics.models.choices import WeightUnit
from pets.models import Neutered, Sex, Species
from tests import factories


@pytest.fixture
def miso(owner):
    return factories.create_pet(owner, name="Miso")


def address(pet) -> str:
    return reverse("pets:pet", args=["willow", pet.pk])


def today() -> date:
    return timezone.localdate(timezone=ZoneInfo("Europe/London"))


def test_a_page_shows_what_is_on_file(signed_in, owner, willow):
    pet = factories.create_pet(
        owner,
        name="Miso",
        breed="Domestic shorthair",
        sex=Sex.FEMALE,
        neutered=Neutered.YES,
        born_on=date(2021, 5, 12),
        colour="Brown tabby",
        microchip="985141003276540",
    )
    factories.create_weight(pet, "4.1", date(2024, 5, 3))

    response = signed_in.get(address(pet))

    assert response.status_code == 200
    assert response.context["chips"][0] == "Female, spayed"
    assert [(fact.label, fact.text) for fact in response.context["facts"]] == [
        ("Date of birth", "12 May 2021"),
        ("Colour", "Brown tabby"),
        ("Microchip", "985 141 003 276 540"),
        ("Known to us since", "May 2024"),
    ]


def test_what_is_not_known_is_left_out(signed_in, miso):
    response = signed_in.get(address(miso))

    assert response.context["chips"] == []
    assert [fact.label for fact in response.context["facts"]] == ["Known to us since"]


def test_an_estimated_birth_is_marked(signed_in, owner):
    pet = factories.create_pet(owner, born_on=date(2021, 5, 12), is_birth_estimated=True)

    response = signed_in.get(address(pet))

    assert response.context["facts"][0].text == "about 2021"
    assert response.context["chips"][0].startswith("About ")


def test_a_visit_elsewhere_is_no_acquaintance(signed_in, miso, willow):
    plan = factories.create_plan(willow)
    factories.create_record(miso, plan, valid_until=date(2020, 1, 1), given_at_clinic="Elsewhere")
    factories.create_record(miso, plan, valid_until=date(2023, 6, 1))

    assert signed_in.get(address(miso)).context["facts"][-1].text == "June 2022"


def test_weights_are_a_figure_a_chart_and_a_table(signed_in, miso):
    factories.create_weight(miso, "4.1", date(2024, 5, 3))
    factories.create_weight(miso, "4.6", date(2026, 4, 11))

    html = signed_in.get(address(miso)).content.decode()

    assert '<span class="figure">4.6 <small>kg</small></span>' in html
    assert 'aria-label="Weight from 4.1 kg on 3 May 2024 to 4.6 kg on 11 April 2026. Up 0.5 kg' in html
    assert '<tr><td>3 May 2024</td><td class="r">4.1 kg</td></tr>' in html


def test_weights_come_in_the_clinics_unit(signed_in, miso, willow):
    type(willow).objects.filter(pk=willow.pk).update(weight_unit=WeightUnit.LB)
    factories.create_weight(miso, "4.6", date(2026, 4, 11))

    assert signed_in.get(address(miso)).context["weight"]["number"] == "10.1"


def test_one_weight_is_no_chart_and_none_is_said(signed_in, miso):
    assert "No weight on file yet" in signed_in.get(address(miso)).content.decode()

    factories.create_weight(miso, "4.6", today())

    html = signed_in.get(address(miso)).content.decode()
    assert ("No weight on file" in html, '<svg class="spark"' in html, "<table" in html) == (
        False,
        False,
        False,
    )


def test_a_weight_of_the_future_is_not_shown(signed_in, miso):
    factories.create_weight(miso, "46", today() + timedelta(days=2))

    assert "No weight on file yet" in signed_in.get(address(miso)).content.decode()


def test_reminders_show_what_is_overdue_and_due_with_the_clinics_phone(signed_in, miso, willow):
    for name, days in (("Booster", 15), ("Worming", -14), ("Rabies", 300)):
        plan = factories.create_plan(willow, name=name)
        factories.create_record(miso, plan, valid_until=today() + timedelta(days=days))

    response = signed_in.get(address(miso))

    shown = [(reminder.name, reminder.how_soon) for reminder in response.context["reminders"]]
    html = response.content.decode()
    assert shown == [("Worming", "Overdue by 2 weeks"), ("Booster", "Due in 15 days")]
    assert html.count(f'href="tel:{willow.phone}">Call<span') == 2
    assert '<span class="count">2</span>' in html


@time_machine.travel(datetime(2026, 4, 16, 2, tzinfo=UTC), tick=False)
def test_today_is_the_clinics(client, harbour):
    owner = factories.create_owner(harbour)
    pet = factories.create_pet(owner)
    factories.create_record(pet, factories.create_plan(harbour), valid_until=date(2026, 4, 15))
    factories.sign_in(client, owner)

    (reminder,) = client.get(f"/harbour/pets/{pet.pk}/").context["reminders"]

    assert reminder.how_soon == "Due today"


def test_without_a_phone_a_reminder_offers_no_call(signed_in, miso, willow):
    type(willow).objects.filter(pk=willow.pk).update(phone="")
    factories.create_record(miso, factories.create_plan(willow), valid_until=today())

    html = signed_in.get(address(miso)).content.decode()

    assert ("Due today" in html, "to book" in html) == (True, False)


def test_care_records_carry_their_status_and_what_is_missing_is_named(signed_in, miso, willow):
    for name, days in (("Booster", 15), ("Rabies", 300)):
        plan = factories.create_plan(willow, name=name)
        factories.create_record(miso, plan, valid_until=today() + timedelta(days=days))
    factories.create_plan(willow, name="Leukaemia")

    response = signed_in.get(address(miso))

    shown = [(care.plan.name, care.status_text) for care in response.context["services"]]
    assert (shown, response.context["missing"]) == (
        [("Booster", "Due soon"), ("Rabies", "Current")],
        ["Leukaemia"],
    )


def test_nothing_due_is_said(signed_in, miso, willow):
    plan = factories.create_plan(willow)
    nothing_known = signed_in.get(address(miso)).content.decode()
    factories.create_record(miso, plan, valid_until=timezone.localdate() + timedelta(days=200))
    nothing_due = signed_in.get(address(miso)).content.decode()

    assert ("No reminders yet" in nothing_known, "Nothing is due" in nothing_known) == (True, False)
    assert ("No reminders yet" in nothing_due, "Nothing is due" in nothing_due) == (False, True)


def test_a_clinic_without_plans_for_the_species_shows_no_reminders_at_all(signed_in, miso, willow):
    factories.create_plan(willow, species=Species.DOG)

    html = signed_in.get(address(miso)).content.decode()

    assert ("Reminders" in html, "Care records" in html) == (False, False)


def test_a_remembered_pet_has_a_gentle_page_without_reminders(signed_in, owner, willow):
    pepper = factories.create_pet(owner, name="Pepper", born_on=date(2006, 1, 1), deceased_on=date(2023, 3, 1))
    factories.create_record(pepper, factories.create_plan(willow), valid_until=today())
    for day, kg in ((1, "3.9"), (20, "3.4")):
        factories.create_weight(pepper, kg, date(2023, 2, day))

    response = signed_in.get(address(pepper))

    html = response.content.decode()
    assert (response.status_code, response.context["chips"]) == (200, ["2006 – 2023"])
    assert (html.count("so sorry"), html.count("ava-gone"), "to book" in html) == (1, 1, False)
    assert (response.context["reminders"], response.context["trend"]) == ([], "")


def test_a_deleted_a_neighbours_and_another_clinics_pet_are_not_found(signed_in, owner, willow, harbour):
    hidden = [
        factories.create_pet(owner, deleted_at=timezone.now()),
        factories.create_pet(factories.create_owner(willow)),
        factories.create_pet(factories.create_owner(harbour)),
    ]

    assert [signed_in.get(address(pet)).status_code for pet in hidden] == [404, 404, 404]


@pytest.mark.parametrize("pet_id", [0, 999_999, 9_999_999_999_999_999_999])
def test_an_unknown_pet_is_not_found(signed_in, pet_id):
    assert signed_in.get(f"/willow/pets/{pet_id}/").status_code == 404


def test_a_stranger_is_sent_to_sign_in_and_comes_back(client, miso):
    location = client.get(address(miso)).headers["Location"]

    assert location == f"/willow/sign-in/?next=%2Fwillow%2Fpets%2F{miso.pk}%2F"


def test_a_page_is_only_read(signed_in, miso):
    assert signed_in.post(address(miso)).status_code == 405


def test_names_are_shown_as_text(signed_in, owner, willow):
    pet = factories.create_pet(owner, name='<b hx-get="/x">', colour="{{ pet }}", breed="<script>")
    factories.create_plan(willow, name="<i>")

    html = signed_in.get(address(pet)).content.decode()

    assert [part in html for part in ("<b hx", "<script>", "<i>", "{{ pet }}")] == [False, False, False, True]


@pytest.mark.parametrize("count", [1, 30])
def test_any_number_of_weights_and_records_costs_the_same(signed_in, miso, willow, statements, count):
    for days in range(count):
        factories.create_weight(miso, "4.6", today() - timedelta(days=days))
        factories.create_record(miso, factories.create_plan(willow), valid_until=today() - timedelta(days=days))

    # Clinic, device, pet, requests, photo, certificates, visits, weights, plans, records, services of what is due.
    with statements(11):
        signed_in.get(address(miso))
