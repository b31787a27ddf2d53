"""The Pet ID card on paper: what is printed, the digest of it all, and the PDF.

Two forms of one card: a wallet card of two sides, which shows what fits, and an A4 sheet, which shows everything.
"""

from __future__ import annotations

import hashlib
import json
import unicodedata
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from django.conf import settings
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from clinics.models import EmergencyClinic
from pets import days
from pets.care import Status
from pets.id_card.pictures import code_of, picture_of
from pets.models import CardDocument
from portal.kit import pdf
from portal.kit.brand import Brand

if TYPE_CHECKING:
    from pets.id_card.content import CardContent, CardService

type Words = dict[str, Any]
"""All that a document says, as its template takes it; plain enough to become JSON."""

TEMPLATES = Path(settings.BASE_DIR) / "templates" / "pets" / "documents"
# On the wallet card: lines for services, and columns for what may be long.
WALLET_LINES, KIND_WIDTH, CLINIC_WIDTH, SERVICE_WIDTH, SOURCE_WIDTH = 6, 64, 40, 24, 22
# What of a fact fits into its line, and what fits in smaller type.
FACT_WIDTH, SMALL_FACT_WIDTH = 23, 32
# The widest name that each size of type holds, in columns; wider ones get the smallest.
NAME_SIZES = {18: "", 44: "l"}


def words_of(content: CardContent, form: str) -> Words:
    """What the document says, in the active language and time zone. One statement."""
    issued = timezone.localtime(content.issued_at)
    address = urlsplit(content.verify_url)
    said: Words = {
        "name": content.name,
        "token": content.token,
        "qr_text": content.qr_text,
        "verify_at": f"{address.netloc}{address.path.rsplit('/', 2)[0]}",
        "issued": days.full(issued.date()),
        "expires": days.full(content.expires_on) if content.expires_on else "",
        "stated": "" if content.is_identity_checked else _stated(content),
        "rabies": "" if content.is_rabies_certificate else _("Not a rabies certificate."),
    }
    return said | (_wallet(content) if form == CardDocument.Form.WALLET else _sheet(content))


def digest_of(content: CardContent, form: str) -> str:
    """Changes with everything that is printed, and with how it is printed. Costs what `words_of` costs."""
    return _digest(content, form, words_of(content, form))


def _digest(content: CardContent, form: str, words: Words) -> str:
    clinic = content.clinic
    printed = [
        content.card.digest,
        form,
        get_language(),
        _look(),
        str(content.pet.photo.name) if content.has_photo else "",
        str(clinic.logo.name),
        clinic.brand_colour,
        words,
    ]
    return hashlib.sha256(json.dumps(printed, sort_keys=True).encode()).hexdigest()


@dataclass(frozen=True, slots=True, kw_only=True)
class Printable:
    """All that a PDF is made of, so that it can be made while no clinic is open."""

    digest: str
    html: str
    stylesheets: list[str]
    pictures: dict[str, bytes]

    def as_pdf(self) -> bytes:
        """Takes a tenth of a second. Raises pdf.Unavailable."""
        return pdf.render(self.html, stylesheets=self.stylesheets, pictures=self.pictures)


def printable(content: CardContent, form: str) -> Printable:
    """Read what is printed, in the active language and time zone; its pictures come from the storage."""
    words = words_of(content, form)
    pictures = {
        "photo": picture_of(content.pet.photo) if content.has_photo else b"",
        "logo": picture_of(content.clinic.logo),
        "qr": code_of(content.qr_text),
    }
    digest = _digest(content, form, words)
    return compose(words, pictures, form, brand_colour=content.clinic.brand_colour, digest=digest)


def compose(words: Words, pictures: dict[str, bytes], form: str, *, brand_colour: str, digest: str) -> Printable:
    """Words and pictures in the form's template. A picture that is empty isn't there."""
    shown = {name: f"asset:{name}" for name, picture in pictures.items() if picture}
    return Printable(
        digest=digest,
        html=render_to_string(f"pets/documents/{form}.html", {**words, **shown, "language": get_language()}),
        stylesheets=_stylesheets(form, brand_colour),
        pictures=pictures,
    )


def _stylesheets(form: str, brand_colour: str) -> list[str]:
    brand = render_to_string("pets/documents/brand.css", {"brand": Brand.from_hex(brand_colour).hexes})
    return [_stylesheet(form), brand]


@cache
def _stylesheet(form: str) -> str:
    return (TEMPLATES / f"{form}.css").read_text()


@cache
def _look() -> str:
    """Of the templates and styles, so that a release that prints differently prints anew."""
    files = sorted(TEMPLATES.iterdir())
    return hashlib.sha256(b"".join(file.read_bytes() for file in files)).hexdigest()


def _wallet(content: CardContent) -> Words:
    width = columns(content.name)
    services, more = _those_that_fit(content.services)
    return {
        "name_size": next((size for widest, size in NAME_SIZES.items() if width <= widest), "xl"),
        "kind": shortened(content.kind, KIND_WIDTH),
        "clinic_name": shortened(content.clinic.name, CLINIC_WIDTH),
        "facts": _wallet_facts(content),
        "services": services,
        "more": more,
        "found": _found(content),
    }


def _sheet(content: CardContent) -> Words:
    clinic, issued = content.clinic, timezone.localtime(content.issued_at)
    facts = [
        (_("Name"), content.name),
        (_("Species and breed"), content.kind),
        (_("Date of birth"), content.born),
        (_("Sex"), content.sex),
        (_("Colour"), content.colour),
        (_("Weight"), content.weight),
        (_("Microchip"), content.microchip),
        (_("Owner"), content.owner),
    ]
    known = [{"label": label, "text": text} for label, text in facts if text]
    # Translators: a date format as in PHP's date(): weekday, day, month in words, year.
    day, time = date_format(issued, _("l j F Y")), date_format(issued, "TIME_FORMAT")
    return {
        "clinic_name": clinic.name,
        "clinic_lines": [line for line in (", ".join(clinic.address_lines), clinic.phone_display) if line],
        "facts": [known[::2], known[1::2]],
        "services": [_service(service) for service in content.services],
        "issued_line": _("Issued on %(day)s at %(time)s.") % {"day": day, "time": time},
    }


def _service(service: CardService) -> Words:
    is_due_soon = service.status == Status.DUE_SOON
    return {
        "name": service.name,
        "source": service.source,
        "given": date_format(service.given_on, _("j M Y")),
        "until": date_format(service.valid_until, _("j M Y")),
        "vet": service.vet_name,
        "status": _("Current, due soon") if is_due_soon else _("Current"),
        "tone": "soon" if is_due_soon else "ok",
    }


def _those_that_fit(services: tuple[CardService, ...]) -> tuple[list[Words], str]:
    """The first services, each with its source, in as many lines as there are; and how many were left out."""
    shown: list[Words] = []
    left = WALLET_LINES
    for service in services:
        left -= 2 if service.source else 1
        if left < 0:
            break
        said = _service(service)
        name, source = shortened(service.name, SERVICE_WIDTH), shortened(service.source, SOURCE_WIDTH)
        shown.append({"name": name, "source": source, "until": said["until"]})
    if not (hidden := len(services) - len(shown)):
        return shown, ""
    words = ngettext(
        "+ %(count)d more: see the A4 sheet",
        "+ %(count)d more: see the A4 sheet",
        hidden,
    )
    return shown, words % {"count": hidden}


def _wallet_facts(content: CardContent) -> list[list[Words]]:
    """The first four that are known, in two columns."""
    facts = [
        (_("Date of birth"), content.born),
        (_("Sex"), content.sex),
        (_("Microchip"), content.microchip),
        (_("Owner"), content.owner),
        (_("Colour"), content.colour),
        (_("Weight"), content.weight),
    ]
    known = [
        {"label": label, "text": shortened(text, SMALL_FACT_WIDTH), "is_long": columns(text) > FACT_WIDTH}
        for label, text in facts
        if text
    ]
    return [known[:4:2], known[1:4:2]]


def _stated(content: CardContent) -> str:
    if content.microchip:
        return _("Species and microchip as stated by the owner.")
    return _("Species as stated by the owner.")


def _found(content: CardContent) -> str:
    clinic = content.clinic
    said = []
    if clinic.phone:
        words = _("Found me? Please call %(clinic)s: %(phone)s.")
        said.append(words % {"clinic": shortened(clinic.name, CLINIC_WIDTH), "phone": clinic.phone_display})
    if emergency := EmergencyClinic.objects.for_clinic(clinic).order_by("position", "pk").first():
        emergency.clinic = clinic
        said.append(_("Emergency: %(phone)s.") % {"phone": emergency.phone_display})
    return " ".join(said)


def columns(text: str) -> int:
    """How wide a text is, in columns: Chinese, Japanese and Korean characters and emoji take two."""
    return sum(2 if unicodedata.east_asian_width(character) in "WF" else 1 for character in text)


def shortened(text: str, width: int) -> str:
    """The text, or as much of it as fits into so many columns, with “…”."""
    if columns(text) <= width:
        return text
    while columns(text) > width - 1:
        text = text[:-1]
    return f"{text.rstrip()}…"
