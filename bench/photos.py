"""`python -m bench.photos`: a photo of 12 megapixels through the worker, and the memory that a web process needs."""

from __future__ import annotations

import io
import json
import os
import resource
import struct
import subprocess
import sys
import tempfile
import time
import zlib
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import psutil

from bench import databases
from bench.report import Section, Spread, spread, verdict
from bench.site import Request, _answer, _environ

SIZE, RUNS, LARGEST = (4032, 3024), 12, 15 * 1024 * 1024
TOKEN, MARK = "b" * 32, "----photo"
SECONDS, WEB_MEGABYTES, WORKER_MEGABYTES = 1.5, 150, 200
HOW = f"""\
A JPEG of {SIZE[0]} × {SIZE[1]} pixels, made on the spot, from the stored upload to both variants: the worker's task
with all its statements, and beside it in turn Pillow alone (decode, square, two sizes, WebP), without reducing while it
decodes. {RUNS} photos, medians with (least – most). Then the most memory of a process that did all that, and of a web
process that takes in the photo, one of 15 MB, and what is refused: an image of 169 megapixels, one whose texts unpack
to 40 MB, and 20 MB from somebody signed in."""


def measure() -> list[Section]:
    database = databases.ours(databases.FEW)
    with tempfile.TemporaryDirectory() as folder:
        env = {**database.env, "PORTAL_STATE_DIR": folder}
        collect = [sys.executable, "manage.py", "collectstatic", "--no-input", "-v0"]
        subprocess.run(collect, cwd=databases.ROOT, env=env, check=True)
        photo = _photo()
        (Path(folder) / "photo.jpg").write_bytes(photo)
        _write_bodies(Path(folder), photo)
        worker = _told("worker", env, database.known)
        web = _told("web", env, database.known)
        alone = _told("reference", env, database.known)
    ours, reference = spread(worker["seconds"]), spread(alone["seconds"])
    rows: list[Sequence[str]] = [
        ["upload to both variants, s", ours.text(), verdict(ours.median, SECONDS)],
        ["Pillow alone, s", reference.text(), ""],
        ["ours ÷ Pillow alone", _ratio(ours, reference), ""],
        ["the worker at its most, MB", f"{worker['most']:.0f}", verdict(worker["most"], WORKER_MEGABYTES)],
        ["the same when it had done nothing, MB", f"{worker['before']:.0f}", ""],
        ["the web process at its most, MB", f"{web['most']:.0f}", verdict(web["most"], WEB_MEGABYTES)],
        ["the same after one page, MB", f"{web['before']:.0f}", ""],
    ]
    return [Section("Photos", HOW, ["", "figure", "goal"], rows)]


def _ratio(ours: Spread, reference: Spread) -> str:
    return f"{ours.median / reference.median:.2f}"


def _told(part: str, env: dict[str, str], known: dict[str, Any]) -> dict[str, Any]:
    """What a process of its own has measured."""
    env = {**env, "DJANGO_SETTINGS_MODULE": "portal.settings", "DATABASE_POOL": "1" if part == "web" else "0"}
    command = [sys.executable, "-m", "bench.photos", part]
    asked = json.dumps(known)
    answer = subprocess.run(command, env=env, input=asked, stdout=subprocess.PIPE, text=True, check=True)
    told: dict[str, Any] = json.loads(answer.stdout)
    return told


def worker(known: dict[str, Any]) -> dict[str, Any]:
    """Seconds of the task for each photo."""
    import django

    django.setup()
    from pets import tasks

    rows, before, seconds = _sent(known), _megabytes(), []
    for clinic_id, upload_id in rows:
        began = time.perf_counter()
        tasks.finish_upload(clinic_id=clinic_id, upload_id=upload_id)
        seconds.append(time.perf_counter() - began)
    _check_done(rows)
    return {"seconds": seconds[1:], "before": before, "most": _most_megabytes()}


def _sent(known: dict[str, Any]) -> list[tuple[int, int]]:
    """Waiting uploads, each sent a second after the other."""
    from datetime import timedelta

    from django.core.files import File
    from django.utils import timezone

    from clinics.models import Clinic
    from clinics.tenancy import tenant
    from pets import actions
    from pets.models import Pet, Upload

    clinic, photo = Clinic.objects.get(slug=known["slug"]), _folder() / "photo.jpg"
    with tenant(clinic):
        pet = Pet.objects.for_clinic(clinic).select_related("owner").get(pk=_pet(known))
        pet.owner.clinic = pet.clinic = clinic
        Upload.objects.for_clinic(clinic).delete()  # Those of an earlier run: nobody sends more than 20 a day.
        began = timezone.now() - timedelta(seconds=RUNS + 1)
        sent = []
        for number in range(RUNS + 1):
            with photo.open("rb") as file:
                at = began + timedelta(seconds=number)
                row = actions.send_photo(pet=pet, client=pet.owner, upload=File(file), now=at)
            sent.append((clinic.pk, row.pk))
    return sent


def _check_done(rows: list[tuple[int, int]]) -> None:
    """What was refused or left alone isn't measured. Takes the rows away, so that the web process may have as many."""
    from clinics.models import Clinic
    from clinics.tenancy import tenant
    from pets.models import Upload

    clinic = Clinic.objects.get(pk=rows[0][0])
    with tenant(clinic):
        mine = Upload.objects.for_clinic(clinic).filter(pk__in=[row for _clinic, row in rows])
        states = set(mine.values_list("state", flat=True))
        mine.delete()
    if states != {"done"}:
        raise SystemExit(f"The uploads became {sorted(states)}.")


def reference(_known: dict[str, Any]) -> dict[str, Any]:
    """Seconds of the plainest way to the same two pictures."""
    from PIL import Image, ImageOps

    seconds = []
    for _run in range(RUNS):
        began = time.perf_counter()
        with Image.open(_folder() / "photo.jpg") as image:
            whole = image.convert("RGB")
            for side in (320, 128):
                ImageOps.fit(whole, (side, side)).save(io.BytesIO(), "WEBP", quality=82)
        seconds.append(time.perf_counter() - began)
    return {"seconds": seconds}


def web(known: dict[str, Any]) -> dict[str, Any]:
    """The most memory while photos are posted and answered as they should be."""
    from django.core.wsgi import get_wsgi_application

    application, cookie = get_wsgi_application(), known["visitors"][0]["cookie"]
    page = f"/{known['slug']}/pets/{_pet(known)}/"
    _expect(200, _answer(application, _environ(Request(path=page, cookie=cookie))))
    before = _megabytes()
    for body in sorted(_folder().glob("*.body")):
        status = int(body.stem.split("-")[1])
        for _time in range(3):
            with body.open("rb") as file:
                environ = _environ(Request(path=f"{page}photo/", cookie=f"{cookie}; csrf={TOKEN}", body="x"))
                environ |= {"CONTENT_TYPE": f"multipart/form-data; boundary={MARK}", "wsgi.input": file}
                _expect(status, _answer(application, environ | {"CONTENT_LENGTH": str(body.stat().st_size)}))
    return {"before": before, "most": _most_megabytes()}


def _write_bodies(folder: Path, photo: bytes) -> None:
    """What is posted comes from the disk, as if from a socket: the process under measurement has none of it before."""
    heavy = photo + bytes(LARGEST - len(photo))
    posted = ((303, photo), (303, heavy), (422, _bomb()), (422, _wordy()), (413, heavy + bytes(5_000_000)))
    for number, (status, content) in enumerate(posted):
        parts = (("csrfmiddlewaretoken", TOKEN.encode()), ('photo"; filename="photo.jpg', content))
        with (folder / f"{number}-{status}.body").open("wb") as file:
            for name, value in parts:
                file.write(f'--{MARK}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n'.encode())
                file.write(value + b"\r\n")
            file.write(f"--{MARK}--\r\n".encode())


def _photo() -> bytes:
    """Soft noise, so that it weighs what a phone's photo does: about 5 MB."""
    from PIL import Image

    channels = [Image.effect_noise((SIZE[0] // 3, SIZE[1] // 3), spread).resize(SIZE) for spread in (60, 50, 40)]
    encoded = io.BytesIO()
    Image.merge("RGB", channels).save(encoded, "JPEG", quality=92)
    return encoded.getvalue()


def _bomb() -> bytes:
    header = struct.pack(">4sIIBBBBB", b"IHDR", 13_000, 13_000, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + struct.pack(">I", 13) + header + struct.pack(">I", zlib.crc32(header))


def _wordy() -> bytes:
    text = b"zTXt" + b"Comment\0\0" + zlib.compress(bytes(1_000_000))
    chunk = struct.pack(">I", len(text) - 4) + text + struct.pack(">I", zlib.crc32(text))
    return _bomb() + chunk * 40


def _expect(status: int, answer: tuple[int, bytes]) -> None:
    if answer[0] != status:
        raise SystemExit(f"Answered with {answer[0]} instead of {status}: {answer[1][:200]!r}")


def _folder() -> Path:
    return Path(os.environ["PORTAL_STATE_DIR"])


def _pet(known: dict[str, Any]) -> int:
    return int(known["visitors"][0]["pets"][0])


def _megabytes() -> float:
    return float(psutil.Process().memory_info().rss) / 1e6


def _most_megabytes() -> float:
    """Since this program began. On Linux `getrusage` counts what the parent had before it as well."""
    status = Path("/proc/self/status")
    if status.exists():
        (line,) = (line for line in status.read_text().splitlines() if line.startswith("VmHWM"))
        return int(line.split()[1]) * 1024 / 1e6
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e6  # In bytes on a Mac.


PARTS = {"worker": worker, "reference": reference, "web": web}

if __name__ == "__main__":
    if sys.argv[1:]:
        print(json.dumps(PARTS[sys.argv[1]](json.load(sys.stdin))))
    else:
        for measured in measure():
            print(measured.text())
