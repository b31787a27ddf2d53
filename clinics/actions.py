"""Everything that can happen to a clinic and to those who work there."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any
from uuid import uuid4

from allauth.mfa.models import Authenticator
from django.core.files.base import ContentFile
from django.db import transaction
from django.db.models import F, Max
from django.utils.translation import gettext_lazy

from clinics import default_texts
from clinics.models import Clinic, ClinicState, LegalText, Role, StaffAction, StaffMember, User, Workplace
from clinics.tenancy import tenant
from portal.kit.images import read_picture
from portal.kit.refusals import Refusal

if TYPE_CHECKING:
    from django.core.files.base import File

    from clinics.tenancy import ClinicOwned


# Pixels of a logo's side: fewer look coarse on a phone, more are never shown.
LOGO_AT_LEAST = 128
LOGO_SIDE = 512


class AlreadyOnStaff(Refusal):
    message = gettext_lazy("This person works here already.")


class LastOwner(Refusal):
    message = gettext_lazy("A clinic needs an owner. Make somebody else an owner first.")


class AlreadyPublished(Refusal):
    message = gettext_lazy("This text is published, so it can’t change. Write a new version.")


@transaction.atomic
def create_clinic(*, name: str, slug: str, country: str, time_zone: str, owner_email: str, **details: Any) -> Clinic:
    """Open a clinic with drafts of its legal texts, nothing published, and its first owner.

    What else a new clinic starts with belongs to the apps above and is added by the screen that calls this.
    """
    clinic = Clinic.objects.create(name=name, slug=slug, country=country, time_zone=time_zone, **details)
    with tenant(clinic):
        LegalText.objects.bulk_create(default_texts.drafts(clinic))
        add_staff_member(clinic=clinic, email=owner_email, role=Role.OWNER)
    return clinic


def suspend_clinic(*, clinic: Clinic) -> None:
    """Close a clinic's addresses, messages and staff pages. Nothing is lost."""
    clinic.state = ClinicState.SUSPENDED
    clinic.save(update_fields=["state"])


def reopen_clinic(*, clinic: Clinic) -> None:
    """Undo suspend_clinic."""
    clinic.state = ClinicState.ACTIVE
    clinic.save(update_fields=["state"])


@transaction.atomic
def set_logo(*, clinic: Clinic, image: File[Any]) -> None:
    """Give a clinic its logo, painted anew: nothing hidden in the file is kept. Raises UnusablePicture."""
    made = read_picture(image, at_least=LOGO_AT_LEAST).as_webp(side=LOGO_SIDE)
    replaced = clinic.logo.name
    clinic.logo.save(f"{clinic.pk}/{uuid4().hex}.webp", ContentFile(made), save=False)
    clinic.save(update_fields=["logo"])
    _forget_file(clinic, replaced)


@transaction.atomic
def remove_logo(*, clinic: Clinic) -> None:
    """Go back to the clinic's initials."""
    replaced = clinic.logo.name
    clinic.logo = ""
    clinic.save(update_fields=["logo"])
    _forget_file(clinic, replaced)


def _forget_file(clinic: Clinic, name: str | None) -> None:
    """Delete a picture once it is sure that nothing points to it any more."""
    if name:
        transaction.on_commit(lambda: clinic.logo.storage.delete(name), robust=True)


@transaction.atomic
def add_staff_member(*, clinic: Clinic, email: str, role: Role, shown_name: str = "") -> StaffMember:
    """Give somebody a job at the open clinic; whoever is new gets an account without a password.

    They choose one through “Forgot your password?”, which proves their e-mail address. Raises AlreadyOnStaff.
    """
    email = email.strip().lower()
    user = User.objects.filter(email=email).first() or User.objects.create_user(email)
    member = StaffMember.objects.for_clinic(clinic).select_for_update(no_key=True).filter(user=user).first()
    if member is not None and member.is_active:
        raise AlreadyOnStaff
    member = member or StaffMember(clinic=clinic, user=user)
    member.role, member.is_active = role, True
    member.shown_name = shown_name or member.shown_name
    member.save()
    Workplace.objects.get_or_create(user=user, clinic=clinic)
    return member


@transaction.atomic
def change_role(*, member: StaffMember, role: Role) -> None:
    """Give a staff member another role, which counts from their next request. Raises LastOwner."""
    if role != Role.OWNER:
        _keep_an_owner(member)
    member.role = role
    member.save(update_fields=["role"])


@transaction.atomic
def end_staff_member(*, member: StaffMember) -> None:
    """Somebody works here no longer: their next request finds no clinic, the log keeps them. Raises LastOwner."""
    _keep_an_owner(member)
    member.is_active = False
    member.save(update_fields=["is_active"])
    Workplace.objects.filter(user=member.user, clinic=member.clinic).delete()


@transaction.atomic
def restore_staff_member(*, member: StaffMember) -> None:
    """Undo end_staff_member."""
    member.is_active = True
    member.save(update_fields=["is_active"])
    Workplace.objects.get_or_create(user=member.user, clinic=member.clinic)


def forget_second_factor(*, user: User) -> None:
    """Somebody lost their device: they sign in with the password alone until they set up a new one."""
    Authenticator.objects.filter(user=user).delete()


def _keep_an_owner(leaving: StaffMember) -> None:
    """Raise LastOwner if nobody else who can sign in owns the clinic.

    Their rows are locked, so that two can't leave at once.
    """
    owners = StaffMember.objects.for_clinic(leaving.clinic).filter(role=Role.OWNER, is_active=True)
    locked = list(owners.select_related("user").order_by("pk").select_for_update(no_key=True, of=("self",)))
    is_owner = any(owner.pk == leaving.pk for owner in locked)
    if is_owner and not any(owner.user.is_active for owner in locked if owner.pk != leaving.pk):
        raise LastOwner


@transaction.atomic
def draft_legal_text(*, clinic: Clinic, kind: str, language: str, body: str) -> LegalText:
    """Write the next version of a text. Clients see nothing of it until it is published."""
    _lock(clinic)
    version = _newest_version(clinic, kind=kind, language=language) + 1
    return LegalText.objects.create(clinic=clinic, kind=kind, language=language, body=body, version=version)


@transaction.atomic
def reword_legal_text(*, text: LegalText, body: str) -> None:
    """Change a draft. Raises AlreadyPublished."""
    drafted = LegalText.objects.for_clinic(text.clinic).filter(pk=text.pk, published_at__isnull=True)
    if not drafted.update(body=body):
        raise AlreadyPublished


@transaction.atomic
def publish_legal_text(*, text: LegalText, by: User, now: datetime) -> LegalText:
    """Put a draft in force as the newest version; every client is asked again. Raises AlreadyPublished."""
    _lock(text.clinic)
    text.refresh_from_db()
    if text.published_at is not None:
        raise AlreadyPublished
    # A draft that waited while another one was published becomes the newer of the two.
    newest = _newest_version(text.clinic, kind=text.kind, language=text.language)
    text.version = newest if text.version == newest else newest + 1
    text.published_at, text.published_by = now, by
    text.save(update_fields=["version", "published_at", "published_by"])
    Clinic.objects.filter(pk=text.clinic_id).update(legal_revision=F("legal_revision") + 1)
    return text


def _newest_version(clinic: Clinic, *, kind: str, language: str) -> int:
    versions = LegalText.objects.for_clinic(clinic).filter(kind=kind, language=language)
    return versions.aggregate(newest=Max("version"))["newest"] or 0


def _lock(clinic: Clinic) -> None:
    """Let writers of one clinic's texts queue up, so that two can't take the same version."""
    Clinic.objects.select_for_update(no_key=True).get(pk=clinic.pk)


def note_staff_action(*, by: User, kind: StaffAction.Kind, row: ClinicOwned | Clinic, summary: str = "") -> None:
    """Remember who did what to a row of the open clinic. The summary names fields, never what is in them."""
    StaffAction.objects.create(
        clinic=row if isinstance(row, Clinic) else row.clinic,
        user=by,
        kind=kind,
        model=row._meta.label_lower,
        row_id=row.pk,
        summary=summary[:500],
    )
