"""What can be booked at Willow, which uses everything that there is to set up."""

from __future__ import annotations

from bookings.models import Audience, LateRule, Mode
from demo.facts import at
from demo.offers import COMMON, DemoBooking, DemoResource, DemoService, Hours
from pets.models import Species

OKAFOR, LINDQVIST, SHAH = "Dr Amara Okafor", "Dr Tom Lindqvist", "Priya Shah"
VETS, ROOMS = (OKAFOR, LINDQVIST), ("Consulting room 1", "Consulting room 2")
WARD = ("Day ward bed 1", "Day ward bed 2")
MORNING, AFTERNOON = (at(8, 30), at(13)), (at(14), at(18, 30))

CHECK_UPS = (
    DemoService(
        name="Annual health check",
        category="Check-ups",
        by=(*VETS, *ROOMS),
        plans=("wellness-exam",),
        facts={
            "minutes": 30,
            "price": 5800,
            "summary": "a full look from nose to tail",
            "preparation": "Bring your pet in a carrier or on a lead, with something that smells of home.\n"
            "Eating as normal is fine.\nBring any medicine they take.",
        },
    ),
    DemoService(
        name="Something’s not right",
        category="Check-ups",
        by=(*VETS, *ROOMS),
        facts={
            "minutes": 20,
            "price": 4500,
            "asks_signs": True,
            "summary": "a vet looks at what worries you",
            "minimum_notice_hours": 1,
            "horizon_days": 14,
            "preparation": "Note when it began and what has changed.\nA short film of it on your phone often helps.",
        },
    ),
    DemoService(
        name="Vaccination only",
        category="Check-ups",
        by=(*VETS, *ROOMS),
        plans=(
            "canine-core",
            "leptospirosis",
            "kennel-cough",
            "rabies",
            "feline-core",
            "feline-leukaemia",
            "myxomatosis-rhd",
            "distemper",
        ),
        facts={"minutes": 15, "price": 3200, "most_pets": 3, "species": COMMON},
    ),
    DemoService(
        name="Follow-up visit",
        category="Check-ups",
        by=(*VETS, *ROOMS),
        facts={"minutes": 15, "price": 2500, "audience": Audience.EXISTING, "summary": "after treatment with us"},
    ),
    DemoService(
        name="First visit",
        category="Check-ups",
        by=(*VETS, *ROOMS),
        facts={
            "minutes": 40,
            "price": 6500,
            "audience": Audience.NEW,
            "summary": "we meet, and put your pet’s history in order",
            "preparation": "Bring the vaccination record and the microchip number if you have them.",
        },
    ),
    DemoService(
        name="Travel certificate",
        category="Check-ups",
        by=(OKAFOR,),
        facts={
            "minutes": 30,
            "price": 9500,
            "species": [Species.DOG, Species.CAT, Species.FERRET],
            "summary": "for the country you are going to",
            "minimum_notice_hours": 72,
            "most_per_day": 2,
            "preparation": "Bring the pet passport or earlier certificates, and your day of travel.",
        },
    ),
)
NURSE = (
    DemoService(
        name="Dental check",
        category="Nurse clinics",
        by=(SHAH,),
        plans=("dental-check",),
        facts={"minutes": 20, "price": 0, "summary": "teeth, gums and how to brush", "species": COMMON},
    ),
    DemoService(
        name="Nail trim",
        category="Nurse clinics",
        by=(SHAH,),
        facts={"minutes": 15, "price": 1400, "most_pets": 3, "move_hours": 4, "cancel_hours": 4},
    ),
    DemoService(
        name="Weight and diet check",
        category="Nurse clinics",
        by=(SHAH,),
        plans=("parasite-prevention",),
        facts={"minutes": 20, "price": 0, "summary": "with worming and flea treatment if it is due"},
    ),
    DemoService(
        name="Blood test",
        category="Nurse clinics",
        by=(SHAH, "Treatment room"),
        plans=("heartworm-test",),
        facts={
            "minutes": 15,
            "price": 4200,
            "buffer_after": 10,
            "species": COMMON,
            "audience": Audience.EXISTING,
            "preparation": "No food for 8 hours before; water is fine.\nRabbits eat as always.",
        },
    ),
    DemoService(
        name="Bath and brush",
        category="Nurse clinics",
        by=(SHAH, "Treatment room"),
        facts={"minutes": 60, "price": 3800, "buffer_after": 15, "species": [Species.DOG], "most_per_day": 2},
    ),
    # Withdrawn: its visits stay, new ones don’t come.
    DemoService(
        name="Puppy party",
        category="Nurse clinics",
        by=(SHAH,),
        facts={"minutes": 60, "price": 1000, "is_active": False, "species": [Species.DOG]},
    ),
)
DROP_OFF = {
    "mode": Mode.REQUEST,
    "minutes": 450,
    "most_per_day": 2,
    "minimum_notice_hours": 72,
    "horizon_days": 60,
    "cancel_hours": 72,
    "move_hours": 72,
    "most_moves": 1,
    "late_rule": LateRule.CALL,
    "species": [*COMMON, Species.GUINEA_PIG],
}
DAYS = (
    DemoService(
        name="Dental scale and polish",
        category="Drop-off days",
        by=WARD,
        facts={
            **DROP_OFF,
            "price": 28500,
            "summary": "with us for the day, home in the afternoon",
            "preparation": "No food after midnight; water until you leave home.\nWe call you when they wake up.",
        },
    ),
    DemoService(
        name="Neutering",
        category="Drop-off days",
        by=WARD,
        facts={
            **DROP_OFF,
            "price": 24000,
            "is_price_shown": False,
            "audience": Audience.EXISTING,
            "summary": "with us for the day; we tell you the price for your pet",
            "preparation": "No food after midnight for cats and dogs. Rabbits and guinea pigs eat as always.",
        },
    ),
    DemoService(
        name="Saying goodbye",
        category="End of life",
        by=(OKAFOR,),
        facts={
            "mode": Mode.PHONE,
            "minutes": 60,
            "price": 12000,
            "is_price_shown": False,
            "is_gentle": True,
            "summary": "call us, and we find the right time and place together",
        },
    ),
)

WILLOW = DemoBooking(
    rules={
        "minimum_notice_hours": 2,
        "horizon_days": 90,
        "grid_minutes": 10,
        "cancel_hours": 24,
        "move_hours": 24,
        "most_moves": 3,
        "late_rule": LateRule.MARK,
    },
    wording="If you are running late, call us: we can nearly always still see you.",
    resources=(
        DemoResource(
            name=OKAFOR,
            job="Vet",
            account="vet@example.com",
            hours=(
                Hours(days=(0, 2, 4), spans=(MORNING, AFTERNOON)),
                # Her late Thursdays began two months ago; until then she left when the others did.
                Hours(days=(3,), spans=(MORNING, AFTERNOON), until=-61),
                Hours(days=(3,), spans=(MORNING, (at(14), at(20))), since=-60),
                Hours(days=(5,), spans=((at(9), at(13)),)),
            ),
        ),
        DemoResource(
            name=LINDQVIST,
            job="Vet",
            hours=(
                Hours(days=(1, 2, 3), spans=(MORNING, AFTERNOON)),
                Hours(days=(4,), spans=(MORNING,)),
                # From next month on he is there on Monday mornings as well.
                Hours(days=(0,), spans=((at(9), at(12, 30)),), since=30),
            ),
        ),
        DemoResource(
            name=SHAH,
            job="Nurse",
            hours=(
                Hours(days=(0, 1, 3, 4), spans=((at(9), at(12, 30)), (at(13, 15), at(17, 30)))),
                Hours(days=(5,), spans=((at(9), at(12)),)),
            ),
        ),
        DemoResource(name=ROOMS[0], is_room=True),
        DemoResource(name=ROOMS[1], is_room=True),
        DemoResource(name="Treatment room", is_room=True),
        *(
            DemoResource(name=bed, is_room=True, hours=(Hours(days=(0, 1, 2, 3), spans=((at(8, 30), at(16)),)),))
            for bed in WARD
        ),
    ),
    services=(*CHECK_UPS, *NURSE, *DAYS),
    signs=(
        ("", "Struggles to breathe, or breathes with an open mouth at rest"),
        ("", "Has collapsed, or can’t stand up"),
        ("", "Has a fit, or one after another"),
        ("", "Bleeds, and it doesn’t stop within five minutes"),
        ("", "May have eaten something poisonous"),
        ("", "Was hit by a car or fell from a height"),
        (Species.DOG, "Has a swollen belly and retches without bringing anything up"),
        (Species.CAT, "Strains in the litter tray and passes no urine"),
        (Species.RABBIT, "Hasn’t eaten or passed droppings for 12 hours"),
        (Species.GUINEA_PIG, "Hasn’t eaten for 12 hours"),
    ),
)
