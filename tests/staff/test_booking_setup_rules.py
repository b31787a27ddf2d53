"""Booking rules, version by version, and the warning signs."""

from __future__ import annotations

import pytest

from bookings.models import Policy, WarningSign
from clinics.models import Clinic, Role, StaffAction, StaffMember
from clinics.tenancy import tenant
from tests.bookings import visits
from tests.staff.rows import listing, page, reread, staff
from tests.staff.setting_up import errors, said

RULES: dict[str, int | str] = {
    "minimum_notice_hours": 2,
    "horizon_days": 90,
    "grid_minutes": 15,
    "cancel_hours": 24,
    "move_hours": 24,
}
RULES |= {"most_moves": 3, "late_rule": "mark", "seen": 0, "words_en": ""}
ADD = "/staff/bookings/policy/add/"


def versions(clinic) -> list[tuple[int, int]]:
    with tenant(clinic):
        return list(Policy.objects.for_clinic(clinic).order_by("number").values_list("number", "cancel_hours"))


def log(clinic) -> list[tuple[str, str, str]]:
    with tenant(clinic):
        return list(StaffAction.objects.for_clinic(clinic).order_by("pk").values_list("kind", "model", "summary"))


def test_new_rules_are_a_version_with_its_author_and_wording(client, willow):
    user = staff(client, willow)

    client.post(ADD, RULES | {"cancel_hours": 48, "words_en": "Call us early."})

    with tenant(willow):
        rules = Policy.objects.for_clinic(willow).get()
        author = StaffMember.objects.for_clinic(willow).get(user=user)
        words = list(rules.words.values_list("language", "body"))
    assert (rules.number, rules.cancel_hours, rules.made_by_id, words) == (1, 48, author.pk, [("en", "Call us early.")])
    assert log(willow) == [("added", "bookings.policy", "Free to cancel until (hours before), In your words")]


def test_the_form_starts_from_what_is_in_force(client, willow):
    staff(client, willow)
    visits.create_policy(willow, cancel_hours=36, words={"en": "Call us."})

    form = client.get(ADD).context["adminform"].form

    assert [form[name].value() for name in ("cancel_hours", "move_hours", "seen", "words_en")] == [
        36,
        24,
        1,
        "Call us.",
    ]


def test_what_is_in_force_is_said_in_words_and_versions_are_listed(client, willow):
    staff(client, willow)
    visits.create_policy(willow, cancel_hours=36)
    visits.create_policy(willow, cancel_hours=12, words={"en": "Call us."})

    response = client.get(listing(Policy))

    assert (
        response.context["sentences"][1] == "Free to cancel until 12 hours before, and to move until 24 hours before."
    )
    assert response.context["wording"] == ["Call us."]
    assert [row.number for row in response.context["cl"].result_list] == [2, 1]


def test_a_clinic_without_a_version_has_the_usual_rules(client, willow):
    staff(client, willow)

    response = client.get(listing(Policy))

    assert response.context["sentences"][1] == "Free to move or cancel until 24 hours before."


def test_the_same_rules_again_are_no_new_version(client, willow):
    staff(client, willow)
    visits.create_policy(willow)

    response = client.post(ADD, RULES | {"seen": 1}, follow=True)

    assert (said(response), versions(willow)) == (["These are the rules already: nothing has changed."], [(1, 24)])
    assert log(willow) == []


def test_rules_that_somebody_else_changed_meanwhile_are_kept_and_what_was_typed_too(client, willow):
    staff(client, willow)
    visits.create_policy(willow, cancel_hours=48)

    response = client.post(ADD, RULES | {"seen": 0, "cancel_hours": 6})

    assert list(errors(response)) == ["__all__"]
    assert (response.context["adminform"].form["cancel_hours"].value(), versions(willow)) == ("6", [(1, 48)])


@pytest.mark.parametrize(
    ("fields", "wrong"),
    [
        ({"cancel_hours": -1}, {"cancel_hours": ["Ensure this value is greater than or equal to 0."]}),
        ({"cancel_hours": 721}, {"cancel_hours": ["Ensure this value is less than or equal to 720."]}),
        ({"cancel_hours": "9" * 5000}, {"cancel_hours": ["Enter a whole number."]}),
        ({"grid_minutes": 7}, {"grid_minutes": ["Use a multiple of 5 minutes."]}),
        (
            {"minimum_notice_hours": 48, "horizon_days": 2},
            {"minimum_notice_hours": ["Nothing could be booked: that is further ahead than the last day."]},
        ),
        ({"late_rule": ""}, {"late_rule": ["This field is required."]}),
        ({"words_en": "a\0b"}, {"words_en": ["Null characters are not allowed."]}),
        ({"seen": "x"}, {"seen": ["Enter a whole number."]}),
    ],
)
def test_rules_that_cannot_be_are_told_beside_them(client, willow, fields, wrong):
    staff(client, willow)

    response = client.post(ADD, RULES | fields)

    assert (errors(response), versions(willow)) == (wrong, [])


def test_a_version_is_never_changed_nor_deleted(client, willow):
    staff(client, willow)
    rules = visits.create_policy(willow, words={"en": "<b>Call</b> us."})

    assert client.post(page(rules), RULES | {"cancel_hours": 1}).status_code == 403
    assert client.get(page(rules, "delete")).status_code == 403
    assert "English: &lt;b&gt;Call&lt;/b&gt; us." in client.get(page(rules)).content.decode()


@pytest.mark.parametrize("role", [Role.RECEPTION, Role.VET])
def test_others_read_the_rules_only(client, willow, role):
    staff(client, willow, role)

    assert (client.get(listing(Policy)).status_code, client.post(ADD, RULES).status_code) == (200, 403)


@pytest.mark.parametrize("count", [1, 3])
def test_the_list_of_versions_costs_the_same_however_long(client, willow, statements, count):
    staff(client, willow)
    for number in range(count):
        visits.create_policy(willow, cancel_hours=number + 1)
    client.get(listing(Policy))

    with statements(10):
        response = client.get(listing(Policy))

    assert response.context["cl"].result_count == count


def test_a_vet_keeps_the_signs(client, willow):
    staff(client, willow, Role.VET)

    client.post(listing(WarningSign, "add"), {"species": "cat", "text": "Struggles to breathe", "position": 1})
    with tenant(willow):
        sign = WarningSign.objects.for_clinic(willow).get()
    client.post(page(sign), {"species": "", "text": "Can’t breathe", "position": 1})
    after = reread(sign)
    client.post(page(sign, "delete"), {"post": "yes"})

    assert (after.text, after.species, after.language) == ("Can’t breathe", "", "en")
    with tenant(willow):
        assert WarningSign.objects.for_clinic(willow).count() == 0


def test_a_sign_is_in_the_clinics_language_where_there_is_one_only(client, willow):
    Clinic.objects.filter(pk=willow.pk).update(language="cy")
    staff(client, willow)

    client.post(listing(WarningSign, "add"), {"species": "", "text": "Anadlu", "position": 1})

    with tenant(willow):
        assert WarningSign.objects.for_clinic(willow).get().language == "cy"


def test_signs_are_chosen_one_by_one_from_a_draft(client, willow):
    staff(client, willow, Role.VET)
    address = listing(WarningSign, "usual")

    shown = client.get(address)
    response = client.post(address, {"keys": ["breathing"]}, follow=True)

    assert (shown.context["form"].initial["keys"], "This is a draft" in shown.content.decode()) == ([], True)
    assert said(response) == ["1 sign added. Read it once more in its place."]
    assert log(willow) == [("added", "clinics.clinic", "1 × warning sign")]
    with tenant(willow):
        texts = list(WarningSign.objects.for_clinic(willow).values_list("text", flat=True))
        assert texts == ["Struggles to breathe, or breathes with an open mouth at rest"]


def test_the_desk_words_no_signs(client, willow):
    staff(client, willow, Role.RECEPTION)

    assert client.get(listing(WarningSign, "usual")).status_code == 403
    assert client.post(listing(WarningSign, "add"), {"text": "x", "position": 1}).status_code == 403


def test_the_currency_is_a_setting_of_the_clinic(client, willow):
    staff(client, willow)
    form = client.get(page(willow)).context["adminform"].form
    kept = {name: form.initial.get(name) for name in form.fields if form.initial.get(name) not in (None, False)}

    client.post(page(willow), kept | {"currency": "EUR"})
    wrong = client.post(page(willow), kept | {"currency": "XQX"})

    willow.refresh_from_db()
    assert (willow.currency, errors(wrong)) == ("EUR", {"currency": ["Enter a three-letter currency like GBP."]})
