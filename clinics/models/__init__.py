"""The tenants, who works there, and when they are open."""

from clinics.models.choices import ClinicState, Editing
from clinics.models.clinic import RESERVED_SLUGS, Clinic
from clinics.models.hours import EmergencyClinic, HoursException, OpeningHours
from clinics.models.legal import LegalText
from clinics.models.people import FailedSignIn, Role, StaffAction, StaffMember, User, Workplace

__all__ = [
    "RESERVED_SLUGS",
    "Clinic",
    "ClinicState",
    "Editing",
    "EmergencyClinic",
    "FailedSignIn",
    "HoursException",
    "LegalText",
    "OpeningHours",
    "Role",
    "StaffAction",
    "StaffMember",
    "User",
    "Workplace",
]
