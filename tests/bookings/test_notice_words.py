"""The rules in a confirmation, and the language of what a clinic says."""

import pytest

from bookings.models import LateRule, PolicyWords, ServiceWords
from clinics.tenancy import tenant
from tests.bookings import visits
from tests.bookings.said import last
from tests.bookings.visits import at, book


@pytest.mark.parametrize(
    ("rules", "said"),
    [
        (
            {"late_rule": LateRule.CALL},
            [
                "You can move it, or cancel it free of charge, until Wednesday 22 April at 09:15.",
                "After that, please call us.",
            ],
        ),
        ({"cancel_hours": 400, "move_hours": 400}, ["A cancellation is marked as late from now on."]),
        (
            {"cancel_hours": 400, "move_hours": 400, "late_rule": LateRule.CALL},
            ["If your plans change, please call us."],
        ),
        (
            {"move_hours": 48},
            [
                "You can move it until Tuesday 21 April at 09:15.",
                "You can cancel it free of charge until Wednesday 22 April at 09:15.",
                "A later cancellation is marked as late.",
            ],
        ),
        (
            {"most_moves": 0, "cancel_hours": 48},
            [
                "You can cancel it free of charge until Tuesday 21 April at 09:15.",
                "A later cancellation is marked as late.",
            ],
        ),
    ],
)
def test_the_rules_are_said_with_their_moment(willow, owner, miso, check, rules, said):
    visits.create_policy(willow, **rules)

    book(owner, check, at(willow, "2026-04-23 09:15"), miso)

    assert "\n\n" + "\n".join(said) + "\n\nSee it" in last(willow).body


def test_it_is_in_the_clients_language_as_far_as_there_are_words(willow, owner, miso, check):
    visits.create_policy(willow, words={"en": "Call us early.", "fr": "Appelez-nous tôt."})
    with tenant(willow):
        owner.language = "fr"
        owner.save()
        ServiceWords.objects.create(clinic=willow, service=check, language="fr", name="Bilan", preparation="À jeun.")

    book(owner, check, at(willow, "2026-04-23 09:15"), miso)

    assert [words in last(willow).body for words in ("Bilan for Miso", "- À jeun.", "Appelez-nous tôt.")] == [True] * 3
    assert "SUMMARY:Bilan for Miso" in last(willow).attachment_text


def test_without_words_in_the_clients_language_the_clinics_own_are_said(willow, owner, miso, check):
    visits.create_policy(willow, words={"en": "Call us early."})
    with tenant(willow):
        owner.language, check.preparation = "fr", "Bring a towel."
        owner.save()
        check.save()
        assert PolicyWords.objects.count() == 1

    book(owner, check, at(willow, "2026-04-23 09:15"), miso)

    assert [words in last(willow).body for words in ("Annual health check", "- Bring a towel.", "Call us early.")] == [
        True
    ] * 3
