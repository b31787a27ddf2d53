"""Printed cards, as the tests of cards meet them."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.core.files.base import ContentFile
from django.utils import timezone, translation
from PIL import Image

from clinics.models import Clinic
from clinics.tenancy import tenant
from pets import actions, tasks
from pets.id_card import content, documents
from pets.id_card.content import CardContent
from pets.id_card.documents import Printable
from pets.models import CardDocument, Pet
from tests.kit.pictures import encoded
from tests.pets.cards import NOON, TODAY

Form, State = CardDocument.Form, CardDocument.State


def content_of(pet: Pet, *, at: datetime = NOON, **fields: Any) -> CardContent:
    """What is on the pet's card; `fields` say otherwise."""
    with tenant(pet.clinic):
        on_it = content.content_of(actions.open_card(pet=pet, now=at), today=TODAY)
    for name, value in fields.items():
        object.__setattr__(on_it, name, value)
    return on_it


def printable(content: CardContent, form: str = Form.SHEET) -> Printable:
    with tenant(content.clinic), timezone.override(content.clinic.zone), translation.override("en"):
        return documents.printable(content, form)


def ask(pet: Pet, form: str = Form.SHEET, *, at: datetime = NOON, again: bool = False) -> CardDocument:
    content = content_of(pet, at=at)
    with tenant(pet.clinic), timezone.override(pet.clinic.zone):
        return actions.ask_for_document(content=content, form=form, now=at, again=again)


def work(document: CardDocument) -> CardDocument:
    """A worker's turn, told to print what was asked for."""
    tasks.make_card_document(
        clinic_id=document.clinic_id, document_id=document.pk, asked_at=document.asked_at.isoformat()
    )
    return fresh(document)


def fresh(document: CardDocument) -> CardDocument:
    with tenant(document.clinic_id):
        document.refresh_from_db()
    return document


def documents_of(clinic: Clinic) -> list[CardDocument]:
    with tenant(clinic):
        return list(CardDocument.objects.for_clinic(clinic).order_by("pk"))


def give_photo(pet: Pet, colour: str = "red") -> None:
    with tenant(pet.clinic):
        picture = ContentFile(encoded(Image.new("RGB", (400, 400), colour), "JPEG"), "cat.jpg")
        actions.set_photo(pet=pet, upload=picture, by=pet.owner, now=NOON)
