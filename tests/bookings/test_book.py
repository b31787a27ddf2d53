"""Booking a visit: every way it can come out."""

from datetime import timedelta

import pytest

from bookings import actions, eligibility
from bookings.models import Appointment, AppointmentChange, Claim, Hold, Mode, State
from clinics.tenancy import tenant
from tests import factories
from tests.bookings import visits
from tests.bookings.visits import NOON, at, book


def test_a_visit_is_booked_with_its_claims_and_its_history(willow, owner, miso, check, okafor):
    visit = book(owner, check, at(willow, "2026-04-23 09:15"), miso)

    with tenant(willow):
        claims = list(Claim.objects.order_by("id").values_list("resource", "pet", "blocked_at", "blocked_until"))
        history = list(AppointmentChange.objects.values_list("kind", "client", "new_starts_at"))
    assert (visit.state, visit.person_id, visit.ends_at) == (State.CONFIRMED, okafor.pk, at(willow, "2026-04-23 09:45"))
    assert claims == [
        (okafor.pk, None, visit.starts_at, visit.ends_at),
        (None, miso.pk, visit.starts_at, visit.ends_at),
    ]
    assert history == [("booked", owner.pk, visit.starts_at)]


@pytest.mark.parametrize(
    "when",
    [
        "2026-04-15 13:45",
        "2026-04-23 09:20",
        "2026-04-23 08:45",
        "2026-04-23 16:45",
        "2026-04-25 10:00",
        "2026-07-20 10:00",
    ],
    ids=["inside the notice", "off the grid", "before hours", "over the end", "Saturday", "beyond the horizon"],
)
def test_what_is_not_offered_is_refused(willow, owner, miso, check, when):
    with pytest.raises(actions.NoSuchTime):
        book(owner, check, at(willow, when), miso)


def test_a_taken_time_is_refused(willow, owner, miso, check):
    book(owner, check, at(willow, "2026-04-23 09:15"), miso)
    other = factories.create_owner(willow)

    with pytest.raises(actions.TimeTaken):
        book(other, check, at(willow, "2026-04-23 09:30"), factories.create_pet(other))
    book(other, check, at(willow, "2026-04-23 09:45"), factories.create_pet(other))


def test_a_held_time_is_the_holders(willow, owner, miso, check):
    start = at(willow, "2026-04-23 09:15")
    other = factories.create_owner(willow)
    with tenant(willow):
        hold = actions.hold_time(client=owner, service=check, pets=[miso], starts_at=start, person=None, now=NOON)

    with pytest.raises(actions.TimeTaken):
        book(other, check, start, factories.create_pet(other))
    visit = book(owner, check, start, miso, hold=hold)

    with tenant(willow):
        assert Hold.objects.count() == 0
        assert Claim.objects.filter(appointment=visit).count() == 2


def test_an_expired_hold_is_nobodys(willow, owner, miso, check):
    start = at(willow, "2026-04-23 09:15")
    other = factories.create_owner(willow)
    with tenant(willow):
        hold = actions.hold_time(client=owner, service=check, pets=[miso], starts_at=start, person=None, now=NOON)
        gone = hold.expires_at - timedelta(minutes=11)
        Hold.objects.filter(pk=hold.pk).update(expires_at=gone)
        Claim.objects.filter(hold=hold).update(expires_at=gone)

    assert book(other, check, start, factories.create_pet(other)).state == State.CONFIRMED


def test_the_same_form_makes_one_visit(willow, owner, miso, check):
    key = Appointment().uid
    first = book(owner, check, at(willow, "2026-04-23 09:15"), miso, form_key=key)

    again = book(owner, check, at(willow, "2026-04-23 09:15"), miso, form_key=key)

    assert again.pk == first.pk
    with pytest.raises(actions.OtherBooking):
        book(owner, check, at(willow, "2026-04-23 10:15"), miso, form_key=key)


def test_what_is_booked_by_request_waits_for_the_clinic(willow, owner, miso, okafor):
    dental = visits.create_service(willow, okafor, mode=Mode.REQUEST)

    visit = book(owner, dental, at(willow, "2026-04-23 09:15"), miso)

    assert visit.state == State.REQUESTED


def test_what_is_booked_by_phone_is_refused(willow, owner, miso, okafor):
    farewell = visits.create_service(willow, okafor, mode=Mode.PHONE)

    with pytest.raises(eligibility.PhoneOnly):
        book(owner, farewell, at(willow, "2026-04-23 09:15"), miso)


def test_a_pet_cannot_be_at_two_places(willow, owner, miso, check):
    book(owner, check, at(willow, "2026-04-23 09:15"), miso)
    nurse = visits.create_service(willow, visits.create_person(willow))

    with pytest.raises(actions.PetIsBusy):
        book(owner, nurse, at(willow, "2026-04-23 09:30"), miso)


def test_a_form_whose_visit_was_cancelled_makes_no_second_one(willow, owner, miso, check):
    key, start = Appointment().uid, at(willow, "2026-04-23 09:15")
    visit = book(owner, check, start, miso, form_key=key)
    with tenant(willow):
        actions.cancel_appointment(appointment=visit, by=owner, now=NOON)

    with pytest.raises(actions.OtherBooking):
        book(owner, check, start, miso, form_key=key)


def test_the_same_form_in_an_hour_that_comes_twice(willow, owner, miso, reception):
    night = visits.create_service(willow, visits.create_person(willow))
    key, start = Appointment().uid, at(willow, "2026-10-25 01:30").replace(fold=1)

    made = {book(owner, night, start, miso, by=reception, form_key=key).pk for _time in range(2)}

    assert len(made) == 1


def test_who_was_held_is_who_is_booked(willow, owner, miso):
    """The page has named them by then, even without a wish."""
    busy, free = visits.create_person(willow), visits.create_person(willow)
    service = visits.create_service(willow, busy, free)
    start = at(willow, "2026-04-23 09:15")
    with tenant(willow):
        hold = actions.hold_time(client=owner, service=service, pets=[miso], starts_at=start, person=None, now=NOON)
    other = factories.create_owner(willow)
    held = busy if hold.person_id == busy.pk else free
    book(other, service, at(willow, "2026-04-23 14:15"), factories.create_pet(other), person=held)

    assert book(owner, service, start, miso, hold=hold).person_id == held.pk
