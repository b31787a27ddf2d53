"""Is what a message speaks of still so? Asked when it is sent, not when it is written.

An app above registers, when it starts, how to find out about what it owns; `Outgoing.about` names one such thing, like
“pet:42”. What nobody registered for is sent.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from clinics.models import Clinic
    from messaging.models import Outgoing

# Asked with the clinic open: may a message about the thing of that id still go out?
type Question = Callable[[Clinic, int], bool]

_questions: dict[str, Question] = {}


def register(kind: str, question: Question) -> None:
    """Have `question` asked before a message about a thing of that kind is sent."""
    _questions[kind] = question


def still_holds(row: Outgoing) -> bool:
    """May this message still go out? The clinic must be open.

    One that names a thing of a known kind wrongly can't be asked about, and isn't sent: an error would come back with
    each look at the outbox and hold up everybody else's messages.
    """
    kind, _separator, number = row.about.partition(":")
    question = _questions.get(kind)
    if question is None:
        return True
    return number.isdecimal() and question(row.clinic, int(number))
