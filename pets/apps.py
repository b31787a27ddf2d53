"""App configuration."""

from django.apps import AppConfig


class PetsConfig(AppConfig):
    name = "pets"

    def ready(self) -> None:
        from pets import receivers

        receivers.listen()
