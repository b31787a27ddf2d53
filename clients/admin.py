"""The staff's pages about clients: the profile with its pets, devices and consents."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

from django import forms
from django.contrib import admin
from django.contrib.admin.options import ActionLocation
from django.contrib.admin.widgets import AdminTextInputWidget
from django.core.exceptions import ValidationError
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from clients import actions
from clients.models import Client, Consent, Device
from clinics.admin_scope import DESK, ClinicScopedAdmin, ClinicScopedInline, adopt, is_one_of, is_one_row
from clinics.forms import WholeRowForm, read_phone
from portal.kit import contacts


@dataclass(frozen=True, slots=True)
class ProfilePart:
    """What an app above shows on a client's profile: a template, and how to read what it needs."""

    template: str
    read: Callable[[Any, Client], dict[str, Any]]


# Filled by the apps above when their admin is loaded; shown in this order.
profile_parts: list[ProfilePart] = []


class ClientForm(WholeRowForm):
    phone = forms.CharField(label=gettext_lazy("Phone"), max_length=30, widget=AdminTextInputWidget, required=False)

    def clean_phone(self) -> str:
        return read_phone(self.cleaned_data["phone"], country=self.clinic.country if self.clinic else "")

    def clean_email(self) -> str:
        email = self.cleaned_data["email"]
        return contacts.parse_email(email).value if email.strip() else ""


class DeviceInline(ClinicScopedInline):
    """Where the client is signed in. Ended by an action, never edited."""

    model = Device
    fields = ["label", "contact", "signed_in_at", "last_seen_at", "ended_at"]
    ordering = ["-last_seen_at"]
    verbose_name_plural = gettext_lazy("signed-in devices")


class ConsentInline(ClinicScopedInline):
    """What the client agreed to: proof, so nobody changes it."""

    model = Consent
    fields = ["text", "given_at", "contact", "ip_address", "source", "withdrawn_at"]
    ordering = ["-given_at"]
    verbose_name_plural = gettext_lazy("consents")

    def get_queryset(self, request: Any) -> Any:
        return super().get_queryset(request).select_related("text")


class ArchivedFilter(admin.SimpleListFilter):
    title = gettext_lazy("archived")
    parameter_name = "archived"

    def lookups(self, request: Any, model_admin: Any) -> list[tuple[str, str]]:
        return [("yes", _("Archived"))]

    def choices(self, changelist: Any) -> Any:
        first, *others = super().choices(changelist)
        yield {**first, "display": _("Current")}
        yield from others

    def queryset(self, request: Any, queryset: Any) -> Any:
        return queryset.filter(archived_at__isnull=self.value() != "yes")


@admin.register(Client)
class ClientAdmin(ClinicScopedAdmin):
    may_add = may_change = DESK

    form = ClientForm
    fields = ["name", "phone", "email", "address", "language", "accepts_emails", "accepts_texts"]
    fields += ["external_id", "created_at", "archived_at"]
    readonly_fields = ["created_at", "archived_at"]
    list_display = ["name", "phone", "email", "external_id"]
    list_filter = [ArchivedFilter]
    ordering = ["name", "pk"]
    search_fields = ["name"]
    search_help_text = gettext_lazy(
        "Part of a name, or a whole phone number, e-mail address or number in your practice system."
    )
    inlines = [DeviceInline, ConsentInline]
    actions = ["end_devices", "archive", "restore"]

    def get_inlines(self, request: Any, obj: Any) -> list[Any]:
        return list(self.inlines) if obj else []

    def get_search_results(self, request: Any, queryset: Any, search_term: str) -> tuple[Any, bool]:
        """Contacts by their one spelling, which an index finds; names by a part, within the clinic."""
        words = search_term.strip().replace("\0", "")
        if not words:
            return queryset, False
        if "@" in words:
            return queryset.filter(email=words.lower()), False
        found = Q(name__icontains=words) | Q(external_id=words)
        # What is no phone number can only be a name or a number of the practice system.
        with suppress(ValidationError):
            found |= Q(phone=read_phone(words, country=request.clinic.country))
        return queryset.filter(found), False

    def render_change_form(
        self,
        request: Any,
        context: Any,
        add: bool = False,
        change: bool = False,
        form_url: str = "",
        obj: Any = None,
    ) -> Any:
        if obj is not None:
            context["profile_parts"] = [part.template for part in profile_parts]
            for part in profile_parts:
                context |= part.read(request, obj)
        return super().render_change_form(request, context, add, change, form_url, obj)

    def save_model(self, request: Any, obj: Any, form: Any, change: bool) -> None:
        """Through the actions, so that signing in and the directory of contacts stay true."""
        if change:
            actions.update_client(
                client=obj, now=timezone.now(), **{name: form.cleaned_data[name] for name in form.changed_data}
            )
        else:
            adopt(obj, actions.file_client(clinic=request.clinic, **form.cleaned_data))

    def has_desk_permission(self, request: Any) -> bool:
        return is_one_of(request, DESK)

    @admin.action(
        description=gettext_lazy("Sign out everywhere"),
        permissions=["desk"],
        location=[ActionLocation.CHANGE_FORM, ActionLocation.CHANGE_LIST],
    )
    def end_devices(self, request: Any, queryset: Any) -> None:
        now = timezone.now()
        self.for_each(
            request,
            queryset,
            lambda client: actions.end_devices(client=client, now=now),
            summary=_("Signed out everywhere"),
        )
        self.message_user(request, _("Signed out on all devices."))

    @admin.action(
        description=gettext_lazy("Archive: no longer a client, history stays"),
        permissions=["desk"],
        location=[ActionLocation.CHANGE_FORM, ActionLocation.CHANGE_LIST],
    )
    def archive(self, request: Any, queryset: Any) -> None:
        if not is_one_row(self, request, queryset):
            return
        now = timezone.now()
        self.for_each(
            request,
            queryset,
            lambda client: actions.archive_client(client=client, now=now),
            summary=_("Archived"),
        )
        self.message_user(request, _("Archived and signed out. “Restore from the archive” undoes it."))

    @admin.action(
        description=gettext_lazy("Restore from the archive"),
        permissions=["desk"],
        location=[ActionLocation.CHANGE_FORM, ActionLocation.CHANGE_LIST],
    )
    def restore(self, request: Any, queryset: Any) -> None:
        self.for_each(request, queryset, lambda client: actions.restore_client(client=client), summary=_("Restored"))
        self.message_user(request, _("Restored. The client signs in anew."))
