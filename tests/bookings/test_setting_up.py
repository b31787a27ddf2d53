"""What a clinic sets up before its clients book: every write, and what it is told about it."""

from datetime import date, time, timedelta

import pytest

from bookings import actions, policy
from bookings.models import PolicyWords, Resource, Service, ServicePlan, ServiceResource, WarningSign, WorkingHours
from bookings.setting_up import in_words, readiness
from bookings.setting_up.starters import USUAL_SERVICES, USUAL_SIGNS
from clinics.models import OpeningHours
from clinics.tenancy import tenant
from tests import factories
from tests.bookings import visits
from tests.bookings.visits import NOON, TODAY, at, book


def told(clinic, service) -> list[str]:
    """What the clinic is told about a service."""
    with tenant(clinic):
        rows = readiness.with_signs(Service.objects.for_clinic(clinic).filter(pk=service.pk), clinic)
        return readiness.shortfalls(readiness.with_team(rows, clinic, today=TODAY).get())


def test_a_service_is_filed_with_who_and_what_it_needs_and_the_care_it_takes_care_of(willow, okafor):
    room, plan = visits.create_room(willow), factories.create_plan(willow)

    with tenant(willow):
        service = actions.file_service(clinic=willow, name="Check", price=5800, resources=[okafor, room], plans=[plan])

        assert (service.name, service.price) == ("Check", 5800)
        assert set(service.resources.all()) == {okafor, room}
        assert list(service.plans.all()) == [plan]


def test_a_changed_service_keeps_what_is_not_mentioned(willow, okafor, check):
    plan = factories.create_plan(willow)
    with tenant(willow):
        actions.update_service(service=check, plans=[plan])

        actions.update_service(service=check, name="Yearly check")
        kept = (list(check.resources.all()), list(check.plans.all()))
        actions.update_service(service=check, resources=[], plans=[])

        assert kept == ([okafor], [plan])
        assert (ServiceResource.objects.count(), ServicePlan.objects.count()) == (0, 0)
        assert Service.objects.get().name == "Yearly check"


def test_a_booked_visit_keeps_its_length_and_price_when_the_service_changes(willow, owner, miso, check):
    visit = book(owner, check, at(willow, "2026-04-23 09:15"), miso)

    with tenant(willow):
        actions.update_service(service=check, minutes=60, price=9900)
        visit.refresh_from_db()

    assert (visit.length, visit.price) == (timedelta(minutes=30), None)


def test_a_person_switched_off_is_kept(willow, okafor):
    with tenant(willow):
        actions.update_resource(resource=okafor, is_active=False, job="Locum")

        assert list(Resource.objects.values_list("name", "job", "is_active")) == [("Dr Amara Okafor", "Locum", False)]


def test_a_person_is_filed(willow):
    with tenant(willow):
        actions.file_resource(clinic=willow, name="Tom Reyes", kind=Resource.Kind.PERSON)

        assert list(Resource.objects.values_list("name", "kind")) == [("Tom Reyes", "person")]


def test_opening_hours_are_copied_once(willow):
    person = visits.create_person(willow, hours="")
    with tenant(willow):
        OpeningHours.objects.create(clinic=willow, weekday=0, opens=time(9), closes=time(13))
        OpeningHours.objects.create(clinic=willow, weekday=0, opens=time(14), closes=time(18))

        copied = actions.copy_opening_hours(resource=person)
        with pytest.raises(actions.HasHours):
            actions.copy_opening_hours(resource=person)

        spans = list(WorkingHours.objects.order_by("starts").values_list("weekday", "starts", "ends"))
    assert (copied, spans) == (2, [(0, time(9), time(13)), (0, time(14), time(18))])


def test_a_clinic_without_opening_hours_has_none_to_copy(willow):
    person = visits.create_person(willow, hours="")

    with tenant(willow), pytest.raises(actions.NoOpeningHours):
        actions.copy_opening_hours(resource=person)


def test_the_usual_services_come_as_drafts_and_only_once(willow):
    exam = factories.create_plan(willow, family="wellness-exam", is_vaccine=False)
    shot = factories.create_plan(willow, family="kennel-cough", is_vaccine=True)
    keys = [usual.key for usual in USUAL_SERVICES]
    with tenant(willow):
        first = actions.add_usual_services(clinic=willow, keys=keys)
        again = actions.add_usual_services(clinic=willow, keys=keys)

        offered = Service.objects.filter(is_active=True).count()
        linked = list(ServicePlan.objects.order_by("service__position").values_list("service__name", "plan"))
    assert (first, again, offered) == (13, 0, 0)
    assert linked == [("Health check", exam.pk), ("Vaccination", shot.pk)]


def test_the_usual_services_have_the_terms_of_the_trade(willow):
    with tenant(willow):
        actions.add_usual_services(clinic=willow, keys=["surgery", "farewell", "sick"])

        found = Service.objects.order_by("position").values_list("mode", "cancel_hours", "is_gentle", "asks_signs")
        assert list(found) == [
            ("direct", None, False, True),
            ("request", 72, False, False),
            ("phone", None, True, False),
        ]


def test_a_service_that_the_clinic_has_stays_as_it_is(willow):
    with tenant(willow):
        actions.file_service(clinic=willow, name="Nail trim", minutes=20)

        actions.add_usual_services(clinic=willow, keys=["nails"])

        assert list(Service.objects.values_list("name", "minutes")) == [("Nail trim", 20)]


def test_chosen_signs_are_added_once_and_no_others(willow):
    with tenant(willow):
        first = actions.add_usual_signs(clinic=willow, keys=["breathing", "bloat", "made up"])
        again = actions.add_usual_signs(clinic=willow, keys=["breathing", "bloat"])

        signs = list(WarningSign.objects.order_by("position").values_list("species", "language"))
    assert (first, again, signs) == (2, 0, [("", "en"), ("dog", "en")])


def test_every_suggestion_fits_its_column():
    assert max(len(str(sign.text)) for sign in USUAL_SIGNS) <= 160
    assert len({sign.key for sign in USUAL_SIGNS}) == len(USUAL_SIGNS)
    assert len({str(usual.name) for usual in USUAL_SERVICES}) == len(USUAL_SERVICES)


def test_rules_that_somebody_else_has_changed_meanwhile_are_not_put_back(willow):
    visits.create_policy(willow, cancel_hours=48)
    visits.create_policy(willow, cancel_hours=12)

    with tenant(willow), pytest.raises(actions.RulesChanged):
        actions.set_policy(clinic=willow, by=None, now=NOON, seen=1, cancel_hours=24)
    with tenant(willow):
        assert policy.in_force(willow).cancel_hours == 12


def test_new_rules_keep_the_words_unless_these_are_given(willow):
    visits.create_policy(willow, words={"en": "Call us."})
    visits.create_policy(willow, cancel_hours=12)
    visits.create_policy(willow, words={"en": " "})

    with tenant(willow):
        words = PolicyWords.objects.order_by("policy__number").values_list("policy__number", "body")
        assert list(words) == [(1, "Call us."), (2, "Call us.")]


def test_the_rules_are_said_in_plain_sentences(willow):
    with tenant(willow):
        usual = in_words.of_policy(policy.in_force(willow))
        strict = visits.create_policy(
            willow, cancel_hours=72, move_hours=1, most_moves=0, late_rule="call", minimum_notice_hours=0
        )

    assert usual == [
        "Times start every 15 minutes and can be booked from 2 hours to 90 days ahead.",
        "Free to move or cancel until 24 hours before.",
        "Later than that, they may still cancel, and it is marked as late.",
        "Clients move a visit at most 3 times.",
    ]
    assert in_words.of_policy(strict) == [
        "Times start every 15 minutes and can be booked until they begin, up to 90 days ahead.",
        "Free to cancel until 3 days before.",
        "Later than that, they are asked to call.",
        "Clients don’t move visits themselves; they cancel and book again, or call.",
    ]


def test_a_service_that_can_be_booked_has_nothing_to_put_right(willow, check):
    assert told(willow, check) == []


def test_what_keeps_a_service_from_being_booked_is_said(willow):
    idle, gone = visits.create_person(willow, hours=""), visits.create_person(willow, is_active=False)
    room, closed_room = visits.create_room(willow), visits.create_room(willow, is_active=False)
    locum = visits.create_person(willow, hours="")
    visits.create_hours(locum, 0, "09:00-17:00", last_on=date(2026, 4, 14))
    able = visits.create_person(willow)
    services = [
        visits.create_service(willow),
        visits.create_service(willow, idle),
        visits.create_service(willow, locum),
        visits.create_service(willow, gone),
        visits.create_service(willow, room),
        visits.create_service(willow, able, closed_room),
        visits.create_service(willow, able, asks_signs=True),
        visits.create_service(willow, is_active=False),
        visits.create_service(willow, mode="phone"),
    ]

    said = [told(willow, service) for service in services]

    nobody_yet = "Nobody can book it yet: those who do it have no working hours."
    assert said == [
        ["Nobody can book it yet: tick who does it."],
        [nobody_yet],
        [nobody_yet],
        ["Nobody can book it: all who do it are switched off."],
        ["Only rooms are ticked, and a room without hours is free day and night."],
        ["All its rooms are switched off."],
        ["It asks about warning signs, but you have none yet."],
        [],
        [],
    ]
