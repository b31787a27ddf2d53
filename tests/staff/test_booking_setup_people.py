"""People and rooms, and their hours, as owners and the desk keep them."""

from __future__ import annotations

from datetime import date, time, timedelta

import pytest
import time_machine
from django.utils import timezone

from bookings import actions
from bookings.models import Resource, WorkingException, WorkingHours
from clinics.models import OpeningHours, Role, StaffMember
from clinics.tenancy import tenant
from tests.bookings import visits
from tests.bookings.visits import NOON
from tests.staff.rows import action, listing, page, reread, staff

FACTS = {"name": "Dr Amara Okafor", "job": "Vet", "position": 0, "is_active": "on"}


def lines(*hours: str, existing: int = 0, prefix: str = "hours", **fields):
    """What the table of hours posts: “0 09:00 13:00” is a line of Monday."""
    typed: dict[str, int | str] = {
        f"{name}-{count}_FORMS": 0 for name in ("hours", "exceptions") for count in ("TOTAL", "INITIAL")
    }
    typed |= {f"{prefix}-TOTAL_FORMS": len(hours), f"{prefix}-INITIAL_FORMS": existing}
    first = "weekday" if prefix == "hours" else "on"
    for index, line in enumerate(hours):
        for name, value in zip((first, "starts", "ends", "first_on", "last_on"), line.split(), strict=False):
            typed[f"{prefix}-{index}-{name}"] = value
    return FACTS | typed | fields


def wrong(response, table: int = 0):
    return response.context["inline_admin_formsets"][table].formset.errors


def spans(clinic) -> list[tuple[int, time, time]]:
    with tenant(clinic):
        rows = WorkingHours.objects.for_clinic(clinic).order_by("weekday", "starts")
        return list(rows.values_list("weekday", "starts", "ends"))


def test_an_owner_adds_a_person_with_hours(client, willow):
    staff(client, willow)

    typed = lines("0 09:00 13:00", "0 14:00 18:00", "4 22:00 06:00", kind="person", name="  Dr   Amara Okafor ")
    response = client.post(listing(Resource, "add"), typed)

    with tenant(willow):
        person = Resource.objects.for_clinic(willow).get()
    assert (response.status_code, person.name, person.kind) == (302, "Dr Amara Okafor", "person")
    assert spans(willow) == [(0, time(9), time(13)), (0, time(14), time(18)), (4, time(22), time(6))]


@pytest.mark.parametrize(
    ("hours", "expected"),
    [
        (("0 09:00 13:00", "0 12:59 18:00"), [{}, {"starts": ["This overlaps with another line."]}]),
        (("0 22:00 06:00", "1 05:00 09:00"), [{}, {"starts": ["This overlaps with another line."]}]),
        (
            ("0 09:00 13:00 2026-05-01", "0 09:00 13:00 2026-06-01"),
            [{}, {"starts": ["This overlaps with another line."]}],
        ),
        (("0 09:00 13:00 2026-05-02 2026-05-01",), [{"__all__": ["The last day is before the first."]}]),
        (("7 09:00 13:00",), [{"weekday": ["Select a valid choice. 7 is not one of the available choices."]}]),
        (("0 25:00 13:00",), [{"starts": ["Enter a valid time."]}]),
    ],
)
def test_hours_that_cannot_be_are_told_beside_them(client, willow, hours, expected):
    staff(client, willow)

    response = client.post(listing(Resource, "add"), lines(*hours, kind="person"))

    assert (wrong(response), spans(willow)) == (expected, [])


def test_hours_that_follow_each_other_in_time_are_taken(client, willow):
    staff(client, willow)

    client.post(
        listing(Resource, "add"),
        lines("0 09:00 13:00 2026-05-01 2026-05-31", "0 09:00 13:00 2026-06-01", kind="person"),
    )

    assert len(spans(willow)) == 2


def test_a_line_that_is_deleted_makes_room_for_another(client, willow):
    staff(client, willow)
    person = visits.create_person(willow, hours="")
    old = visits.create_hours(person, 0, "09:00-13:00")
    typed = lines("0 09:00 13:00", "0 10:00 12:00", existing=1)
    typed |= {"hours-0-id": old.pk, "hours-0-resource": person.pk, "hours-0-DELETE": "on"}

    client.post(page(person), typed)

    assert spans(willow) == [(0, time(10), time(12))]


def test_exceptions_have_two_times_or_none_and_do_not_meet(client, willow):
    staff(client, willow)
    person = visits.create_person(willow, hours="")

    half = client.post(page(person), lines("2030-05-01 09:00", prefix="exceptions"))
    both = client.post(page(person), lines("2030-05-01", "2030-05-01 09:00 10:00", prefix="exceptions"))
    client.post(page(person), lines("2030-05-01", "2030-05-02 22:00 02:00", prefix="exceptions"))

    assert wrong(half, 1) == [{"__all__": ["Give both times, or neither for a day off."]}]
    assert wrong(both, 1) == [{}, {"starts": ["This overlaps with another line."]}]
    with tenant(willow):
        kept = WorkingException.objects.for_clinic(willow).order_by("on").values_list("on", "starts", "ends")
        assert list(kept) == [(date(2030, 5, 1), None, None), (date(2030, 5, 2), time(22), time(2))]


def test_the_desk_keeps_hours_and_nothing_else(client, willow):
    staff(client, willow, Role.RECEPTION)
    person = visits.create_person(willow, "Dr Amara Okafor", hours="")

    client.post(page(person), lines("0 09:00 13:00", name="Somebody else", is_active=""))

    assert (reread(person).name, reread(person).is_active, len(spans(willow))) == ("Dr Amara Okafor", True, 1)


def test_a_vet_changes_nothing(client, willow):
    staff(client, willow, Role.VET)
    person = visits.create_person(willow, hours="")

    assert client.post(page(person), lines("0 09:00 13:00")).status_code == 403


def test_a_person_never_becomes_a_room(client, willow):
    staff(client, willow)
    person = visits.create_person(willow, hours="")

    client.post(page(person), lines(kind="room"))

    assert reread(person).kind == "person"


def test_only_colleagues_of_the_clinic_are_offered_and_taken(client, willow, harbour):
    user = staff(client, willow)
    staff_of_harbour = visits.create_person(harbour)
    with tenant(willow):
        own = StaffMember.objects.for_clinic(willow).get(user=user)
    person = visits.create_person(willow, hours="")

    field = client.get(page(person)).context["adminform"].form.fields["staff"]
    with tenant(willow):
        offered = list(field.queryset)
    client.post(page(person), lines(staff=own.pk))
    forged = client.post(page(person), lines(staff=10**15))

    assert (offered, reread(person).staff_id) == ([own], own.pk)
    assert list(forged.context["adminform"].form.errors) == ["staff"]
    assert client.get(page(staff_of_harbour)).status_code == 404


def test_a_neighbours_hours_are_not_changed_by_a_forged_line(client, willow, harbour):
    staff(client, willow)
    theirs = visits.create_hours(visits.create_person(harbour, hours=""), 0, "09:00-13:00")
    person = visits.create_person(willow, hours="")
    typed = lines("0 10:00 12:00", existing=1) | {"hours-0-id": theirs.pk, "hours-0-resource": person.pk}

    response = client.post(page(person), typed)

    assert (response.status_code, spans(harbour)) == (200, [(0, time(9), time(13))])


@time_machine.travel(NOON, tick=False)
def test_the_page_says_the_week_and_the_closures_to_come(client, willow):
    staff(client, willow)
    person = visits.create_person(willow)
    start = timezone.now() + timedelta(days=2)
    with tenant(willow):
        for resource, reason in ((person, "Training"), (None, "Summer party"), (visits.create_room(willow), "Paint")):
            actions.close_time(
                clinic=willow,
                resource=resource,
                starts_at=start,
                ends_at=start + timedelta(hours=2),
                by=None,
                reason=reason,
            )

    shown = client.get(page(person)).content.decode()

    assert "<dt>Mon 13 Apr</dt><dd>09:00 – 17:00</dd>" in shown
    assert "17 Apr 2026, 12:00 – 17 Apr 2026, 14:00: Training" in shown
    assert ("Summer party" in shown, "Paint" in shown) == (True, False)


def test_opening_hours_are_copied_or_it_is_said_why_not(client, willow):
    staff(client, willow, Role.RECEPTION)
    person = visits.create_person(willow, "Dr Amara Okafor", hours="")

    none_yet = client.post(listing(Resource), action("copy_hours", person), follow=True)
    with tenant(willow):
        OpeningHours.objects.create(clinic=willow, weekday=0, opens=time(9), closes=time(13))
    client.post(listing(Resource), action("copy_hours", person))

    said = [str(message) for message in none_yet.context["messages"]]
    assert said == ["Dr Amara Okafor: The clinic has no opening hours yet."]
    assert spans(willow) == [(0, time(9), time(13))]


@pytest.mark.parametrize("count", [1, 3])
def test_the_list_costs_the_same_however_long(client, willow, statements, count):
    staff(client, willow)
    for _ in range(count):
        visits.create_person(willow)
    client.get(listing(Resource))

    with statements(8):
        response = client.get(listing(Resource))

    assert response.context["cl"].result_count == count
