"""The cache may vanish at any moment."""

import pytest
from django.core.cache import cache, caches
from django.test.utils import override_settings

from tests import factories

AWAY = {"default": {"BACKEND": "portal.kit.cache.MayVanish", "LOCATION": "redis://127.0.0.1:1/0"}}


@pytest.fixture
def away(monkeypatch):
    with override_settings(CACHES=AWAY):
        yield caches.create_connection("default")


def test_while_it_is_there_it_keeps_things():
    cache.set("word", 1)

    assert (cache.get("word"), cache.add("word", 2), cache.delete("word"), cache.get("word", "none")) == (
        1,
        False,
        True,
        "none",
    )


def test_while_it_is_away_nothing_is_found_and_nobody_notices(away):
    away.set("word", 1)

    assert (away.get("word", "none"), away.add("word", 2), away.delete("word")) == ("none", True, False)


def test_staff_sign_in_while_it_is_away(client, willow, monkeypatch, away):
    user = factories.create_staff(willow)
    monkeypatch.setattr("allauth.core.internal.ratelimit.cache", away)

    response = client.post("/staff/account/login/", {"login": user.email, "password": factories.PASSWORD})

    assert (response.status_code, response.url) == (302, "/staff/")
