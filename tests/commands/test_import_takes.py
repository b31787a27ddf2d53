"""What a good file becomes."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from clients import devices, directory
from clients.models import Client
from clinics.tenancy import tenant
from pets.models import CareRecord, Pet, Weight
from portal.kit.contacts import Contact
from tests import factories
from tests.commands.files import ALL, CARE, MISO, NADIA, WEIGHT, counts, csv_text, run, write


@pytest.fixture(autouse=True)
def plan(willow):
    return factories.create_plan(willow, species="cat", family="flu", name="Cat flu")


def test_a_client_with_a_pet_its_weight_and_its_vaccination(willow, plan, tmp_path):
    said = run(write(tmp_path, csv_text(*ALL)))

    assert said == ["Willow & Pine Veterinary: 4 line(s): 4 new, 0 updated, 0 unchanged, 0 refused."]
    with tenant(willow):
        owner, pet = Client.objects.for_clinic(willow).get(), Pet.objects.for_clinic(willow).get()
        weight, record = Weight.objects.for_clinic(willow).get(), CareRecord.objects.for_clinic(willow).get()
    assert (owner.name, owner.phone, owner.email) == ("Nadia Brennan", "+447700900123", "n@example.com")
    assert (owner.external_id, owner.language) == ("C1", "en")
    assert (pet.owner_id, pet.name, pet.species, pet.sex) == (owner.pk, "Miso", "cat", "female")
    assert (pet.born_on, pet.neutered) == (date(2021, 4, 11), "unknown")
    assert (weight.pet_id, weight.kg, weight.weighed_on) == (pet.pk, Decimal("4.200"), date(2025, 3, 1))
    assert (record.pet_id, record.plan_id, record.product) == (pet.pk, plan.pk, "Felivax")
    assert (record.given_on, record.valid_until) == (date(2025, 3, 1), date(2026, 3, 1))


def test_the_same_file_again_changes_nothing(willow, tmp_path):
    path = write(tmp_path, csv_text(*ALL))
    run(path)

    said = run(path)

    assert said == ["Willow & Pine Veterinary: 4 line(s): 0 new, 0 updated, 4 unchanged, 0 refused."]
    assert counts(willow) == (1, 1, 1, 1)


def test_a_microchip_may_be_written_in_groups(willow, tmp_path):
    run(write(tmp_path, csv_text(NADIA, MISO | {"microchip": "985 112 003 456 789"})))

    with tenant(willow):
        assert Pet.objects.for_clinic(willow).get().microchip == "985112003456789"


def test_lines_may_stand_in_any_order(willow, tmp_path):
    run(write(tmp_path, csv_text(CARE, WEIGHT, MISO, NADIA)))

    assert counts(willow) == (1, 1, 1, 1)


def test_a_changed_cell_is_an_update(willow, tmp_path):
    run(write(tmp_path, csv_text(*ALL)))

    said = run(write(tmp_path, csv_text(NADIA, MISO | {"name": "Miso II"}, WEIGHT | {"kg": "4.5"}, CARE)))

    assert said == ["Willow & Pine Veterinary: 4 line(s): 0 new, 2 updated, 2 unchanged, 0 refused."]
    with tenant(willow):
        assert Pet.objects.for_clinic(willow).get().name == "Miso II"
        assert Weight.objects.for_clinic(willow).get().kg == Decimal("4.500")


def test_an_empty_cell_leaves_what_is_on_file(willow, tmp_path):
    run(write(tmp_path, csv_text(NADIA, MISO | {"breed": "Tabby", "died_on": "2025-01-02"})))

    said = run(write(tmp_path, csv_text(NADIA, MISO | {"breed": "", "born_on": "", "died_on": ""})))

    assert said == ["Willow & Pine Veterinary: 2 line(s): 0 new, 0 updated, 2 unchanged, 0 refused."]
    with tenant(willow):
        pet = Pet.objects.for_clinic(willow).get()
    assert (pet.breed, pet.born_on, pet.deceased_on) == ("Tabby", date(2021, 4, 11), date(2025, 1, 2))


def test_an_empty_phone_takes_the_phone_away_and_with_it_the_way_in(willow, tmp_path):
    run(write(tmp_path, csv_text(NADIA)))
    old = Contact("sms", "+447700900123")

    run(write(tmp_path, csv_text(NADIA | {"phone": ""})))

    with tenant(willow):
        assert Client.objects.for_clinic(willow).get().phone == ""
    assert directory.clinics_knowing(old) == []


def test_a_file_without_the_phone_column_leaves_the_phone(willow, tmp_path):
    run(write(tmp_path, csv_text(NADIA)))

    run(write(tmp_path, csv_text(NADIA | {"name": "Nadia B"}, columns=["type", "client_id", "name"])))

    with tenant(willow):
        owner = Client.objects.for_clinic(willow).get()
    assert (owner.name, owner.phone, owner.email) == ("Nadia B", "+447700900123", "n@example.com")


def test_a_changed_phone_ends_the_device_that_came_in_by_the_old_one(willow, tmp_path, client):
    owner = factories.create_owner(willow, external_id="C1", phone="+447700900123", email="n@example.com")
    device, token = factories.create_device(owner, contact="+447700900123")
    client.cookies[devices.cookie_name(willow)] = token

    run(write(tmp_path, csv_text(NADIA | {"phone": "07700 900124"})))

    with tenant(willow):
        device.refresh_from_db()
        assert device.is_live(now=device.signed_in_at) is False
    assert directory.clinics_knowing(Contact("sms", "+447700900123")) == []
    assert directory.clinics_knowing(Contact("sms", "+447700900124")) == [willow]


def test_a_phone_that_another_client_still_has_stays_in_the_directory(willow, tmp_path):
    twin = NADIA | {"client_id": "C2", "name": "Sam Brennan", "email": ""}
    run(write(tmp_path, csv_text(NADIA, twin)))

    run(write(tmp_path, csv_text(NADIA | {"phone": "07700 900124"}, twin)))

    assert directory.clinics_knowing(Contact("sms", "+447700900123")) == [willow]


def test_a_pet_may_move_to_another_client(willow, tmp_path):
    sam = NADIA | {"client_id": "C2", "name": "Sam Brennan", "phone": "07700 900125"}
    run(write(tmp_path, csv_text(NADIA, sam, MISO)))

    run(write(tmp_path, csv_text(MISO | {"client_id": "C2"})))

    with tenant(willow):
        assert Pet.objects.for_clinic(willow).get().owner.name == "Sam Brennan"


def test_a_dry_run_counts_everything_and_keeps_nothing(willow, tmp_path):
    said = run(write(tmp_path, csv_text(*ALL)), "--dry-run")

    assert "\n".join(said) == (
        "Willow & Pine Veterinary: 4 line(s): 4 new, 0 updated, 0 unchanged, 0 refused. A dry run: nothing was kept."
    )
    assert counts(willow) == (0, 0, 0, 0)
    assert directory.clinics_knowing(Contact("sms", "+447700900123")) == []


def test_two_clinics_use_the_same_numbers_without_meeting(willow, harbour, tmp_path):
    factories.create_plan(harbour, species="cat", family="flu", name="Cat flu")
    run(write(tmp_path, csv_text(*ALL)))

    run(write(tmp_path, csv_text(NADIA | {"name": "Norma", "phone": "+12025550142"}, MISO)), clinic="harbour")

    assert (counts(willow), counts(harbour)) == ((1, 1, 1, 1), (1, 1, 0, 0))
    with tenant(willow):
        assert Client.objects.for_clinic(willow).get().name == "Nadia Brennan"


def test_statements_do_not_grow_with_the_lines(willow, tmp_path):
    def statements(clients: int) -> int:
        rows = [
            NADIA | {"client_id": f"{clients}-{n}", "phone": "", "email": f"o{clients}-{n}@example.com"}
            for n in range(clients)
        ]
        with CaptureQueriesContext(connection) as captured:
            run(write(tmp_path, csv_text(*rows)))
        return len(captured)

    assert statements(1) == statements(300)
