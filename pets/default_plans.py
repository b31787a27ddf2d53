"""The care plans that a new clinic starts with. It changes, adds and retires them as it likes.

The months are the usual interval once a course is complete; what is due when, a record's `valid_until` says.
Where guidelines leave a choice (rabies: one or three years, by label and law), it is the shorter one.
"""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy

from pets.models import Species


@dataclass(frozen=True, slots=True)
class DefaultPlan:
    species: Species
    family: str
    name: Promise | str
    every_months: int
    is_vaccine: bool = False


def _vaccine(species: Species, family: str, name: Promise | str, every_months: int = 12) -> DefaultPlan:
    return DefaultPlan(species, family, name, every_months, is_vaccine=True)


VACCINES = (
    _vaccine(Species.DOG, "canine-core", gettext_lazy("Canine core (DHPP)"), 36),
    _vaccine(Species.DOG, "leptospirosis", gettext_lazy("Leptospirosis")),
    _vaccine(Species.DOG, "lyme", gettext_lazy("Lyme disease")),
    _vaccine(Species.DOG, "canine-influenza", gettext_lazy("Canine influenza")),
    _vaccine(Species.DOG, "kennel-cough", gettext_lazy("Kennel cough (Bordetella)")),
    _vaccine(Species.DOG, "rabies", gettext_lazy("Rabies")),
    _vaccine(Species.CAT, "feline-core", gettext_lazy("Feline core (FVRCP)"), 36),
    _vaccine(Species.CAT, "feline-leukaemia", gettext_lazy("Feline leukaemia (FeLV)")),
    _vaccine(Species.CAT, "rabies", gettext_lazy("Rabies")),
    _vaccine(Species.RABBIT, "myxomatosis-rhd", gettext_lazy("Myxomatosis and RHD")),
    _vaccine(Species.FERRET, "distemper", gettext_lazy("Distemper")),
    _vaccine(Species.FERRET, "rabies", gettext_lazy("Rabies")),
)
CHECKS = tuple(
    DefaultPlan(species, family, name, every_months)
    for species in (Species.DOG, Species.CAT, Species.RABBIT, Species.FERRET)
    for family, name, every_months in (
        ("wellness-exam", gettext_lazy("Wellness exam"), 12),
        ("dental-check", gettext_lazy("Dental check"), 12),
        ("parasite-prevention", gettext_lazy("Parasite prevention"), 3),
    )
)
HEARTWORM = DefaultPlan(Species.DOG, "heartworm-test", gettext_lazy("Heartworm test"), 12)
DEFAULT_PLANS = (*VACCINES, *CHECKS, HEARTWORM)
