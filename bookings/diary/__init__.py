"""The clinic's diary, as staff run their day by it. Reading only."""

from bookings.diary.day import Cell, Day, Row, read_day
from bookings.diary.reading import Entry, entries, pets_of
from bookings.diary.week import Box, Week, read_week

__all__ = ["Box", "Cell", "Day", "Entry", "Row", "Week", "entries", "pets_of", "read_day", "read_week"]
