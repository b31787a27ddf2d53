"""What has happened lately in the demo: each screen of a pet has something to show."""

from __future__ import annotations

import pytest
from django.utils import timezone

from clinics.models import Clinic
from clinics.tenancy import tenant
from demo.papers import certificate
from loyalty.models import Membership
from pets import actions
from pets.models import Certificate, ChangeRequest, Pet, Weight


def nadias(clinic: Clinic, name: str) -> Pet:
    return Pet.objects.for_clinic(clinic).get(owner__name="Nadia Brennan", name=name)


def test_a_membership_of_each_kind_and_one_that_forbids_a_deletion(demo):
    willow = demo["willow"]
    today = timezone.localdate(timezone.now(), willow.zone)

    with tenant(willow):
        standing = {
            row.pet and row.pet.name: str(row.status(today=today))
            for row in Membership.objects.for_clinic(willow).select_related("pet")
        }
        with pytest.raises(actions.MembershipInPlace):
            actions.delete_pet(pet=nadias(willow, "Biscuit"), by=None, now=timezone.now())

    assert standing == {"Biscuit": "active", "Clover": "cancelled", "Miso": "pending"}


def test_requests_wait_and_one_was_declined_with_an_answer(demo):
    states: dict[tuple[str, str], tuple[str, bool]] = {}
    for slug, clinic in demo.items():
        with tenant(clinic):
            rows = ChangeRequest.objects.for_clinic(clinic).select_related("pet")
            states |= {(slug, row.pet.name): (row.state, bool(row.answer)) for row in rows}

    assert states == {
        ("willow", "Miso"): ("waiting", False),
        ("harbour", "Marble"): ("declined", True),
        ("harbour", "Juniper"): ("waiting", False),
    }


def test_a_certificate_waits_and_one_was_declined(demo):
    with tenant(demo["willow"]):
        rows = list(Certificate.objects.for_clinic(demo["willow"]).order_by("handed_in_at"))

    assert [(row.state, row.is_pdf, bool(row.answer)) for row in rows] == [
        ("declined", True, True),
        ("waiting", True, False),
    ]
    for row in rows:
        with row.file.open() as file:
            assert file.read(5) == b"%PDF-"


def test_a_deletion_and_a_death_can_still_be_taken_back(demo):
    now = timezone.now()

    def can_be_restored(slug: str, name: str) -> bool:
        with tenant(demo[slug]):
            return nadias(demo[slug], name).can_be_restored(now=now)

    assert can_be_restored("willow", "Tango") is True
    assert can_be_restored("harbour", "Figaro") is True
    assert can_be_restored("harbour", "Ziggy") is False


def test_two_pets_have_photos_in_both_sizes(demo):
    with tenant(demo["willow"]):
        shown = list(Pet.objects.for_clinic(demo["willow"]).exclude(photo="").order_by("name"))

    assert [pet.name for pet in shown] == ["Biscuit", "Miso"]
    assert all(pet.photo.storage.exists(pet.thumbnail_name) for pet in shown)


def test_an_owner_has_told_a_weight(demo):
    with tenant(demo["willow"]):
        assert Weight.objects.for_clinic(demo["willow"]).get(is_owners=True).pet.name == "Clover"


def test_the_clinics_differ_in_what_owners_may_do(demo):
    differing = ("weight_unit", "pet_facts_editing", "issues_rabies_certificates")

    assert [getattr(demo["willow"], name) for name in differing] == ["kg", "edit", False]
    assert [getattr(demo["harbour"], name) for name in differing] == ["lb", "request", True]


def test_the_pictures_are_small_and_the_paper_says_where_its_parts_are():
    paper = certificate("Cray Veterinary Centre", "Rabies")

    start = int(paper.rsplit(b"startxref\n", 1)[1].split(b"\n")[0])
    places = [int(line[:10]) for line in paper[start:].split(b"\n")[3:8]]
    assert paper[start:].startswith(b"xref")
    assert [paper[place:].split(b"\n")[0] for place in places] == [f"{n} 0 obj".encode() for n in range(1, 6)]
