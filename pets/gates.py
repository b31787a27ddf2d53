"""What a clinic has switched off isn't there (R2). These stand inside `client_required`."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import TYPE_CHECKING, Any

from django.http import Http404
from django.http.response import HttpResponseBase

from clinics.gates import View

if TYPE_CHECKING:
    from clinics.models import Clinic


def pet_management_required(view: View) -> View:
    """Only where clients manage their pets; elsewhere the address doesn't exist."""
    return _only_where(lambda clinic: clinic.has_pet_management, view)


def certificates_required(view: View) -> View:
    """Only where clients manage their pets, and at clinics that look at other clinics' certificates."""
    return _only_where(lambda clinic: clinic.has_pet_management and clinic.accepts_certificates, view)


def pet_cards_required(view: View) -> View:
    """Only where pets have ID cards."""
    return _only_where(lambda clinic: clinic.has_pet_cards, view)


def _only_where(is_switched_on: Callable[[Clinic], bool], view: View) -> View:
    @wraps(view)
    def entered(request: Any, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not is_switched_on(request.clinic):
            raise Http404
        return view(request, *args, **kwargs)

    return entered
