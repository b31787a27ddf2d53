"""Home: where everybody lands (R66–R80)."""

from datetime import date, datetime, timedelta

import pytest
import time_machine
from django.utils import timezone

from clinics.models import EmergencyClinic
from clinics.tenancy import tenant
from messaging.models import RequestType
from pets import care
from pets.household import pets_of
from pets.models import Certificate
from portal import home
from tests import factories
from tests.pets.papers import hand_in

TODAY = date(2026, 4, 15)
NOW = datetime.fromisoformat("2026-04-15T09:00+01:00")


@pytest.fixture
def owner(willow):
    return factories.create_owner(willow, name="Nadia Brennan")


@pytest.fixture
def household(willow, owner):
    """Two pets with something due, one without, one remembered, one deleted; help of two kinds, one switched off."""
    booster = factories.create_plan(willow, family="booster", name="Annual booster", is_vaccine=True)
    fleas = factories.create_plan(willow, family="fleas", name="Flea treatment")
    retired = factories.create_plan(willow, family="retired", name="Old plan", is_active=False)
    miso, pepper = (factories.create_pet(owner, name=name) for name in ("Miso", "Pepper"))
    factories.create_pet(owner, name="Alba")
    gone = factories.create_pet(owner, name="Tango", deleted_at=timezone.now())
    remembered = factories.create_pet(owner, name="Socks", deceased_on=TODAY)
    for pet in (miso, gone, remembered):
        factories.create_record(pet, fleas, valid_until=TODAY - timedelta(days=14))
    factories.create_record(miso, booster, valid_until=TODAY - timedelta(days=400))
    factories.create_record(miso, booster, valid_until=TODAY + timedelta(days=15))
    factories.create_record(pepper, booster, valid_until=TODAY + timedelta(days=31))
    factories.create_record(pepper, retired, valid_until=TODAY - timedelta(days=1))
    # Somebody else's certificate of the same, one that was declined, and one that waits.
    hand_in(pepper, fleas)
    hand_in(miso, fleas, Certificate.State.DECLINED)
    hand_in(miso, booster)
    with tenant(willow):
        RequestType.objects.create(clinic=willow, name="Prescription refill", slug="refill", position=2)
        RequestType.objects.create(clinic=willow, name="Appointment request", slug="appointment", position=1)
        RequestType.objects.create(clinic=willow, name="Hidden", slug="hidden", is_active=False)
        EmergencyClinic.objects.create(clinic=willow, name="Northgate", phone="+441632960999", is_always_open=True)
        EmergencyClinic.objects.create(clinic=willow, name="Second", phone="+441632960870", position=1)
    return owner


def visit(client, owner, hour=9):
    with time_machine.travel(f"2026-04-15T{hour - 1:02d}:00:00Z", tick=False):
        factories.sign_in(client, owner)
        return client.get("/willow/")


def test_home_names_clinic_pets_help_and_reminders(client, household):
    response = visit(client, household)

    page = response.content.decode()
    assert response.status_code == 200
    assert "Willow &amp; Pine Veterinary" in page
    assert [pet.name for pet, _note, _tone in response.context["pets"]] == ["Alba", "Miso", "Pepper"]
    assert [kind.name for kind in response.context["request_types"]] == ["Appointment request", "Prescription refill"]
    assert [row[0].name for row in response.context["reminders"]] == [
        "Annual booster",
        "Flea treatment",
    ]
    assert all(
        words in page
        for words in (
            "Clinic Info",
            "Get Help Now",
            "Service Reminders",
            "Call 01632 960999, day or night",
            "Miso · due 30 April",
        )
    )


def test_what_is_due_soon_comes_before_what_is_overdue(client, household):
    reminders = visit(client, household).context["reminders"]

    assert [(reminder.pet_and_due, reminder.how_soon) for reminder, *_rest in reminders] == [
        ("Miso · due 30 April", "Due in 15 days"),
        ("Miso · was due 1 April", "Overdue by 2 weeks"),
    ]


def test_each_pet_says_how_it_stands(client, household):
    notes = [(note, tone) for _pet, note, tone in visit(client, household).context["pets"]]

    # Of Alba nothing is on file; of Pepper not everything.
    assert notes == [("", ""), ("1 overdue", "bad"), ("Nothing due now", "")]


def test_a_pet_with_something_due_says_the_day(client, willow, owner):
    plan = factories.create_plan(willow)
    factories.create_record(factories.create_pet(owner), plan, valid_until=TODAY + timedelta(days=15))

    assert [(note, tone) for _pet, note, tone in visit(client, owner).context["pets"]] == [("Due 30 Apr", "")]


def test_the_one_statement_says_what_the_plain_queries_say(household, willow):
    with tenant(willow):
        found = home.read(household, now=NOW)
        living = [pet for pet in pets_of(household) if pet.is_living]

        assert found.pets == living
        assert found.reminders == care.reminders_of(living, clinic=willow, today=TODAY)
        planned = {
            pk: [one.record is not None for one in all_care if one.status != care.Status.NOT_APPLICABLE]
            for pk, all_care in care.care_of(living, clinic=willow, today=TODAY).items()
        }
        assert found.on_file == {pk: all(recorded) for pk, recorded in planned.items() if any(recorded)}
        assert [reminder.is_handed_in for reminder in found.reminders] == [True, False]
        assert str(found.emergency) == str(EmergencyClinic.objects.for_clinic(willow).get(position=0))


@pytest.mark.parametrize("size", [1, 3])
def test_home_takes_three_statements_whatever_there_is_to_show(client, willow, owner, statements, size):
    plans = [factories.create_plan(willow) for _plan in range(size)]
    for _pet in range(size):
        pet = factories.create_pet(owner)
        for plan in plans:
            factories.create_record(pet, plan, valid_until=timezone.now().date())
        hand_in(pet, plans[0])
    factories.sign_in(client, owner)

    with statements(3):
        client.get("/willow/")


@pytest.mark.parametrize(
    ("hour", "greeting"), [(8, "Good morning, Nadia"), (14, "Good afternoon, Nadia"), (20, "Good evening, Nadia")]
)
def test_the_greeting_knows_the_clinics_time_of_day(client, owner, hour, greeting):
    assert visit(client, owner, hour).context["greeting"] == greeting


def test_an_empty_home_says_what_will_be_there(client, owner):
    page = visit(client, owner).content.decode()

    assert "No pets on file" in page
    assert "Nothing needs your attention today." in page
    assert "Service Reminders" not in page


def test_a_stranger_is_sent_to_sign_in(client, willow):
    assert client.get("/willow/").url == "/willow/sign-in/"


def test_a_neighbours_pets_are_not_there(client, willow, owner):
    factories.create_pet(factories.create_owner(willow), name="Neighbour")

    assert visit(client, owner).context["pets"] == []
