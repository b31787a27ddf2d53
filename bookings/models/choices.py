"""What a clinic chooses between, and the states of a visit."""

from django.db import models
from django.utils.translation import gettext_lazy


class Mode(models.TextChoices):
    """How clients come by a time for a service."""

    DIRECT = "direct", gettext_lazy("Clients book a free time")
    REQUEST = "request", gettext_lazy("Clients ask for a time, you answer")
    PHONE = "phone", gettext_lazy("By phone only")


class Audience(models.TextChoices):
    EVERYBODY = "everybody", gettext_lazy("Everybody")
    NEW = "new", gettext_lazy("New clients only")
    EXISTING = "existing", gettext_lazy("Clients who have been here")


class LateRule(models.TextChoices):
    """What a client may do once it is too late to cancel freely."""

    MARK = "mark", gettext_lazy("Clients may still cancel; it is marked as late")
    CALL = "call", gettext_lazy("Clients are asked to call")


class State(models.TextChoices):
    """Of an appointment. A held time is no state but a short promise of its own (`Hold`)."""

    REQUESTED = "requested", gettext_lazy("Requested")
    CONFIRMED = "confirmed", gettext_lazy("Confirmed")
    ARRIVED = "arrived", gettext_lazy("Arrived")
    IN_PROGRESS = "in_progress", gettext_lazy("In progress")
    COMPLETED = "completed", gettext_lazy("Completed")
    DECLINED = "declined", gettext_lazy("Declined")
    CANCELLED_BY_CLIENT = "cancelled_by_client", gettext_lazy("Cancelled")
    LATE_CANCELLED = "late_cancelled", gettext_lazy("Cancelled late")
    CANCELLED_BY_CLINIC = "cancelled_by_clinic", gettext_lazy("Cancelled by the clinic")
    NO_SHOW = "no_show", gettext_lazy("Missed")


# These keep their time: nobody else gets it.
BLOCKING = (State.REQUESTED, State.CONFIRMED, State.ARRIVED, State.IN_PROGRESS)
# Final. Only a correction by staff, with a reason, leads from one to another.
ENDS = (
    State.COMPLETED,
    State.DECLINED,
    State.CANCELLED_BY_CLIENT,
    State.LATE_CANCELLED,
    State.CANCELLED_BY_CLINIC,
    State.NO_SHOW,
)
CANCELLED = (State.DECLINED, State.CANCELLED_BY_CLIENT, State.LATE_CANCELLED, State.CANCELLED_BY_CLINIC)
