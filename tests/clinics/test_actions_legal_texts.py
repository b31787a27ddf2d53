"""Legal texts: drafts change, published versions never do, and publishing asks every client again."""

from __future__ import annotations

import pytest
from django.utils import timezone

from clinics import actions
from clinics.models import Clinic, LegalText
from clinics.tenancy import tenant
from tests import factories

PRIVACY = LegalText.Kind.PRIVACY_POLICY


@pytest.fixture
def by(willow):
    return factories.create_staff(willow)


@pytest.fixture
def inside(willow, by):
    with tenant(willow):
        yield willow


def draft(clinic: Clinic, body: str = "New wording.") -> LegalText:
    return actions.draft_legal_text(clinic=clinic, kind=PRIVACY, language="en", body=body)


def in_force(clinic: Clinic) -> tuple[int, str]:
    text = LegalText.objects.for_clinic(clinic).in_force().get(kind=PRIVACY)
    return text.version, text.body


def test_a_draft_is_the_next_version_and_not_in_force(inside):
    text = draft(inside)

    assert (text.version, text.published_at, in_force(inside)[0]) == (2, None, 1)


def test_publishing_puts_it_in_force_and_asks_clients_again(inside, by):
    now = timezone.now()

    text = actions.publish_legal_text(text=draft(inside), by=by, now=now)

    inside.refresh_from_db()
    assert in_force(inside) == (2, "New wording.")
    assert (text.published_at, text.published_by, inside.legal_revision) == (now, by, 2)


def test_of_two_drafts_the_one_published_later_is_the_newer(inside, by):
    first, second = draft(inside, "First."), draft(inside, "Second.")
    actions.publish_legal_text(text=second, by=by, now=timezone.now())

    actions.publish_legal_text(text=first, by=by, now=timezone.now())

    assert in_force(inside) == (4, "First.")


def test_nothing_is_published_twice(inside, by):
    text = draft(inside)
    actions.publish_legal_text(text=LegalText.objects.for_clinic(inside).get(pk=text.pk), by=by, now=timezone.now())

    with pytest.raises(actions.AlreadyPublished):
        actions.publish_legal_text(text=text, by=by, now=timezone.now())


def test_a_draft_is_reworded(inside):
    text = draft(inside)

    actions.reword_legal_text(text=text, body="Better.")

    text.refresh_from_db()
    assert text.body == "Better."


def test_a_published_text_is_not_reworded(inside, by):
    text = actions.publish_legal_text(text=draft(inside), by=by, now=timezone.now())

    with pytest.raises(actions.AlreadyPublished):
        actions.reword_legal_text(text=text, body="Sneaky.")

    text.refresh_from_db()
    assert text.body == "New wording."
