"""App configuration: registers the tenancy checks."""

from django.apps import AppConfig


class ClinicsConfig(AppConfig):
    name = "clinics"

    def ready(self) -> None:
        from clinics import checks  # noqa: F401  registers itself; models must be loaded first
