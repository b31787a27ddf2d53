"""The profile of a client: contacts that stay true, pets in the staff's order, devices and consents."""

from __future__ import annotations

from datetime import date

import pytest
from django.utils import timezone

from clients.models import Client, Device, KnownContact
from clinics.models import Role, StaffAction
from clinics.tenancy import tenant
from portal.kit import contacts
from tests import factories
from tests.bookings.visits import create_past_visit, create_service
from tests.staff.rows import action, every_row, every_trace_of, listing, page, staff, typed_client


@pytest.fixture
def owner(client, willow):
    staff(client, willow, Role.RECEPTION)
    return factories.create_owner(willow, name="Nadia Brennan")


def errors(response) -> dict[str, list[str]]:
    return {name: list(found) for name, found in response.context["adminform"].form.errors.items()}


def known(phone: str) -> int:
    return KnownContact.objects.filter(digest=contacts.Contact(contacts.SMS, phone).digest).count()


def test_pets_are_listed_living_then_deleted_in_grey_then_deceased(client, owner):
    factories.create_pet(owner, name="Alma", deceased_on=date(2026, 1, 1))
    factories.create_pet(owner, name="Bruno", deleted_at=timezone.now())
    factories.create_pet(owner, name="Cleo", deleted_at=timezone.now(), deceased_on=date(2026, 1, 1))
    factories.create_pet(owner, name="Zelda")

    response = client.get(page(owner))

    assert [pet.name for pet in response.context["pets"]] == ["Zelda", "Bruno", "Alma", "Cleo"]
    rows = response.content.decode().partition('id="pets"')[2].partition("</table>")[0]
    assert (rows.count('class="is-deleted"'), rows.count('class="is-deceased"')) == (1, 2)


def test_a_neighbours_pets_are_not_on_the_profile(client, owner, harbour):
    factories.create_pet(factories.create_owner(harbour), name="Foreign")

    assert list(client.get(page(owner)).context["pets"]) == []


def test_a_new_client_is_known_by_the_contact_at_once(client, owner, willow):
    typed = {"name": "New Owner", "phone": "07700 900 555", "email": " New@Example.com ", "language": "en"}

    client.post(listing(Client, "add"), typed)

    with tenant(willow):
        filed = Client.objects.for_clinic(willow).get(name="New Owner")
    assert (filed.phone, filed.email, known("+447700900555")) == ("+447700900555", "new@example.com", 1)


def test_a_changed_phone_moves_in_the_directory_and_ends_its_devices(client, owner, willow):
    device, _token = factories.create_device(owner)
    old = owner.phone

    client.post(page(owner), typed_client(owner, phone="+447700900666"))

    with tenant(willow):
        owner.refresh_from_db()
        live = Device.objects.for_client(owner).get(pk=device.pk).is_live(now=timezone.now())
    assert (owner.phone, known(old), known("+447700900666"), live) == ("+447700900666", 0, 1, False)


@pytest.mark.parametrize(
    ("typed", "field"),
    [
        ({"phone": "12"}, "phone"),
        ({"phone": "07700 abc"}, "phone"),
        ({"email": "nobody"}, "email"),
        ({"phone": "", "email": ""}, "__all__"),
        ({"name": ""}, "name"),
    ],
)
def test_bad_input_is_told_beside_its_field(client, owner, typed, field):
    response = client.post(page(owner), typed_client(owner, **typed))

    assert list(errors(response)) == [field]


def test_a_number_of_the_practice_system_is_nobody_elses(client, owner, willow):
    factories.create_owner(willow, external_id="A-1")

    response = client.post(page(owner), typed_client(owner, external_id="A-1"))

    assert errors(response) == {"__all__": ["Another client has this number."]}


@pytest.mark.parametrize("words", ["nadia", "Brennan", "07700 900123", "+447700900123", "NADIA@example.com", "A-77"])
def test_a_search_finds_a_name_a_phone_an_address_or_a_number(client, owner, willow, words):
    with tenant(willow):
        Client.objects.for_clinic(willow).update(phone="+447700900123", email="nadia@example.com", external_id="A-77")
    factories.create_owner(willow, name="Somebody Else")

    assert [found.pk for found in client.get(listing(Client), {"q": words}).context["cl"].result_list] == [owner.pk]


@pytest.mark.parametrize("words", ["07700", "example.com", "%", "\0", "☎" * 50])
def test_a_search_for_a_part_of_a_contact_finds_nobody(client, owner, words):
    found = client.get(listing(Client), {"q": words}).context["cl"].result_count

    assert found == (1 if words == "\0" else 0)  # Nothing but a forbidden character is no search at all.


def test_signing_out_everywhere_ends_the_devices(client, owner, willow):
    factories.create_device(owner)
    factories.create_device(owner)

    client.post(page(owner), {"CHANGE_FORM-action": "end_devices", "_selected_action": owner.pk})

    with tenant(willow):
        assert Device.objects.for_client(owner).live(now=timezone.now()).count() == 0
        assert StaffAction.objects.for_clinic(willow).get().summary == "Signed out everywhere"


def test_an_archived_client_leaves_the_list_and_comes_back(client, owner, willow):
    client.post(listing(Client), action("archive", owner))
    gone, archived = (
        client.get(listing(Client), asked).context["cl"].result_count for asked in ({}, {"archived": "yes"})
    )
    known_then = known(owner.phone)

    client.post(listing(Client) + "?archived=yes", action("restore", owner))

    assert (gone, archived, known_then) == (0, 1, 0)
    assert (client.get(listing(Client)).context["cl"].result_count, known(owner.phone)) == (1, 1)


def test_a_vet_reads_and_does_not_run_the_desks_actions(client, owner, willow):
    staff(client, willow, Role.VET)

    client.post(listing(Client), action("archive", owner))
    client.post(page(owner), {"CHANGE_FORM-action": "archive", "_selected_action": owner.pk})

    with tenant(willow):
        owner.refresh_from_db()
    assert owner.archived_at is None


def test_consents_and_devices_cannot_be_changed_or_deleted(client, owner, willow):
    device, _token = factories.create_device(owner, label="iPhone")
    forged = {
        "devices-TOTAL_FORMS": 1,
        "devices-INITIAL_FORMS": 1,
        "devices-0-id": device.pk,
        "devices-0-client": owner.pk,
    }
    forged |= {"devices-0-DELETE": "on", "devices-0-label": "Forged"}

    client.post(page(owner), typed_client(owner, **forged))

    with tenant(willow):
        device.refresh_from_db()
    assert device.label == "iPhone"


def test_the_profile_shows_a_devices_name_and_nothing_of_its_token(client, owner):
    device, _token = factories.create_device(owner, label="iPhone, Safari")

    told = client.get(page(owner)).content.decode()

    assert ("iPhone, Safari" in told, device.token_digest in told) == (True, False)


@pytest.mark.parametrize("count", [1, 3])
def test_the_list_asks_as_often_for_one_client_as_for_three(client, willow, statements, count):
    staff(client, willow)
    for _number in range(count):
        factories.create_owner(willow)

    with statements(8):
        client.get(listing(Client))


@pytest.mark.parametrize("count", [1, 3])
def test_the_profile_asks_as_often_for_one_pet_as_for_three(client, willow, statements, count):
    staff(client, willow)
    owner = factories.create_owner(willow)
    for _number in range(count):
        pet = factories.create_pet(owner)
        every_trace_of(pet)
        create_past_visit(owner, create_service(willow), timezone.now(), pet)
        factories.create_device(owner)

    with statements(18):
        client.get(page(owner))


def test_the_log_names_fields_and_never_people(client, willow):
    staff(client, willow)
    owner = every_row(willow, "Willowmark")["clients.client"]

    client.post(page(owner), typed_client(owner, name="Someone Private", address="Secret Lane"))

    with tenant(willow):
        assert [entry.summary for entry in StaffAction.objects.for_clinic(willow)] == ["Name, Address"]
