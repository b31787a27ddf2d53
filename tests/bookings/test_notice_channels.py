"""By which channels a client hears about a visit, and how short a text is."""

import pytest

from bookings import actions, notices
from bookings.models import AppointmentChange, Mode
from clients.models import Client
from clinics.models import Clinic
from clinics.tenancy import tenant
from messaging import segments
from tests import factories
from tests.bookings import visits
from tests.bookings.said import allow, do, kinds, last, outbox
from tests.bookings.visits import NOON, at, book

START = "2026-04-23 09:15"
HOSTILE = "\u202eMiso\x0b <script>alert(1)</script>\r\nBcc: x@y.example ’🐈"


@pytest.mark.parametrize(
    ("emails", "texts", "expected"),
    [(True, False, ["email"]), (False, True, ["sms"]), (True, True, ["email", "sms"]), (False, False, [])],
)
def test_a_booking_is_confirmed_by_what_the_client_allows(willow, owner, miso, check, emails, texts, expected):
    allow(owner, emails=emails, texts=texts)

    book(owner, check, at(willow, START), miso)

    assert [row.channel for row in outbox(willow)] == expected


@pytest.mark.parametrize(("field", "expected"), [("email", ["sms"]), ("phone", ["email"])])
def test_without_the_contact_there_is_nothing_to_send_to(willow, miso, owner, check, field, expected):
    allow(owner, emails=True, texts=True)
    setattr(owner, field, "")

    book(owner, check, at(willow, START), miso)

    assert [row.channel for row in outbox(willow)] == expected


@pytest.mark.parametrize("doing", ["cancel", "move"])
@pytest.mark.parametrize(
    ("emails", "texts", "email", "expected"),
    [
        (False, False, "nadia@example.com", ["email"]),
        (False, False, "", ["sms"]),
        (False, True, "nadia@example.com", ["sms"]),
        (True, False, "nadia@example.com", ["email"]),
    ],
)
def test_what_the_clinic_causes_reaches_everybody(
    willow, owner, miso, check, reception, doing, emails, texts, email, expected
):
    visit = book(owner, check, at(willow, START), miso)
    before = len(outbox(willow))
    allow(owner, emails=emails, texts=texts)
    with tenant(willow):
        Client.objects.filter(pk=owner.pk).update(email=email)

    if doing == "cancel":
        do(actions.cancel_appointment, visit, by=reception)
    else:
        do(actions.reschedule_appointment, visit, starts_at=at(willow, "2026-04-24 10:00"), person=None, by=reception)

    assert [row.channel for row in outbox(willow)[before:]] == expected


def test_what_the_client_does_is_not_said_to_who_wants_to_hear_nothing(willow, owner, miso, check):
    allow(owner, emails=False, texts=False)
    visit = book(owner, check, at(willow, START), miso)

    do(actions.reschedule_appointment, visit, starts_at=at(willow, "2026-04-24 10:00"), person=None, by=owner)
    do(actions.cancel_appointment, visit, by=owner)

    assert outbox(willow) == []


def test_no_text_is_sent_about_a_farewell(willow, owner, miso, okafor, reception):
    allow(owner, emails=True, texts=True)
    farewell = visits.create_service(willow, okafor, name="Goodbye", mode=Mode.PHONE, is_gentle=True)

    visit = book(owner, farewell, at(willow, START), miso, by=reception)
    do(actions.cancel_appointment, visit, by=reception)

    assert kinds(willow) == [("booked", "email"), ("cancelled", "email")]
    assert "book a new time" not in last(willow).body


def test_the_same_is_said_once(willow, owner, miso, check):
    allow(owner, emails=True, texts=True)
    visit = book(owner, check, at(willow, START), miso)
    with tenant(willow):
        change = AppointmentChange.objects.get()
        change.appointment = visit

        notices.appointment_booked(change, now=NOON)

    assert [(row.key, row.about) for row in outbox(willow)] == [
        (f"appointment_change:{change.pk}:{channel}", f"appointment_change:{change.pk}") for channel in ("email", "sms")
    ]


@pytest.mark.parametrize(
    ("happens", "said"),
    [
        ("booked", "Willow & Pine Veterinary: booked. {visit}. {link}"),
        ("cancelled", "Willow & Pine Veterinary: cancelled. {visit}. {link}"),
        ("restored", "Willow & Pine Veterinary: booked again. {visit}. {link}"),
    ],
)
def test_a_text_is_one_segment_with_a_link(willow, owner, miso, check, happens, said):
    allow(owner, emails=False, texts=True)
    visit = book(owner, check, at(willow, START), miso)
    if happens != "booked":
        do(actions.cancel_appointment, visit, by=owner)
    if happens == "restored":
        do(actions.undo_cancellation, visit, by=owner)

    body = last(willow).body
    link = body.rpartition(" ")[2]
    words = said.format(visit="Annual health check for Miso, Thu 23 April, 09:15", link=link)

    assert (body, segments.count(body)) == (words, 1)
    assert link.startswith("http://testserver/willow/bookings/visit/")


def test_requests_are_answered_by_text_too(willow, owner, miso, okafor, reception):
    allow(owner, emails=False, texts=True)
    service = visits.create_service(willow, okafor, name="Dental", mode=Mode.REQUEST)
    visit = book(owner, service, at(willow, START), miso)
    do(actions.propose_time, visit, starts_at=at(willow, "2026-04-24 10:00"), person=None, by=reception)
    do(actions.decline_request, visit, by=reception, reason="Too late.")

    said = [row.body.rpartition(". ")[0] for row in outbox(willow)]
    assert said == [
        "Willow & Pine Veterinary: asked for, not confirmed yet. Dental for Miso, Thu 23 April, 09:15",
        "Willow & Pine Veterinary proposes another time, please answer: Dental for Miso, Fri 24 April, 10:00",
        "Willow & Pine Veterinary said no to your request: Dental for Miso, Fri 24 April, 10:00",
    ]
    assert outbox(willow)[1].body.endswith(f". http://testserver/willow/bookings/{visit.pk}/")


@pytest.mark.parametrize(
    ("service", "said"), [("S" * 20, f"{'S' * 20} for Miso, Thu"), ("S" * 70, "Miso, Thu"), ("Ş", "Thu")]
)
def test_a_text_gets_shorter_rather_than_longer_than_one_segment(willow, owner, okafor, service, said):
    allow(owner, emails=False, texts=True)
    pet = factories.create_pet(owner, name="Mişo" if service == "Ş" else "Miso")
    check = visits.create_service(willow, okafor, name=service)

    book(owner, check, at(willow, START), pet)

    assert last(willow).body.startswith(f"Willow & Pine Veterinary: booked. {said} 23 April, 09:15. ")
    assert segments.count(last(willow).body) == 1


def test_hostile_names_stay_words(willow, owner, okafor):
    allow(owner, emails=True, texts=True)
    Clinic.objects.filter(pk=willow.pk).update(name="A" * 120)
    owner.clinic = Clinic.objects.get(pk=willow.pk)
    pet = factories.create_pet(owner, name=HOSTILE[:80])
    service = visits.create_service(willow, okafor, name="<b>Check</b> & more" + "é" * 60)

    book(owner, service, at(willow, START), pet)

    mail, text = outbox(willow)
    named = "<b>Check</b> & more" + "é" * 60 + " for Miso <script>alert(1)</script> Bcc: x@y.example ’🐈"
    assert f"\n{named}\n" in mail.body
    assert (mail.to, "\n" in mail.subject, "\n" in text.body) == (owner.email, False, False)


@pytest.mark.parametrize("answer", ["propose", "decline"])
def test_an_answer_to_a_request_reaches_everybody(willow, owner, miso, okafor, reception, answer):
    dental = visits.create_service(willow, okafor, mode=Mode.REQUEST)
    visit = book(owner, dental, at(willow, START), miso)
    before = len(outbox(willow))
    allow(owner, emails=False, texts=False)

    if answer == "propose":
        do(actions.propose_time, visit, starts_at=at(willow, "2026-04-24 11:00"), person=None, by=reception)
    else:
        do(actions.decline_request, visit, reason="We need blood tests first", by=reception)

    assert [row.channel for row in outbox(willow)[before:]] == ["email"]
