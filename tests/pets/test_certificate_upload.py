"""“Done elsewhere”: the file of a certificate on its way to the staff."""

from datetime import timedelta

import pytest
from django.utils import timezone
from PIL import Image

from clinics.models import StaffMember
from clinics.tenancy import tenant
from pets import actions
from pets.actions.uploads import UPLOADS_A_DAY
from pets.models import Certificate, PetChange, Species, Upload
from portal.kit.documents import CutOff
from portal.kit.images import Moving, WrongFormat
from tests import factories
from tests.kit.pictures import encoded
from tests.pets.uploads import PDF, cut_off_jpeg, finish, fresh, rows, stored, upload

NOW = timezone.now()


@pytest.fixture
def miso(willow):
    return factories.create_pet(factories.create_owner(willow))


@pytest.fixture
def commits(django_capture_on_commit_callbacks):
    return lambda: django_capture_on_commit_callbacks(execute=True)


def send(pet, content: bytes, plan=None, *, at=NOW) -> Certificate:
    plan = plan or factories.create_plan(pet.owner.clinic)
    with tenant(pet.clinic_id):
        return actions.send_certificate(
            pet=pet, client=pet.owner, plan=plan, upload=upload(content), given_at_clinic="Harbour Vets", now=at
        )


def page() -> bytes:
    return encoded(Image.effect_noise((1240, 2480), 90).convert("RGB"), "JPEG")


def in_hand(pet) -> Upload:
    row: Upload = rows(Upload, pet.clinic_id)[-1]
    return row


def test_a_pdf_is_kept_as_it_came_and_waits_for_staff_at_once(miso, media):
    certificate = send(miso, PDF)

    (path,) = stored(media)
    assert (fresh(certificate).state, certificate.is_pdf, path.read_bytes()) == ("waiting", True, PDF)
    assert (path.parent, len(path.stem), path.suffix) == (media / "certificates" / str(miso.clinic_id), 43, ".pdf")
    assert (in_hand(miso).state, in_hand(miso).raw.name) == ("done", "")


def test_a_photo_is_painted_anew_at_a_size_that_can_be_read(miso, media, commits):
    certificate = send(miso, page())
    before = fresh(certificate).state

    with commits():
        finish(in_hand(miso))

    (path,) = stored(media)
    with Image.open(path) as image:
        assert (image.format, image.size) == ("WEBP", (900, 1800))
    assert (before, fresh(certificate).state, certificate.is_pdf) == ("preparing", "waiting", False)
    assert fresh(miso).photo_url == ""


def test_a_photo_that_cannot_be_read_is_told_to_the_owner(miso, media, commits):
    certificate = send(miso, cut_off_jpeg())

    with commits():
        finish(in_hand(miso))

    assert (fresh(certificate).state, in_hand(miso).refusal, stored(media)) == ("unreadable", "Broken", [])


def test_one_that_no_worker_could_finish_is_told_to_the_owner(miso, willow):
    certificate = send(miso, page(), at=NOW - timedelta(days=2))

    with tenant(willow):
        actions.tidy_uploads(clinic=willow, now=NOW)

    assert fresh(certificate).state == "unreadable"


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", WrongFormat),
        (b"<html>", WrongFormat),
        (PDF[:30], CutOff),
        (
            encoded(
                Image.new("L", (9, 9)), "PNG", save_all=True, append_images=[Image.new("L", (9, 9), 9)], duration=9
            ),
            Moving,
        ),
    ],
    ids=["empty", "html", "cut off", "moving"],
)
def test_what_its_beginning_gives_away_is_refused(miso, media, content, reason):
    with pytest.raises(reason):
        send(miso, content)

    assert (rows(Certificate, miso.clinic_id), stored(media)) == ([], [])


def test_another_species_service_is_refused_and_nothing_stays(miso, willow, media):
    with pytest.raises(actions.OtherSpecies):
        send(miso, PDF, factories.create_plan(willow, species=Species.DOG))

    assert (rows(Upload, miso.clinic_id), stored(media)) == ([], [])


def test_photos_and_certificates_are_counted_together(miso, willow):
    plan = factories.create_plan(willow)
    for _number in range(UPLOADS_A_DAY):
        send(miso, PDF, plan)

    with pytest.raises(actions.TooManyUploads), tenant(willow):
        actions.send_photo(pet=miso, client=miso.owner, upload=upload(), now=NOW)


def test_handing_in_is_in_the_pets_history(miso):
    send(miso, PDF)

    (change,) = rows(PetChange, miso.clinic_id)
    assert (change.kind, change.client_id, change.done_at) == ("certificate", miso.owner_id, NOW)


def test_what_is_taken_back_is_deleted(miso, media, commits):
    certificate = send(miso, PDF)

    with commits(), tenant(miso.clinic_id):
        actions.withdraw_certificate(certificate=certificate, now=NOW)

    assert (fresh(certificate).state, certificate.file.name, stored(media)) == ("withdrawn", "", [])


def test_what_is_taken_back_before_a_worker_saw_it_never_comes(miso, media, commits):
    certificate = send(miso, page())

    with commits(), tenant(miso.clinic_id):
        actions.withdraw_certificate(certificate=certificate, now=NOW)

    assert (fresh(certificate).state, in_hand(miso).state, stored(media)) == ("withdrawn", "refused", [])
    finish(in_hand(miso))
    assert (fresh(certificate).state, stored(media)) == ("withdrawn", [])


def test_what_was_prepared_since_the_page_was_loaded_is_deleted_too(miso, media, commits):
    as_loaded = send(miso, page())
    with commits():
        finish(in_hand(miso))

    with commits(), tenant(miso.clinic_id):
        actions.withdraw_certificate(certificate=as_loaded, now=NOW)

    assert stored(media) == []


def test_what_staff_have_decided_cannot_be_taken_back(miso, willow, media):
    certificate = send(miso, PDF)
    factories.create_staff(willow)
    with tenant(willow):
        vet = StaffMember.objects.get()
        actions.decline_certificate(certificate=certificate, by=vet, answer="Not legible", now=NOW)

        with pytest.raises(actions.AlreadyDecided):
            actions.withdraw_certificate(certificate=certificate, now=NOW)

    assert (fresh(certificate).state, len(stored(media))) == ("declined", 1)
