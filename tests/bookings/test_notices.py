"""What a client reads by e-mail when something happens to a visit."""

import pytest

from bookings import actions
from bookings.models import Mode
from clinics.models import Clinic
from clinics.tenancy import tenant
from pets import actions as pets
from tests import factories
from tests.bookings import ical, visits
from tests.bookings.said import do, last, outbox
from tests.bookings.visits import at, book

PORTAL = "http://testserver/willow/bookings"


@pytest.fixture
def willow(willow):
    Clinic.objects.filter(pk=willow.pk).update(street="14 Mill Lane", city="Hartwell")
    willow.street, willow.city = "14 Mill Lane", "Hartwell"
    return willow


@pytest.fixture
def visit(willow, owner, miso, check):
    return book(owner, check, at(willow, "2026-04-23 09:15"), miso)


@pytest.fixture
def request_(willow, owner, miso, okafor):
    dental = visits.create_service(willow, okafor, name="Dental cleaning", mode=Mode.REQUEST)
    return book(owner, dental, at(willow, "2026-04-23 09:15"), miso)


def opening(clinic):
    """The first paragraphs, up to what the visit is."""
    return last(clinic).body.split("\n\nAnnual health check")[0].split("\n\nDental cleaning")[0]


def entry(clinic):
    (event,) = ical.parse(last(clinic).attachment_text.encode()).all("VEVENT")
    return event["STATUS"], event["SEQUENCE"]


def test_a_booking_is_confirmed_at_once(willow, owner, check, miso):
    with tenant(willow):
        check.preparation = "Bring Miso in a carrier.\n\n She can eat as normal. "
        check.save()

    visit = book(owner, check, at(willow, "2026-04-23 09:15"), miso)

    (row,) = outbox(willow)
    link = row.body.split(f"{PORTAL}/visit/")[1].split("/")[0]
    assert (row.to, row.subject) == (owner.email, "You’re booked in: Thursday 23 April at 09:15")
    assert row.body.replace(link, "LINK") == "\n".join([
        "You’re booked in at Willow & Pine Veterinary.",
        "",
        "Annual health check for Miso",
        "Thursday 23 April at 09:15",
        "With Dr Amara Okafor",
        "Willow & Pine Veterinary, 14 Mill Lane, Hartwell",
        "",
        "Before you come:",
        "- Bring Miso in a carrier.",
        "- She can eat as normal.",
        "",
        "You can move it, or cancel it free of charge, until Wednesday 22 April at 09:15.",
        "A later cancellation is marked as late.",
        "",
        "See it, and add it to your calendar:",
        f"{PORTAL}/visit/LINK/",
        "",
        "Move or cancel it, after signing in:",
        f"{PORTAL}/{visit.pk}/",
        "",
        "Willow & Pine Veterinary",
        "01632 960418",
    ])  # fmt: skip
    assert (row.attachment_name, row.attachment_type) == (
        "appointment.ics",
        "text/calendar; charset=utf-8; method=PUBLISH",
    )
    assert entry(willow) == ("CONFIRMED", "0")


def test_a_request_is_no_booking_yet(willow, request_):
    assert opening(willow) == (
        "Your request is with Willow & Pine Veterinary. It isn’t confirmed yet: we keep this time for you until we "
        "have answered."
    )
    assert (last(willow).subject, entry(willow)) == (
        "We have your request: Thursday 23 April at 09:15",
        ("TENTATIVE", "0"),
    )
    assert "free of charge" not in last(willow).body


def test_a_request_that_the_client_moves_is_still_a_request(willow, owner, request_):
    do(actions.reschedule_appointment, request_, starts_at=at(willow, "2026-04-24 10:00"), person=None, by=owner)

    assert (last(willow).kind, last(willow).subject) == (
        "appointment_requested",
        "We have your request: Friday 24 April at 10:00",
    )


def test_an_accepted_request_is_a_booking(willow, reception, request_):
    do(actions.accept_request, request_, by=reception)

    assert opening(willow) == "Willow & Pine Veterinary has accepted your request. You’re booked in."
    assert entry(willow) == ("CONFIRMED", "1")


def test_another_time_is_proposed_with_the_way_to_answer(willow, owner, reception, request_):
    when = at(willow, "2026-04-24 10:00")
    do(actions.propose_time, request_, starts_at=when, person=None, by=reception, reason="Dr Okafor is in theatre.")

    assert last(willow).subject == "Another time for you: Friday 24 April at 10:00"
    assert opening(willow) == (
        "Willow & Pine Veterinary proposes another time for your request. You asked for Thursday 23 April at 09:15.\n\n"
        "Dr Okafor is in theatre."
    )
    assert f"after signing in:\n{PORTAL}/{request_.pk}/" in last(willow).body
    do(actions.agree_to_proposal, request_, by=owner)
    assert opening(willow) == "Thank you for taking the time that we proposed. You’re booked in."


def test_a_declined_request_says_why(willow, reception, request_):
    do(actions.decline_request, request_, by=reception, reason="We don’t clean teeth of rabbits.")

    assert opening(willow) == (
        "Willow & Pine Veterinary could not accept your request.\n\nWe don’t clean teeth of rabbits."
    )
    assert entry(willow) == ("CANCELLED", "1")


@pytest.mark.parametrize(
    ("by", "said"),
    [
        ("owner", "Your appointment has moved. It was on Thursday 23 April at 09:15."),
        (
            "reception",
            "Willow & Pine Veterinary has moved your appointment. It was on Thursday 23 April at 09:15.\n\nTraining.",
        ),
    ],
)
def test_a_move_says_from_when_to_when(request, willow, visit, by, said):
    do(
        actions.reschedule_appointment,
        visit,
        starts_at=at(willow, "2026-04-24 10:00"),
        person=None,
        by=request.getfixturevalue(by),
        reason="Training.",
    )

    assert (last(willow).subject, opening(willow)) == ("Your appointment has moved to Friday 24 April at 10:00", said)
    assert entry(willow) == ("CONFIRMED", "1")


def test_a_change_to_what_it_is_already_says_nothing(willow, owner, visit):
    do(actions.reschedule_appointment, visit, starts_at=visit.starts_at, person=None, by=owner)

    assert len(outbox(willow)) == 1


def test_a_cancellation_in_time_costs_nothing(willow, owner, visit):
    do(actions.cancel_appointment, visit, by=owner)
    do(actions.cancel_appointment, visit, by=owner)

    assert opening(willow) == "Your appointment is cancelled. It costs you nothing."
    assert (len(outbox(willow)), entry(willow)) == (2, ("CANCELLED", "1"))


def test_a_late_cancellation_is_called_late(willow, owner, miso, check):
    visit = book(owner, check, at(willow, "2026-04-16 09:15"), miso)

    do(actions.cancel_appointment, visit, by=owner)

    assert opening(willow) == (
        "Your appointment is cancelled. It was too late to cancel free of charge, so the cancellation is marked as "
        "late."
    )


def test_a_cancellation_by_the_clinic_says_why(willow, reception, visit):
    do(actions.cancel_appointment, visit, by=reception, reason="Our boiler broke.")

    assert opening(willow) == (
        "Willow & Pine Veterinary had to cancel your appointment. It costs you nothing.\n\nOur boiler broke."
    )


def test_a_cancellation_taken_back_is_confirmed(willow, owner, visit):
    do(actions.cancel_appointment, visit, by=owner)
    do(actions.undo_cancellation, visit, by=owner)

    assert opening(willow) == "You took your cancellation back: you’re booked in again."
    assert (last(willow).subject, entry(willow)) == ("Booked again: Thursday 23 April at 09:15", ("CONFIRMED", "2"))


def test_of_a_pet_that_died_nothing_is_said(willow, owner, miso, visit):
    with tenant(willow):
        pets.report_death(pet=miso, died_on=None, by=owner, now=visits.NOON)

    assert [row.kind for row in outbox(willow)] == ["appointment_booked"]


def test_a_deleted_pets_visit_is_cancelled_with_a_plain_word(willow, owner, miso, visit):
    with tenant(willow):
        pets.delete_pet(pet=miso, by=owner, now=visits.NOON)

    assert opening(willow) == (
        "Your appointment is cancelled, because your pet is no longer on your list. It costs you nothing."
    )


def test_the_dead_companion_of_a_deleted_pet_is_not_named(willow, owner, miso, okafor):
    both = visits.create_service(willow, okafor, name="Annual health check", most_pets=2)
    rex = factories.create_pet(owner, name="Rex")
    book(owner, both, at(willow, "2026-04-23 09:15"), miso, rex)

    with tenant(willow):
        pets.report_death(pet=rex, died_on=None, by=owner, now=visits.NOON)
        pets.delete_pet(pet=miso, by=owner, now=visits.NOON)

    assert "Annual health check for Miso\n" in last(willow).body
    assert "Rex" not in last(willow).body + last(willow).attachment_text
