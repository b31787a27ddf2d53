"""PDFs that strangers send: kept as they are and offered for download. We never open one, so little is checked."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext_lazy

from portal.kit.files import beginning_of, end_of, weight_of
from portal.kit.refusals import Refusal

if TYPE_CHECKING:
    from django.core.files.base import File

HEAVIEST = 10 * 1024 * 1024
# Writers may add a signature's padding or an empty line after the mark.
TRAILER = 1024


class UnusableDocument(Refusal):
    """Why a document can't be used. Catch this one; its subclasses are the reasons."""

    message = gettext_lazy("We can’t use this document.")


class TooHeavyDocument(UnusableDocument):
    message = gettext_lazy("This PDF is larger than 10 MB. Choose a smaller one, or send a photo of the page.")


class NotPDF(UnusableDocument):
    message = gettext_lazy("This isn’t a PDF. Choose a PDF, or a photo of the page.")


class CutOff(UnusableDocument):
    message = gettext_lazy("This PDF isn’t complete; the file may be damaged. Choose another, or send a photo.")


def is_pdf(upload: File[Any]) -> bool:
    """Do its first bytes say that it is a PDF?"""
    return beginning_of(upload, 5) == b"%PDF-"


def check_pdf(upload: File[Any]) -> None:
    """Look at the size and at both ends. Raises one of the UnusableDocuments: TooHeavyDocument, NotPDF or CutOff."""
    if weight_of(upload) > HEAVIEST:
        raise TooHeavyDocument
    if not is_pdf(upload):
        raise NotPDF
    if b"%%EOF" not in end_of(upload, TRAILER):
        raise CutOff
