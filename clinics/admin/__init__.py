"""The staff's pages about the clinic itself and who works there. Importing them registers them."""

from clinics.admin import clinic, hours, legal, people

__all__ = ["clinic", "hours", "legal", "people"]
