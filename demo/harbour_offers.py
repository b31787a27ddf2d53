"""What can be booked at Harbour: four services, two people and no rooms, so that what is absent shows."""

from __future__ import annotations

from bookings.models import LateRule, Mode
from demo.facts import at
from demo.offers import COMMON, DemoBooking, DemoResource, DemoService, Hours
from pets.models import Species

CALDER, ORTEGA = "Dr Ruth Calder", "Sam Ortega"

HARBOUR = DemoBooking(
    rules={
        "minimum_notice_hours": 4,
        "horizon_days": 60,
        "grid_minutes": 15,
        "cancel_hours": 48,
        "move_hours": 48,
        "most_moves": 2,
        "late_rule": LateRule.CALL,
    },
    wording="Later than that, please call the desk: somebody on our waiting list may be glad of the time.",
    resources=(
        DemoResource(
            name=CALDER,
            job="Veterinarian",
            hours=(Hours(days=(0, 1, 2, 3, 4), spans=((at(8), at(12)), (at(13), at(17)))),),
        ),
        DemoResource(name=ORTEGA, job="Technician", hours=(Hours(days=(1, 3, 5), spans=((at(9), at(12, 30)),)),)),
    ),
    services=(
        DemoService(
            name="Wellness exam",
            category="",
            by=(CALDER,),
            plans=("wellness-exam", "heartworm-test", "dental-check"),
            facts={"minutes": 30, "price": 8500, "buffer_after": 5},
        ),
        DemoService(
            name="Sick visit",
            category="",
            by=(CALDER,),
            facts={"minutes": 30, "price": 9500, "asks_signs": True, "horizon_days": 14},
        ),
        DemoService(
            name="Vaccines",
            category="",
            by=(ORTEGA,),
            plans=("rabies", "canine-core", "feline-core"),
            facts={"minutes": 15, "price": 4000, "most_pets": 2, "species": COMMON},
        ),
        DemoService(
            name="Farewell visit",
            category="",
            by=(CALDER,),
            facts={"mode": Mode.PHONE, "minutes": 60, "is_gentle": True, "summary": "please call us about it"},
        ),
    ),
    signs=(
        ("", "Struggles to breathe"),
        ("", "Has collapsed"),
        ("", "Bleeds, and it doesn’t stop"),
        ("", "May have eaten something poisonous"),
        (Species.CAT, "Strains in the litter box and passes no urine"),
    ),
)
