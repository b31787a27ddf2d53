"""Coming by a visit: holding a time for somebody who is about to confirm, and booking it."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING
from uuid import UUID

from django.db import IntegrityError, transaction
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy

from bookings import eligibility, notices, policy
from bookings.actions.changes import note_change
from bookings.availability import Wanted
from bookings.models import (
    ONE_VISIT_PER_FORM,
    Appointment,
    AppointmentChange,
    AppointmentPet,
    Hold,
    Mode,
    Service,
    State,
)
from bookings.taking import claim, find_place, lock_client, lock_pets, lock_resources, release, taking
from clients.models import Client
from clinics.models import StaffMember
from portal.kit.database import broke
from portal.kit.refusals import Refusal

if TYPE_CHECKING:
    from bookings.models import Resource
    from bookings.policy import Rules
    from bookings.taking import Place
    from pets.history import Author
    from pets.models import Pet

# How long a time is kept for a client who is confirming.
HOLD_FOR = timedelta(minutes=10)


class OtherBooking(Refusal):
    """The same form was sent before, with something else in it."""

    message = gettext_lazy("This form has been used for another booking. Please start a new one.")


@transaction.atomic
def hold_time(
    *, client: Client, service: Service, pets: list[Pet], starts_at: datetime, person: Resource | None, now: datetime
) -> Hold:
    """Keep a time for ten minutes of the database's clock. A client has one hold: it replaces the one before.

    Raises what `book_appointment` raises.
    """
    clinic = client.clinic
    rules = policy.rules_for(service, policy.in_force(clinic))
    with taking():
        lock_client(client)
        before = list(Hold.objects.for_client(client))
        wanted = Wanted(service=service, rules=rules, pets=pets, person_id=person.pk if person else None)
        _check(service, lock_pets(clinic, wanted), pets, client, by_staff=False, now=now)
        lock_resources(clinic, wanted, holds=before)
        for old in before:
            drop_hold(hold=old)
        place = find_place(clinic, wanted, starts_at=starts_at, now=now)
        hold = Hold.objects.create(
            clinic=clinic,
            client=client,
            service=service,
            person_id=place.person_id,
            room_id=place.room_id,
            starts_at=place.starts_at,
            ends_at=place.ends_at,
            expires_at=Now() + HOLD_FOR,
        )
        hold.refresh_from_db(fields=["expires_at"])
        claim(clinic, place, service, promise=hold)
    return hold


@transaction.atomic
def drop_hold(*, hold: Hold) -> None:
    """Give a held time back before it expires. Twice changes nothing."""
    release(hold)
    Hold.objects.for_clinic(hold.clinic).filter(pk=hold.pk).delete()


@transaction.atomic
def book_appointment(
    *,
    client: Client,
    service: Service,
    pets: list[Pet],
    starts_at: datetime,
    person: Resource | None,
    by: Author,
    now: datetime,
    note: str = "",
    form_key: UUID | None = None,
    hold: Hold | None = None,
) -> Appointment:
    """Book a visit, or ask for it where the service is booked by request; tell the client.

    `person` is who was wished for; None takes whoever has most of that day left. `hold` is the client's own, whose time
    is free to them, and is used up. The same `form_key` with the same wishes answers with the visit that it made.

    Raises TimeTaken, NoSuchTime, PetIsBusy, OtherBooking, and what `eligibility.check` raises. Staff are bound neither
    by the service's rules nor by its audience, but by everything that is taken or closed.
    """
    clinic, by_staff = client.clinic, isinstance(by, StaffMember)
    rules = policy.rules_for(service, policy.in_force(clinic))
    wanted = Wanted(
        service=service,
        rules=rules,
        pets=pets,
        person_id=person.pk if person else None,
        hold=hold,
        by_staff=by_staff,
    )
    try:
        with taking():
            if not by_staff:
                lock_client(client)
            living = lock_pets(clinic, wanted)
            if done := _already_made(client, form_key, wanted, starts_at):
                return done
            _check(service, living, pets, client, by_staff=by_staff, now=now)
            lock_resources(clinic, wanted, holds=[hold] if hold else None)
            place = find_place(clinic, wanted, starts_at=starts_at, now=now)
            if hold is not None:
                drop_hold(hold=hold)
            appointment = _write(client, wanted, rules, place, by_staff=by_staff, note=note, form_key=form_key, now=now)
    except IntegrityError as error:
        # The same form twice at once, for different pets: neither waited for the other's lock.
        if broke(error, ONE_VISIT_PER_FORM):
            raise OtherBooking from error
        raise
    kind = AppointmentChange.Kind
    was_asked = appointment.state == State.REQUESTED
    change = note_change(appointment=appointment, kind=kind.REQUESTED if was_asked else kind.BOOKED, by=by, now=now)
    notices.appointment_booked(change, now=now)
    return appointment


def _check(
    service: Service, living: list[Pet], wished: list[Pet], client: Client, *, by_staff: bool, now: datetime
) -> None:
    """`living` are those of the wished pets that are there under the locks."""
    if len(living) < len(wished):
        raise eligibility.PetGone
    eligibility.check(service, pets=living, client=client, by_staff=by_staff, now=now)


def _already_made(client: Client, form_key: UUID | None, wanted: Wanted, starts_at: datetime) -> Appointment | None:
    """What this form has made, if it was sent before. Raises OtherBooking when it said something else then."""
    if form_key is None:
        return None
    made = Appointment.objects.for_client(client).filter(form_key=form_key).first()
    if made is None:
        return None
    if made.is_ended:
        raise OtherBooking
    wished = made.person_id if made.is_person_wished else None
    pets = set(AppointmentPet.objects.for_clinic(client.clinic).filter(appointment=made).values_list("pet", flat=True))
    asked = (wanted.service.pk, starts_at.timestamp(), wanted.person_id, {pet.pk for pet in wanted.pets})
    first = AppointmentChange.objects.for_clinic(client.clinic).filter(appointment=made).order_by("id").first()
    was = first.new_starts_at if first else made.starts_at
    # As numbers: Python calls no two moments of different zones equal in an hour that comes twice.
    if (made.service_id, was.timestamp(), wished, pets) != asked:
        raise OtherBooking
    made.clinic, made.client = client.clinic, client
    return made


def _write(
    client: Client,
    wanted: Wanted,
    rules: Rules,
    place: Place,
    *,
    by_staff: bool,
    note: str,
    form_key: UUID | None,
    now: datetime,
) -> Appointment:
    service, clinic = wanted.service, client.clinic
    is_request = service.mode == Mode.REQUEST and not by_staff
    appointment = Appointment.objects.create(
        clinic=clinic,
        client=client,
        service=service,
        person_id=place.person_id,
        room_id=place.room_id,
        starts_at=place.starts_at,
        ends_at=place.ends_at,
        state=State.REQUESTED if is_request else State.CONFIRMED,
        source=Appointment.Source.STAFF if by_staff else Appointment.Source.ONLINE,
        is_person_wished=wanted.person_id is not None,
        note=note,
        price=_price(service, len(place.pets)),
        policy_id=rules.policy_id,
        form_key=form_key,
        booked_at=now,
        changed_at=now,
        **rules.terms,
    )
    AppointmentPet.objects.bulk_create(
        [AppointmentPet(clinic=clinic, appointment=appointment, pet=pet) for pet in place.pets]
    )
    claim(clinic, place, service, promise=appointment)
    return appointment


def _price(service: Service, pets: int) -> int | None:
    return service.price * pets if service.price is not None and service.is_price_shown else None
