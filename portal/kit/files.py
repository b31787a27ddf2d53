"""Files that people send and get back: their true weight and first bytes, and answers in which nothing runs."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING, Any

from django.http import FileResponse, Http404

if TYPE_CHECKING:
    from django.core.files.base import File

# The sandbox is for whoever opens the address itself: whatever the bytes are, nothing in them runs.
SANDBOXED = {
    "Content-Security-Policy": "default-src 'none'; sandbox",
    "X-Content-Type-Options": "nosniff",
}


def weight_of(file: File[Any]) -> int:
    """How many bytes there are, whatever was announced."""
    file.seek(0, io.SEEK_END)
    weight = int(file.tell())
    file.seek(0)
    return weight


def beginning_of(file: File[Any], length: int) -> bytes:
    """The first bytes, from which a kind is told; names and declared types are a stranger's words."""
    file.seek(0)
    content = bytes(file.read(length))
    file.seek(0)
    return content


def end_of(file: File[Any], length: int) -> bytes:
    """The last bytes."""
    file.seek(max(0, weight_of(file) - length))
    content = bytes(file.read(length))
    file.seek(0)
    return content


def download_response(stored: Any, *, name: str, content_type: str, cached: str = "private, no-store") -> FileResponse:
    """Answer with a file to be kept, under a `name` of ours, and never shown in the browser by this site.

    `stored` is the file field; an empty one, or a file that is gone, is a 404. `cached` is the Cache-Control.
    """
    if not stored:
        raise Http404
    try:
        file = stored.open("rb")
    except FileNotFoundError as error:
        raise Http404 from error
    headers = {"Cache-Control": cached, **SANDBOXED}
    return FileResponse(file, as_attachment=True, filename=name, content_type=content_type, headers=headers)
