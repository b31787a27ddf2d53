"""What the demo's clinics offer: together they use everything that booking can be set up with."""

from __future__ import annotations

import pytest

from bookings import policy
from bookings.models import (
    Audience,
    Closure,
    Mode,
    PolicyWords,
    Resource,
    Service,
    ServicePlan,
    WarningSign,
    WorkingException,
    WorkingHours,
)
from clinics.models import Clinic
from clinics.tenancy import tenant


def services(clinic: Clinic) -> list[Service]:
    with tenant(clinic):
        return list(Service.objects.for_clinic(clinic).in_order())


def test_services_stand_in_groups_as_on_the_page_where_one_books(demo):
    groups: dict[str, list[str]] = {}
    for service in services(demo["willow"]):
        groups.setdefault(service.category, []).append(service.name)

    assert groups == {
        "Check-ups": [
            "Annual health check",
            "Something’s not right",
            "Vaccination only",
            "Follow-up visit",
            "First visit",
            "Travel certificate",
        ],
        "Nurse clinics": [
            "Dental check",
            "Nail trim",
            "Weight and diet check",
            "Blood test",
            "Bath and brush",
            "Puppy party",
        ],
        "Drop-off days": ["Dental scale and polish", "Neutering"],
        "End of life": ["Saying goodbye"],
    }
    assert [service.name for service in services(demo["harbour"])] == [
        "Wellness exam",
        "Sick visit",
        "Vaccines",
        "Farewell visit",
    ]


def test_every_rule_of_a_service_is_used_by_one(demo):
    rows = services(demo["willow"])

    assert {row.mode for row in rows} == set(Mode.values)
    assert {row.audience for row in rows} == set(Audience.values)
    unused = [name for name in (*policy.OVERRIDES, "most_per_day") if all(getattr(row, name) is None for row in rows)]
    assert unused == ["grid_minutes"]
    for name in ("species", "preparation", "summary", "buffer_after", "asks_signs", "is_gentle", "late_rule"):
        assert {bool(getattr(row, name)) for row in rows} == {True, False}, name
    assert {row.is_price_shown for row in rows} == {row.is_active for row in rows} == {True, False}
    assert {row.most_pets for row in rows} == {1, 3}
    assert [row.name for row in rows if row.price == 0] == ["Dental check", "Weight and diet check"]


def test_a_farewell_is_arranged_by_phone_at_both(demo):
    gentle = {
        slug: [(row.name, row.mode) for row in services(clinic) if row.is_gentle] for slug, clinic in demo.items()
    }

    assert gentle == {"willow": [("Saying goodbye", "phone")], "harbour": [("Farewell visit", "phone")]}


def test_the_rules_and_currencies_differ(demo):
    def rules(slug: str) -> tuple[str, int, str, int, int]:
        clinic = demo[slug]
        with tenant(clinic):
            found = policy.in_force(clinic)
            words = PolicyWords.objects.for_clinic(clinic).filter(policy=found).count()
        return clinic.currency, found.cancel_hours, found.late_rule, found.number, words

    assert rules("willow") == ("GBP", 24, "mark", 2, 1)
    assert rules("harbour") == ("USD", 48, "call", 2, 1)


def test_a_health_check_takes_a_vet_and_a_room_and_a_day_with_us_takes_a_bed(demo):
    willow = demo["willow"]
    with tenant(willow):
        kinds = {
            name: sorted(Resource.objects.for_clinic(willow).filter(services__name=name).values_list("kind", flat=True))
            for name in ("Annual health check", "Nail trim", "Dental scale and polish")
        }

    assert kinds == {
        "Annual health check": ["person", "person", "room", "room"],
        "Nail trim": ["person"],
        "Dental scale and polish": ["room", "room"],
    }


@pytest.mark.parametrize("slug", ["willow", "harbour"])
@pytest.mark.parametrize("model", [WorkingHours, WorkingException, Closure, ServicePlan, WarningSign])
def test_both_have_hours_odd_days_closures_plans_and_signs(demo, slug, model):
    with tenant(demo[slug]):
        assert model.objects.for_clinic(demo[slug]).count() > 0


def test_hours_begin_and_end(demo):
    with tenant(demo["willow"]):
        hours = WorkingHours.objects.for_clinic(demo["willow"])

        assert hours.filter(first_on__isnull=False).count() == 3
        assert hours.filter(last_on__isnull=False).count() == 2


def test_whoever_is_asked_for_has_a_diary_of_their_own(demo):
    with tenant(demo["willow"]):
        vet = Resource.objects.for_clinic(demo["willow"]).get(staff__user__email="vet@example.com")

    assert (vet.name, vet.initials) == ("Dr Amara Okafor", "AO")
