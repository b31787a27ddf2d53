"""Which times can be had. Reading and arithmetic only; whoever takes a time asks again under locks (`taking`)."""

from bookings.availability.openings import DayOpenings, Openings
from bookings.availability.reading import Wanted, read

__all__ = ["DayOpenings", "Openings", "Wanted", "read"]
