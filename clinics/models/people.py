"""Who works at a clinic. Clients are not users: they have no password and no Django session."""

from __future__ import annotations

from typing import Any, ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.utils.translation import gettext_lazy

from clinics.models.clinic import Clinic
from clinics.tenancy import ClinicOwned, ClinicQuerySet


class UserManager(BaseUserManager["User"]):
    def get_by_natural_key(self, email: str | None) -> User:
        return self.get(email=(email or "").lower())

    def create_user(self, email: str, password: str | None = None, **fields: Any) -> User:
        user = self.model(email=email.lower(), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def create_superuser(self, email: str, password: str | None = None, **fields: Any) -> User:
        """A platform administrator, who sees no clinic's rows without choosing an acting clinic."""
        return self.create_user(email, password, is_superuser=True, **fields)


class User(AbstractBaseUser):
    """Someone who signs in at /staff/. What they may do is decided by their role at the acting clinic."""

    email = models.EmailField(gettext_lazy("e-mail"), unique=True)
    name = models.CharField(gettext_lazy("name"), max_length=120, blank=True)
    is_active = models.BooleanField(gettext_lazy("active"), default=True)
    is_superuser = models.BooleanField(gettext_lazy("platform administrator"), default=False)
    date_joined = models.DateTimeField(auto_now_add=True)

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = []

    objects = UserManager()

    class Meta:
        verbose_name = gettext_lazy("staff account")
        verbose_name_plural = gettext_lazy("staff accounts")

    def __str__(self) -> str:
        return self.name or self.email

    @property
    def is_staff(self) -> bool:
        """Asked by Django's admin; where somebody works is decided by the staff site."""
        return self.is_active

    def has_perm(self, permission: str, row: object = None) -> bool:
        """Django's own permissions are not used: roles are, by the admin classes. Only the platform's admin passes."""
        return self.is_active and self.is_superuser

    def has_module_perms(self, app_label: str) -> bool:
        return self.is_active and self.is_superuser


class Workplace(models.Model):
    """Where a user may have a job: what the staff site asks before any clinic is open.

    A directory, not a right: the right is an active StaffMember, inside the clinic's wall. A row here without one opens
    nothing. Its column is not called clinic_id because it must be readable with no clinic open.
    """

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="workplaces")
    clinic = models.ForeignKey(Clinic, on_delete=models.CASCADE, related_name="+", db_column="workplace_id")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["user", "clinic"], name="clinics_workplace_once")]

    def __str__(self) -> str:
        return f"{self.user} at {self.clinic}"


class FailedSignIn(models.Model):
    """How many passwords were tried for one login, known or not, in a window of time; see clinics.staff_sign_in."""

    login_digest = models.CharField(max_length=64, unique=True)
    window_starts_at = models.DateTimeField()
    count = models.PositiveIntegerField()

    class Meta:
        indexes = [models.Index(fields=["window_starts_at"], name="clinics_failedsignin_starts")]

    def __str__(self) -> str:
        return f"{self.count} since {self.window_starts_at:%H:%M:%S}"


class Role(models.TextChoices):
    OWNER = "owner", gettext_lazy("Owner")
    RECEPTION = "reception", gettext_lazy("Reception")
    VET = "vet", gettext_lazy("Vet")


class StaffMember(ClinicOwned):
    """A user's job at one clinic."""

    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="jobs", verbose_name=gettext_lazy("account"))
    role = models.CharField(gettext_lazy("role"), max_length=10, choices=Role)
    shown_name = models.CharField(
        gettext_lazy("name shown to clients"),
        max_length=80,
        blank=True,
        help_text=gettext_lazy("Like “Dr Amara Okafor”."),
    )
    is_active = models.BooleanField(gettext_lazy("works here now"), default=True)

    objects = ClinicQuerySet["StaffMember"].as_manager()

    class Meta:
        verbose_name = gettext_lazy("staff member")
        verbose_name_plural = gettext_lazy("staff members")
        constraints = [
            *ClinicOwned.Meta.constraints,
            models.UniqueConstraint(fields=["clinic", "user"], name="clinics_staffmember_one_job"),
        ]

    def __str__(self) -> str:
        """What this clinic knows: the account's own name may be from another one."""
        return self.shown_name or self.user.email


class StaffAction(ClinicOwned):
    """What staff did in the admin. Ours rather than Django's log, which has no clinic and repeats clients' names."""

    class Kind(models.TextChoices):
        ADDED = "added", gettext_lazy("Added")
        CHANGED = "changed", gettext_lazy("Changed")
        DELETED = "deleted", gettext_lazy("Deleted")

    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=10, choices=Kind)
    model = models.CharField(max_length=80, help_text="app_label.modelname")
    row_id = models.BigIntegerField()
    summary = models.CharField(max_length=500, blank=True)
    done_at = models.DateTimeField(auto_now_add=True)

    objects = ClinicQuerySet["StaffAction"].as_manager()

    class Meta:
        constraints = [*ClinicOwned.Meta.constraints]
        indexes = [models.Index(fields=["clinic", "model", "row_id"], name="clinics_staffaction_row")]

    def __str__(self) -> str:
        return f"{self.kind} {self.model} {self.row_id}"
