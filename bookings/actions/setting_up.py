"""What a clinic sets up: its rules, version by version, its services, and who and what can be booked."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext_lazy

from bookings import policy
from bookings.models import (
    Policy,
    PolicyWords,
    Resource,
    Service,
    ServicePlan,
    ServiceResource,
    WarningSign,
    WorkingHours,
)
from bookings.setting_up.starters import USUAL_SERVICES, USUAL_SIGNS
from clinics.models import Clinic, OpeningHours
from pets.models import CarePlan
from portal.kit.refusals import Refusal

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping

    from bookings.setting_up.starters import UsualService
    from clinics.models import StaffMember


class RulesChanged(Refusal):
    message = gettext_lazy(
        "Somebody has changed the rules since you opened the page. Nothing was saved: load it again."
    )


class HasHours(Refusal):
    message = gettext_lazy("There are working hours already. Change those below.")


class NoOpeningHours(Refusal):
    message = gettext_lazy("The clinic has no opening hours yet.")


@transaction.atomic
def set_policy(
    *,
    clinic: Clinic,
    by: StaffMember | None,
    now: datetime,
    words: Mapping[str, str] | None = None,
    seen: int | None = None,
    **rules: Any,
) -> Policy:
    """Put new rules in force, for bookings from now on. `words` is what the clinic says about them, by language.

    What is not given stays as it was. The same again makes no new version. `seen` is the number of the version that the
    author had before them: raises RulesChanged if it is no longer the newest.
    """
    Clinic.objects.select_for_update(no_key=True).get(pk=clinic.pk)
    before = policy.in_force(clinic)
    if seen is not None and seen != before.number:
        raise RulesChanged
    said = dict(before.words.values_list("language", "body")) if before.pk else {}
    meant = {language: body.strip() for language, body in (said if words is None else words).items() if body.strip()}
    if before.pk and meant == said and all(getattr(before, name) == value for name, value in rules.items()):
        return before
    kept = {name: getattr(before, name) for name in policy.OVERRIDES}
    made = Policy.objects.create(clinic=clinic, number=before.number + 1, made_by=by, made_at=now, **(kept | rules))
    PolicyWords.objects.bulk_create(
        [PolicyWords(clinic=clinic, policy=made, language=language, body=body) for language, body in meant.items()]
    )
    return made


@transaction.atomic
def file_service(
    *, clinic: Clinic, resources: Iterable[Resource] = (), plans: Iterable[CarePlan] = (), **fields: Any
) -> Service:
    """A new service, with who and what it needs and the care plans that a visit takes care of."""
    service = Service.objects.create(clinic=clinic, **fields)
    _need(service, resources)
    _take_care_of(service, plans)
    return service


@transaction.atomic
def update_service(
    *,
    service: Service,
    resources: Iterable[Resource] | None = None,
    plans: Iterable[CarePlan] | None = None,
    **fields: Any,
) -> Service:
    """Change a service. Visits that are booked keep their time, people, price and terms."""
    for name, value in fields.items():
        setattr(service, name, value)
    if fields:
        service.save(update_fields=fields)
    if resources is not None:
        _need(service, resources)
    if plans is not None:
        _take_care_of(service, plans)
    return service


def _need(service: Service, resources: Iterable[Resource]) -> None:
    wanted = {resource.pk for resource in resources}
    links = ServiceResource.objects.for_clinic(service.clinic).filter(service=service)
    links.exclude(resource__in=wanted).delete()
    ServiceResource.objects.bulk_create(
        [ServiceResource(clinic=service.clinic, service=service, resource_id=pk) for pk in sorted(wanted)],
        ignore_conflicts=True,
    )


def _take_care_of(service: Service, plans: Iterable[CarePlan]) -> None:
    wanted = {plan.pk for plan in plans}
    links = ServicePlan.objects.for_clinic(service.clinic).filter(service=service)
    links.exclude(plan__in=wanted).delete()
    ServicePlan.objects.bulk_create(
        [ServicePlan(clinic=service.clinic, service=service, plan_id=pk) for pk in sorted(wanted)],
        ignore_conflicts=True,
    )


def file_resource(*, clinic: Clinic, **fields: Any) -> Resource:
    """A new person or room."""
    return Resource.objects.create(clinic=clinic, **fields)


def update_resource(*, resource: Resource, **fields: Any) -> Resource:
    """Change a person or a room. Switched off, their visits stay and no new ones come."""
    for name, value in fields.items():
        setattr(resource, name, value)
    if fields:
        resource.save(update_fields=fields)
    return resource


@transaction.atomic
def copy_opening_hours(*, resource: Resource) -> int:
    """Let somebody work whenever the clinic is open. Returns how many spans. Raises HasHours, NoOpeningHours."""
    Resource.objects.for_clinic(resource.clinic).select_for_update(no_key=True).get(pk=resource.pk)
    if WorkingHours.objects.for_clinic(resource.clinic).filter(resource=resource).exists():
        raise HasHours
    rows = [
        WorkingHours(
            clinic=resource.clinic, resource=resource, weekday=span.weekday, starts=span.opens, ends=span.closes
        )
        for span in OpeningHours.objects.for_clinic(resource.clinic).order_by("weekday", "opens")
    ]
    if not rows:
        raise NoOpeningHours
    WorkingHours.objects.bulk_create(rows)
    return len(rows)


@transaction.atomic
def add_usual_services(*, clinic: Clinic, keys: Collection[str]) -> int:
    """Give a clinic some of the usual services, in its language and not yet offered. Returns how many were new.

    A name that the clinic has already stays as it is, so this may run again.
    """
    Clinic.objects.select_for_update(no_key=True).get(pk=clinic.pk)
    known = set(Service.objects.for_clinic(clinic).values_list("name", flat=True))
    plans = list(CarePlan.objects.for_clinic(clinic).filter(is_active=True))
    made = 0
    with translation.override(clinic.language):
        for place, usual in enumerate(USUAL_SERVICES, start=1):
            if usual.key not in keys or str(usual.name) in known:
                continue
            file_service(
                clinic=clinic,
                plans=[plan for plan in plans if _takes_care(usual, plan)],
                name=str(usual.name),
                category=str(usual.category),
                summary=str(usual.summary),
                minutes=usual.minutes,
                position=place * 10,
                is_active=False,
                **usual.rules,
            )
            made += 1
    return made


def _takes_care(usual: UsualService, plan: CarePlan) -> bool:
    return plan.is_vaccine if usual.is_vaccination else plan.family in usual.families


@transaction.atomic
def add_usual_signs(*, clinic: Clinic, keys: Collection[str]) -> int:
    """Give a clinic the warning signs that it has read and chosen, in its language. Returns how many were new."""
    Clinic.objects.select_for_update(no_key=True).get(pk=clinic.pk)
    signs = WarningSign.objects.for_clinic(clinic)
    known = set(signs.filter(language=clinic.language).values_list("species", "text"))
    with translation.override(clinic.language):
        rows = [
            WarningSign(
                clinic=clinic, species=sign.species, language=clinic.language, text=str(sign.text), position=place * 10
            )
            for place, sign in enumerate(USUAL_SIGNS, start=1)
            if sign.key in keys and (sign.species, str(sign.text)) not in known
        ]
    WarningSign.objects.bulk_create(rows)
    return len(rows)
