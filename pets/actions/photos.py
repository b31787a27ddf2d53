"""The photo that a pet's owner and the clinic see."""

from __future__ import annotations

from datetime import datetime
from functools import partial
from typing import TYPE_CHECKING, Any

from django.core.files.base import ContentFile, File
from django.db import transaction

from pets.actions.changes import note_change
from pets.models import Pet, PetChange
from portal.kit import crypto
from portal.kit.images import Picture, read_picture

if TYPE_CHECKING:
    from pets.history import Author

# Enough for the largest place that shows one, and for the lists, on a sharp screen.
PHOTO_SIDE, THUMBNAIL_SIDE = 320, 128


def set_photo(*, pet: Pet, upload: File[Any], by: Author, now: datetime) -> None:
    """Give a pet its photo: checked, made square and painted anew in two sizes, under a random name of ours.

    `now` is when it was sent: where another photo was sent later, or the photo removed, that stays. Raises one of the
    kit's UnusablePictures. The photo before it goes once this is committed.
    """
    picture = read_picture(upload)
    with transaction.atomic():  # Not sooner: decoding takes a second, and nobody should wait for the pet meanwhile.
        on_file = _locked(pet)
        if not _changed_after(on_file, now):
            _put(picture, on_file)
            note_change(pet=pet, kind=PetChange.Kind.PHOTO, by=by, now=now)
    pet.photo = on_file.photo.name or ""


@transaction.atomic
def remove_photo(*, pet: Pet, by: Author, now: datetime) -> None:
    """Go back to the species' icon. Without a photo nothing happens."""
    on_file = _locked(pet)
    if not on_file.photo:
        return
    _forget_photo(on_file)
    pet.photo = on_file.photo = ""
    on_file.save(update_fields=["photo"])
    note_change(pet=pet, kind=PetChange.Kind.PHOTO_REMOVED, by=by, now=now)


def _locked(pet: Pet) -> Pet:
    """The row as it is: of two who give a photo at once, the second has to see the first one's, to take it away."""
    return Pet.objects.for_clinic(pet.clinic).select_for_update(no_key=True).get(pk=pet.pk)


def _changed_after(pet: Pet, sent_at: datetime) -> bool:
    about_photo = (PetChange.Kind.PHOTO, PetChange.Kind.PHOTO_REMOVED)
    changes = PetChange.objects.for_clinic(pet.clinic).filter(pet=pet, kind__in=about_photo)
    return changes.filter(done_at__gt=sent_at).exists()


def _put(picture: Picture, pet: Pet) -> None:
    _forget_photo(pet)
    name = f"{pet.clinic_id}/{crypto.new_token()}.webp"
    pet.photo.save(name, ContentFile(picture.as_webp(side=PHOTO_SIDE, square=True)), save=False)
    small = ContentFile(picture.as_webp(side=THUMBNAIL_SIDE, square=True))
    pet.photo.storage.save(pet.thumbnail_name, small)
    pet.save(update_fields=["photo"])


def _forget_photo(pet: Pet) -> None:
    """After the commit, so that a photo is never lost to a change that didn't happen."""
    if pet.photo:
        for name in (str(pet.photo.name), pet.thumbnail_name):
            transaction.on_commit(partial(pet.photo.storage.delete, name), robust=True)
