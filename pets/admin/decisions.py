"""What the change requests and certificates of owners have in common: somebody at the desk accepts or declines."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.db.models import Case, F, Q, Value, When
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from clinics.admin_scope import ClinicScopedAdmin
from clinics.admin_site import Waiting
from clinics.forms import WholeRowForm
from pets import actions
from pets.admin.authors import author
from pets.models import Certificate, ChangeRequest
from portal.kit.refusals import Refusal

ANSWER_LENGTH = 300  # Of the models' column.


class NothingChosen(Refusal):
    message = gettext_lazy("Choose “Accept” or “Decline”.")


class DecisionForm(WholeRowForm):
    answer = forms.CharField(
        label=gettext_lazy("Why not"),
        required=False,
        max_length=ANSWER_LENGTH,
        widget=forms.Textarea(attrs={"rows": 2, "maxlength": ANSWER_LENGTH}),
        help_text=gettext_lazy("Only when you decline: the owner reads it."),
    )

    def validate_constraints(self) -> None:
        """Nothing of the row itself is typed here."""


class DecisionAdmin(ClinicScopedAdmin):
    """A page with two buttons; once somebody has pressed one, it says how that went."""

    # When it came in: the newest first, among those that wait and among the others.
    date_shown = ""

    def accept_row(self, request: Any, row: Any, form: Any) -> None:
        """Write what was accepted. Raises the action's Refusals."""
        raise NotImplementedError

    def decline_row(self, request: Any, row: Any, answer: str) -> None:
        """Leave things as they are, and tell the owner. Raises the action's Refusals."""
        raise NotImplementedError

    def facts(self, row: Any) -> list[tuple[str, Any]]:
        """What the page says about it above everything else."""
        raise NotImplementedError

    def has_change_permission(self, request: Any, obj: Any = None) -> bool:
        """Only somebody who works here decides: the owner is told a clinic's word, not the platform's."""
        return super().has_change_permission(request, obj) and author(request) is not None

    def get_ordering(self, request: Any) -> Any:
        waiting_first = Case(When(Q(state="waiting"), then=Value(0)), default=Value(1))
        return [waiting_first.asc(), F(self.date_shown).desc(), "-pk"]

    def get_fieldsets(self, request: Any, obj: Any = None) -> Any:
        """Decided, there is nothing left to fill in. A second decision still gets as far as being told so."""
        return super().get_fieldsets(request, obj) if _waits(obj) and self.has_change_permission(request) else []

    def render_change_form(self, request: Any, context: Any, *args: Any, **kwargs: Any) -> Any:
        row = context["original"]
        context |= {
            "title": capfirst(str(self.opts.verbose_name)),
            "is_open": _waits(row),
            "facts": self._all_facts(row),
        }
        return super().render_change_form(request, context, *args, **kwargs)

    def _all_facts(self, row: Any) -> list[tuple[str, Any]]:
        decided = [(_("Decided"), f"{row.get_state_display()} · {row.decided_by or '–'}")] if row.decided_at else []
        answer = [(_("Answer to the owner"), row.answer)] if row.answer else []
        gone = [] if row.pet.is_living else [(_("Note"), _("This pet has died or was deleted: nobody is written to."))]
        return self.facts(row) + gone + decided + (answer if not _waits(row) else [])

    def save_model(self, request: Any, obj: Any, form: Any, change: bool) -> None:
        if not _waits(obj):
            raise actions.AlreadyDecided
        if "_accept" in request.POST:
            self.accept_row(request, obj, form)
        elif "_decline" in request.POST:
            self.decline_row(request, obj, form.cleaned_data.get("answer", ""))
        else:
            raise NothingChosen

    def construct_change_message(self, request: Any, form: Any, formsets: Any, add: bool = False) -> Any:
        return _("Accepted") if "_accept" in request.POST else _("Declined")

    def response_change(self, request: Any, obj: Any) -> HttpResponse:
        """On to the next one."""
        said = _("Accepted.") if "_accept" in request.POST else _("Declined.")
        messages.success(request, f"{said} {_('The owner is told.')}" if obj.pet.is_living else said)
        return redirect(self._listing())

    def waiting(self, request: Any) -> Waiting | None:
        """For the index."""
        waiting = self.model._default_manager.for_clinic(request.clinic).waiting()
        count = waiting.filter(pet__deceased_on=None, pet__deleted_at=None).count()
        return Waiting(self.count_text(count), f"{self._listing()}?state__exact=waiting") if count else None

    def count_text(self, count: int) -> str:
        raise NotImplementedError

    def _listing(self) -> str:
        return reverse(f"admin:{self.opts.app_label}_{self.opts.model_name}_changelist")


def _waits(row: Any) -> bool:
    return isinstance(row, Certificate | ChangeRequest) and row.state == "waiting"
