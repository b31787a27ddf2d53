"""Services as an owner sets them up: what is taken, and what is told beside its field."""

from __future__ import annotations

import pytest

from bookings.models import Resource, Service
from clinics.models import StaffAction
from clinics.tenancy import tenant
from pets.models import CarePlan
from tests import factories
from tests.bookings import visits
from tests.staff.rows import listing, page, reread, staff
from tests.staff.setting_up import START, errors, services, typed


def test_an_owner_adds_a_service_with_all_it_needs(client, willow):
    staff(client, willow)
    vet, room, plan = visits.create_person(willow), visits.create_room(willow), factories.create_plan(willow)
    links = {"people": [vet.pk], "rooms": [room.pk], "care": [plan.pk], "species": ["cat", "dog"]}

    response = client.post(listing(Service, "add"), START | links | {"price": "58.5", "cancel_hours": "48"})

    (service,) = services(willow)
    with tenant(willow):
        linked = (set(service.resources.all()), list(service.plans.all()))
    assert response.status_code == 302
    assert linked == ({vet, room}, [plan])
    assert (service.price, service.species, service.cancel_hours, service.move_hours) == (
        5850,
        ["cat", "dog"],
        48,
        None,
    )


def test_a_change_writes_what_changed_and_is_logged_without_contents(client, willow):
    staff(client, willow)
    vet, room, nurse = visits.create_person(willow), visits.create_room(willow), visits.create_person(willow)
    service = visits.create_service(willow, vet, room, price=1400)

    client.post(page(service), typed(client, service, people=[nurse.pk], summary="nose to tail"))

    with tenant(willow):
        log = StaffAction.objects.for_clinic(willow).values_list("kind", "model", "summary")
        assert list(log) == [("changed", "bookings.service", "In a few words, Who does it")]
        assert set(service.resources.all()) == {nurse, room}
    assert (reread(service).summary, reread(service).price) == ("nose to tail", 1400)


@pytest.mark.parametrize(
    ("price", "words"),
    [
        ("58.505", "Ensure that there are no more than 2 decimal places."),
        ("-1", "Ensure this value is greater than or equal to 0."),
        ("NaN", "Enter a number."),
        ("£58", "Enter a number."),
        ("99999999999", "Ensure this value is less than or equal to 10000000.00."),
        ("1e400000", "Ensure this value is less than or equal to 10000000.00."),
    ],
)
def test_a_wrong_price_is_told_beside_it(client, willow, price, words):
    staff(client, willow)

    response = client.post(listing(Service, "add"), START | {"price": price})

    assert (errors(response), services(willow)) == ({"price": [words]}, [])
    assert response.context["adminform"].form["price"].value() == price


def test_a_price_is_in_the_clinics_currency(client, willow):
    willow.currency = "JPY"
    willow.save(update_fields=["currency"])
    staff(client, willow)
    service = visits.create_service(willow, price=5800)

    shown = client.get(page(service)).context["adminform"].form
    client.post(page(service), typed(client, service, price="6000"))

    assert (shown.fields["price"].label, str(shown["price"].value())) == ("Price (JPY)", "5800")
    assert reread(service).price == 6000


@pytest.mark.parametrize(
    ("fields", "wrong"),
    [
        ({"minutes": 17}, {"minutes": ["Use a multiple of 5 minutes."]}),
        ({"minutes": 300, "most_pets": 3}, {"most_pets": ["A visit for so many would take more than 12 hours."]}),
        (
            {"minimum_notice_hours": 720, "horizon_days": 7},
            {"minimum_notice_hours": ["Nothing could be booked: that is further ahead than the last day."]},
        ),
        ({"mode": "sometimes"}, {"mode": ["Select a valid choice. sometimes is not one of the available choices."]}),
        ({"name": "x" * 10_000}, {"name": ["Ensure this value has at most 80 characters (it has 10000)."]}),
        ({"name": "a\0b"}, {"name": ["Null characters are not allowed."]}),
        ({"name": ""}, {"name": ["This field is required."]}),
    ],
)
def test_what_cannot_be_is_told_beside_its_field(client, willow, fields, wrong):
    staff(client, willow)

    response = client.post(listing(Service, "add"), START | fields)

    assert (errors(response), services(willow)) == (wrong, [])


def test_a_name_that_is_there_already_is_told(client, willow):
    staff(client, willow)
    visits.create_service(willow, name="Health check")

    response = client.post(listing(Service, "add"), START)

    assert errors(response) == {"__all__": ["There is a service of this name already."]}


@pytest.mark.parametrize("field", ["people", "rooms", "care"])
def test_a_neighbours_people_rooms_and_plans_are_neither_offered_nor_taken(client, willow, harbour, field):
    staff(client, willow)
    theirs: dict[str, Resource | CarePlan] = {
        "people": visits.create_person(harbour, "Harbourmark"),
        "rooms": visits.create_room(harbour),
    }
    theirs |= {"care": factories.create_plan(harbour, name="Harbourmark plan")}

    shown = client.get(listing(Service, "add")).content.decode()
    refused = {
        row: client.post(listing(Service, "add"), START | {field: [row]}) for row in (theirs[field].pk, "\0", 10**30)
    }

    assert "Harbourmark" not in shown
    assert {tuple(errors(response)) for response in refused.values()} == {(field,)}
    assert services(willow) == []


def test_a_room_is_no_person(client, willow):
    staff(client, willow)
    room = visits.create_room(willow)

    assert list(errors(client.post(listing(Service, "add"), START | {"people": [room.pk]}))) == ["people"]


def test_somebody_switched_off_stays_until_unticked_and_is_not_offered_anew(client, willow):
    staff(client, willow)
    gone = visits.create_person(willow, "Dr Gone", is_active=False)
    service = visits.create_service(willow, gone)

    kept = client.get(page(service)).context["adminform"].form.fields["people"].choices
    new = client.get(listing(Service, "add")).context["adminform"].form.fields["people"].choices

    assert (list(kept), list(new)) == ([(gone.pk, "Dr Gone (switched off)")], [])


def test_empty_rules_say_what_the_clinics_are(client, willow):
    staff(client, willow)
    visits.create_policy(willow, cancel_hours=48, late_rule="call")

    fields = client.get(listing(Service, "add")).context["adminform"].form.fields

    assert fields["cancel_hours"].help_text == "Empty: as the clinic’s rules, 48."
    assert fields["late_rule"].choices[0] == ("", "As the clinic’s rules: Clients are asked to call")
