"""What a clinic offers: who does it, for whom, how long, at what price and on which terms."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.contrib import admin, messages
from django.utils import timezone
from django.utils.html import format_html_join
from django.utils.text import format_lazy
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from bookings import actions, policy
from bookings.admin.usual import OffersUsual
from bookings.forms.setting_up import LabelledFormSet, ServiceForm, ServiceWordsForm
from bookings.models import Resource, Service, ServiceWords
from bookings.setting_up import in_words, readiness
from bookings.setting_up.starters import USUAL_SERVICES
from clinics.admin_scope import OWNERS, ClinicScopedInline, adopt
from portal.kit import money

if TYPE_CHECKING:
    from collections.abc import Collection

    from clinics.models import Clinic

WHAT = ["name", "category", "summary", "preparation", "position"]
WHOM = ["mode", "audience", "most_pets", "asks_signs", "is_gentle"]
HOW_LONG = ["minutes", "buffer_before", "buffer_after", "most_per_day"]


class ServiceWordsInline(ClinicScopedInline):
    model = ServiceWords
    form = ServiceWordsForm
    formset = LabelledFormSet
    may_add = may_change = may_delete = OWNERS
    fields = ["language", "name", "summary", "preparation"]


@admin.register(Service)
class ServiceAdmin(OffersUsual):
    """Never deleted: visits point to it. What is no longer offered is switched off."""

    may_add = may_change = OWNERS

    form = ServiceForm
    list_display = ["name", "category", "booked", "length", "price_said", "who", "to_mend"]
    list_filter = ["is_active", "mode"]
    search_fields = ["name", "category"]
    ordering = ["position", "category", "name", "pk"]
    readonly_fields = [
        "booked",
        "length",
        "price_said",
        "who",
        "where",
        "species_said",
        "care_said",
        "in_short",
        "to_mend",
    ]
    usual_title = gettext_lazy("Start with the usual services")
    usual_notes = (
        gettext_lazy(
            "They are added as drafts that clients don’t see. Look through each, tick who does it, set your price, and "
            "switch on “offered”."
        ),
    )
    ticked_at_first = True

    class Media:
        css = {"all": ("css/staff-setup.css",)}

    def get_queryset(self, request: Any) -> Any:
        rows = super().get_queryset(request)
        if request.clinic is None:
            return rows
        # Prices are told in the clinic’s currency.
        rows = readiness.with_signs(rows.select_related("clinic"), request.clinic)
        return readiness.with_team(rows, request.clinic, today=timezone.localdate())

    def get_fieldsets(self, request: Any, obj: Any = None) -> Any:
        """Whoever only reads gets the sense of it, instead of lists to tick and empty rules."""
        top = ["to_mend"] if obj is not None and readiness.shortfalls(obj) else []
        if not (self.has_change_permission(request, obj) if obj else self.has_add_permission(request)):
            said = ["who", "where", "species_said", "care_said", "price_said"]
            return [(None, {"fields": [*top, *WHAT, "is_active", *WHOM, *HOW_LONG, *said, "in_short"]})]
        return [
            (None, {"fields": [*top, *WHAT, "is_active"]}),
            (gettext_lazy("Booking"), {"fields": [*WHOM, "species"]}),
            (gettext_lazy("Who and where"), {"fields": ["people", "rooms"]}),
            (gettext_lazy("Time"), {"fields": HOW_LONG}),
            (gettext_lazy("Price"), {"fields": ["price", "is_price_shown"]}),
            (gettext_lazy("Planned care"), {"fields": ["care"]}),
            (
                gettext_lazy("Rules of its own"),
                {
                    "fields": [*policy.OVERRIDES, *(["in_short"] if obj else [])],
                    "description": gettext_lazy("Only where it differs from the clinic’s booking rules."),
                },
            ),
        ]

    def get_inlines(self, request: Any, obj: Any) -> list[Any]:
        return [ServiceWordsInline] if len(settings.LANGUAGES) > 1 else []

    def save_model(self, request: Any, obj: Any, form: Any, change: bool) -> None:
        typed = dict(form.cleaned_data)
        people, rooms, plans = typed.pop("people"), typed.pop("rooms"), typed.pop("care")
        changed = set(form.changed_data)
        team = None if change and not changed & {"people", "rooms"} else [*people, *rooms]
        care = None if change and "care" not in changed else plans
        if change:
            fields = {name: value for name, value in typed.items() if name in changed}
            actions.update_service(service=obj, resources=team, plans=care, **fields)
        else:
            made = actions.file_service(clinic=request.clinic, resources=team or [], plans=care or [], **typed)
            adopt(obj, made)

    def save_related(self, request: Any, form: Any, formsets: Any, change: bool) -> None:
        """Says what is still missing, while the owner is at it."""
        super().save_related(request, form, formsets, change)
        for sentence in readiness.shortfalls(self.get_queryset(request).get(pk=form.instance.pk)):
            self.message_user(request, sentence, messages.WARNING)

    @admin.display(description=gettext_lazy("booked"), ordering="mode")
    def booked(self, service: Service) -> str:
        return readiness.standing(service)

    @admin.display(description=gettext_lazy("length"), ordering="minutes")
    def length(self, service: Service) -> str:
        return _("%(count)d min") % {"count": service.minutes}

    @admin.display(description=gettext_lazy("price"), ordering="price")
    def price_said(self, service: Service) -> str:
        if service.price is None:
            return "–"
        said = money.shown(service.price, service.clinic.currency)
        return said if service.is_price_shown else _("%(price)s (not shown)") % {"price": said}

    @admin.display(description=gettext_lazy("who"))
    def who(self, service: Any) -> str:
        return _names(service, Resource.Kind.PERSON)

    @admin.display(description=gettext_lazy("where"))
    def where(self, service: Any) -> str:
        return _names(service, Resource.Kind.ROOM)

    @admin.display(description=gettext_lazy("species"))
    def species_said(self, service: Service) -> str:
        return ", ".join(_species(service)) or _("All")

    @admin.display(description=gettext_lazy("planned care"))
    def care_said(self, service: Service) -> str:
        return ", ".join(str(plan) for plan in service.plans.order_by("species", "name")) or "–"

    @admin.display(description=gettext_lazy("in short"))
    def in_short(self, service: Service) -> str:
        rules = policy.rules_for(service, policy.in_force(service.clinic))
        lines = [(line,) for line in in_words.sentences(rules)]
        return format_html_join("", "<div>{}</div>", lines)

    @admin.display(description=gettext_lazy("to put right"))
    def to_mend(self, service: Any) -> str:
        lines = [(line,) for line in readiness.shortfalls(service)]
        return format_html_join("", '<div class="mend">{}</div>', lines) or "–"

    def usual_choices(self) -> list[Any]:
        label = "{name} · {minutes} min"
        return [(one.key, str(format_lazy(label, name=one.name, minutes=one.minutes))) for one in USUAL_SERVICES]

    def add_usual(self, clinic: Clinic, keys: Collection[str]) -> int:
        return actions.add_usual_services(clinic=clinic, keys=keys)

    def usual_done(self, count: int) -> str:
        words = ngettext(
            "%(count)d service added. Clients don’t see it yet.",
            "%(count)d services added. Clients don’t see them yet.",
            count,
        )
        return words % {"count": count}


def _names(service: Any, kind: str) -> str:
    return ", ".join(one.name for one in service.team if one.kind == kind and one.is_active) or "–"


def _species(service: Service) -> list[str]:
    labels = dict(Service._meta.get_field("species").base_field.flatchoices)
    return [str(labels.get(one, one)) for one in service.species]
