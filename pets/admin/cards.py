"""Pet ID cards as the clinic sees them: how they stand, and withdrawing one."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.contrib.admin.options import ActionLocation
from django.db.models import Count
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from clinics.admin_scope import DESK, ClinicScopedAdmin, is_one_of, is_one_row
from pets import actions
from pets.models import IdCard


class WithdrawnFilter(admin.SimpleListFilter):
    title = gettext_lazy("state")
    parameter_name = "state"

    def lookups(self, request: Any, model_admin: Any) -> list[tuple[str, str]]:
        return [("valid", _("Valid or expired")), ("withdrawn", _("Withdrawn"))]

    def queryset(self, request: Any, queryset: Any) -> Any:
        asked = {"valid": True, "withdrawn": False}.get(self.value() or "")
        return queryset if asked is None else queryset.filter(withdrawn_at__isnull=asked)


@admin.register(IdCard)
class IdCardAdmin(ClinicScopedAdmin):
    """Made and arranged by the owner. The secret in its address is not shown: whoever has it, has the card."""

    fields = ["pet", "owner", "state", "issued_at", "expires_on", "hidden", "checks_made", "withdrawn_at"]
    readonly_fields = ["owner", "state", "hidden", "checks_made"]
    list_display = ["pet", "owner", "state", "issued_at", "expires_on", "checks_made"]
    list_filter = [WithdrawnFilter]
    list_select_related = ["pet__owner"]
    search_fields = ["pet__name", "pet__owner__name"]
    ordering = ["-issued_at", "-pk"]
    actions = ["withdraw"]

    def get_queryset(self, request: Any) -> Any:
        return super().get_queryset(request).select_related("pet__owner").annotate(check_count=Count("checks"))

    @admin.display(description=gettext_lazy("owner"))
    def owner(self, card: IdCard) -> str:
        return str(card.pet.owner)

    @admin.display(description=gettext_lazy("state"))
    def state(self, card: IdCard) -> str:
        if card.withdrawn_at:
            return _("Withdrawn")
        return _("Expired") if card.has_expired(today=timezone.localdate()) else _("Valid")

    @admin.display(description=gettext_lazy("left out by the owner"))
    def hidden(self, card: IdCard) -> str:
        labels = dict(IdCard.Part.choices)
        return ", ".join(str(labels[part]) for part in card.hidden_parts if part in labels) or "–"

    @admin.display(description=gettext_lazy("times checked"))
    def checks_made(self, card: Any) -> int:
        return int(card.check_count)

    def has_withdraw_permission(self, request: Any) -> bool:
        return is_one_of(request, DESK)

    @admin.action(
        description=gettext_lazy("Withdraw: printed copies are no longer confirmed"),
        permissions=["withdraw"],
        location=[ActionLocation.CHANGE_FORM, ActionLocation.CHANGE_LIST],
    )
    def withdraw(self, request: Any, queryset: Any) -> None:
        if not is_one_row(self, request, queryset):
            return
        now = timezone.now()
        if self.for_each(
            request, queryset, lambda card: actions.withdraw_card(card=card, now=now), summary=_("Withdrawn")
        ):
            self.message_user(request, _("Withdrawn. The owner can make a new card."))
