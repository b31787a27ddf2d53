"""How much a browser may send. Refused by its announced length, before a byte of it is read."""

from __future__ import annotations

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.utils.translation import gettext as _

MOST_FROM_ANYBODY = 1_000_000
# Only signed-in staff send pictures, below this address.
UPLOADS_BELOW = "/staff/"
MOST_UPLOADED = 16_000_000


class RefuseLargeBodies:
    """A stranger's 60 MB would be written to disk before the form that it was meant for could say no."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        may_upload = request.path_info.startswith(UPLOADS_BELOW) and settings.SESSION_COOKIE_NAME in request.COOKIES
        most = MOST_UPLOADED if may_upload else MOST_FROM_ANYBODY
        length = request.META.get("CONTENT_LENGTH") or "0"
        if not length.isdecimal() or int(length[:12]) > most:
            return HttpResponse(_("That’s more than we can take at once."), status=413, content_type="text/plain")
        return self.get_response(request)
