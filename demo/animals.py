"""The pets of those who sign in to the demo, in days from today: some care is always due, some overdue."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any


@dataclass(frozen=True, slots=True, kw_only=True)
class Given:
    """A care record. `ago` and `left` are days before and after today; a negative `left` is overdue."""

    family: str
    ago: int
    left: int
    product: str = ""
    lot: str = ""
    elsewhere: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class DemoPet:
    """`kg` are weights, the first two years ago and the last a month ago. `aged` is in days.

    `left_ago` is how many days ago its owner deleted it or, with `has_died`, told that it had died.
    """

    name: str
    species: str
    aged: int = 0
    kg: tuple[str, ...] = ()
    care: tuple[Given, ...] = ()
    facts: dict[str, Any]
    left_ago: int = 0
    has_died: bool = False


NADIA_AT_WILLOW = (
    DemoPet(
        name="Miso",
        species="cat",
        aged=1_680,
        kg=("3.6", "3.9", "4.1", "4.2", "4.1", "4.2"),
        facts={
            "breed": "Domestic shorthair",
            "sex": "female",
            "neutered": "yes",
            "colour": "Brown tabby",
            "microchip": "985112003456789",
            "healthy_from_kg": Decimal("3.6"),
            "healthy_to_kg": Decimal("4.5"),
            "insurance_company": "Pawlinsure",
            "insurance_policy": "PW-2280-417",
            "notes": "Shy in the waiting room: she is calmer with a towel over her carrier.",
        },
        care=(
            Given(family="feline-core", ago=395, left=700, product="Felivax Trio", lot="FV2417"),
            Given(family="feline-leukaemia", ago=347, left=18, product="Felivax L", lot="FL0932"),
            Given(family="wellness-exam", ago=212, left=153),
        ),
    ),
    DemoPet(
        name="Biscuit",
        species="dog",
        aged=2_560,
        kg=("8.4", "8.6", "8.9", "9.1", "8.8", "8.7"),
        facts={
            "breed": "Border terrier",
            "sex": "male",
            "neutered": "yes",
            "colour": "Grizzle and tan",
            "microchip": "985112007654321",
            "healthy_from_kg": Decimal("6.2"),
            "healthy_to_kg": Decimal("8.4"),
            "notes": "Loves everybody, but not when his back paws are touched.",
        },
        care=(
            Given(family="canine-core", ago=520, left=575, product="Canivax DHPP", lot="CD1180"),
            Given(family="leptospirosis", ago=391, left=-26, product="Canivax L4", lot="CL5521"),
            Given(family="kennel-cough", ago=356, left=9, product="Bronchivax", lot="BX0410"),
            Given(
                family="rabies",
                ago=300,
                left=430,
                product="Rabivax",
                lot="RB7702",
                elsewhere="Cray Veterinary Centre",
            ),
            Given(family="parasite-prevention", ago=50, left=41),
        ),
    ),
    DemoPet(
        name="Clover",
        species="rabbit",
        aged=1_010,
        kg=("0.98", "1.06", "1.11", "1.12"),
        facts={
            "breed": "Netherland dwarf",
            "sex": "female",
            "neutered": "no",
            "colour": "Chestnut agouti",
            "is_birth_estimated": True,
        },
        care=(
            Given(family="myxomatosis-rhd", ago=155, left=210, product="Nobilap Plus", lot="NP3316"),
            Given(family="dental-check", ago=340, left=25),
        ),
    ),
    DemoPet(
        name="Pepper",
        species="cat",
        facts={
            "breed": "Burmese",
            "sex": "female",
            "neutered": "yes",
            "born_on": date(2006, 5, 14),
            "deceased_on": date(2023, 11, 2),
        },
    ),
    DemoPet(name="Tango", species="bird", aged=900, facts={"breed": "Budgerigar", "sex": "male"}, left_ago=9),
)

NADIA_AT_HARBOUR = (
    DemoPet(
        name="Otis",
        species="tortoise",
        aged=9_900,
        kg=("1.35", "1.38", "1.42"),
        facts={"breed": "Hermann’s tortoise", "sex": "male", "is_birth_estimated": True},
        care=(Given(family="wellness-exam", ago=377, left=-12),),
    ),
    DemoPet(
        name="Marble",
        species="rat",
        aged=400,
        kg=("0.29", "0.34", "0.36"),
        facts={"breed": "Fancy rat", "sex": "female", "colour": "Blue hooded"},
        care=(Given(family="wellness-exam", ago=345, left=20),),
    ),
    DemoPet(
        name="Juniper",
        species="dog",
        aged=1_240,
        kg=("21.3", "23.0", "23.6", "23.4"),
        facts={
            "breed": "Mixed breed",
            "sex": "female",
            "neutered": "yes",
            "colour": "Black and white",
            "microchip": "985112009988776",
            "healthy_from_kg": Decimal(19),
            "healthy_to_kg": Decimal(25),
            "insurance_company": "Harbour Mutual Pet",
            "insurance_policy": "HM 55 201",
        },
        care=(
            Given(family="rabies", ago=250, left=845, product="Rabivax 3", lot="RT1204"),
            Given(family="canine-core", ago=420, left=675, product="Canivax DHPP", lot="CD0988"),
            Given(family="heartworm-test", ago=380, left=-15),
        ),
    ),
    DemoPet(
        name="Clementine",
        species="guinea_pig",
        facts={"sex": "female", "born_on": date(2017, 3, 8), "deceased_on": date(2022, 9, 20)},
    ),
    DemoPet(name="Ziggy", species="hamster", aged=700, facts={"breed": "Syrian hamster"}, left_ago=60),
    DemoPet(
        name="Figaro", species="cat", aged=5_900, facts={"sex": "male", "neutered": "yes"}, left_ago=11, has_died=True
    ),
)

DANA_AT_HARBOUR = (
    DemoPet(
        name="Waffles",
        species="cat",
        aged=2_050,
        kg=("5.4", "5.7", "5.9"),
        facts={"breed": "Maine coon", "sex": "male", "neutered": "yes", "colour": "Red tabby"},
        care=(
            Given(family="rabies", ago=352, left=13, product="Rabivax", lot="RB7811"),
            Given(family="feline-core", ago=210, left=885, product="Felivax Trio", lot="FV2502"),
        ),
    ),
    DemoPet(
        name="Pickle",
        species="lizard",
        aged=1_400,
        kg=("0.41", "0.44"),
        facts={"breed": "Bearded dragon", "sex": "unknown"},
    ),
)
