"""The staff's pages about messages: what left, who sends it, what clients may ask for."""

from __future__ import annotations

import re
from typing import Any

from django import forms
from django.contrib import admin
from django.contrib.admin.options import ActionLocation
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from clinics.admin_scope import DESK, OWNERS, ClinicScopedAdmin, is_one_of
from clinics.forms import WholeRowForm
from messaging import actions
from messaging.gateways import email
from messaging.models import Outgoing, RequestType, Sender


@admin.register(RequestType)
class RequestTypeAdmin(ClinicScopedAdmin):
    """Never deleted: what clients asked for keeps its type. One that is no longer offered is switched off."""

    may_add = may_change = OWNERS

    fields = ["name", "slug", "icon", "explanation", "position", "is_active"]
    list_display = ["name", "slug", "position", "is_active"]
    list_filter = ["is_active"]
    ordering = ["position", "name"]
    prepopulated_fields = {"slug": ["name"]}

    def get_prepopulated_fields(self, request: Any, obj: Any = None) -> Any:
        return {} if obj else super().get_prepopulated_fields(request, obj)


@admin.register(Outgoing)
class OutgoingAdmin(ClinicScopedAdmin):
    """What was said to whom and whether it arrived. Nothing here changes by hand but by sending again."""

    may_view = DESK

    fields = ["channel", "to", "subject", "text_shown", "kind", "state", "error", "attempts"]
    fields += ["created_at", "due_at", "expires_at", "sent_at", "delivered_at"]
    list_display = ["created_at", "channel", "to", "kind", "state", "error"]
    list_filter = ["state", "channel"]
    ordering = ["-created_at", "-pk"]
    search_fields = ["to"]
    search_help_text = gettext_lazy("The whole phone number (+44…) or e-mail address.")
    actions = ["send_again"]

    def get_queryset(self, request: Any) -> Any:
        return super().get_queryset(request).clinics_own()

    def get_search_results(self, request: Any, queryset: Any, search_term: str) -> tuple[Any, bool]:
        words = search_term.strip().replace("\0", "").lower()
        return (queryset.filter(to=words) if words else queryset), False

    @admin.display(description=gettext_lazy("text"))
    def text_shown(self, message: Outgoing) -> str:
        return _("Not shown: it held a code for signing in.") if message.is_sensitive else message.body

    def has_send_permission(self, request: Any) -> bool:
        return is_one_of(request, DESK)

    @admin.action(
        description=gettext_lazy("Send again"),
        permissions=["send"],
        location=[ActionLocation.CHANGE_FORM, ActionLocation.CHANGE_LIST],
    )
    def send_again(self, request: Any, queryset: Any) -> None:
        now = timezone.now()

        def resend(message: Outgoing) -> None:
            actions.send_again(message=message, now=now, by=request.user)

        if count := self.for_each(request, queryset, resend, summary=_("Sent again")):
            words = ngettext(
                "%(count)s message is on its way again.", "%(count)s messages are on their way again.", count
            )
            self.message_user(request, words % {"count": count})


class SenderForm(WholeRowForm):
    new_auth_token = forms.CharField(
        label=gettext_lazy("Twilio auth token"),
        required=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "off"}),
        help_text=gettext_lazy("It is sealed and never shown again. Leave empty to keep the one there is."),
    )
    new_email_options = forms.JSONField(
        label=gettext_lazy("E-mail provider's keys"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 3, "autocomplete": "off"}),
        help_text=gettext_lazy(
            'Postmark: {"server_token": "…"}. Mailgun: {"api_key": "…", "sender_domain": "…", "region": "us" or "eu"}. '
            'SendGrid and Brevo: {"api_key": "…"}. Sealed and never shown again. Leave empty to keep what there is.'
        ),
    )

    def _check_twilio(self) -> None:
        """An account, its token and a sender belong together: half of them would send nothing, unnoticed."""
        given = self.cleaned_data
        needed = {
            "twilio_account_sid": given.get("twilio_account_sid"),
            "new_auth_token": given.get("new_auth_token") or self.instance.sealed_twilio_auth_token,
            "sms_from": given.get("sms_from"),
        }
        for name in [name for name, value in needed.items() if not value] if any(needed.values()) else []:
            self.add_error(name, _("Twilio needs the account, its token and a sender: all three, or none."))

    def clean_twilio_account_sid(self) -> str:
        sid = str(self.cleaned_data["twilio_account_sid"]).strip()
        if sid and not re.fullmatch(r"AC[0-9a-f]{32}", sid):
            raise forms.ValidationError(_("It begins with AC and has 32 more letters and digits."))
        return sid

    def clean_new_email_options(self) -> dict[str, Any]:
        options = self.cleaned_data["new_email_options"] or {}
        if not isinstance(options, dict):
            raise forms.ValidationError(_("Write names and values in braces, like the example."))
        return options

    def clean(self) -> dict[str, Any] | None:
        """Keys fit the provider that is chosen: exactly its own, and typed again when it is another one."""
        cleaned = super().clean()
        self._check_twilio()
        backend, options = self.cleaned_data.get("email_backend"), self.cleaned_data.get("new_email_options")
        if options:
            try:
                email.mailer_options(backend or "", options)
            except email.WrongOptions as error:
                self.add_error("new_email_options", str(error))
        elif backend and "email_backend" in self.changed_data and self.instance.sealed_email_options:
            self.add_error("new_email_options", _("Enter the keys of this provider."))
        return cleaned


@admin.register(Sender)
class SenderAdmin(ClinicScopedAdmin):
    """The clinic's own accounts with its providers; what is empty falls back to the platform's."""

    may_view = may_add = may_change = OWNERS

    form = SenderForm
    fields = ["twilio_account_sid", "new_auth_token", "has_token", "sms_from"]
    fields += ["email_from", "email_backend", "new_email_options", "has_options"]
    readonly_fields = ["has_token", "has_options"]
    list_display = ["sms_from", "email_from", "has_token"]

    @admin.display(description=gettext_lazy("a token is stored"), boolean=True)
    def has_token(self, sender: Sender) -> bool:
        return bool(sender.sealed_twilio_auth_token)

    @admin.display(description=gettext_lazy("keys are stored"), boolean=True)
    def has_options(self, sender: Sender) -> bool:
        return bool(sender.sealed_email_options)

    def has_add_permission(self, request: Any, obj: Any = None) -> bool:
        return super().has_add_permission(request) and not Sender.objects.for_clinic(request.clinic).exists()

    def save_model(self, request: Any, obj: Any, form: Any, change: bool) -> None:
        super().save_model(request, obj, form, change)
        if token := form.cleaned_data["new_auth_token"]:
            actions.set_twilio_token(sender=obj, token=token)
        if options := form.cleaned_data["new_email_options"]:
            actions.set_email_options(sender=obj, options=options)
