"""First drafts of the legal texts for a new clinic: plain and careful, for a lawyer to check before publishing."""

from __future__ import annotations

from typing import TYPE_CHECKING

from clinics.models.legal import LegalText

if TYPE_CHECKING:
    from clinics.models import Clinic

DATA_PROCESSING = "I consent to {clinic} processing my personal data to run my account."

PRIVACY_POLICY = """\
DRAFT. Please have this text checked before you publish it.

{clinic} looks after your pets and keeps the records that this needs. This page says what we keep about \
you in the portal, why, and what you can ask of us.

What we keep: your name, phone number, e-mail and postal address; your pets, their photos, weights, \
vaccinations and other care; your visits; the messages we send you and whether they arrived; when you \
signed in and on which devices; and what you agreed to, with the date.

Why: to give you access to your pets' records, to run your appointments, to send the messages that you \
asked for, and to meet our duties as a veterinary practice.

Who sees it: our staff, and the companies that run the portal and deliver messages for us, only as far as \
that needs. We don't sell your data.

How long: sign-in codes for 24 hours, the text of messages for 24 months, the proof of what you agreed to \
for as long as we may have to show it, and clinical and financial records for as long as the law asks of \
us.

Your choices: you can see and correct your details, have a copy of them, withdraw what you agreed to, and \
ask us to erase what we need not keep. Withdrawing is as easy as agreeing. Ask us here: {contact}.
"""

USER_AGREEMENT = """\
DRAFT. Please have this text checked before you publish it.

This portal lets you see and manage what {clinic} keeps for you and your pets.

It is not for emergencies. When your pet needs help at once, call us or an emergency clinic.

What you read here comes from our records and does not replace advice from a vet who has seen your pet.

You sign in with a code that we send to the phone number or e-mail address on file with us. Keep your \
phone and mailbox to yourself, tell us when they change, and sign out on devices that others use.

We may change this agreement. You will be asked to agree to the new text before you go on.

Questions: {contact}.
"""

WORDING = {
    LegalText.Kind.DATA_PROCESSING: DATA_PROCESSING,
    LegalText.Kind.PRIVACY_POLICY: PRIVACY_POLICY,
    LegalText.Kind.USER_AGREEMENT: USER_AGREEMENT,
}


def drafts(clinic: Clinic) -> list[LegalText]:
    """One unpublished, unsaved draft of each kind."""
    contact = clinic.email or clinic.phone or clinic.name
    return [
        LegalText(clinic=clinic, kind=kind, version=1, body=wording.format(clinic=clinic.name, contact=contact))
        for kind, wording in WORDING.items()
    ]
