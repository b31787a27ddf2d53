"""Who is signed in at the request's clinic. Looked up only when a page asks."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.utils import timezone
from django.utils.functional import SimpleLazyObject

from clients import devices


class ClientMiddleware:
    """Sets `request.device` (falsy for a stranger) below /<clinic>/. The gates turn it into `request.client`."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: Any) -> HttpResponseBase:
        request.client = request.device = None
        request.can_switch = len(devices.clinic_ids(request)) > 1
        if request.clinic and not request.path_info.startswith("/staff/"):
            request.device = SimpleLazyObject(lambda: devices.find(request, now=timezone.now()))
            request.client = SimpleLazyObject(lambda: request.device.client if request.device else None)
        return self.get_response(request)
