"""The staff's pages about visits and what is set up for them. Importing them registers them."""

from bookings.admin import closures, policies, profile, resources, services, signs, visits

__all__ = ["closures", "policies", "profile", "resources", "services", "signs", "visits"]
