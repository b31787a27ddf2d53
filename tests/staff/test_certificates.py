"""“Done elsewhere” as staff read it: a file to download, a record to make, or an answer to the owner."""

from __future__ import annotations

from datetime import date

import pytest
from django.core.files.base import ContentFile

from clinics.models import Role, StaffAction
from clinics.tenancy import tenant
from pets.models import CareRecord, Certificate
from tests import factories
from tests.staff.rows import create_certificate, listing, page, staff

PAPER = {
    "paper_given_on": "2026-05-01",
    "valid_until": "2027-05-01",
    "paper_clinic": "Cray Veterinary Centre",
    "product": "Canivax L4",
    "lot": "CL6032",
    "vet_name": "Dr Bell",
}


@pytest.fixture
def certificate(client, willow):
    staff(client, willow, Role.VET)
    pet = factories.create_pet(factories.create_owner(willow), name="Miso")
    said = {"given_at_clinic": "Cray Vets", "given_on": date(2026, 4, 30)}
    return create_certificate(pet, factories.create_plan(willow, name="Rabies"), **said)


def errors(response) -> dict[str, list[str]]:
    return {name: list(found) for name, found in response.context["adminform"].form.errors.items()}


def reread(certificate: Certificate) -> Certificate:
    with tenant(certificate.clinic):
        return Certificate.objects.for_clinic(certificate.clinic).select_related("record").get(pk=certificate.pk)


def test_the_form_begins_with_what_the_owner_said(client, certificate):
    response = client.get(page(certificate))

    form = response.context["adminform"].form
    assert [form[name].value() for name in ("paper_given_on", "paper_clinic", "valid_until")] == [
        date(2026, 4, 30),
        "Cray Vets",
        None,
    ]
    assert "Cray Vets, 30 April 2026" in response.content.decode()


def test_accepted_it_becomes_a_record_and_the_owners_words_stay(client, willow, certificate):
    response = client.post(page(certificate), PAPER | {"_accept": ""})

    kept = reread(certificate)
    assert response.headers["Location"] == listing(Certificate)
    assert (kept.state, kept.given_at_clinic, kept.given_on) == ("accepted", "Cray Vets", date(2026, 4, 30))
    record = kept.record
    assert record is not None
    assert (record.given_on, record.valid_until) == (date(2026, 5, 1), date(2027, 5, 1))
    assert (record.given_at_clinic, record.product, record.lot) == ("Cray Veterinary Centre", "Canivax L4", "CL6032")
    with tenant(willow):
        assert [entry.summary for entry in StaffAction.objects.for_clinic(willow)] == ["Accepted"]
    assert page(record) in client.get(page(certificate)).content.decode()


@pytest.mark.parametrize(
    ("typed", "field", "words"),
    [
        ({"paper_given_on": ""}, "paper_given_on", "Enter the date that is on the paper."),
        ({"valid_until": ""}, "valid_until", "Enter the date that is on the paper."),
        ({"valid_until": "31/02/2027"}, "valid_until", "Enter a valid date."),
        ({"valid_until": "2026-04-01"}, "valid_until", "“Valid until” is before “given on”."),
        ({"paper_given_on": "2999-01-01"}, "paper_given_on", "This day is still to come."),
        ({"paper_clinic": " "}, "paper_clinic", "Name the clinic that gave it: the card shows where it comes from."),
        ({"lot": "a\0b"}, "lot", "Null characters are not allowed."),
    ],
)
def test_bad_input_is_told_beside_its_field_and_nothing_is_made(client, willow, certificate, typed, field, words):
    response = client.post(page(certificate), PAPER | typed | {"_accept": ""})

    assert errors(response) == {field: [words]}
    assert reread(certificate).state == "waiting"
    with tenant(willow):
        assert CareRecord.objects.for_clinic(willow).count() == 0


def test_a_decline_needs_a_reason_and_no_dates(client, certificate):
    silent = client.post(page(certificate), {"_decline": ""})
    client.post(page(certificate), {"_decline": "", "answer": "Page one, please."})

    assert errors(silent) == {"answer": ["Tell the owner why."]}
    assert (reread(certificate).state, reread(certificate).answer) == ("declined", "Page one, please.")


@pytest.mark.parametrize("pressed", [{"_accept": ""}, PAPER | {"_accept": ""}, {"_decline": "", "answer": "No."}])
def test_the_second_decision_is_told(client, certificate, pressed):
    client.post(page(certificate), PAPER | {"_accept": ""})

    response = client.post(page(certificate), pressed)

    assert errors(response) == {"__all__": ["This has been decided already."]}


@pytest.mark.parametrize("state", [Certificate.State.PREPARING, Certificate.State.UNREADABLE])
def test_what_no_worker_has_read_is_not_the_staffs_yet(client, willow, certificate, state):
    unseen = create_certificate(certificate.pet, certificate.plan, state=state)

    assert client.get(page(unseen)).status_code == 404
    assert [row.pk for row in client.get(listing(Certificate)).context["cl"].result_list] == [certificate.pk]


def test_reception_sees_it_and_decides_nothing(client, willow, certificate):
    staff(client, willow, Role.RECEPTION)

    shown = client.get(page(certificate))
    pressed = client.post(page(certificate), PAPER | {"_accept": ""})

    assert (shown.status_code, "_accept" in shown.content.decode(), pressed.status_code) == (200, False, 403)


@pytest.mark.parametrize(
    ("is_pdf", "kind", "disposition"), [(True, "application/pdf", "attachment"), (False, "image/webp", "inline")]
)
def test_a_pdf_is_offered_for_download_only_and_nothing_in_a_file_runs(
    client, willow, certificate, settings, tmp_path, is_pdf, kind, disposition
):
    settings.MEDIA_ROOT = tmp_path
    with tenant(willow):
        certificate.file.save("x", ContentFile(b"%PDF-"), save=False)
        certificate.is_pdf = is_pdf
        certificate.save()

    response = client.get(page(certificate, "file"))

    assert (response.status_code, b"".join(response)) == (200, b"%PDF-")
    assert response.headers["Content-Type"] == kind
    assert response.headers["Content-Disposition"].partition(";")[0] == disposition
    assert response.headers["X-Content-Type-Options"] == "nosniff"
    assert response.headers["Content-Security-Policy"] == "default-src 'none'; sandbox"


def test_without_a_file_there_is_no_download(client, certificate):
    assert client.get(page(certificate, "file")).status_code == 404


@pytest.mark.parametrize("count", [1, 3])
def test_the_list_asks_as_often_for_one_row_as_for_three(client, certificate, statements, count):
    for _number in range(count - 1):
        create_certificate(factories.create_pet(certificate.client), certificate.plan)

    with statements(7):
        client.get(listing(Certificate))
