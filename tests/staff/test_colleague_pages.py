"""Colleagues and accounts: who is added, changed, and what nobody may forge."""

from __future__ import annotations

import pytest
from allauth.mfa.models import Authenticator
from django.test import Client as Browser
from django.urls import reverse

from clinics.models import Role, StaffMember, User
from clinics.tenancy import tenant
from tests import factories
from tests.staff.rows import action, create_platform_admin, listing, page, staff


def errors(response) -> dict[str, list[str]]:
    return {name: list(found) for name, found in response.context["adminform"].form.errors.items()}


def test_an_owner_adds_a_colleague_by_e_mail(client, willow):
    staff(client, willow)

    client.post(listing(StaffMember, "add"), {"email": "Vet@example.com", "role": "vet", "shown_name": "Dr Vet"})

    with tenant(willow):
        member = StaffMember.objects.for_clinic(willow).get(user__email="vet@example.com")
    assert (member.role, member.shown_name, member.is_active) == ("vet", "Dr Vet", True)


def test_adding_somebody_twice_is_told_beside_the_address(client, willow):
    user = staff(client, willow)

    response = client.post(listing(StaffMember, "add"), {"email": user.email, "role": "vet", "shown_name": "Typed"})

    assert errors(response) == {"email": ["This person works here already."]}
    assert response.context["adminform"].form["shown_name"].value() == "Typed"


@pytest.mark.parametrize("typed", [{"role": "vet", "is_active": "on"}, {"role": "owner"}])
def test_the_last_owner_is_refused_beside_the_role(client, willow, typed):
    user = staff(client, willow)
    with tenant(willow):
        member = StaffMember.objects.for_clinic(willow).get(user=user)

    response = client.post(page(member), {"shown_name": "Typed", **typed})

    assert errors(response) == {"role": ["A clinic needs an owner. Make somebody else an owner first."]}
    with tenant(willow):
        member.refresh_from_db()
    assert (member.role, member.is_active, member.shown_name) == ("owner", True, "")


def test_nobody_of_a_clinic_reaches_an_account(client, willow):
    user = staff(client, willow)

    for address in (
        reverse("admin:clinics_user_changelist"),
        page(user),
        reverse("admin:clinics_user_change", args=[0]),
    ):
        assert client.get(address).status_code == 403
    assert client.post(page(user), {"email": user.email, "is_superuser": "on", "is_active": "on"}).status_code == 403
    assert User.objects.get(pk=user.pk).is_superuser is False


def test_forged_fields_of_a_colleague_change_no_account(client, willow):
    staff(client, willow)
    vet = factories.create_staff(willow, Role.VET)
    with tenant(willow):
        member = StaffMember.objects.for_clinic(willow).get(user=vet)

    client.post(
        page(member),
        {
            "shown_name": "Dr",
            "role": "vet",
            "is_active": "on",
            "user": "1",
            "email": "x@y.zz",
            "is_superuser": "on",
        },
    )

    assert list(User.objects.filter(pk=vet.pk).values_list("email", "is_superuser")) == [(vet.email, False)]


def test_the_platforms_administrator_forgets_a_lost_second_factor(client, willow):
    user = factories.create_staff(willow)
    Authenticator.objects.create(user=user, type=Authenticator.Type.TOTP, data={})
    create_platform_admin(client)

    client.post(listing(User), action("forget_second_factor", user))

    assert Authenticator.objects.filter(user=user).count() == 0


def test_an_account_of_another_clinic_is_shown_by_what_was_typed(client, willow, harbour):
    staff(client, willow)
    stranger = factories.create_staff(harbour, Role.VET, name="Secret Name")

    added = client.post(
        listing(StaffMember, "add"), {"email": stranger.email, "role": "vet", "shown_name": ""}, follow=True
    )
    with tenant(willow):
        member = StaffMember.objects.for_clinic(willow).get(user=stranger)

    shown = added.content.decode() + client.get(page(member)).content.decode()
    assert (stranger.email in shown, "Secret Name" in shown) == (True, False)


def test_a_platform_administrator_who_is_given_a_job_still_acts_as_an_owner(client, willow):
    owner, platform = Browser(), Browser()
    staff(owner, willow)
    admin = create_platform_admin(platform)
    owner.post(listing(StaffMember, "add"), {"email": admin.email, "role": "vet", "shown_name": ""})

    platform.post(reverse("admin:choose"), {"clinic": willow.pk})

    assert platform.get(listing(StaffMember)).status_code == 200
