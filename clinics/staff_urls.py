"""Addresses of the staff's own account: password and second factor.

Of allauth's pages only those that staff need. There is no signing up, and an account's e-mail address is
changed by the platform, because a clinic gives its jobs to that address.
"""

from allauth.account import urls as account_urls
from allauth.mfa import urls as mfa_urls
from django.urls import include, path

from clinics import staff_views

KEPT = {
    "account_login",
    "account_logout",
    "account_inactive",
    "account_reauthenticate",
    "account_change_password",
    "account_set_password",
    "account_reset_password",
    "account_reset_password_done",
    "account_reset_password_from_key",
    "account_reset_password_from_key_done",
}

urlpatterns = [
    *(pattern for pattern in account_urls.urlpatterns if pattern.name in KEPT),
    path("2fa/", include(mfa_urls.urlpatterns)),
    path("", staff_views.account, name="staff_account"),
]
