"""One view, one template, page and piece."""

from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.cache import patch_vary_headers
from django_htmx.http import HttpResponseClientRedirect
from django_htmx.middleware import HtmxDetails


def wants_piece(request: HttpRequest) -> bool:
    """Is htmx asking for a piece? Boosted links and restored history get whole pages."""
    htmx: HtmxDetails = request.htmx  # type: ignore[attr-defined]  # HtmxMiddleware sets it
    return bool(htmx) and not htmx.boosted and not htmx.history_restore_request


def render_page(
    request: HttpRequest, template: str, context: dict[str, Any] | None = None, *, partial: str = "", status: int = 200
) -> HttpResponse:
    """Render the page, or its partial of that name when htmx asks. The server picks the piece, never a parameter."""
    name = f"{template}#{partial}" if partial and wants_piece(request) else template
    response = render(request, name, context, status=status)
    patch_vary_headers(response, ["HX-Request"])
    return response


def go_to(request: HttpRequest, address: str) -> HttpResponseBase:
    """Send the browser to another page, with or without htmx."""
    if wants_piece(request):
        return HttpResponseClientRedirect(address)
    return redirect(address)


def take_over[R: HttpResponseBase](request: HttpRequest, response: R) -> R:
    """A whole page that answers a request for a piece (an error page) replaces the page's main part, not the piece."""
    if request.headers.get("HX-Request") == "true":
        response.headers["HX-Retarget"] = response.headers["HX-Reselect"] = "main"
        response.headers["HX-Reswap"] = "outerHTML"
    return response
