"""How much a browser may send. Refused by its announced length, before a byte of it is read."""

from __future__ import annotations

import re
from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse, UnreadablePostError
from django.http.response import HttpResponseBase
from django.shortcuts import render

MOST_FROM_ANYBODY = 1_000_000
MOST_UPLOADED = 16_000_000


class RefuseLargeBodies:
    """A stranger's 60 MB would be written to disk before the form that it was meant for could say no.

    Who may send a file is in `settings.MAY_UPLOAD`: patterns of addresses, each with the beginning of the name of the
    cookie that a signed-in browser carries there.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response
        self.doors = [(re.compile(address), cookie) for address, cookie in settings.MAY_UPLOAD]

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        may_upload = self._may_upload(request)
        most = MOST_UPLOADED if may_upload else MOST_FROM_ANYBODY
        length = request.META.get("CONTENT_LENGTH") or "0"
        if not length.isdecimal() or len(length) > 12 or int(length) > most:
            return _told(request, 413, is_file=may_upload)
        if int(length) > MOST_FROM_ANYBODY:
            try:
                # A phone may take minutes to send a photo: it is taken in before a transaction waits for it.
                request.POST  # noqa: B018  Reading it is what parses the body.
            except UnreadablePostError:
                return _told(request, 400, is_cut=True)
        return self.get_response(request)

    def _may_upload(self, request: HttpRequest) -> bool:
        return any(
            address.match(request.path_info) and any(name.startswith(cookie) for name in request.COOKIES)
            for address, cookie in self.doors
        )


def _told(request: HttpRequest, status: int, **why: bool) -> HttpResponse:
    """A page with the way back: to where the form was, if that was one of our own pages."""
    host = f"{request.scheme}://{request.get_host()}"
    came_from = request.headers.get("Referer", "")
    back = came_from.removeprefix(host) if came_from.startswith(f"{host}/") else ""
    back = "" if back.startswith("//") else back  # Which a browser would read as another host.
    return render(request, "413.html", {"back": back, **why}, status=status)
