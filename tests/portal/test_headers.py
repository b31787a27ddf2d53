"""Group E: what every page says to the browser about itself."""

import os
import subprocess
import sys

import pytest

from tests import factories

PAGES = [
    "/willow/",
    "/willow/account/",
    "/willow/pets/",
    "/willow/info/",
    "/willow/sign-in/",
    "/",
    "/sign-in/",
    "/nobody/",
]


@pytest.fixture(params=PAGES)
def page(request, client, willow):
    if request.param.startswith("/willow/") and "sign-in" not in request.param:
        factories.sign_in(client, factories.create_owner(willow))
    return client.get(request.param)


def test_the_policy_lets_nothing_in_from_elsewhere(page):
    policy = dict(part.split(" ", 1) for part in page["Content-Security-Policy"].split("; "))

    assert policy["default-src"] == "'none'"
    assert policy["script-src"] == policy["style-src"] == "'self'"
    assert policy["frame-ancestors"] == policy["base-uri"] == "'none'"
    assert "unsafe" not in page["Content-Security-Policy"]


def test_nothing_private_is_kept(page):
    assert page["Cache-Control"] == "no-store"


def test_nothing_is_sniffed_framed_or_told_elsewhere(page):
    assert page["X-Content-Type-Options"] == "nosniff"
    assert page["X-Frame-Options"] == "DENY"
    assert page["Referrer-Policy"] == "same-origin"
    assert page["Cross-Origin-Opener-Policy"] == "same-origin"


def test_on_https_cookies_carry_the_host_prefix():
    names = "print(settings.SESSION_COOKIE_NAME, settings.CSRF_COOKIE_NAME, settings.SESSION_COOKIE_SECURE)"
    printed = subprocess.run(
        [sys.executable, "-c", f"from portal import settings; {names}"],
        env=os.environ | {"PORTAL_URL": "https://portal.example.com"},
        capture_output=True,
        text=True,
        check=True,
    )

    assert printed.stdout.split() == ["__Host-staff", "__Host-csrf", "True"]
