"""What a clinic has switched off isn't there (R2)."""

from __future__ import annotations

from functools import wraps
from typing import Any

from django.http import Http404
from django.http.response import HttpResponseBase

from clinics.gates import View


def pet_management_required(view: View) -> View:
    """Only where clients manage their pets; elsewhere the address doesn't exist. Stands inside `client_required`."""

    @wraps(view)
    def entered(request: Any, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not request.clinic.has_pet_management:
            raise Http404
        return view(request, *args, **kwargs)

    return entered
