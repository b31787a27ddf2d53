"""What owners send, and a worker in place."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone
from PIL import Image

from clinics.tenancy import tenant
from pets import actions, tasks
from pets.models import Certificate, Pet, Upload
from portal.celery import app
from tests.kit.pictures import encoded

PDF = b"%PDF-1.7\n1 0 obj <<>> endobj\ntrailer <<>>\n%%EOF\n"


@contextmanager
def worker_in_place() -> Iterator[None]:
    """Tasks run where they are asked for, once a test commits."""
    app.conf.update(task_always_eager=True, task_eager_propagates=True)
    try:
        yield
    finally:
        app.conf.update(task_always_eager=False, task_eager_propagates=False)


def jpeg(colour: str = "red", size: tuple[int, int] = (800, 600)) -> bytes:
    return encoded(Image.new("RGB", size, colour), "JPEG")


def cut_off_jpeg() -> bytes:
    """Its header is fine; a worker finds out."""
    whole = encoded(Image.effect_noise((400, 400), 90).convert("RGB"), "JPEG")
    return whole[: len(whole) // 2]


def upload(content: bytes | None = None, name: str = "cat.jpg") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, jpeg() if content is None else content, content_type="image/jpeg")


def send(pet: Pet, content: bytes | None = None, *, at: datetime | None = None) -> Upload:
    with tenant(pet.clinic_id):
        return actions.send_photo(pet=pet, client=pet.owner, upload=upload(content), now=at or timezone.now())


def finish(row: Upload) -> Upload:
    tasks.finish_upload(clinic_id=row.clinic_id, upload_id=row.pk)
    return fresh(row)


def fresh[Row: (Upload, Pet, Certificate)](row: Row) -> Row:
    with tenant(row.clinic_id):
        row.refresh_from_db()
    return row


def stored(media: Path, below: str = "") -> list[Path]:
    return sorted(path for path in (media / below).rglob("*") if path.is_file())


def rows(model: Any, clinic_id: int) -> list[Any]:
    with tenant(clinic_id):
        return list(model.objects.order_by("pk"))
