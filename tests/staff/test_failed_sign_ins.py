"""Guessing a staff member's password: counted where nothing forgets, and never against the owner's own browser."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core.cache import cache
from django.test import Client as Browser
from django.utils import timezone

from clinics.models import FailedSignIn
from clinics.staff_sign_in import MOST_TRIES, WINDOW, familiar_cookie
from tests import factories

LOGIN = "/staff/account/login/"


@pytest.fixture
def user(willow):
    return factories.create_staff(willow)


def comes_in(browser, email, password=factories.PASSWORD, **headers):
    return browser.post(LOGIN, {"login": email, "password": password}, headers=headers).status_code == 302


def guess(email, times, browser=None, **headers):
    for _guess in range(times):
        (browser or Browser()).post(LOGIN, {"login": email, "password": "wrong-horse-battery"}, headers=headers)


def test_another_spelling_of_host_or_login_is_no_new_quota(user, settings):
    settings.ALLOWED_HOSTS = ["*"]
    for host in ("testserver", "TESTSERVER", "testserver:1", "testserver:2", "testserver."):
        guess(user.email.title(), 1, host=host)

    assert comes_in(Browser(), user.email, host="testserver:3") is False


def test_an_empty_cache_forgets_no_guess(user):
    for _guess in range(MOST_TRIES):
        guess(user.email, 1)
        cache.clear()

    assert comes_in(Browser(), user.email) is False


def test_after_the_window_the_password_opens_again(user):
    guess(user.email, MOST_TRIES)
    cache.clear()
    FailedSignIn.objects.update(window_starts_at=timezone.now() - WINDOW, count=MOST_TRIES)

    assert comes_in(Browser(), user.email) is True


def test_the_right_password_ends_the_count_and_takes_old_ones_along(user):
    guess(user.email, 3)
    long_ago = timezone.now() - WINDOW - timedelta(minutes=1)
    FailedSignIn.objects.create(login_digest="old", window_starts_at=long_ago, count=3)

    comes_in(Browser(), user.email)

    assert FailedSignIn.objects.count() == 0


def test_strangers_do_not_lock_the_owner_out_of_a_browser_known_to_the_account(user):
    own = Browser()
    comes_in(own, user.email)
    own.post("/staff/account/logout/")
    for number in range(4):  # An address has a quota as well.
        guess(user.email, 5, Browser(REMOTE_ADDR=f"192.0.2.{number}"))

    assert (comes_in(Browser(), user.email), comes_in(own, user.email)) == (False, True)


def test_a_known_browser_has_a_quota_too(user):
    own = Browser()
    comes_in(own, user.email)
    own.post("/staff/account/logout/")
    for _guess in range(MOST_TRIES):
        guess(user.email, 1, own)
        cache.clear()

    assert comes_in(own, user.email) is False


@pytest.mark.parametrize("forged", ["", "abc", "ü", "someone else's"])
def test_a_browser_that_another_account_knows_is_a_stranger(user, willow, forged):
    browser = Browser()
    if forged == "someone else's":
        comes_in(browser, factories.create_staff(willow).email)
        browser.post("/staff/account/logout/")
    else:
        browser.cookies[familiar_cookie()] = forged
    guess(user.email, 5)

    assert comes_in(browser, user.email) is False


def test_the_login_is_kept_as_a_keyed_digest_only(user):
    guess(user.email, 1)

    assert [len(row.login_digest) for row in FailedSignIn.objects.all()] == [64]
