"""Files on their way in: taken by the web process with a glance at the header, looked at by a worker.

A worker may be late, die at any line, or get the same file twice. The row waits until one is through with it.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from functools import partial
from typing import TYPE_CHECKING, Any

from django.core.files.base import ContentFile, File
from django.db import transaction
from django.utils.translation import gettext_lazy

from clients.models import Client
from pets.actions.certificates import hand_in_certificate
from pets.actions.photos import set_photo
from pets.models import CarePlan, Certificate, Pet, Upload
from portal.kit import crypto
from portal.kit.documents import check_pdf, is_pdf
from portal.kit.images import Broken, UnusablePicture, check_picture, read_picture
from portal.kit.refusals import Refusal

if TYPE_CHECKING:
    from clinics.models import Clinic

UPLOADS_A_DAY = 20
# A page of print stays readable at that, in pixels of its longer side.
CERTIFICATE_SIDE = 1800
# The nudge was surely lost by then; a day later no worker will manage, and a week later nobody asks any more.
LOST_AFTER, GIVEN_UP_AFTER, KEPT_FOR = timedelta(minutes=1), timedelta(days=1), timedelta(days=7)


class TooManyUploads(Refusal):
    message = gettext_lazy("You’ve sent 20 files within a day. Please send this one tomorrow.")


@transaction.atomic
def send_photo(*, pet: Pet, client: Client, upload: File[Any], now: datetime) -> Upload:
    """Take in what shall become the pet's photo, for a worker to look at.

    Raises one of the kit's UnusablePictures, as far as the header tells, or TooManyUploads.
    """
    check_picture(upload)
    _count(client, now=now)
    return _take_in(Upload(clinic=pet.clinic, pet=pet, client=client, sent_at=now), upload)


@transaction.atomic
def send_certificate(
    *,
    pet: Pet,
    client: Client,
    plan: CarePlan,
    upload: File[Any],
    now: datetime,
    given_at_clinic: str = "",
    given_on: date | None = None,
) -> Certificate:
    """Hand in another clinic's paper. A PDF is kept as it came and waits for staff at once, a picture for a worker.

    Raises one of the kit's UnusablePictures or UnusableDocuments, TooManyUploads, or OtherSpecies.
    """
    is_document = is_pdf(upload)
    if is_document:
        check_pdf(upload)
    else:
        check_picture(upload)
    _count(client, now=now)
    certificate = hand_in_certificate(
        pet=pet, client=client, plan=plan, given_at_clinic=given_at_clinic, given_on=given_on, now=now
    )
    row = Upload(clinic=pet.clinic, pet=pet, client=client, certificate=certificate, sent_at=now)
    if is_document:
        _keep(certificate, upload, ending="pdf")
        row.state, row.done_at = Upload.State.DONE, now
        row.save()
    else:
        _take_in(row, upload)
    return certificate


@transaction.atomic
def finish_upload(*, upload: Upload, now: datetime) -> None:
    """Make of a waiting file what it was sent for, or keep why not. The raw file goes once this is committed.

    Does nothing for one that is done, or that another worker has in hand.
    """
    waiting = Upload.objects.for_clinic(upload.clinic).waiting().filter(pk=upload.pk)
    # `of`, so that the pet and the certificate are not held while their file is decoded.
    mine = waiting.select_related("pet", "client", "certificate").select_for_update(of=("self",), skip_locked=True)
    row = mine.first()
    if row is None:
        return
    row.pet.clinic = upload.clinic
    try:
        with row.raw.open("rb") as file:
            if row.certificate:
                _read_certificate(row.certificate, file)
            else:
                set_photo(pet=row.pet, upload=file, by=row.client, now=row.sent_at)
    except UnusablePicture as refusal:
        _settle(row, now=now, refusal=refusal)
    except FileNotFoundError:
        _settle(row, now=now, refusal=Broken())
    else:
        _settle(row, now=now)


@transaction.atomic
def tidy_uploads(*, clinic: Clinic, now: datetime) -> list[int]:
    """Give up on what no worker could finish, and forget what was settled a week ago.

    Returns the ids of what still waits although its nudge must have been lost.
    """
    uploads = Upload.objects.for_clinic(clinic)
    for row in _free(uploads.waiting().filter(sent_at__lt=now - GIVEN_UP_AFTER)):
        _settle(row, now=now, refusal=Broken())
    for row in _free(uploads.exclude(state=Upload.State.WAITING).filter(done_at__lt=now - KEPT_FOR)):
        _delete_raw(row)
        row.delete()
    lost = uploads.waiting().filter(sent_at__lt=now - LOST_AFTER)
    return list(lost.order_by("pk").values_list("pk", flat=True))


def nudge(*, clinic_id: int, upload_id: int) -> None:
    """Say “look” to a worker. It may be lost."""
    from pets.tasks import finish_upload as task  # Here, because tasks are what becomes of the rows above.

    task.delay(clinic_id=clinic_id, upload_id=upload_id)


def _count(client: Client, *, now: datetime) -> None:
    """The client's row is locked, so that twenty at once are counted one after another. Raises TooManyUploads."""
    Client.objects.for_clinic(client.clinic).select_for_update(no_key=True).get(pk=client.pk)
    sent = Upload.objects.for_clinic(client.clinic).filter(client=client, sent_at__gt=now - timedelta(days=1))
    if sent.count() >= UPLOADS_A_DAY:
        raise TooManyUploads


def _take_in(row: Upload, upload: File[Any]) -> Upload:
    row.raw.save(f"{row.clinic_id}/{crypto.new_token()}", upload, save=False)
    try:
        row.save()
    except BaseException:
        row.raw.storage.delete(str(row.raw.name))
        raise
    transaction.on_commit(partial(nudge, clinic_id=row.clinic_id, upload_id=row.pk), robust=True)
    return row


def _keep(certificate: Certificate, file: File[Any], *, ending: str) -> None:
    """From now on it waits for staff."""
    certificate.file.save(f"{certificate.clinic_id}/{crypto.new_token()}.{ending}", file, save=False)
    certificate.is_pdf, certificate.state = ending == "pdf", Certificate.State.WAITING
    certificate.save(update_fields=["file", "is_pdf", "state"])


def _read_certificate(certificate: Certificate, file: File[Any]) -> None:
    picture = read_picture(file, side=CERTIFICATE_SIDE)
    if _is_still_wanted(certificate):
        _keep(certificate, ContentFile(picture.as_webp(side=CERTIFICATE_SIDE)), ending="webp")


def _is_still_wanted(certificate: Certificate) -> bool:
    """Locks the row. The owner may have taken it back meanwhile."""
    rows = Certificate.objects.for_clinic(certificate.clinic).filter(state=Certificate.State.PREPARING)
    return rows.select_for_update(no_key=True).filter(pk=certificate.pk).first() is not None


def _settle(row: Upload, *, now: datetime, refusal: Refusal | None = None) -> None:
    row.state, row.done_at = (Upload.State.REFUSED if refusal else Upload.State.DONE), now
    row.refusal = type(refusal).__name__ if refusal else ""
    row.save(update_fields=["state", "done_at", "refusal"])
    if refusal and row.certificate_id:
        unread = Certificate.objects.for_clinic(row.clinic).filter(pk=row.certificate_id)
        unread.filter(state=Certificate.State.PREPARING).update(state=Certificate.State.UNREADABLE, decided_at=now)
    _delete_raw(row)


def _free(rows: Any) -> Iterable[Upload]:
    """Those that no worker has in hand, held."""
    found: Iterable[Upload] = rows.select_for_update(skip_locked=True).order_by("pk")[:1000]
    return found


def _delete_raw(row: Upload) -> None:
    if row.raw:
        transaction.on_commit(partial(row.raw.storage.delete, str(row.raw.name)), robust=True)
