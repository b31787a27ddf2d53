"""A made-up card, printed when a worker starts: the first owner's card then takes no longer than the next one's."""

from __future__ import annotations

import structlog

from pets.id_card.documents import Printable, Words, compose
from pets.id_card.pictures import code_of
from pets.models import CardDocument
from portal.kit import pdf

log = structlog.get_logger(__name__)

SERVICE: Words = {
    "name": "Feline core (FVRCP)",
    "source": "",
    "given": "24 Apr 2025",
    "until": "30 Apr 2026",
    "vet": "Dr A. Okafor",
    "status": "Current",
    "tone": "ok",
}
FACT: Words = {"label": "Date of birth", "text": "12 May 2021"}
WORDS: Words = {
    "name": "Miso",
    "name_size": "",
    "kind": "Cat · Domestic shorthair",
    "token": "2A-7K4R-M2XD-9QWE-77TT",
    "verify_at": "portal.example/verify",
    "issued": "15 April 2026",
    "expires": "15 April 2027",
    "issued_line": "Issued on Wednesday 15 April 2026 at 09:32.",
    "stated": "Species and microchip as stated by the owner.",
    "rabies": "Not a rabies certificate.",
    "clinic_name": "Willow & Pine Veterinary",
    "clinic_lines": ["14 Mill Lane, Hartwell, HW4 7QR", "01632 960 418"],
    "facts": [[FACT] * 4, [FACT] * 4],
    "services": [{**SERVICE, "source": "Northgate Animal Hospital"}, SERVICE, SERVICE],
    "more": "+ 2 more",
    "found": "Found me? Please call Willow & Pine Veterinary: 01632 960 418.",
}


def words_for(form: str) -> Words:
    """The wallet card has room for half of the facts."""
    facts = [column[:2] for column in WORDS["facts"]] if form == CardDocument.Form.WALLET else WORDS["facts"]
    return {**WORDS, "facts": facts}


def sample(form: str) -> Printable:
    """A card like many, of no clinic."""
    picture = code_of("https://portal.example/verify/2A-7K4RM2XD9QWE77TT/")
    pictures = dict.fromkeys(("photo", "logo", "qr"), picture)
    return compose(words_for(form), pictures, form, brand_colour="#1d6b4f", digest="")


def warm_up() -> bool:
    """Print one of each form. False, and a line in the log, where PDFs can't be made: all else works without them."""
    try:
        for form in CardDocument.Form.values:
            sample(form).as_pdf()
    except pdf.Unavailable as error:
        log.warning("pdf_unavailable", reason=str(error))
        return False
    return True
