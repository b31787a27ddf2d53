"""A list of what most clinics have, to start from: read, tick, take over."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils.translation import gettext as _

from bookings.forms.setting_up import UsualForm
from clinics import actions as clinic_actions
from clinics.admin_scope import ClinicScopedAdmin
from clinics.models import StaffAction

if TYPE_CHECKING:
    from collections.abc import Collection

    from clinics.models import Clinic


class OffersUsual(ClinicScopedAdmin):
    """An admin page whose list can be filled from what is usual. Whoever may add one may do this."""

    change_list_template = "admin/bookings/usual_list.html"
    usual_title: Any = ""
    # What somebody must know before they tick, a paragraph each.
    usual_notes: tuple[Any, ...] = ()
    ticked_at_first = False

    def usual_choices(self) -> list[Any]:
        """What there is to tick, as choices of a form."""
        raise NotImplementedError

    def add_usual(self, clinic: Clinic, keys: Collection[str]) -> int:
        """Take over what was ticked. Returns how many were new."""
        raise NotImplementedError

    def usual_done(self, count: int) -> str:
        """What is said afterwards."""
        raise NotImplementedError

    def get_urls(self) -> list[Any]:
        view = self.admin_site.admin_view(self.usual_view)
        return [path("usual/", view, name=f"{self._route}_usual"), *super().get_urls()]

    @property
    def _route(self) -> str:
        return f"{self.opts.app_label}_{self.opts.model_name}"

    def changelist_view(self, request: Any, extra_context: Any = None) -> HttpResponse:
        usual = {"usual_address": reverse(f"admin:{self._route}_usual"), "usual_title": self.usual_title}
        return super().changelist_view(request, usual | (extra_context or {}))

    def usual_view(self, request: Any) -> HttpResponse:
        """GET: what there is to tick. POST: it is taken over, and the list is shown."""
        if not self.has_add_permission(request):
            raise PermissionDenied
        choices = self.usual_choices()
        flat = [key for key, said in choices if isinstance(said, str)] if self.ticked_at_first else []
        form = UsualForm(
            request.POST if request.method == "POST" else None,
            choices=choices,
            label=str(self.usual_title),
            initial={"keys": flat},
        )
        if form.is_valid():
            count = self.add_usual(request.clinic, form.cleaned_data["keys"])
            self._note(request, count)
            self.message_user(request, self.usual_done(count) if count else _("You have these already."))
            return redirect(f"admin:{self._route}_changelist")
        context = {
            **self.admin_site.each_context(request),
            "title": self.usual_title,
            "notes": self.usual_notes,
            "form": form,
            "opts": self.opts,
            "media": self.media,
        }
        status = 422 if form.is_bound else 200
        return TemplateResponse(request, "admin/bookings/usual.html", context, status=status)

    def _note(self, request: Any, count: int) -> None:
        """In the clinic's log: under the clinic, since it is about many rows at once."""
        if count:
            summary = f"{count} × {self.opts.verbose_name}"
            clinic_actions.note_staff_action(
                by=request.user, kind=StaffAction.Kind.ADDED, row=request.clinic, summary=summary
            )
