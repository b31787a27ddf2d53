"""Phone numbers and e-mail addresses as people type them, and the one spelling that we store and compare."""

from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

import phonenumbers
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils.translation import gettext as _
from phonenumbers import PhoneNumberFormat, PhoneNumberType

from portal.kit import crypto

Channel = Literal["sms", "email"]
SMS: Channel = "sms"
EMAIL: Channel = "email"

# Numbers that cost whoever calls or texts them: the target of SMS pumping.
COSTLY_TYPES = {
    PhoneNumberType.PREMIUM_RATE,
    PhoneNumberType.SHARED_COST,
    PhoneNumberType.UAN,
    PhoneNumberType.VOICEMAIL,
    PhoneNumberType.PAGER,
}


@dataclass(frozen=True, slots=True)
class Contact:
    """A phone in E.164 or an e-mail address in lower case."""

    channel: Channel
    value: str

    @property
    def digest(self) -> str:
        """What directories and limits store in place of the contact."""
        return crypto.keyed_digest(self.value, purpose="contact")

    @property
    def masked(self) -> str:
        """Enough to recognise one's own: +44 •••• •••123 or n•••@example.com."""
        if self.channel == EMAIL:
            local, _at, host = self.value.partition("@")
            return f"{local[:1]}•••@{host}"
        code = phonenumbers.parse(self.value).country_code
        return f"+{code} •••• •••{self.value[-3:]}"


def parse_phone(text: str, *, country: str) -> Contact:
    """Read a number in any usual spelling; `country` (ISO 3166, two letters) is assumed without a prefix.

    Checks that the number is possible rather than assigned: numbering plans change faster than libraries, and the
    ranges reserved for examples must work. Raises ValidationError.
    """
    text = text.strip()
    if any(character.isalpha() for character in text):
        raise ValidationError(
            _("A phone number has digits only, like %(example)s."), params={"example": example(country)}
        )
    if not any(character.isdigit() for character in text):
        raise ValidationError(_("Enter a phone number, like %(example)s."), params={"example": example(country)})
    try:
        number = phonenumbers.parse(text, country or None)
    except phonenumbers.NumberParseException as error:
        if error.error_type == phonenumbers.NumberParseException.INVALID_COUNTRY_CODE:
            raise ValidationError(
                _("Start with a country code, like %(example)s."), params={"example": example(country)}
            ) from error
        raise ValidationError(_("That isn’t a phone number we can use. Check the digits.")) from error
    reason = phonenumbers.is_possible_number_with_reason(number)
    if reason == phonenumbers.ValidationResult.TOO_LONG:
        raise ValidationError(_("That number has too many digits."))
    if reason != phonenumbers.ValidationResult.IS_POSSIBLE:
        raise ValidationError(_("That number has too few digits."))
    return Contact(SMS, phonenumbers.format_number(number, PhoneNumberFormat.E164))


def parse_email(text: str) -> Contact:
    """Read an e-mail address; spaces around it and capitals don't matter. Raises ValidationError."""
    value = text.strip().lower()
    if len(value) > 254:
        raise ValidationError(_("That email address is too long."))
    try:
        validate_email(value)
    except ValidationError as error:
        raise ValidationError(_("Enter an email address like name@example.com.")) from error
    return Contact(EMAIL, value)


def country_of(phone: str) -> str:
    """The ISO country of an E.164 number, or "" where a code belongs to none."""
    return phonenumbers.region_code_for_number(phonenumbers.parse(phone)) or _main_region(phone)


def _main_region(phone: str) -> str:
    region = phonenumbers.region_code_for_country_code(phonenumbers.parse(phone).country_code or 0)
    return "" if region in {"ZZ", "001"} else region


def is_costly(phone: str) -> bool:
    """Is this a premium, shared-cost or similar number, which a code must never be sent to?"""
    return phonenumbers.number_type(phonenumbers.parse(phone)) in COSTLY_TYPES


@lru_cache(maxsize=4096)
def display_phone(phone: str, *, country: str = "") -> str:
    """An E.164 number as people read it: the national form in its own `country`, else with its code."""
    if not phone:
        return ""
    try:
        number = phonenumbers.parse(phone)
    except phonenumbers.NumberParseException:
        return phone
    at_home = country and number.country_code == phonenumbers.country_code_for_region(country)
    style = PhoneNumberFormat.NATIONAL if at_home else PhoneNumberFormat.INTERNATIONAL
    return phonenumbers.format_number(number, style)


def example(country: str) -> str:
    """A reserved number that nobody owns, for hints."""
    return {"GB": "+44 7700 900123", "US": "+1 202 555 0142"}.get(country, "+44 7700 900123")


COUNTRIES = frozenset(phonenumbers.SUPPORTED_REGIONS)
