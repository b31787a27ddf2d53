"""The staff's pages about pets. Importing them registers them, and adds the pets to a client's profile."""

from pets.admin import animals, breeds, cards, care, certificates, profile, requests

__all__ = ["animals", "breeds", "cards", "care", "certificates", "profile", "requests"]
