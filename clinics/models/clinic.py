"""A clinic: one tenant of the portal."""

from __future__ import annotations

import zoneinfo
from functools import cache
from pathlib import Path
from typing import Self
from urllib.parse import quote_plus, urlsplit

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator, RegexValidator
from django.db import connection, models
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from clinics.models.choices import ClinicState, Door, Editing, WeightUnit
from portal.kit import brand, contacts, money, rows

# First words of addresses that are not clinics. A test holds portal/urls.py to this list.
RESERVED_SLUGS = frozenset({"demo", "healthz", "legal", "readyz", "sign-in", "sign-out", "staff", "static", "verify"})

validate_slug = RegexValidator(
    r"^[a-z0-9]+(-[a-z0-9]+)*\Z", gettext_lazy("Lower-case letters, digits and single hyphens only, like willow-pine.")
)


def validate_not_reserved(slug: str) -> None:
    if slug in RESERVED_SLUGS:
        raise ValidationError(_("“%(slug)s” is used by the portal itself. Choose another."), params={"slug": slug})


def validate_time_zone(name: str) -> None:
    if name not in zoneinfo.available_timezones():
        raise ValidationError(_("“%(name)s” is not a time zone. Choose one like Europe/London."), params={"name": name})


def validate_colour(text: str) -> None:
    try:
        brand.Brand.from_hex(text)
    except ValueError as error:
        raise ValidationError(_("Enter a colour like #1d6b4f.")) from error


def validate_country(code: str) -> None:
    if code not in contacts.COUNTRIES:
        raise ValidationError(_("Enter a two-letter country code like GB."))


def validate_currency(code: str) -> None:
    if not money.is_currency(code):
        raise ValidationError(_("Enter a three-letter currency like GBP."))


def validate_phone(text: str) -> None:
    if contacts.parse_phone(text, country="").value != text:
        raise ValidationError(
            _("Enter the number with its country code, like %(example)s.") % {"example": "+441632960418"}
        )


def map_address(*parts: str) -> str:
    """Where a map of a place opens. A plain link: nothing is asked of the map before somebody follows it."""
    return f"https://www.openstreetmap.org/search?query={quote_plus(', '.join(parts))}"


class ClinicDirectory(models.QuerySet["Clinic"]):
    """Clinics are not tenant data: an address must find its clinic before any clinic is open."""

    def live(self) -> Self:
        """Suspended clinics answer as if they did not exist, and nothing of theirs runs."""
        return self.filter(state=ClinicState.ACTIVE)

    def open_at(self, *, slug: str, host: str) -> Clinic | None:
        """The live clinic of an address, whose rows are open until the transaction ends: within `tenant_opened`.

        A clinic's own host serves only that clinic; any other of ours serves all. Every request begins here, hence one
        fixed statement (docs/adr/0009). `set_config` runs only for the row that the conditions let through.
        """
        own_host = "" if host == urlsplit(settings.PORTAL_URL).hostname else host
        with connection.cursor() as cursor:
            cursor.execute(_open_at(), {"slug": slug, "host": own_host})
            row = cursor.fetchone()
        return rows.instance(Clinic, row[:-1]) if row else None


@cache
def _open_at() -> str:
    return f"""
        SELECT {rows.columns(Clinic)}, set_config('app.clinic_id', id::text, true) FROM clinics_clinic
        WHERE slug = %(slug)s AND state = '{ClinicState.ACTIVE}' AND (
            %(host)s = '' OR host = %(host)s OR NOT EXISTS (SELECT FROM clinics_clinic own WHERE own.host = %(host)s))
    """  # noqa: S608  Column names and a constant of ours.


class Clinic(models.Model):
    """A veterinary clinic. Holds nothing about people, so it needs no wall of its own."""

    name = models.CharField(gettext_lazy("name"), max_length=120)
    slug = models.SlugField(
        gettext_lazy("address"),
        max_length=50,
        unique=True,
        validators=[validate_slug, validate_not_reserved],
        help_text=gettext_lazy(
            "The first word of the portal's address. Links in old messages stop working when it changes."
        ),
    )
    host = models.CharField(gettext_lazy("own host name"), max_length=253, blank=True)
    state = models.CharField(gettext_lazy("state"), max_length=10, choices=ClinicState, default=ClinicState.ACTIVE)
    country = models.CharField(
        gettext_lazy("country"),
        max_length=2,
        default="GB",
        validators=[validate_country],
        help_text=gettext_lazy("Assumed for phone numbers without a country code. Two letters, like GB."),
    )
    time_zone = models.CharField(
        gettext_lazy("time zone"), max_length=40, default="Europe/London", validators=[validate_time_zone]
    )
    language = models.CharField(gettext_lazy("language"), max_length=10, choices=settings.LANGUAGES, default="en")
    currency = models.CharField(
        gettext_lazy("currency"),
        max_length=3,
        default="GBP",
        db_default="GBP",
        validators=[validate_currency],
        help_text=gettext_lazy("Three letters, like GBP. One for all prices and balances."),
    )
    weight_unit = models.CharField(
        gettext_lazy("weights are shown in"), max_length=2, choices=WeightUnit, default=WeightUnit.KG
    )

    has_pet_management = models.BooleanField(
        gettext_lazy("clients manage their pets"),
        default=True,
        db_default=True,
        help_text=gettext_lazy("Off: clients see their pets and change nothing, and the pages for it don’t exist."),
    )
    pet_facts_editing = models.CharField(
        gettext_lazy("name and facts of a pet"),
        max_length=10,
        choices=Editing,
        default=Editing.EDIT,
        db_default=Editing.EDIT,
        help_text=gettext_lazy("Name, breed, sex, birth, colour, insurance. “See it only” holds for weights too."),
    )
    pet_identity_editing = models.CharField(
        gettext_lazy("species and microchip of a pet"),
        max_length=10,
        choices=Editing,
        default=Editing.REQUEST,
        db_default=Editing.REQUEST,
        help_text=gettext_lazy("Once you have checked them. Until then the owner may correct them."),
    )
    accepts_certificates = models.BooleanField(
        gettext_lazy("clients hand in other clinics’ certificates"),
        default=True,
        db_default=True,
        help_text=gettext_lazy("You check each one before it counts."),
    )
    has_pet_cards = models.BooleanField(
        gettext_lazy("Pet ID cards"),
        default=True,
        db_default=True,
        help_text=gettext_lazy("Off: there is no card, and those already printed are no longer confirmed."),
    )
    issues_rabies_certificates = models.BooleanField(
        gettext_lazy("the card may serve as a rabies certificate"),
        default=False,
        db_default=False,
        help_text=gettext_lazy("Only where your authority accepts it. Otherwise the card says that it is none."),
    )

    brand_colour = models.CharField(
        gettext_lazy("brand colour"), max_length=7, default="#6b5a48", validators=[validate_colour]
    )
    logo = models.ImageField(gettext_lazy("logo"), blank=True, upload_to="logos/")
    phone = models.CharField(gettext_lazy("phone"), max_length=16, blank=True, validators=[validate_phone])
    email = models.EmailField(gettext_lazy("e-mail"), blank=True)
    street = models.CharField(gettext_lazy("street"), max_length=120, blank=True)
    city = models.CharField(gettext_lazy("town or city"), max_length=80, blank=True)
    region = models.CharField(gettext_lazy("county or state"), max_length=80, blank=True)
    postcode = models.CharField(gettext_lazy("postcode"), max_length=16, blank=True)
    directions = models.TextField(
        gettext_lazy("getting here"),
        max_length=500,
        blank=True,
        help_text=gettext_lazy("Parking, step-free entrance …"),
    )

    door = models.CharField(gettext_lazy("who may sign in"), max_length=10, choices=Door, default=Door.ON_FILE)
    sms_countries = models.CharField(
        gettext_lazy("texts may go to"),
        max_length=120,
        blank=True,
        help_text=gettext_lazy(
            "More two-letter country codes with commas, like IE, FR. The clinic's own is always allowed."
        ),
    )
    sms_codes_per_day = models.PositiveIntegerField(
        gettext_lazy("most sign-in texts a day"),
        default=500,
        validators=[MinValueValidator(10), MaxValueValidator(20_000)],
        help_text=gettext_lazy("A stop for fraud. Beyond it, codes go by e-mail only."),
    )
    requires_second_factor = models.BooleanField(
        gettext_lazy("staff need a second factor"),
        default=False,
        help_text=gettext_lazy("Staff without one are asked to set it up before they see anything."),
    )
    # Raised whenever a legal text is published; a client who agreed to an older revision is asked again.
    legal_revision = models.PositiveIntegerField(default=0, editable=False)
    created_at = models.DateTimeField(auto_now_add=True)

    objects = ClinicDirectory.as_manager()

    class Meta:
        verbose_name = gettext_lazy("clinic")
        verbose_name_plural = gettext_lazy("clinics")
        constraints = [
            models.UniqueConstraint(
                fields=["host"], condition=~models.Q(host=""), name="clinics_clinic_host_is_one_clinics"
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("home", args=[self.slug])

    def clean(self) -> None:
        self.country = self.country.upper()
        self.currency = self.currency.upper()
        self.brand_colour = f"#{self.brand_colour.removeprefix('#').lower()}"
        codes = [code.strip().upper() for code in self.sms_countries.split(",") if code.strip()]
        if unknown := [code for code in codes if code not in contacts.COUNTRIES]:
            raise ValidationError({"sms_countries": _("Unknown country code: %(code)s") % {"code": ", ".join(unknown)}})
        self.sms_countries = ", ".join(codes)

    @property
    def public_url(self) -> str:
        """The address that links in messages start with. Stored, never taken from a request's Host."""
        base = f"{urlsplit(settings.PORTAL_URL).scheme}://{self.host}" if self.host else settings.PORTAL_URL
        return f"{base}/{self.slug}"

    @cached_property
    def zone(self) -> zoneinfo.ZoneInfo:
        return zoneinfo.ZoneInfo(self.time_zone)

    @property
    def is_open_to_new_clients(self) -> bool:
        return self.door == Door.OPEN

    @property
    def allowed_sms_countries(self) -> set[str]:
        """ISO codes that sign-in texts may go to."""
        return {self.country, *(code.strip() for code in self.sms_countries.split(",") if code.strip())}

    @property
    def phone_display(self) -> str:
        return contacts.display_phone(self.phone, country=self.country)

    @property
    def address_lines(self) -> list[str]:
        return [line for line in (self.street, self.city, self.region, self.postcode) if line]

    @property
    def map_url(self) -> str:
        """Where a map of the clinic's address opens; "" without an address."""
        return map_address(self.name, *self.address_lines) if self.address_lines else ""

    @property
    def initials(self) -> str:
        words = [word for word in self.name.split() if word[0].isalnum()]
        return "".join(word[0] for word in words[:2]).upper()

    @property
    def logo_url(self) -> str:
        """The logo's own address, which changes with the picture; "" without one."""
        if not self.logo:
            return ""
        version = Path(self.logo.name or "").stem
        return reverse("clinics:logo", args=[self.slug, version])

    @property
    def theme_color(self) -> str:
        """What a phone's browser paints around the page, as hex."""
        return brand.Brand.from_hex(self.brand_colour).theme_color

    @property
    def brand_url(self) -> str:
        """The brand stylesheet's address, which changes with the colour."""
        return reverse("clinics:theme", args=[self.slug, self.brand_colour.lstrip("#")])
