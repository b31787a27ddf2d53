"""What Django's ORM leaves to the caller."""

from django.db import IntegrityError


def broke(error: IntegrityError, constraint: str) -> bool:
    """Was it this constraint that PostgreSQL refused?"""
    diag = getattr(error.__cause__, "diag", None)
    return getattr(diag, "constraint_name", None) == constraint
