"""What a clinic offers as its staff read it, what is to be put right, and the usual services to start from."""

from __future__ import annotations

import pytest

from bookings.models import Service, ServiceWords
from clinics.models import Role
from clinics.tenancy import tenant
from tests.bookings import visits
from tests.staff.rows import listing, page, set_up_rows, staff
from tests.staff.setting_up import START, said, services, typed

HOSTILE = "<script>alert(1)</script> \u202eÜnïcode 🐈 '\"; drop table --"


def test_what_keeps_it_from_being_booked_is_said_on_saving_on_the_page_and_in_the_list(client, willow):
    staff(client, willow)
    sentence = "Nobody can book it yet: tick who does it."

    after = client.post(listing(Service, "add"), START, follow=True)
    (service,) = services(willow)

    assert sentence in said(after)
    assert [page.count(sentence) for page in _texts(client, page(service), listing(Service))] == [1, 1]


def _texts(client, *addresses: str) -> list[str]:
    return [client.get(address).content.decode() for address in addresses]


def test_markup_and_odd_letters_stay_text(client, willow):
    staff(client, willow)

    client.post(listing(Service, "add"), START | {"name": HOSTILE, "preparation": HOSTILE})

    (service,) = services(willow)
    assert (service.name, service.preparation) == (HOSTILE, HOSTILE)
    assert [text.count("<script>alert") for text in _texts(client, page(service), listing(Service))] == [0, 0]


@pytest.mark.parametrize("role", [Role.RECEPTION, Role.VET])
def test_others_read_and_change_nothing(client, willow, role):
    staff(client, willow, role)
    service = visits.create_service(willow, visits.create_person(willow, "Dr Amara Okafor"), price=5800)

    shown = client.get(page(service)).content.decode()
    refused = [client.post(page(service), START), client.post(listing(Service, "add"), START)]

    assert [words in shown for words in ("£58.00", "Dr Amara Okafor", "Free to move or cancel")] == [True] * 3
    assert [response.status_code for response in refused] == [403, 403]


@pytest.mark.parametrize("count", [1, 3])
def test_the_list_costs_the_same_however_long(client, willow, statements, count):
    staff(client, willow)
    for _ in range(count):
        visits.create_service(willow, visits.create_person(willow), visits.create_room(willow), price=5800)
    client.get(listing(Service))

    with statements(9):
        response = client.get(listing(Service))

    assert response.context["cl"].result_count == count


def test_other_languages_are_asked_for_only_where_there_are_any(client, willow, settings, monkeypatch):
    staff(client, willow)
    service = visits.create_service(willow)
    alone = client.get(page(service)).context["inline_admin_formsets"]
    settings.LANGUAGES = [("en", "English"), ("cy", "Welsh")]
    monkeypatch.setattr(ServiceWords._meta.get_field("language"), "choices", settings.LANGUAGES)
    counts = {"words-TOTAL_FORMS": 2, "words-INITIAL_FORMS": 0}
    words = {"words-0-language": "cy", "words-0-name": "Archwiliad"}

    own = client.post(
        page(service), typed(client, service) | counts | words | {"words-1-language": "en", "words-1-name": "x"}
    )
    client.post(page(service), typed(client, service) | counts | words)

    formset = own.context["inline_admin_formsets"][0].formset
    assert (alone, formset.errors[1]) == (
        [],
        {"language": ["That is the clinic’s own language: its wording is above."]},
    )
    with tenant(willow):
        assert list(service.words.values_list("language", "name")) == [("cy", "Archwiliad")]


def test_the_usual_services_are_ticked_and_taken_over_as_drafts(client, willow):
    staff(client, willow)
    address = listing(Service, "usual")

    ticked = client.get(address).context["form"].initial["keys"]
    after = client.post(address, {"keys": ["nails", "exam"]}, follow=True)
    again = client.post(address, {"keys": ["nails"]}, follow=True)

    assert len(ticked) == 13
    assert (said(after), said(again)) == (
        ["2 services added. Clients don’t see them yet."],
        ["You have these already."],
    )
    assert [(service.name, service.is_active) for service in services(willow)] == [
        ("Health check", False),
        ("Nail trim", False),
    ]


def test_nothing_ticked_or_something_made_up_is_refused(client, willow):
    staff(client, willow)

    refused = [client.post(listing(Service, "usual"), {"keys": keys}) for keys in ([], ["made up"], ["\0"])]

    assert [response.status_code for response in refused] == [422, 422, 422]
    assert services(willow) == []


def test_others_have_no_usual_services(client, willow):
    staff(client, willow, Role.RECEPTION)
    set_up_rows(willow, "Willowmark")

    assert client.get(listing(Service, "usual")).status_code == 403
    assert client.post(listing(Service, "usual"), {"keys": ["nails"]}).status_code == 403
