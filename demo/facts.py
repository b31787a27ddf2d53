"""The demo's two clinics and those who work there. Every number and address is reserved for examples."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import time
from typing import Any

from clinics.models import Editing, Role

PASSWORD = "demo-staff-please-change"  # noqa: S105  of accounts that exist only in a demo, and printed by it
OWNER = "staff@example.com"
ADMINISTRATOR = "admin@example.com"
Span = tuple[int, time, time]


@dataclass(frozen=True, slots=True, kw_only=True)
class DemoClinic:
    fields: dict[str, Any]
    hours: tuple[Span, ...]
    emergency: tuple[dict[str, Any], ...]
    holiday: str
    request_types: tuple[str, ...]
    staff: tuple[tuple[str, str, Role], ...]  # account, name shown to clients, role


def at(hour: int, minute: int = 0) -> time:
    return time(hour, minute)


WILLOW = DemoClinic(
    fields={
        "slug": "willow",
        "name": "Willow & Pine Veterinary",
        "country": "GB",
        "time_zone": "Europe/London",
        "brand_colour": "#1d6b4f",
        "phone": "+441632960418",
        "email": "hello@willow.example.com",
        "street": "14 Mill Lane",
        "city": "Hartwell",
        "postcode": "HW4 7QR",
        "directions": "Free parking behind the building. Step-free entrance on Mill Lane.",
    },
    hours=(
        *((day, at(8, 30), at(18, 30)) for day in (0, 1, 2, 4)),
        (3, at(8, 30), at(20)),
        (5, at(9), at(13)),
    ),
    emergency=(
        {
            "name": "Northgate Animal Emergency",
            "phone": "+441632960999",
            "address": "2 Northgate, Hartwell",
            "hours": "Open 24 hours",
            "is_always_open": True,
        },
        {
            "name": "Fenwick Pets Out of Hours",
            "phone": "+441632960870",
            "address": "Unit 6, Fen Road, Cray",
            "hours": "From 18:30",
        },
    ),
    holiday="bank holiday",
    request_types=("appointment", "refill", "question", "travel"),
    staff=(
        (OWNER, "Helen Marsh", Role.OWNER),
        ("reception@example.com", "Priya", Role.RECEPTION),
        ("vet@example.com", "Dr Amara Okafor", Role.VET),
    ),
)

HARBOUR = DemoClinic(
    fields={
        "slug": "harbour",
        "name": "Harbour Street Animal Hospital",
        "country": "US",
        "time_zone": "America/New_York",
        "currency": "USD",
        "weight_unit": "lb",
        "pet_facts_editing": Editing.REQUEST,
        "issues_rabies_certificates": True,
        "brand_colour": "#4a4fb5",
        "phone": "+12025550187",
        "email": "desk@harbour.example.com",
        "street": "210 Harbour Street",
        "city": "Port Ellery",
        "region": "MD",
        "postcode": "21000",
        "directions": "Parking on Quay Street. The bell beside the blue door opens it for you.",
        "sms_countries": "GB",
    },
    hours=(
        *((day, at(8), at(18)) for day in (0, 2, 3, 4)),
        (1, at(8), at(20)),
        (5, at(9), at(12, 30)),
    ),
    emergency=(
        {
            "name": "Ellery Bay Emergency Animal Hospital",
            "phone": "+12025550176",
            "address": "1 Bay Avenue, Port Ellery, MD",
            "hours": "Open 24 hours",
            "is_always_open": True,
        },
        {
            "name": "Quayside After-Hours Vets",
            "phone": "+12025550165",
            "address": "48 Quay Street, Port Ellery, MD",
            "hours": "6 pm to 8 am, all weekend",
        },
    ),
    holiday="public holiday",
    request_types=("appointment", "question"),
    staff=((OWNER, "Helen Marsh", Role.OWNER),),
)

CLINICS = (WILLOW, HARBOUR)
