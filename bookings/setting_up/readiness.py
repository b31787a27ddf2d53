"""What keeps a service from being booked, said while there is somebody to mend it."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

from django.db.models import Exists, OuterRef, Prefetch, Q
from django.utils.translation import gettext as _

from bookings.models import Mode, Resource, Service, WarningSign, WorkingException, WorkingHours

if TYPE_CHECKING:
    from clinics.models import Clinic


def with_team(services: Any, clinic: Clinic, *, today: date) -> Any:
    """Services with who and what they need, and whether these have hours from `today` on: one statement more."""
    hours = WorkingHours.objects.for_clinic(clinic).filter(
        Q(last_on__isnull=True) | Q(last_on__gte=today), resource=OuterRef("pk")
    )
    odd_days = WorkingException.objects.for_clinic(clinic).filter(
        on__gte=today, starts__isnull=False, resource=OuterRef("pk")
    )
    team = Resource.objects.for_clinic(clinic).annotate(
        has_week=Exists(hours), has_hours=Exists(hours) | Exists(odd_days)
    )
    return services.prefetch_related(Prefetch("resources", team.in_order(), to_attr="team"))


def with_signs(services: Any, clinic: Clinic) -> Any:
    """Services with the answer to whether the clinic has any warning signs, in the same statement."""
    return services.annotate(has_signs=Exists(WarningSign.objects.for_clinic(clinic)))


def standing(service: Service) -> str:
    """How clients come by a time for a service, in a word or two."""
    if not service.is_active:
        return _("Not offered")
    if service.mode == Mode.DIRECT:
        return _("Free times")
    return _("By phone") if service.mode == Mode.PHONE else _("On request")


def shortfalls(service: Any) -> list[str]:
    """What is to be put right, a sentence each, of a service `with_team` and `with_signs`.

    What isn't offered, or is booked by phone, needs nobody.
    """
    if not service.is_active or service.mode == Mode.PHONE:
        return []
    found = [*_people(service), *_rooms(service)]
    if not service.team:
        found = [_("Nobody can book it yet: tick who does it.")]
    if service.asks_signs and not service.has_signs:
        found.append(_("It asks about warning signs, but you have none yet."))
    return found


def _people(service: Service) -> list[str]:
    people = _of(service, Resource.Kind.PERSON)
    able = [one for one in people if one.is_active]
    if people and not able:
        return [_("Nobody can book it: all who do it are switched off.")]
    if able and not any(one.has_hours for one in able):
        return [_("Nobody can book it yet: those who do it have no working hours.")]
    return []


def _rooms(service: Service) -> list[str]:
    rooms = _of(service, Resource.Kind.ROOM)
    able = [one for one in rooms if one.is_active]
    if rooms and not able:
        return [_("All its rooms are switched off.")]
    if able and not _of(service, Resource.Kind.PERSON) and not all(one.has_week for one in able):
        return [_("Only rooms are ticked, and a room without hours is free day and night.")]
    return []


def _of(service: Any, kind: str) -> list[Any]:
    return [one for one in service.team if one.kind == kind]
