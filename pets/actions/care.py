"""What a pet is given, and the plans that it is given by."""

from __future__ import annotations

from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext_lazy

from pets.actions.profiles import update_pet
from pets.default_plans import DEFAULT_PLANS
from pets.models import CarePlan, CareRecord, Pet
from portal.kit.refusals import Refusal

if TYPE_CHECKING:
    from clinics.models import Clinic
    from pets.history import Author


class OtherSpecies(Refusal):
    message = gettext_lazy("This service is for another species.")


class NotAPeriod(Refusal):
    message = gettext_lazy("“Valid until” is before “given on”.")


@transaction.atomic
def record_care(
    *, pet: Pet, plan: CarePlan, given_on: date, valid_until: date, by: Author, now: datetime, **details: Any
) -> CareRecord:
    """Note a service that was given. `details` are other fields of CareRecord, such as `product` and `lot`.

    `valid_until` is what the vet wrote down; no caller computes it. A record with another's `external_id`
    replaces what that one says. Given here, the clinic has seen the animal, so its species and chip are checked from
    now on. Raises OtherSpecies or NotAPeriod.
    """
    if plan.species != pet.species:
        raise OtherSpecies
    if valid_until < given_on:
        raise NotAPeriod
    if not details.get("given_at_clinic"):
        update_pet(pet=pet, by=by, now=now, is_identity_checked=True)
    said = {"pet": pet, "plan": plan, "given_on": given_on, "valid_until": valid_until, **details}
    records = CareRecord.objects.for_clinic(pet.clinic)
    if number := details.get("external_id", ""):
        record, _is_new = records.update_or_create(
            external_id=number, defaults=said, create_defaults={"clinic": pet.clinic, **said}
        )
        return record
    return records.create(clinic=pet.clinic, **said)


@transaction.atomic
def install_default_plans(*, clinic: Clinic) -> int:
    """Give a clinic the usual care plans, named in its language. Returns how many were new.

    What the clinic has already, changed or retired, stays as it is, so this may run again.
    """
    plans = CarePlan.objects.for_clinic(clinic)
    known = set(plans.values_list("species", "family"))
    with translation.override(clinic.language):
        missing = [
            CarePlan(
                clinic=clinic,
                species=plan.species,
                family=plan.family,
                name=str(plan.name),
                every_months=plan.every_months,
                is_vaccine=plan.is_vaccine,
            )
            for plan in DEFAULT_PLANS
            if (plan.species, plan.family) not in known
        ]
    plans.bulk_create(missing, ignore_conflicts=True)
    return len(missing)
