"""For which clinic somebody acts: the only one, the chosen one, or none."""

from __future__ import annotations

import pytest
from django.test import Client as Browser
from django.urls import reverse

from clinics import actions
from clinics.models import ClinicState, Role, StaffMember
from clinics.tenancy import tenant
from tests import factories
from tests.staff.rows import create_platform_admin, every_row, listing, page, staff

CHOOSE = "/staff/choose/"


@pytest.fixture
def at_both(client, willow, harbour):
    """A vet at Willow who owns Harbour."""
    user = staff(client, willow, Role.VET)
    factories.employ(user, harbour, Role.OWNER)
    return user


def heading(response) -> str:
    """What the header says about the acting clinic and the role."""
    text: str = response.content.decode()
    return text.partition('<div id="site-name">')[2].partition("</span>")[0]


def test_somebody_at_two_clinics_chooses_before_anything_is_seen(client, at_both):
    assert client.get("/staff/clients/client/").headers["Location"] == CHOOSE
    assert [clinic.slug for clinic in client.get(CHOOSE).context["clinics"]] == ["harbour", "willow"]


def test_the_choice_and_the_role_there_are_on_every_page(client, at_both, willow, harbour):
    for clinic, name, role in (
        (willow, "Willow &amp; Pine Veterinary", "Vet"),
        (harbour, "Harbour Street Animal Hospital", "Owner"),
    ):
        client.post(CHOOSE, {"clinic": clinic.pk})

        for address in ("/staff/", "/staff/pets/pet/", "/staff/pets/pet/add/"):
            said = heading(client.get(address))
            assert (name in said, f"· {role}" in said) == (True, True)


def test_there_is_a_way_to_switch_only_with_a_choice(client, at_both, willow):
    alone = Browser()
    staff(alone, willow)
    client.post(CHOOSE, {"clinic": willow.pk})

    assert "Switch clinic" in client.get("/staff/").content.decode()
    assert "Switch clinic" not in alone.get("/staff/").content.decode()


@pytest.mark.parametrize("forged", ["", "0", "-1", "abc", "9" * 30, "9" * 5000, "1 OR 1=1"])
def test_a_forged_choice_is_not_found(client, at_both, forged):
    assert client.post(CHOOSE, {"clinic": forged}).status_code == 404


def test_a_clinic_where_one_does_not_work_cannot_be_chosen(client, willow, harbour):
    staff(client, willow)

    assert client.post(CHOOSE, {"clinic": harbour.pk}).status_code == 404


def test_a_suspended_clinic_cannot_be_chosen_or_kept(client, at_both, willow, harbour):
    client.post(CHOOSE, {"clinic": harbour.pk})
    actions.suspend_clinic(clinic=harbour)

    assert "Willow &amp; Pine Veterinary" in heading(client.get("/staff/"))  # The only one left needs no choosing.
    assert client.post(CHOOSE, {"clinic": harbour.pk}).status_code == 404
    assert harbour.state == ClinicState.SUSPENDED


def test_moved_from_one_clinic_to_the_other_the_first_is_gone_at_the_next_request(client, willow, harbour):
    user = staff(client, willow)
    old, new = every_row(willow, "Willowmark"), every_row(harbour, "Harbourmark")
    with tenant(willow):
        actions.change_role(
            member=StaffMember.objects.for_clinic(willow).get(user__name="Willowmark Okafor"), role=Role.OWNER
        )
        actions.end_staff_member(member=StaffMember.objects.for_clinic(willow).get(user=user))
    factories.employ(user, harbour, Role.RECEPTION)

    shown, gone = client.get(listing(new["clients.client"])), client.get(page(old["clients.client"]))

    assert ("Harbourmark Brennan" in shown.content.decode(), "Willowmark" in shown.content.decode()) == (
        True,
        False,
    )
    assert gone.status_code == 404


def test_who_works_here_no_longer_is_out_at_the_next_request(client, willow):
    factories.create_staff(willow)
    user = staff(client, willow)
    with tenant(willow):
        actions.end_staff_member(member=StaffMember.objects.for_clinic(willow).get(user=user))

    assert client.get("/staff/").headers["Location"] == CHOOSE
    assert client.get(CHOOSE).status_code == 403


def test_a_workplace_without_a_job_opens_nothing(client, willow):
    user = staff(client, willow)
    with tenant(willow):
        StaffMember.objects.for_clinic(willow).filter(user=user).update(is_active=False)

    assert client.get("/staff/clients/client/").headers["Location"] == CHOOSE


def test_the_role_counts_from_the_next_request(client, willow):
    factories.create_staff(willow)
    user = staff(client, willow)
    with tenant(willow):
        actions.change_role(member=StaffMember.objects.for_clinic(willow).get(user=user), role=Role.VET)

    assert client.get("/staff/messaging/outgoing/").status_code == 403


def test_choosing_asks_for_a_sign_in(client, willow):
    assert client.post(CHOOSE, {"clinic": willow.pk}).headers["Location"] == f"/staff/account/login/?next={CHOOSE}"


def test_the_platforms_administrator_sees_no_clinics_rows_before_choosing(client, willow):
    rows = every_row(willow, "Willowmark")
    create_platform_admin(client)

    listed = {model["object_name"] for app in client.get("/staff/").context["app_list"] for model in app["models"]}
    answers = {client.get(page(row)).status_code for label, row in rows.items() if label != "clinics.clinic"}
    answers |= {client.get(listing(row)).status_code for label, row in rows.items() if label != "clinics.clinic"}

    assert (listed, answers) == ({"Clinic", "User"}, {403})


def test_the_platforms_administrator_acts_as_an_owner_and_leaves(client, willow):
    rows = every_row(willow, "Willowmark")
    create_platform_admin(client)
    client.post(CHOOSE, {"clinic": willow.pk})

    inside = heading(client.get("/staff/"))
    opened = client.get(page(rows["clients.client"])).status_code
    platform = client.get(reverse("admin:clinics_user_changelist")).status_code
    client.post(CHOOSE, {"leave": "1"})

    assert ("Owner (platform administrator)" in inside, opened, platform) == (True, 200, 403)
    assert client.get(page(rows["clients.client"])).status_code == 403


def test_the_platforms_administrator_searches_among_many_clinics(client, db):
    for number in range(31):
        factories.create_clinic(f"clinic-{number}", name=f"Clinic {number:02}")
    create_platform_admin(client)

    everything, found, nothing = (client.get(CHOOSE, {"q": words}) for words in ("", "clinic 30", "zebra"))

    assert (len(everything.context["clinics"]), everything.context["has_more"]) == (30, True)
    assert [clinic.name for clinic in found.context["clinics"]] == ["Clinic 30"]
    assert (list(nothing.context["clinics"]), nothing.status_code) == ([], 200)
