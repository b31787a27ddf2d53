"""How a client wants to hear from the clinic: chosen by them, or by staff on their file."""

import pytest
from django.utils import timezone

from clients import actions
from clients.models import Client
from clinics.models import Role
from clinics.tenancy import tenant
from tests import factories

NOW = timezone.now()


def on_file(owner):
    with tenant(owner.clinic_id):
        return Client.objects.values_list("accepts_emails", "accepts_texts").get(pk=owner.pk)


def test_letters_are_welcome_and_texts_wait_for_a_word(willow):
    assert on_file(factories.create_owner(willow)) == (True, False)


@pytest.mark.parametrize(
    ("chosen", "expected"),
    [
        ({}, (True, False)),
        ({"accepts_texts": True}, (True, True)),
        ({"accepts_emails": False}, (False, False)),
        ({"accepts_emails": False, "accepts_texts": True}, (False, True)),
    ],
)
def test_what_is_chosen_is_kept_and_the_rest_stays(willow, owner, chosen, expected):
    with tenant(willow):
        same = actions.choose_channels(client=owner, now=NOW, **chosen)

    assert on_file(owner) == expected
    assert (same, owner.accepts_emails, owner.accepts_texts) == (owner, *expected)


def test_only_the_choice_is_written(willow, owner):
    """A page that was open for a while doesn't bring an old name back."""
    with tenant(willow):
        Client.objects.filter(pk=owner.pk).update(name="Nadia Okoro")
        actions.choose_channels(client=owner, accepts_texts=True, now=NOW)

        assert Client.objects.get(pk=owner.pk).name == "Nadia Okoro"


def test_a_neighbours_choice_is_theirs(willow, owner):
    other = factories.create_owner(willow)

    with tenant(willow):
        actions.choose_channels(client=owner, accepts_texts=True, now=NOW)

    assert on_file(other) == (True, False)


def test_staff_note_it_on_the_file(client, willow, owner):
    client.force_login(factories.create_staff(willow, Role.RECEPTION))
    page = f"/staff/clients/client/{owner.pk}/change/"
    fields = {"name": owner.name, "phone": owner.phone, "email": owner.email, "language": "en"}
    inlines = {f"{name}-{form}_FORMS": 0 for name in ("devices", "consents") for form in ("TOTAL", "INITIAL")}

    response = client.post(page, {**fields, **inlines, "accepts_texts": "on"})

    assert response.status_code == 302, response.context["errors"]
    assert on_file(owner) == (False, True)


@pytest.fixture
def owner(willow):
    return factories.create_owner(willow)
