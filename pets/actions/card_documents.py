"""The Pet ID card as a PDF: asked for by its owner, made by a worker, kept until something on it changes."""

from __future__ import annotations

from datetime import datetime, timedelta
from functools import partial
from typing import TYPE_CHECKING

from django.core.files.base import ContentFile
from django.db import transaction
from django.utils.translation import get_language

from pets.id_card.documents import digest_of
from pets.models import CardDocument, IdCard

if TYPE_CHECKING:
    from pets.id_card.content import CardContent

State = CardDocument.State
# A worker needs a second. What takes longer was lost with its worker, and is asked for again.
LOST_AFTER = timedelta(seconds=30)


@transaction.atomic
def ask_for_document(*, content: CardContent, form: str, now: datetime, again: bool = False) -> CardDocument:
    """The card's document in this form: ready, if what is on it hasn't changed; else a worker makes it.

    Asking often costs nothing: one that is being made isn't asked for twice, unless its worker seems to have died.
    `again` also makes anew what failed, or what is ready and whose file is gone.
    """
    clinic, digest = content.clinic, digest_of(content, form)
    documents = CardDocument.objects.for_clinic(clinic)
    fresh = {"digest": digest, "state": State.MAKING, "asked_at": now}
    document, is_new = documents.get_or_create(clinic=clinic, card=content.card, form=form, defaults=fresh)
    if not is_new:
        if not _is_wanted(document, digest, now=now, again=again):
            return document
        # Of two who ask at once, one wins and nudges.
        if not documents.filter(pk=document.pk, asked_at=document.asked_at, state=document.state).update(**fresh):
            document.refresh_from_db()
            return document
        document.digest, document.state, document.asked_at = digest, State.MAKING, now
    language = get_language() or clinic.language
    transaction.on_commit(partial(_nudge, clinic.pk, document.pk, now, language), robust=True)
    return document


@transaction.atomic
def claim_document(*, document: CardDocument, asked_at: datetime, now: datetime) -> bool:
    """A worker begins: of several who were told to, or of one that was told twice, the first. `asked_at` is what it
    was told."""
    documents = CardDocument.objects.for_clinic(document.clinic)
    waiting = documents.filter(pk=document.pk, state=State.MAKING, asked_at=asked_at)
    if not waiting.update(asked_at=now):
        return False
    document.asked_at = now
    return True


@transaction.atomic
def keep_document(*, document: CardDocument, digest: str, pdf: bytes, now: datetime) -> bool:
    """What a worker has made of the document that it claimed. False if somebody has asked for another one meanwhile.

    `digest` is of what was printed. The file before it goes once this is committed.
    """
    on_file = _claimed(document)
    if on_file is None:
        return False
    before = str(on_file.file.name)
    on_file.file.save(f"{document.clinic.pk}/{digest}-{document.form}.pdf", ContentFile(pdf), save=False)
    on_file.digest, on_file.state, on_file.made_at = digest, State.READY, now
    on_file.save(update_fields=["file", "digest", "state", "made_at"])
    if before not in {"", on_file.file.name}:
        transaction.on_commit(partial(on_file.file.storage.delete, before), robust=True)
    return True


@transaction.atomic
def give_up_document(*, document: CardDocument) -> None:
    """It couldn't be made; its owner is told so, and may ask again."""
    if on_file := _claimed(document):
        on_file.state = State.FAILED
        on_file.save(update_fields=["state"])


@transaction.atomic
def forget_documents(*, card: IdCard) -> None:
    """The files of a card that nobody downloads any more; they go once this is committed."""
    # Held, so that a worker that is about to put a file there comes before this or finds no row.
    for document in CardDocument.objects.for_clinic(card.clinic).filter(card=card).select_for_update():
        if document.file:
            transaction.on_commit(partial(document.file.storage.delete, str(document.file.name)), robust=True)
        document.delete()


def _is_wanted(document: CardDocument, digest: str, *, now: datetime, again: bool) -> bool:
    if document.digest != digest:
        return True
    if document.state == State.MAKING:
        return document.asked_at < now - LOST_AFTER
    return again


def _claimed(document: CardDocument) -> CardDocument | None:
    """The row, held, if it is still the claim of whoever holds `document`."""
    rows = CardDocument.objects.for_clinic(document.clinic).select_for_update(no_key=True)
    return rows.filter(pk=document.pk, state=State.MAKING, asked_at=document.asked_at).first()


def _nudge(clinic_id: int, document_id: int, asked_at: datetime, language: str) -> None:
    """Say “print”. It may be lost: the page that waits for it asks again."""
    from pets.tasks import make_card_document  # Here, because tasks are what becomes of the rows above.

    make_card_document.apply_async(
        kwargs={
            "clinic_id": clinic_id,
            "document_id": document_id,
            "asked_at": asked_at.isoformat(),
            "language": language,
        },
        expires=LOST_AFTER.total_seconds(),
    )
