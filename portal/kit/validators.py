"""What a field of any model may ask of its value."""

from __future__ import annotations

from datetime import date

from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _


def not_in_the_future(day: date) -> None:
    """Something that has happened did so by today, in the time zone that is on. Raises ValidationError."""
    if day > timezone.localdate():
        raise ValidationError(_("This day is still to come."))
