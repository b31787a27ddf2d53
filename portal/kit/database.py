"""What Django's ORM leaves to the caller."""

from django.db import IntegrityError

# PostgreSQL's SQLSTATE codes for what is no fault of the statement, but of who else was there.
LOCK_NOT_AVAILABLE, DEADLOCK_DETECTED = "55P03", "40P01"


def broke(error: IntegrityError, constraint: str) -> bool:
    """Was it this constraint that PostgreSQL refused?"""
    diag = getattr(error.__cause__, "diag", None)
    return getattr(diag, "constraint_name", None) == constraint
