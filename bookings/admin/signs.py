"""Signs that can't wait for an appointment, in the clinic's words."""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.contrib import admin
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from bookings import actions
from bookings.admin.usual import OffersUsual
from bookings.models import WarningSign
from bookings.setting_up.starters import USUAL_SIGNS
from clinics.admin_scope import CLINICAL
from pets.models import Species

if TYPE_CHECKING:
    from collections.abc import Collection

    from clinics.models import Clinic


@admin.register(WarningSign)
class WarningSignAdmin(OffersUsual):
    """What vets word is theirs to change. Deleted as a row: nothing hangs on it."""

    may_add = may_change = may_delete = CLINICAL

    list_filter = ["species"]
    ordering = ["position", "species", "text", "pk"]
    usual_title = gettext_lazy("Choose from a list of signs")
    usual_notes = (
        gettext_lazy(
            "This is a draft for a vet of your clinic to check, not advice. Tick only what you would say yourselves; "
            "afterwards you can reword, add and delete."
        ),
        gettext_lazy(
            "Clients are asked before they book a service that “asks about warning signs first”. Whoever says yes is "
            "shown your number and the emergency clinics. Nothing is concluded about what the animal has."
        ),
    )

    class Media:
        css = {"all": ("css/staff-setup.css",)}

    def get_fields(self, request: Any, obj: Any = None) -> Any:
        return ["species", *_language(), "text", "position"]

    def get_list_display(self, request: Any) -> Any:
        return ["text", "any_species", *_language(), "position"]

    @admin.display(description=gettext_lazy("species"), ordering="species")
    def any_species(self, sign: WarningSign) -> str:
        return sign.get_species_display() or _("Any")

    def save_model(self, request: Any, obj: Any, form: Any, change: bool) -> None:
        if "language" not in form.cleaned_data and not change:
            obj.language = request.clinic.language
        super().save_model(request, obj, form, change)

    def usual_choices(self) -> list[Any]:
        return [
            (Species(species).label if species else _("Any species"), [(sign.key, sign.text) for sign in signs])
            for species, signs in groupby(USUAL_SIGNS, key=lambda sign: sign.species)
        ]

    def add_usual(self, clinic: Clinic, keys: Collection[str]) -> int:
        return actions.add_usual_signs(clinic=clinic, keys=keys)

    def usual_done(self, count: int) -> str:
        words = ngettext(
            "%(count)d sign added. Read it once more in its place.",
            "%(count)d signs added. Read them once more in their place.",
            count,
        )
        return words % {"count": count}


def _language() -> list[str]:
    return ["language"] if len(settings.LANGUAGES) > 1 else []
