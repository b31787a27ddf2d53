"""Requests of signed-in clients, and the one gate that is about their consents."""

from __future__ import annotations

from functools import wraps
from typing import Any

from django.http.response import HttpResponseBase
from django.shortcuts import redirect

from clients.models import Client, Device
from clinics.gates import View, gate
from clinics.middleware import ClinicRequest


class ClientRequest(ClinicRequest):
    """A request of a signed-in client."""

    client: Client
    device: Device


def client_before_agreeing(view: View) -> View:
    """Signed-in clients, also those who have yet to agree to a changed text: for agreeing and for signing out."""

    @wraps(view)
    def entered(request: Any, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not request.device:
            return redirect("clients:sign_in", request.clinic.slug)
        return view(request, *args, **kwargs)

    return gate("client_required", entered)
