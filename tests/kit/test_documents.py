"""What passes for a PDF, and how files that came from outside are answered."""

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import FileSystemStorage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db.models import FileField
from django.db.models.fields.files import FieldFile
from django.http import Http404

from portal.kit import documents, files

PDF = b"%PDF-1.7\n1 0 obj <<>> endobj\ntrailer <<>>\n%%EOF\n"


@pytest.mark.parametrize("content", [PDF, PDF + b"\0" * 900], ids=["plain", "padded"])
def test_a_pdf_passes(content):
    documents.check_pdf(ContentFile(content))

    assert documents.is_pdf(ContentFile(content))


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", documents.NotPDF),
        (b"%PD", documents.NotPDF),
        (b"<html>%PDF-1.7 %%EOF", documents.NotPDF),
        (b"PK\x03\x04 %%EOF", documents.NotPDF),
        (b"%PDF-", documents.CutOff),
        (PDF[:30], documents.CutOff),
        (PDF + bytes(2000), documents.CutOff),
        (PDF + bytes(documents.HEAVIEST) + PDF, documents.TooHeavyDocument),
    ],
    ids=["empty", "three bytes", "html", "zip", "only its mark", "truncated", "followed by much", "heavy"],
)
def test_others_are_refused_whatever_their_name_says(content, reason):
    with pytest.raises(reason):
        documents.check_pdf(SimpleUploadedFile("certificate.pdf", content, content_type="application/pdf"))


def test_a_declared_size_is_not_believed():
    upload = SimpleUploadedFile("a.pdf", PDF + bytes(documents.HEAVIEST) + PDF)
    upload.size = 10

    with pytest.raises(documents.TooHeavyDocument):
        documents.check_pdf(upload)


def test_a_look_leaves_the_file_at_its_beginning():
    upload = ContentFile(PDF)

    documents.check_pdf(upload)

    assert upload.read() == PDF


def test_every_refusal_is_fit_to_read():
    reasons = documents.UnusableDocument.__subclasses__()

    assert len({str(reason()) for reason in reasons}) == len(reasons) == 3


@pytest.fixture
def stored(tmp_path) -> FieldFile:
    storage = FileSystemStorage(tmp_path)
    return FieldFile(None, FileField(storage=storage), storage.save("x", ContentFile(PDF)))  # type: ignore[arg-type]


def test_a_document_is_only_offered_for_download(stored):
    response = files.download_response(stored, name="certificate-7.pdf", content_type="application/pdf")

    assert b"".join(response) == PDF
    stored.close()
    assert dict(response.headers) == {
        "Content-Type": "application/pdf",
        "Content-Length": str(len(PDF)),
        "Content-Disposition": 'attachment; filename="certificate-7.pdf"',
        "Cache-Control": "private, no-store",
        "Content-Security-Policy": "default-src 'none'; sandbox",
        "X-Content-Type-Options": "nosniff",
    }


def test_no_file_or_a_lost_one_is_not_found(stored):
    stored.storage.delete("x")

    for nothing in ("", stored):
        with pytest.raises(Http404):
            files.download_response(nothing, name="a.pdf", content_type="application/pdf")
