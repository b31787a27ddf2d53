"""Seventeen ways to look into a neighbour's clinic through the admin. None may show a letter of it."""

from __future__ import annotations

import pytest
from django.contrib.contenttypes.models import ContentType
from django.urls import reverse

from clients.models import Client
from clinics.models import Clinic, StaffAction
from clinics.tenancy import tenant
from messaging.models import Outgoing
from pets.models import CareRecord, Pet
from tests import factories
from tests.staff.rows import action, every_row, listing, page, staff, typed_client

FOREIGN = "Harbourmark"


@pytest.fixture
def foreign(harbour):
    """The neighbour's rows. Nothing of them, nor the neighbour's name, may ever be in an answer."""
    return every_row(harbour, FOREIGN)


@pytest.fixture
def own(client, willow):
    """The staff member's own rows, and the sign-in of an owner of the clinic, who may see the most."""
    rows = every_row(willow, "Willowmark")
    staff(client, willow)
    return rows


def assert_blind(response, *, status: int | None = None) -> None:
    told = response.content.decode() + str(response.headers)
    assert [word for word in (FOREIGN, FOREIGN.lower(), "Harbour Street") if word in told] == []
    if status is not None:
        assert response.status_code == status


def test_1_lists_show_own_rows_only(client, own, foreign):
    for row in own.values():
        assert_blind(client.get(listing(row), follow=True), status=200)


def test_2_a_foreign_id_opens_no_change_page(client, own, foreign):
    for row in foreign.values():
        assert_blind(client.get(page(row)), status=404)


def test_3_a_foreign_id_saves_nothing(client, own, foreign):
    for row in foreign.values():
        assert_blind(client.post(page(row), {"name": "Mine now", "_save": "1"}), status=404)


def test_4_a_foreign_id_opens_no_delete_page(client, own, foreign):
    deletable = ["openinghours", "hoursexception", "emergencyclinic", "legaltext"]
    for row in [foreign[f"clinics.{name}"] for name in deletable] + [
        foreign[label] for label in ("pets.carerecord", "pets.breed", "bookings.closure")
    ]:
        assert_blind(client.get(page(row, "delete")), status=404)
        assert_blind(client.post(page(row, "delete"), {"post": "yes"}), status=404)


def test_5_a_foreign_id_opens_no_history(client, own, foreign):
    for row in foreign.values():
        assert_blind(client.get(page(row, "history")), status=404)


def test_6_selects_on_add_and_change_pages_offer_own_rows(client, own, foreign):
    for row in own.values():
        assert_blind(client.get(page(row)), status=200)
    for label in ("pets.pet", "pets.carerecord", "clients.client", "clinics.staffmember"):
        assert_blind(client.get(listing(own[label], "add")), status=200)


def test_7_no_page_has_a_field_for_the_clinic(client, own, foreign):
    for row in own.values():
        assert 'name="clinic"' not in client.get(page(row)).content.decode()


@pytest.mark.parametrize("field", ["pet", "plan"])
def test_8_a_forged_link_is_refused_without_a_row(client, own, foreign, field):
    links = {"pet": own["pets.pet"].pk, "plan": own["pets.careplan"].pk} | {
        field: foreign[f"pets.{field.replace('plan', 'careplan')}"].pk
    }
    typed = links | {"given_on": "2026-05-01", "valid_until": "2027-05-01"}

    response = client.post(listing(CareRecord, "add"), typed)

    assert_blind(response, status=200)
    assert list(response.context["adminform"].form.errors) == [field]


def test_9_a_forged_clinic_is_ignored(client, own, foreign, willow, harbour):
    typed = {
        "name": "New",
        "phone": "07700 900555",
        "email": "",
        "language": "en",
        "clinic": harbour.pk,
        "clinic_id": harbour.pk,
    }

    client.post(listing(Client, "add"), typed)

    with tenant(willow):
        assert Client.objects.for_clinic(willow).get(name="New").clinic == willow


def test_10_filters_by_a_link_offer_own_rows(client, own, foreign, willow):
    factories.create_plan(willow, name="Second", species="cat")
    response = client.get(listing(CareRecord))

    offered = [
        choice["display"]
        for spec in response.context["cl"].filter_specs
        for choice in spec.choices(response.context["cl"])
    ]
    assert sorted(offered) == ["All", "Cat: Second", "Cat: Willowmark rabies"]


def test_11_a_filter_with_a_foreign_id_finds_nothing(client, own, foreign, willow):
    factories.create_plan(willow)
    response = client.get(listing(CareRecord), {"plan__id__exact": foreign["pets.careplan"].pk})

    assert_blind(response, status=200)
    assert response.context["cl"].result_count == 0


@pytest.mark.parametrize(
    "lookup",
    [
        "owner__phone__startswith",
        "owner__email",
        "name__startswith",
        "clinic",
        "clinic__name__startswith",
        "owner__clinic__id__exact",
    ],
)
def test_12_other_lookups_in_the_address_are_refused(client, own, foreign, lookup):
    assert_blind(client.get(listing(Pet), {lookup: "+1202"}), status=400)


def test_13_autocomplete_finds_own_rows(client, own, foreign):
    asked = {"term": "mark", "app_label": "pets", "model_name": "pet", "field_name": "owner"}

    response = client.get(reverse("admin:autocomplete"), asked)

    assert_blind(response, status=200)
    assert [found["text"] for found in response.json()["results"]] == ["Willowmark Brennan"]


def test_14_popups_and_prefilled_links_show_own_rows(client, own, foreign):
    assert_blind(client.get(listing(Pet, "add"), {"owner": foreign["clients.client"].pk}), status=200)
    assert_blind(client.get(listing(Client), {"_popup": "1", "_to_field": "id"}), status=200)
    assert_blind(client.get(page(foreign["clients.client"]), {"_popup": "1"}), status=404)
    assert_blind(client.get(listing(Client), {"_to_field": "email"}), status=400)


def test_15_forged_inline_rows_change_nothing_of_a_neighbour(client, own, foreign, harbour):
    pet = own["pets.pet"]
    with tenant(harbour):
        theirs = foreign["pets.pet"].weights.for_clinic(harbour).get()
    typed = {
        "owner": pet.owner_id,
        "name": pet.name,
        "species": "cat",
        "sex": "unknown",
        "neutered": "unknown",
    }
    typed |= {"care_records-TOTAL_FORMS": 0, "care_records-INITIAL_FORMS": 0}
    typed |= {
        "weights-TOTAL_FORMS": 1,
        "weights-INITIAL_FORMS": 1,
        "weights-0-id": theirs.pk,
        "weights-0-pet": pet.pk,
    }
    typed |= {"weights-0-weighed_on": "2026-05-01", "weights-0-kg": "99"}

    assert_blind(client.post(page(pet), typed), status=200)

    with tenant(harbour):
        theirs.refresh_from_db()
        assert str(theirs) == "4.2 kg"


def test_16_actions_on_foreign_rows_do_nothing(client, own, foreign, harbour):
    assert_blind(client.post(listing(Client), action("archive", foreign["clients.client"]), follow=True))
    assert_blind(client.post(listing(Outgoing), action("send_again", foreign["messaging.outgoing"]), follow=True))

    with tenant(harbour):
        assert Client.objects.for_clinic(harbour).current().count() == 1
        assert Outgoing.objects.for_clinic(harbour).count() == 1


def test_17_view_on_site_leads_nowhere(client, own, foreign):
    for row in [*foreign.values(), *own.values()]:
        kind = ContentType.objects.get_for_model(row)
        assert_blind(client.get(f"/staff/r/{kind.pk}/{row.pk}/"), status=404)


def test_a_search_finds_own_rows_by_a_contact_that_both_clinics_know(client, own, foreign):
    for label, words in {
        "clients.client": foreign["clients.client"].email,
        "pets.pet": FOREIGN,
        "messaging.outgoing": foreign["messaging.outgoing"].to,
    }.items():
        response = client.get(listing(own[label]), {"q": words})

        assert response.context["cl"].result_count == 0


def test_the_photo_of_a_neighbours_pet_is_not_there(client, own, foreign):
    assert_blind(client.get(page(foreign["pets.pet"], "photo")), status=404)


def test_a_neighbours_log_is_not_read(client, own, foreign, harbour, willow):
    row, colleague = own["clients.client"], factories.create_staff(harbour)
    entry = StaffAction(user=colleague, kind="changed", model="clients.client", row_id=row.pk, summary=FOREIGN)
    with tenant(harbour):
        entry.clinic = harbour
        entry.save()

    assert_blind(client.get(page(row, "history")), status=200)


def test_a_client_is_changed_at_ones_own_clinic_only(client, own, foreign, willow, harbour):
    client.post(page(own["clients.client"]), typed_client(own["clients.client"], name="Nadia"))

    assert {clinic.slug: _names(clinic) for clinic in (willow, harbour)} == {
        "willow": ["Nadia"],
        "harbour": [f"{FOREIGN} Brennan"],
    }


def _names(clinic: Clinic) -> list[str]:
    with tenant(clinic):
        return list(Client.objects.for_clinic(clinic).values_list("name", flat=True))
