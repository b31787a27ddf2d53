"""What an owner has sent and how it stands: a pet's photo, and other clinics' certificates."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from django.http import Http404
from django.utils.translation import gettext as _

from pets import days
from pets.models import Certificate, Upload
from portal.kit.files import download_response
from portal.kit.images import picture_response, words_of

if TYPE_CHECKING:
    from django.http.response import HttpResponse, HttpResponseBase

    from pets.models import Pet

# A refusal is told on the page for so long, in case nobody was looking when it came.
TOLD_FOR = timedelta(days=1)
# The page stops asking then, and says that it takes longer.
SLOW_AFTER = timedelta(minutes=1)
State = Certificate.State


@dataclass(frozen=True, slots=True)
class PhotoUnderWay:
    """A photo that a worker has yet to look at, or why the last one was refused."""

    upload: Upload
    is_slow: bool

    @property
    def is_waiting(self) -> bool:
        return self.upload.state == Upload.State.WAITING

    @property
    def reason(self) -> str:
        return words_of(self.upload.refusal) if self.upload.state == Upload.State.REFUSED else ""


def photo_under_way(pet: Pet, *, now: datetime) -> PhotoUnderWay | None:
    """The last photo that was sent for a pet, unless it is there already; one statement."""
    photos = Upload.objects.for_clinic(pet.clinic).filter(pet=pet, certificate=None)
    last = photos.filter(sent_at__gt=now - TOLD_FOR).order_by("-sent_at", "-pk").first()
    if last is None or last.state == Upload.State.DONE:
        return None
    return PhotoUnderWay(last, is_slow=now - last.sent_at > SLOW_AFTER)


@dataclass(frozen=True, slots=True)
class HandedIn:
    """A certificate as its owner sees it."""

    certificate: Certificate

    @property
    def tone(self) -> str:
        """The design's word for the colour of its chip."""
        return {State.ACCEPTED: "good", State.DECLINED: "bad", State.UNREADABLE: "bad"}.get(self.state, "info")

    @property
    def state_text(self) -> str:
        return {
            State.PREPARING: _("Being prepared"),
            State.WAITING: _("The clinic checks it"),
            State.ACCEPTED: _("Accepted"),
            State.DECLINED: _("Not accepted"),
            State.UNREADABLE: _("Could not be read"),
        }[self.state]

    @property
    def line(self) -> str:
        """“Given on 3 May 2026 at Harbour Vets”, as far as the owner said."""
        given_on, place = self.certificate.given_on, self.certificate.given_at_clinic
        day = days.full(given_on) if given_on else ""
        if day and place:
            return _("Given on %(day)s at %(place)s") % {"day": day, "place": place}
        if day:
            return _("Given on %(day)s") % {"day": day}
        return _("Given at %(place)s") % {"place": place} if place else ""

    @property
    def words(self) -> str:
        """What the clinic answered, or what was wrong with the file."""
        if self.state != State.UNREADABLE:
            return self.certificate.answer
        upload = getattr(self.certificate, "upload", None)
        return words_of(upload.refusal if upload else "Broken")

    @property
    def is_answered(self) -> bool:
        return not self.certificate.is_open

    @property
    def state(self) -> State:
        return State(self.certificate.state)


def certificates_of(pet: Pet) -> list[HandedIn]:
    """What waits, and what was answered and not yet read, the newest first; one statement."""
    told = (
        Certificate.objects.for_clinic(pet.clinic)
        .filter(pet=pet, client=pet.owner_id, seen_at=None)
        .exclude(state=State.WITHDRAWN)
    )
    rows = told.select_related("plan", "upload").order_by("-handed_in_at", "-pk")
    return [HandedIn(row) for row in rows[:50]]


def thumbnail_response(pet: Pet, *, max_age: int) -> HttpResponse:
    """Answer with its photo for lists. One from before there were two sizes is shown in its one.

    404 when there is none.
    """
    try:
        return picture_response(pet.thumbnail, max_age=max_age)
    except Http404:
        return picture_response(pet.photo, max_age=max_age)


def certificate_response(certificate: Certificate) -> HttpResponseBase:
    """Answer with its file: a picture of ours is shown, a stranger's PDF is only offered for download.

    404 when there is none, or none any more.
    """
    if certificate.is_pdf:
        name = f"certificate-{certificate.pk}.pdf"
        return download_response(certificate.file, name=name, content_type="application/pdf")
    response = picture_response(certificate.file, max_age=0)
    response.headers["Cache-Control"] = "private, no-store"
    return response
