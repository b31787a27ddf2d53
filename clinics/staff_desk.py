"""Which clinic somebody of the staff acts for, and as what."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet

from clinics.models import Clinic, Role, StaffMember, User, Workplace

ACTING = "acting_clinic"


def acting_clinic(request: Any) -> Clinic | None:
    """The clinic chosen in this session, if its user may act there; the only one there is needs no choosing.

    Notes as `request.has_choice` whether there is another one to switch to.
    """
    user = request.user
    request.has_choice = False
    if not user.is_authenticated or not user.is_active:
        return None
    chosen = request.session.get(ACTING)
    if user.is_superuser:
        request.has_choice = True
        return Clinic.objects.live().filter(pk=chosen).first() if chosen else None
    clinics = list(choices_of(user)[:2] if chosen is None else choices_of(user))
    request.has_choice = len(clinics) > 1
    return next((clinic for clinic in clinics if clinic.pk == chosen), clinics[0] if len(clinics) == 1 else None)


def choices_of(user: User) -> QuerySet[Clinic]:
    """The live clinics where a user may have a job, by name; for a platform administrator, all."""
    live = Clinic.objects.live().order_by("name", "pk")
    if user.is_superuser:
        return live
    return live.filter(pk__in=Workplace.objects.filter(user=user).values("clinic"))


def act_for(request: Any, clinic: Clinic) -> None:
    """Remember the choice in this session. What it allows is decided anew with every request."""
    request.session[ACTING] = clinic.pk


def leave(request: Any) -> None:
    """Act for no clinic."""
    request.session.pop(ACTING, None)


def job_of(user: User, clinic: Clinic) -> StaffMember | None:
    """The user's active job at the open clinic. A platform administrator acts as an owner, whatever job they have."""
    if user.is_superuser:
        return StaffMember(clinic=clinic, user=user, role=Role.OWNER)
    return StaffMember.objects.for_clinic(clinic).filter(user=user, is_active=True).first()
