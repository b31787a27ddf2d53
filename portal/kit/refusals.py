"""An expected no, fit for a person to read. Anything else that is raised is a fault and goes to the error tracker."""

from django.utils.functional import Promise


class Refusal(Exception):
    """Raised by an action that will not do what was asked. Subclasses are named after the reason."""

    message: str | Promise = ""

    def __str__(self) -> str:
        return str(self.message)
