"""Opening a clinic, giving people jobs there, and what is missing before it goes live."""

from __future__ import annotations

from io import StringIO
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from django.core.management import CommandError, call_command

from clinics.models import (
    Clinic,
    EmergencyClinic,
    LegalText,
    OpeningHours,
    Role,
    StaffMember,
    User,
    Workplace,
)
from clinics.tenancy import tenant
from messaging.models import RequestType
from pets.actions import install_default_plans
from pets.models import CarePlan
from pets.setting_up import install_request_types
from tests import factories


def run(name: str, *arguments: str) -> list[str]:
    out = StringIO()
    call_command(name, *arguments, stdout=out)
    return out.getvalue().splitlines()


def refused(name: str, *arguments: str) -> list[str]:
    out = StringIO()
    with pytest.raises(CommandError) as refusal:
        call_command(name, *arguments, stdout=out)
    return [*out.getvalue().splitlines(), *str(refusal.value).splitlines()]


def arguments(**changed: str) -> list[str]:
    facts = {
        "name": "Elm Tree Vets",
        "country": "IE",
        "time-zone": "Europe/Dublin",
        "owner-email": "owner@example.com",
    } | changed
    return ["elm", *(f"--{name}={value}" for name, value in facts.items())]


def test_a_new_clinic_has_an_owner_drafts_request_types_and_plans(db):
    said = run("create_clinic", *arguments())

    clinic = Clinic.objects.get()
    assert "\n".join(said) == (
        "Opened 1 clinic: Elm Tree Vets at http://testserver/elm/. owner@example.com chooses a password at "
        "http://testserver/staff/. What is missing yet: manage.py check_clinic elm"
    )
    assert (clinic.slug, clinic.country, clinic.time_zone) == ("elm", "IE", "Europe/Dublin")
    with tenant(clinic):
        owner = StaffMember.objects.for_clinic(clinic).get()
        assert (owner.user.email, owner.role) == ("owner@example.com", Role.OWNER)
        assert LegalText.objects.for_clinic(clinic).filter(published_at__isnull=True).count() == 3
        types = RequestType.objects.for_clinic(clinic).order_by("position").values_list("name", flat=True)
        assert list(types) == ["Appointment request", "Prescription refill", "Ask a question"]
        assert CarePlan.objects.for_clinic(clinic).exists()


def test_a_dry_run_opens_nothing(db):
    assert run("create_clinic", *arguments(), "--dry-run")[0].startswith("Would open 1 clinic: Elm Tree Vets at")
    assert (Clinic.objects.count(), User.objects.count()) == (0, 0)


def test_an_address_that_is_taken_is_a_clear_error(db):
    run("create_clinic", *arguments())

    assert refused("create_clinic", *arguments()) == ["There is a clinic “elm” already. Nothing was changed."]


def test_everything_that_is_wrong_is_said_at_once(db):
    wrong = arguments(country="XX", **{"time-zone": "Mars/Base", "owner-email": "me", "phone": "123"})

    assert refused("create_clinic", "staff", *wrong[1:]) == [
        "SLUG: “staff” is used by the portal itself. Choose another.",
        "--country: Enter a two-letter country code like GB.",
        "--time-zone: “Mars/Base” is not a time zone. Choose one like Europe/London.",
        "--phone: Start with a country code, like +44 7700 900123.",
        "--owner-email: Enter a valid email address.",
    ]


def add(
    *extra: str, clinic: str = "willow", email: str = "priya@example.com", role: str = "reception"
) -> tuple[str, ...]:
    return ("add_staff", f"--clinic={clinic}", f"--email={email}", f"--role={role}", *extra)


def jobs(clinic: Clinic) -> list[tuple[str, str, str]]:
    with tenant(clinic):
        return [(job.user.email, job.role, job.shown_name) for job in StaffMember.objects.for_clinic(clinic)]


def test_somebody_gets_a_job_and_a_second_time_changes_nothing(willow, harbour):
    said = run(*add("--shown-name=Priya"))
    again = run(*add())

    assert said == ["Added 1 staff member(s) at Willow & Pine Veterinary: priya@example.com is reception there."]
    assert again == ["Added 0 staff member(s) at Willow & Pine Veterinary: priya@example.com is reception there."]
    assert (jobs(willow), jobs(harbour)) == ([("priya@example.com", "reception", "Priya")], [])
    assert [place.clinic for place in Workplace.objects.all()] == [willow]


def test_a_dry_run_employs_nobody(willow):
    assert run(*add("--dry-run")) == [
        "Would add 1 staff member(s) at Willow & Pine Veterinary: priya@example.com is reception there."
    ]
    assert (jobs(willow), User.objects.count()) == ([], 0)


def test_another_role_an_unknown_clinic_and_a_bad_address_are_refused(willow):
    run(*add())

    assert refused(*add(role="owner")) == [
        "priya@example.com is reception at Willow & Pine Veterinary already. Change it at /staff/."
    ]
    assert refused(*add(clinic="elm")) == ["There is no clinic “elm”."]
    assert refused(*add(email="priya")) == ["“priya” is not an e-mail address."]


@pytest.fixture
def real(db, settings):
    """A portal that is no demo, with no provider of its own."""
    settings.DEMO = settings.DEBUG = False
    settings.MAILERS = {"platform": {"BACKEND": "django.core.mail.backends.smtp.EmailBackend", "OPTIONS": {}}}
    settings.PLATFORM_TWILIO_ACCOUNT_SID = settings.PLATFORM_TWILIO_FROM = settings.PLATFORM_TWILIO_AUTH_TOKEN = ""


def complete(clinic: Clinic, **fields: Any) -> User:
    """Give a clinic of the factories what it lacks."""
    Clinic.objects.filter(pk=clinic.pk).update(street="14 Mill Lane", brand_colour="#1d6b4f", **fields)
    with tenant(clinic):
        OpeningHours.objects.create(clinic=clinic, weekday=0, opens="08:30", closes="18:30")
        EmergencyClinic.objects.create(clinic=clinic, name="Northgate", phone="+441632960999")
        install_request_types(clinic=clinic)
        install_default_plans(clinic=clinic)
    factories.create_owner(clinic)
    return factories.create_staff(clinic)


def test_a_clinic_straight_from_the_command_lacks_nearly_everything(real):
    run("create_clinic", *arguments(country="US", **{"time-zone": "Europe/London"}))

    assert refused("check_clinic", "elm") == [
        "elm: No sender for texts: sign-in by phone can't work.",
        "elm: No sender for e-mails: sign-in by e-mail can't work.",
        "elm: No phone number.",
        "elm: No address.",
        "elm: The brand colour is still the one that every clinic starts with.",
        "elm: The time zone is still Europe/London, though the country is US.",
        "elm: The text “Consent to data processing” is not published.",
        "elm: The text “Privacy Policy” is not published.",
        "elm: The text “User Agreement” is not published.",
        "elm: No opening hours.",
        "elm: No emergency clinic for help out of hours.",
        "elm: No clients: nobody can sign in. See import_clients.",
        "Checked 1 clinic(s): 12 thing(s) missing.",
    ]


@pytest.fixture
def senders(settings):
    settings.DEMO = True  # Its gateways always work.


def test_a_clinic_that_lacks_nothing_is_ready(willow, senders):
    complete(willow)

    assert run("check_clinic", "willow") == ["willow: ready", "Checked 1 clinic(s): 0 thing(s) missing."]


def test_an_owner_needs_the_second_factor_that_the_clinic_requires(willow, senders):
    owner = complete(willow, requires_second_factor=True)
    lacking = f"willow: {owner.email} is an owner without the second factor that the clinic requires."
    Authenticator.objects.create(user=owner, type=Authenticator.Type.RECOVERY_CODES, data={})

    assert refused("check_clinic", "willow")[0] == lacking

    Authenticator.objects.create(user=owner, type=Authenticator.Type.TOTP, data={})
    assert run("check_clinic", "willow")[0] == "willow: ready"


def test_a_published_draft_and_a_missing_owner_are_said(willow, senders):
    owner = complete(willow)
    with tenant(willow):
        StaffMember.objects.for_clinic(willow).filter(user=owner).update(role=Role.VET)
        LegalText.objects.for_clinic(willow).filter(kind="privacy_policy").update(body="DRAFT. Please check.")

    assert refused("check_clinic", "willow") == [
        "willow: The text “Privacy Policy” is published but still says that it is a draft.",
        "willow: No owner among the staff.",
        "Checked 1 clinic(s): 2 thing(s) missing.",
    ]


def test_all_clinics_are_checked_one_by_one(willow, harbour, senders):
    complete(willow)
    complete(harbour, phone="")

    assert refused("check_clinic", "--all") == [
        "harbour: No phone number.",
        "willow: ready",
        "Checked 2 clinic(s): 1 thing(s) missing.",
    ]


def test_a_check_needs_to_know_which_clinic(willow):
    assert refused("check_clinic", "elm") == ["There is no clinic “elm”."]
    with pytest.raises(CommandError, match="one of the arguments SLUG --all is required"):
        call_command("check_clinic")
