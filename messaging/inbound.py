"""What comes back from providers: signed, repeated, late, and in any order."""

from __future__ import annotations

import re

import structlog
from django.http import HttpResponse, HttpResponseForbidden
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from clinics.gates import public
from clinics.middleware import ClinicRequest
from messaging import actions, callbacks
from messaging.gateways import twilio
from messaging.models import Sender, State
from portal.kit import crypto

log = structlog.get_logger(__name__)

STATES = {
    "sent": State.SENT,
    "delivered": State.DELIVERED,
    "read": State.DELIVERED,
    "undelivered": State.UNDELIVERED,
    "failed": State.FAILED,
}


# Twilio carries no cookie of ours, so there is no token to compare: its signature is what is checked, first of all.
@csrf_exempt
@require_POST
@public
def twilio_status(request: ClinicRequest, signed: str) -> HttpResponse:
    """What became of a text.

    Only Twilio, for this clinic's account, can say so; a message we don't know is no error.

    Not called a refusal: Twilio would ring its customer about any answer but 200, and repeat the call.
    """
    if not _is_from_twilio(request, signed):
        log.warning("messaging.forged_status", clinic_id=request.clinic.pk)
        return HttpResponseForbidden(content_type="text/plain")
    outbox_id = callbacks.read(request.clinic, signed)
    state = STATES.get(request.POST.get("MessageStatus", ""))
    sid = request.POST.get("MessageSid", "")
    if outbox_id is None or not re.fullmatch(r"[A-Za-z0-9]{1,64}", sid):
        log.warning("messaging.unknown_status", clinic_id=request.clinic.pk)
    elif state is not None:
        changed = actions.record_status(
            clinic=request.clinic,
            outbox_id=outbox_id,
            provider_id=sid,
            state=state,
            error=_error(request.POST.get("ErrorCode", "")),
            now=timezone.now(),
        )
        log.info("messaging.status", clinic_id=request.clinic.pk, outbox_id=outbox_id, state=state, changed=changed)
    return HttpResponse(content_type="text/plain")


def _is_from_twilio(request: ClinicRequest, signed: str) -> bool:
    try:
        account = twilio.account_for(Sender.objects.for_clinic(request.clinic).first())
    except crypto.Unreadable:
        return False
    # The address as we gave it out: what arrives as Host may be a proxy's, or a forger's.
    url = callbacks.url(request.clinic, signed)
    return twilio.is_signed(account, url, request.POST, request.headers.get("X-Twilio-Signature", ""))


def _error(code: str) -> str:
    return f"Twilio error {code}" if re.fullmatch(r"[1-9][0-9]{3,5}", code) else ""
