"""Who signs in to the demo, and believable others for staff to see: made from lists, the same every time."""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass, field
from decimal import Decimal

from demo.animals import DANA_AT_HARBOUR, NADIA_AT_HARBOUR, NADIA_AT_WILLOW, DemoPet, Given

OTHERS = 40


@dataclass(frozen=True, slots=True, kw_only=True)
class DemoClient:
    name: str
    phone: str = ""
    email: str = ""
    address: str = ""
    external_id: str = ""
    pets: tuple[DemoPet, ...] = field(default=())


NADIA = {"name": "Nadia Brennan", "phone": "+447700900123", "email": "demo@example.com"}
SIGN_IN = {
    "willow": (
        DemoClient(**NADIA, address="3 Alder Row, Hartwell HW4 2BT", external_id="WP-1001", pets=NADIA_AT_WILLOW),
    ),
    "harbour": (
        DemoClient(**NADIA, address="77 Quay Street, Port Ellery, MD", external_id="HS-1001", pets=NADIA_AT_HARBOUR),
        DemoClient(
            name="Dana Whitfield",
            phone="+12025550142",
            email="dana.whitfield@example.com",
            address="9 Lighthouse Road, Port Ellery, MD",
            external_id="HS-1002",
            pets=DANA_AT_HARBOUR,
        ),
    ),
}

FIRST_NAMES = (
    "Aisha", "Ben", "Carmen", "David", "Elif", "Fergus", "Grace", "Hamza", "Ines", "Jonas", "Keira",
    "Liam", "Mei", "Noah", "Olga", "Pedro", "Quinn", "Rosa", "Samir", "Tessa", "Uma", "Victor", "Wanda",
    "Xavier", "Yusuf", "Zoe", "Arthur", "Bea", "Callum", "Dilys",
)  # fmt: skip
LAST_NAMES = (
    "Abara", "Baptiste", "Chowdhury", "Dunmore", "Eriksen", "Fairley", "Gallagher", "Hughes", "Iversen",
    "Jaworski", "Kaur", "Larkin", "Mbeki", "Novak", "Osborne", "Petrova", "Quigley", "Reyes", "Sandhu",
    "Tanaka", "Underhill", "Varga", "Whitlow", "Yilmaz", "Zeller",
)  # fmt: skip
PET_NAMES = (
    "Alfie", "Bramble", "Cocoa", "Dexter", "Echo", "Fudge", "Ginger", "Hazel", "Indie", "Jasper", "Kiki",
    "Luna", "Maple", "Nutmeg", "Olive", "Pip", "Queenie", "Rolo", "Scout", "Teddy", "Ursa", "Violet",
    "Willa", "Ziggy", "Archie", "Basil", "Clementine", "Duke", "Ember", "Figgy",
)  # fmt: skip
# Species, breeds, kg from and to, families of care with the days they last.
KINDS: tuple[tuple[str, tuple[str, ...], tuple[float, float], tuple[tuple[str, int], ...]], ...] = (
    (
        "dog",
        ("Labrador retriever", "Cockapoo", "Whippet", "Mixed breed"),
        (8, 34),
        (("canine-core", 1095), ("kennel-cough", 365)),
    ),
    (
        "dog",
        ("Beagle", "Greyhound", "Cocker spaniel"),
        (9, 31),
        (("leptospirosis", 365), ("wellness-exam", 365)),
    ),
    (
        "cat",
        ("Domestic shorthair", "Ragdoll", "British shorthair"),
        (3, 6.5),
        (("feline-core", 1095), ("wellness-exam", 365)),
    ),
    ("cat", ("Domestic longhair", "Siamese"), (2.8, 5.5), (("feline-leukaemia", 365),)),
    ("rabbit", ("Mini lop", "Lionhead"), (1.2, 2.6), (("myxomatosis-rhd", 365),)),
    ("ferret", ("",), (0.7, 1.6), (("distemper", 365),)),
    ("guinea_pig", ("Abyssinian",), (0.7, 1.2), ()),
    ("bird", ("Cockatiel", "Budgerigar"), (0.03, 0.11), ()),
)
STREETS = (
    "Alder Row",
    "Bridge Street",
    "Church Lane",
    "Fen Road",
    "Hill View",
    "Mill Lane",
    "Station Road",
    "The Green",
)


def others(slug: str) -> Iterator[DemoClient]:
    """Forty clients of a clinic. Some have no phone, some no e-mail, and two share a number."""
    dice = random.Random(slug)
    names = dice.sample([f"{first} {last}" for first in FIRST_NAMES for last in LAST_NAMES], OTHERS)
    for number, name in enumerate(names):
        yield DemoClient(
            name=name,
            phone="" if number % 8 == 4 else _phone(slug, 0 if number == 1 else number),
            email="" if number % 6 == 3 else f"{name.lower().replace(' ', '.')}@example.com",
            address=f"{dice.randint(1, 120)} {dice.choice(STREETS)}",
            external_id=f"{slug[:2].upper()}-{2000 + number}",
            pets=tuple(_pet(dice) for _pet_number in range(dice.choice((1, 1, 1, 2, 2, 3)))),
        )


def _phone(slug: str, number: int) -> str:
    """Only from the ranges that are reserved for examples."""
    return f"+447700900{200 + number}" if slug == "willow" else f"+120255501{number:02}"


def _pet(dice: random.Random) -> DemoPet:
    species, breeds, (lightest, heaviest), families = dice.choice(KINDS)
    kg = dice.uniform(lightest, heaviest)
    return DemoPet(
        name=dice.choice(PET_NAMES),
        species=species,
        aged=dice.randint(200, 4_500),
        kg=tuple(str(round(Decimal(kg * share), 2)) for share in (0.94, 1)),
        facts={
            "breed": dice.choice(breeds),
            "sex": dice.choice(("female", "male")),
            "neutered": dice.choice(("yes", "no")),
        },
        care=tuple(_given(dice, family, lasts) for family, lasts in families),
    )


def _given(dice: random.Random, family: str, lasts: int) -> Given:
    ago = dice.randint(20, lasts + 40)
    return Given(family=family, ago=ago, left=lasts - ago)
