"""What can happen to a clinic's staff."""

from __future__ import annotations

import pytest

from clinics import actions
from clinics.models import Role, StaffMember, User, Workplace
from clinics.tenancy import tenant
from tests import factories


@pytest.fixture
def owner(willow):
    user = factories.create_staff(willow)
    with tenant(willow):
        return StaffMember.objects.for_clinic(willow).get(user=user)


@pytest.fixture
def inside(willow, owner):
    with tenant(willow):
        yield willow


def test_a_new_colleague_gets_an_account_without_a_password(inside):
    member = actions.add_staff_member(clinic=inside, email=" Vet@Example.com ", role=Role.VET, shown_name="Dr Vet")

    assert (member.user.email, member.user.has_usable_password(), member.role) == (
        "vet@example.com",
        False,
        Role.VET,
    )
    assert Workplace.objects.filter(user=member.user, clinic=inside).count() == 1


def test_who_has_an_account_keeps_it(inside):
    user = User.objects.create_user("vet@example.com", factories.PASSWORD)

    member = actions.add_staff_member(clinic=inside, email="vet@example.com", role=Role.VET)

    assert (member.user, member.user.check_password(factories.PASSWORD)) == (user, True)


def test_nobody_is_added_twice(inside, owner):
    with pytest.raises(actions.AlreadyOnStaff):
        actions.add_staff_member(clinic=inside, email=owner.user.email, role=Role.VET)


def test_a_former_colleague_comes_back_to_the_same_row(inside):
    member = actions.add_staff_member(clinic=inside, email="vet@example.com", role=Role.VET, shown_name="Dr Vet")
    actions.end_staff_member(member=member)

    again = actions.add_staff_member(clinic=inside, email="vet@example.com", role=Role.RECEPTION)

    assert (again.pk, again.role, again.is_active, again.shown_name) == (
        member.pk,
        Role.RECEPTION,
        True,
        "Dr Vet",
    )


def test_ending_a_job_takes_the_clinic_from_the_account(inside):
    member = actions.add_staff_member(clinic=inside, email="vet@example.com", role=Role.VET)

    actions.end_staff_member(member=member)

    assert (member.is_active, Workplace.objects.filter(user=member.user).count()) == (False, 0)


def test_a_job_is_restored(inside):
    member = actions.add_staff_member(clinic=inside, email="vet@example.com", role=Role.VET)
    actions.end_staff_member(member=member)

    actions.restore_staff_member(member=member)

    assert (member.is_active, Workplace.objects.filter(user=member.user).count()) == (True, 1)


def demote(*, member: StaffMember) -> None:
    actions.change_role(member=member, role=Role.VET)


@pytest.mark.parametrize("leave", [actions.end_staff_member, demote])
def test_the_last_owner_stays(inside, owner, leave):
    actions.add_staff_member(clinic=inside, email="vet@example.com", role=Role.VET)

    with pytest.raises(actions.LastOwner):
        leave(member=owner)

    owner.refresh_from_db()
    assert (owner.role, owner.is_active) == (Role.OWNER, True)


def test_with_another_owner_one_may_go(inside, owner):
    second = actions.add_staff_member(clinic=inside, email="second@example.com", role=Role.OWNER)

    actions.change_role(member=owner, role=Role.VET)

    with pytest.raises(actions.LastOwner):
        actions.end_staff_member(member=second)


def test_an_owner_who_left_does_not_count(inside, owner):
    second = actions.add_staff_member(clinic=inside, email="second@example.com", role=Role.OWNER)
    actions.end_staff_member(member=second)

    with pytest.raises(actions.LastOwner):
        actions.end_staff_member(member=owner)


@pytest.mark.parametrize("leave", [actions.end_staff_member, demote])
def test_of_two_owners_the_closed_account_does_not_count(inside, owner, leave):
    other = actions.add_staff_member(clinic=inside, email="gone@example.com", role=Role.OWNER)
    User.objects.filter(pk=other.user.pk).update(is_active=False)

    with pytest.raises(actions.LastOwner):
        leave(member=owner)
