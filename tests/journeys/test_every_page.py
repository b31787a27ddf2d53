"""Every page, at two sizes and in both themes: axe finds nothing, nothing overflows, nothing goes wrong."""

from datetime import time, timedelta

import pytest
from django.utils import timezone

from bookings import actions
from bookings.models import Mode, State
from clients import devices
from clinics.models import EmergencyClinic, HoursException, OpeningHours
from clinics.tenancy import tenant
from messaging.models import RequestType
from tests import factories
from tests.bookings import visits

pytestmark = [pytest.mark.journey, pytest.mark.django_db(transaction=True)]

SIGNED_IN = [
    "",
    "pets/",
    "pets/{pet}/",
    "pets/{gone}/",
    "pets/add/",
    "pets/{pet}/edit/",
    "pets/{pet}/delete/",
    "pets/{pet}/loss/",
    "pets/{pet}/certificates/add/",
    "pets/{pet}/card/",
    "pets/{pet}/card/choose/",
    "pets/{pet}/card/withdraw/",
    "pets/{pet}/card/making/sheet/",
    "info/",
    "account/",
    "bookings/",
    "bookings/past/",
    "bookings/{visit}/",
    "bookings/{visit}/reschedule/",
    "bookings/{visit}/cancel/",
    "bookings/{past}/",
    "bookings/{proposed}/",
    "bookings/{late}/reschedule/",
    "bookings/{late}/cancel/",
    "bookings/new/",
    "bookings/new/?pet={pet}&service={service}",
    "bookings/new/?pet={pet}&service={service}&who=any",
    "bookings/calendar/",
    "requests/refill/",
    "texts/privacy-policy/",
]
SIGNED_OUT = [
    "/willow/sign-in/",
    "/willow/sign-in/?by=email",
    "/sign-in/",
    "/legal/privacy-policy/",
    "/nobody/",
    "/verify/",
    "/verify/nothing/",
    "/willow/nothing/",
]
VIEWS = [(size, theme) for size in ("phone", "desktop") for theme in ("light", "dark")]


@pytest.fixture
def household(transactional_db):
    clinic = factories.create_clinic(
        "willow", name="Willow & Pine Veterinary", brand_colour="#1d6b4f", street="14 Mill Lane"
    )
    owner = factories.create_owner(clinic, name="Nadia Brennan")
    today = timezone.now().date()
    pet = factories.create_pet(owner, name="Miso", breed="Domestic shorthair", born_on=today - timedelta(days=1800))
    gone = factories.create_pet(owner, name="Pepper", born_on=today - timedelta(days=6000), deceased_on=today)
    # As long as a name may be, without a place to break it.
    endless = factories.create_pet(owner, name="W" * 80, breed="Q" * 80)
    for number in range(7):
        factories.create_weight(pet, f"4.{number}", today - timedelta(days=100 * number))
    for days in (-20, 10, 200):
        factories.create_record(pet, factories.create_plan(clinic), valid_until=today + timedelta(days=days))
    with tenant(clinic):
        OpeningHours.objects.create(clinic=clinic, weekday=today.weekday(), opens=time(0, 1), closes=time(23, 58))
        HoursException.objects.create(clinic=clinic, on=today + timedelta(days=9), note="bank holiday")
        EmergencyClinic.objects.create(
            clinic=clinic, name="Northgate", phone="+441632960999", is_always_open=True, hours="Open 24 hours"
        )
        EmergencyClinic.objects.create(
            clinic=clinic, name="Fenwick", phone="+441632960870", address="Fen Road", position=1
        )
        RequestType.objects.create(
            clinic=clinic, name="Prescription refill", slug="refill", icon=RequestType.Icon.REFILL
        )
        RequestType.objects.create(clinic=clinic, name="Ask a question", slug="question")
    return {"clinic": clinic, "owner": owner, "pet": pet.pk, "gone": gone.pk} | diary(owner, pet, endless)


def diary(owner, pet, endless):
    """A visit of each kind, with names as long as they may be."""
    clinic, now = owner.clinic, timezone.now()
    people = [visits.create_person(clinic, name, hours="", job="J" * 40) for name in ("M" * 80, "Dr Amara Okafor")]
    for person in people:
        for weekday in range(7):
            visits.create_hours(person, weekday, "08:00-18:00")
    text = {"summary": "U" * 120, "preparation": "P" * 300}
    long = visits.create_service(clinic, *people, name="S" * 80, most_pets=2, price=123_456, **text)
    asked = visits.create_service(clinic, *people, name="Dental", category="C" * 40, mode=Mode.REQUEST)
    strict = visits.create_service(clinic, *people, name="Strict", cancel_hours=720, move_hours=720, late_rule="call")
    visits.create_service(clinic, *people, name="By phone", mode=Mode.PHONE)

    def hour(days, clock):
        return (
            (now + timedelta(days=days)).astimezone(clinic.zone).replace(hour=clock, minute=0, second=0, microsecond=0)
        )

    visit = visits.book(owner, long, hour(8, 9), pet, endless, person=people[0], now=now, note="N" * 500)
    late = visits.book(owner, strict, hour(5, 9), pet, now=now)
    proposed = visits.book(owner, asked, hour(6, 9), endless, now=now)
    visits.book(owner, asked, hour(7, 9), pet, now=now)
    staff = factories.employ(factories.create_staff(factories.create_clinic()), clinic)
    with tenant(clinic):
        moved = {"starts_at": hour(6, 11), "person": people[0], "reason": "R" * 300}
        actions.propose_time(appointment=proposed, by=staff, now=now, **moved)
    past = visits.create_past_visit(owner, long, now - timedelta(days=40), pet, endless, person=people[0])
    visits.create_past_visit(owner, asked, now - timedelta(days=400), pet, state=State.NO_SHOW)
    return {"visit": visit.pk, "past": past.pk, "proposed": proposed.pk, "late": late.pk, "service": long.pk}


def faults(visitor):
    overflow = visitor.page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    return visitor.violations() + ([f"{overflow} px too wide"] if overflow > 0 else [])


@pytest.mark.parametrize(("size", "theme"), VIEWS)
def test_signed_in_pages(visitor_of, household, size, theme):
    visitor = visitor_of(size, theme)
    _device, token = factories.create_device(household["owner"])
    cookie = {"name": devices.cookie_name(household["clinic"]), "value": token, "url": visitor.address}
    visitor.page.context.add_cookies([cookie])

    found: list[str] = []
    for page in SIGNED_IN:
        visitor.open(f"/willow/{page.format(**household)}")
        assert visitor.path == f"/willow/{page.format(**household)}"
        found += [f"{page}: {fault}" for fault in faults(visitor)]

    assert "\n".join(found) == ""


@pytest.mark.parametrize(("size", "theme"), VIEWS)
def test_signed_out_pages(visitor_of, household, size, theme):
    visitor = visitor_of(size, theme)
    found: list[str] = []
    for page in SIGNED_OUT:
        visitor.open(page)
        found += [f"{page}: {fault}" for fault in faults(visitor)]
    visitor.troubles = [trouble for trouble in visitor.troubles if "status of 404" not in trouble]

    assert "\n".join(found) == ""


@pytest.mark.parametrize("page", ["/willow/sign-in/", "/willow/info/", "/willow/bookings/new/", "/sign-in/"])
def test_the_smallest_phone_with_everything_twice_as_large(visitor_of, household, page):
    visitor = visitor_of()
    visitor.page.set_viewport_size({"width": 320, "height": 640})
    visitor.open(page)
    visitor.page.evaluate("document.documentElement.style.fontSize = '150%'")

    assert faults(visitor) == []
