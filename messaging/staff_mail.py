"""What other packages send, such as a staff member's password link: through an outbox, like everything that is said.

So a request neither waits for a mail server nor tells by its time whether an account exists, and nothing is lost. The
clinic is only where the row lies: it leaves by the platform's mailer, because a clinic's provider shows what it sends
to that clinic, and the account may be anybody's.
"""

from __future__ import annotations

from collections.abc import Sequence

import structlog
from django.core.mail import EmailMessage
from django.core.mail.backends.base import BaseEmailBackend
from django.utils import timezone

from clinics.models import Clinic, Workplace
from clinics.tenancy import WrongTenant, open_clinic_id, tenant
from messaging import outbox
from messaging.models import Channel
from portal.kit import crypto

log = structlog.get_logger(__name__)


class OutboxMailer(BaseEmailBackend):
    """Queues each e-mail at a clinic where its recipient works. Sealed until sent: it may hold a link that signs in."""

    def send_messages(self, email_messages: Sequence[EmailMessage]) -> int:
        return sum(_queue(mail, to) for mail in email_messages for to in mail.recipients())


def _queue(mail: EmailMessage, to: str) -> bool:
    clinic = _clinic_for(to)
    if clinic is None:
        log.error("staff_mail_without_a_clinic")
        return False
    words = outbox.Words(
        channel=Channel.EMAIL,
        to=to,
        subject=str(mail.subject),
        body=str(mail.body),
        kind="staff_account",
        key=f"staff_account:{crypto.new_token()}",
        is_sensitive=True,
        is_platforms=True,
    )
    with tenant(clinic):
        outbox.enqueue(clinic, words, now=timezone.now())
    return True


def _clinic_for(address: str) -> Clinic | None:
    """The clinic that is open, else one where this account works, else (a platform administrator) the oldest."""
    live = Clinic.objects.live().order_by("pk")
    try:
        return live.filter(pk=open_clinic_id()).first()
    except WrongTenant:
        own = live.filter(pk__in=Workplace.objects.filter(user__email__iexact=address).values("clinic"))
        return own.first() or live.first()
