"""Every page, at two sizes and in both themes: axe finds nothing, nothing overflows, nothing goes wrong."""

from datetime import time, timedelta

import pytest
from django.utils import timezone

from clients import devices
from clinics.models import EmergencyClinic, HoursException, OpeningHours
from clinics.tenancy import tenant
from messaging.models import RequestType
from tests import factories

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
    factories.create_pet(owner, name="W" * 80, breed="Q" * 80)
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
    return {"clinic": clinic, "owner": owner, "pet": pet.pk, "gone": gone.pk}


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


@pytest.mark.parametrize("page", ["/willow/sign-in/", "/willow/info/", "/sign-in/"])
def test_the_smallest_phone_with_everything_twice_as_large(visitor_of, household, page):
    visitor = visitor_of()
    visitor.page.set_viewport_size({"width": 320, "height": 640})
    visitor.open(page)
    visitor.page.evaluate("document.documentElement.style.fontSize = '150%'")

    assert faults(visitor) == []
