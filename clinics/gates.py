"""Wall two: every view says who may enter. A test fails for a view that says nothing."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any
from urllib.parse import urlencode

from django.http.response import HttpResponseBase
from django.urls import reverse

from portal.kit.htmx import go_to

View = Callable[..., HttpResponseBase]


def gate(name: str, view: View) -> View:
    """Mark a view with its gate, for the test that looks for views without one."""
    view.gate = name  # type: ignore[attr-defined]  # functions take attributes; the type of a callable does not say so
    return view


def public(view: View) -> View:
    """Anybody may enter."""
    return gate("public", view)


def client_required(view: View) -> View:
    """Only the clinic's signed-in clients who agreed to its texts; strangers sign in and come back to this page.

    Here rather than in `clients`, so that every app can use it. `clients` sets `request.device` and `request.client`.
    """

    @wraps(view)
    def entered(request: Any, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not request.device:
            return go_to(request, _with_next("clients:sign_in", request))
        if request.client.agreed_revision < request.clinic.legal_revision:
            return go_to(request, _with_next("clients:agree", request))
        return view(request, *args, **kwargs)

    return gate("client_required", entered)


def _with_next(name: str, request: Any) -> str:
    address = reverse(name, args=[request.clinic.slug])
    home = reverse("home", args=[request.clinic.slug])
    if request.method != "GET" or request.path == home:
        return address
    return f"{address}?{urlencode({'next': request.get_full_path()})}"
