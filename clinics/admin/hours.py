"""When the clinic is open, and who helps when it is not."""

from django.contrib import admin

from clinics.admin_scope import DESK, ClinicScopedAdmin
from clinics.forms import EmergencyClinicForm, HoursExceptionForm, OpeningHoursForm
from clinics.models import EmergencyClinic, HoursException, OpeningHours


class OpenToDesk(ClinicScopedAdmin):
    """What reception keeps in order day by day; nothing else hangs on it, so it may be deleted."""

    may_add = may_change = may_delete = DESK


@admin.register(OpeningHours)
class OpeningHoursAdmin(OpenToDesk):
    form = OpeningHoursForm
    list_display = ["weekday", "opens", "closes"]
    ordering = ["weekday", "opens"]


@admin.register(HoursException)
class HoursExceptionAdmin(OpenToDesk):
    form = HoursExceptionForm
    list_display = ["on", "opens", "closes", "note"]
    ordering = ["-on", "opens"]


@admin.register(EmergencyClinic)
class EmergencyClinicAdmin(OpenToDesk):
    form = EmergencyClinicForm
    fields = ["name", "phone", "address", "hours", "is_always_open", "position"]
    list_display = ["name", "phone", "is_always_open", "position"]
    ordering = ["position", "name"]
