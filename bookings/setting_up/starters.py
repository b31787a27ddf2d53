"""What a clinic may start from: the usual services, and signs that can't wait. Drafts, for the clinic to make its own.

The lengths are the trade's usual ones. A sign says what somebody sees, never what it may mean: nothing here diagnoses,
and nothing of it is asked before somebody at the clinic has read it and taken it over.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy

from bookings.models import Audience, Mode
from pets.models import Species


@dataclass(frozen=True, slots=True)
class UsualService:
    """A service that most clinics have. `families` are of the care plans that a visit takes care of."""

    key: str
    name: Promise
    category: Promise | str
    minutes: int
    summary: Promise | str = ""
    rules: dict[str, Any] = field(default_factory=dict)
    families: frozenset[str] = frozenset()
    # Every vaccine's plan, whatever its family.
    is_vaccination: bool = False


CHECKS, PROBLEMS = gettext_lazy("Check-ups and vaccinations"), gettext_lazy("When something is wrong")
CARE, DAYS = gettext_lazy("Care and nurses"), gettext_lazy("A day with us")
REQUEST_ONLY = {"mode": Mode.REQUEST}

USUAL_SERVICES = (
    UsualService(
        "exam",
        gettext_lazy("Health check"),
        CHECKS,
        30,
        gettext_lazy("nose to tail, once a year"),
        {"most_pets": 2},
        frozenset({"wellness-exam"}),
    ),
    UsualService("vaccination", gettext_lazy("Vaccination"), CHECKS, 15, rules={"most_pets": 3}, is_vaccination=True),
    UsualService(
        "new",
        gettext_lazy("First visit"),
        CHECKS,
        40,
        gettext_lazy("for clients who are new here"),
        {"audience": Audience.NEW},
    ),
    UsualService(
        "sick",
        gettext_lazy("Something’s not right"),
        PROBLEMS,
        30,
        gettext_lazy("a vet looks at what worries you"),
        {"asks_signs": True, "minimum_notice_hours": 1},
    ),
    UsualService(
        "recheck",
        gettext_lazy("Follow-up visit"),
        PROBLEMS,
        15,
        gettext_lazy("after treatment with us"),
        {"audience": Audience.EXISTING},
    ),
    UsualService("blood", gettext_lazy("Blood test"), PROBLEMS, 15, rules={"audience": Audience.EXISTING}),
    UsualService(
        "dental",
        gettext_lazy("Dental consultation"),
        CHECKS,
        20,
        families=frozenset({"dental-check"}),
    ),
    UsualService("nails", gettext_lazy("Nail trim"), CARE, 15, rules={"most_pets": 3}),
    UsualService("grooming", gettext_lazy("Grooming"), CARE, 60, rules={"buffer_after": 10}),
    UsualService(
        "travel", gettext_lazy("Travel certificate"), CARE, 30, gettext_lazy("papers for a journey"), REQUEST_ONLY
    ),
    UsualService(
        "teeth",
        gettext_lazy("Dental cleaning"),
        DAYS,
        15,
        gettext_lazy("you bring your pet in the morning"),
        REQUEST_ONLY | {"cancel_hours": 72, "move_hours": 72},
    ),
    UsualService(
        "surgery",
        gettext_lazy("Surgery"),
        DAYS,
        15,
        gettext_lazy("you bring your pet in the morning"),
        REQUEST_ONLY | {"cancel_hours": 72, "move_hours": 72, "audience": Audience.EXISTING},
    ),
    UsualService(
        "farewell",
        gettext_lazy("Saying goodbye"),
        "",
        60,
        gettext_lazy("time without hurry"),
        {"mode": Mode.PHONE, "is_gentle": True},
    ),
)


@dataclass(frozen=True, slots=True)
class UsualSign:
    """Something that is seen and can't wait for an appointment. Of any species when none is named."""

    key: str
    text: Promise
    species: str = ""


USUAL_SIGNS = (
    UsualSign("breathing", gettext_lazy("Struggles to breathe, or breathes with an open mouth at rest")),
    UsualSign("gums", gettext_lazy("Gums or tongue are blue, white or grey")),
    UsualSign("collapse", gettext_lazy("Has collapsed, can’t stand up or doesn’t respond")),
    UsualSign("seizure", gettext_lazy("Has a fit, or has had one today")),
    UsualSign("bleeding", gettext_lazy("Bleeds, and it doesn’t stop")),
    UsualSign("poison", gettext_lazy("Has eaten something that may be poisonous")),
    UsualSign("accident", gettext_lazy("Was hit by a car, has fallen far or was badly bitten")),
    UsualSign("eye", gettext_lazy("An eye is hurt or suddenly shut")),
    UsualSign("heat", gettext_lazy("Got too hot and is weak, wobbly or panting hard")),
    UsualSign("birth", gettext_lazy("Has strained to give birth for half an hour, and nothing comes")),
    UsualSign("bloat", gettext_lazy("Has a swollen belly and tries to vomit, but nothing comes up"), Species.DOG),
    UsualSign(
        "urine", gettext_lazy("Goes to the tray again and again and passes no urine, above all a male"), Species.CAT
    ),
    UsualSign("back_legs", gettext_lazy("Suddenly can’t use the back legs"), Species.CAT),
    UsualSign("rabbit_eating", gettext_lazy("Hasn’t eaten or left droppings for 12 hours"), Species.RABBIT),
    UsualSign("flystrike", gettext_lazy("Has maggots or flies around the tail"), Species.RABBIT),
    UsualSign("guinea_pig_eating", gettext_lazy("Hasn’t eaten for 12 hours"), Species.GUINEA_PIG),
    UsualSign("bird", gettext_lazy("Sits fluffed up on the floor of the cage"), Species.BIRD),
    UsualSign("horse", gettext_lazy("Rolls, paws or looks at its belly again and again"), Species.HORSE),
)
