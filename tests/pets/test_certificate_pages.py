"""“Done elsewhere” on the owner's side: the dialog, the list on the pet's page, and the file."""

import re
from datetime import date, timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from clinics.models import StaffMember
from clinics.tenancy import tenant
from pets import actions
from pets.incoming import certificates_of
from pets.models import Certificate, Species
from tests import factories
from tests.pets.uploads import PDF, cut_off_jpeg, finish, fresh, jpeg, rows, stored, upload


@pytest.fixture
def miso(owner):
    return factories.create_pet(owner, name="Miso")


@pytest.fixture
def rabies(willow):
    return factories.create_plan(willow, name="Rabies")


def add_address(pet) -> str:
    return reverse("pets:certificate_add", args=["willow", pet.pk])


def address(name: str, certificate) -> str:
    return reverse(f"pets:certificate_{name}", args=["willow", certificate.pet_id, certificate.pk])


def fields(plan, content: bytes = PDF, /, **changes):
    said = {"plan": plan.pk, "given_at_clinic": "Harbour Vets", "given_on_day": "3", "given_on_month": "5"}
    return said | {"given_on_year": "2024", "file": upload(content, "c.pdf")} | changes


def hand_in(pet, plan, content: bytes = PDF) -> Certificate:
    with tenant(pet.clinic_id):
        file = upload(content)
        return actions.send_certificate(pet=pet, client=pet.owner, plan=plan, upload=file, now=timezone.now())


def test_the_dialog_offers_the_services_in_use_for_the_species(signed_in, miso, rabies, willow):
    factories.create_plan(willow, name="Old", is_active=False)
    factories.create_plan(willow, name="For dogs", species=Species.DOG)

    response = signed_in.get(f"{add_address(miso)}?plan={rabies.pk}")

    html = response.content.decode()
    assert re.findall(r'<option value="[0-9]+"[^>]*>(.*?)</option>', html) == ["Rabies"]
    assert (response.status_code, html.count(f'<option value="{rabies.pk}" selected>Rabies</option>')) == (200, 1)
    assert html.count('<div class="app" inert>') == html.count('data-close="/willow/pets/') == 1


@pytest.mark.parametrize("plan", ["", "x", "0", "9" * 40, "%00", "1'"])
def test_a_plan_that_is_none_preselects_none(signed_in, miso, rabies, plan):
    html = signed_in.get(f"{add_address(miso)}?plan={plan}").content.decode()

    assert (html.count(f'value="{rabies.pk}"'), html.count(f'value="{rabies.pk}" selected')) == (1, 0)


@pytest.mark.parametrize("content", [PDF, jpeg()], ids=["pdf", "photo"])
def test_a_certificate_is_handed_in_and_confirmed(signed_in, miso, rabies, content):
    response = signed_in.post(add_address(miso), fields(rabies, content))

    (row,) = rows(Certificate, miso.clinic_id)
    page = signed_in.get(response.headers["Location"]).content.decode()
    assert (response.status_code, page.count("Miso’s certificate is with us")) == (303, 1)
    assert (row.plan_id, row.given_at_clinic, row.given_on) == (rabies.pk, "Harbour Vets", date(2024, 5, 3))


def test_the_date_may_be_left_out(signed_in, miso, rabies):
    no_day = {"given_on_day": "", "given_on_month": "", "given_on_year": ""}

    assert signed_in.post(add_address(miso), fields(rabies, **no_day)).status_code == 303
    assert rows(Certificate, miso.clinic_id)[0].given_on is None


@pytest.mark.parametrize(
    ("changes", "field", "words"),
    [
        ({"file": upload(b"")}, "file", "Choose a photo (JPEG, PNG or WebP) or a PDF."),
        ({"file": upload(PDF[:30])}, "file", "This PDF isn’t complete;"),
        ({"file": ""}, "file", "Choose a photo or a PDF of the certificate."),
        ({"plan": ""}, "plan", "Choose what was done."),
        ({"plan": "9" * 40}, "plan", "Choose one of these services."),
        ({"given_at_clinic": " \u202e "}, "given_at_clinic", "Enter the name of the clinic."),
        ({"given_at_clinic": "x" * 10_000}, "given_at_clinic", "That’s longer than we can keep."),
        ({"given_on_year": str(timezone.localdate().year + 1)}, "given_on", "This day is still to come."),
        ({"given_on_day": "31", "given_on_month": "2"}, "given_on", "This day is not in the calendar."),
    ],
)
def test_what_is_wrong_is_said_beside_the_field(signed_in, miso, rabies, media, changes, field, words):
    response = signed_in.post(add_address(miso), fields(rabies, **changes))

    errors = response.context["form"].errors
    assert (response.status_code, errors[field][0].startswith(words)) == (422, True)
    assert set(errors) == {field, "file"}  # A browser doesn't keep a file, so it has to be chosen again.
    assert "<title>Error:" in response.content.decode()
    assert (rows(Certificate, miso.clinic_id), stored(media)) == ([], [])


def test_what_was_typed_is_kept(signed_in, miso, rabies):
    html = signed_in.post(add_address(miso), fields(rabies, given_at_clinic="<b>Ünï 🐈", plan="")).content.decode()

    assert html.count('value="&lt;b&gt;Ünï 🐈"') == 1


def test_the_twenty_first_file_of_a_day_is_refused_beside_the_field(signed_in, miso, rabies):
    for _number in range(20):
        hand_in(miso, rabies)

    response = signed_in.post(add_address(miso), fields(rabies))

    assert (response.status_code, "You’ve sent 20 files" in response.context["form"].errors["file"][0]) == (422, True)


def test_the_page_tells_how_each_one_stands(miso, rabies, willow):
    waiting, taken_back, unread, declined = (
        hand_in(miso, rabies, content) for content in (PDF, PDF, cut_off_jpeg(), PDF)
    )
    factories.create_staff(willow)
    finish(unread.upload)
    with tenant(willow):
        vet, now = StaffMember.objects.get(), timezone.now()
        actions.withdraw_certificate(certificate=taken_back, now=now)
        actions.decline_certificate(certificate=declined, by=vet, answer="The lot is missing.", now=now)

        told = [(one.certificate.pk, one.state_text, one.words.split(";")[0]) for one in certificates_of(miso)]

    assert told == [
        (declined.pk, "Not accepted", "The lot is missing."),
        (unread.pk, "Could not be read", "We couldn’t read this picture"),
        (waiting.pk, "The clinic checks it", ""),
    ]


@pytest.mark.parametrize("count", [1, 3])
def test_any_number_costs_one_statement(miso, rabies, statements, count):
    for _number in range(count):
        hand_in(miso, rabies)

    with tenant(miso.clinic_id), statements(1):
        told = [(one.certificate.plan.name, one.line, one.words) for one in certificates_of(miso)]

    assert len(told) == count


def test_the_list_offers_to_take_back_and_got_it_puts_away(signed_in, miso, rabies, willow):
    certificate = hand_in(miso, rabies)
    page = signed_in.get(reverse("pets:pet", args=["willow", miso.pk])).content.decode()

    too_soon = signed_in.post(address("seen", certificate))
    back = signed_in.post(address("withdraw", certificate))
    again = signed_in.post(address("withdraw", certificate))

    assert (page.count("Certificates you sent"), page.count(address("withdraw", certificate))) == (1, 1)
    assert [answer.status_code for answer in (too_soon, back, again)] == [303, 303, 303]
    assert (fresh(certificate).state, certificate.seen_at) == ("withdrawn", None)


def test_an_answer_that_was_read_is_put_away(signed_in, miso, rabies):
    certificate = hand_in(miso, rabies, cut_off_jpeg())
    finish(certificate.upload)

    signed_in.post(address("seen", certificate))

    assert fresh(certificate).seen_at is not None


def test_the_owner_downloads_a_pdf_and_sees_a_photo(signed_in, miso, rabies):
    paper, photo = hand_in(miso, rabies), hand_in(miso, rabies, jpeg())
    not_yet = signed_in.get(address("file", photo)).status_code
    finish(photo.upload)

    answers = [signed_in.get(address("file", one)) for one in (paper, photo)]

    assert b"".join(answers[0]) == PDF
    assert [(one.headers["Content-Type"], one.headers["Content-Disposition"].split(";")[0]) for one in answers] == [
        ("application/pdf", "attachment"),
        ("image/webp", "inline"),
    ]
    assert {one.headers["Content-Security-Policy"] for one in answers} == {"default-src 'none'; sandbox"}
    assert (not_yet, [one.headers["Cache-Control"].startswith("private") for one in answers]) == (404, [True, True])
    answers[0].close()


@pytest.mark.parametrize("switch", ["accepts_certificates", "has_pet_management"])
def test_where_it_is_switched_off_there_is_no_such_page(signed_in, miso, rabies, willow, switch):
    certificate = hand_in(miso, rabies)
    setattr(willow, switch, False)
    willow.save()

    answers = [
        signed_in.get(add_address(miso)),
        signed_in.post(add_address(miso), fields(rabies)),
        signed_in.post(address("withdraw", certificate)),
        signed_in.post(address("seen", certificate)),
    ]

    assert [answer.status_code for answer in answers] == [404] * 4
    assert (len(rows(Certificate, willow.pk)), fresh(certificate).state) == (1, "waiting")


def test_a_neighbours_a_deceased_and_a_wrong_pet_are_not_found(signed_in, owner, miso, rabies, willow):
    neighbours = factories.create_pet(factories.create_owner(willow))
    pepper = factories.create_pet(owner, deceased_on=timezone.localdate() - timedelta(days=1))
    theirs, mine = hand_in(neighbours, rabies), hand_in(miso, rabies)
    wrong = reverse("pets:certificate_file", args=["willow", pepper.pk, mine.pk])

    answers = [signed_in.post(add_address(pet), fields(rabies)).status_code for pet in (neighbours, pepper)]
    answers += [signed_in.get(path).status_code for path in (address("file", theirs), wrong)]

    assert answers == [404] * 4
