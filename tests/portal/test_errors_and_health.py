"""What is shown when something goes wrong, and what tells ops that all is well."""

from datetime import timedelta

import pytest
from django.db import OperationalError, connection
from django.test import Client as Browser
from django.urls import path
from django.utils import timezone

from clinics import views as clinic_views
from clinics.gates import public
from clinics.models import Clinic
from messaging.models import Waiting
from portal import celery_app, views
from portal import urls as portal_urls
from tests import factories


@public
def breaks(request):
    Clinic.objects.filter(pk=request.clinic.pk).update(name="Changed before the crash")
    raise OperationalError("gone") if request.GET else ValueError("secret detail")


class Broken:
    """Our addresses and one more that fails after it has written."""

    urlpatterns = [path("<slug:clinic_slug>/breaks/", breaks), *portal_urls.urlpatterns]
    handler400, handler403 = portal_urls.handler400, portal_urls.handler403
    handler404, handler500 = portal_urls.handler404, portal_urls.handler500


@pytest.fixture
def broken(settings):
    settings.ROOT_URLCONF = Broken
    return Browser(raise_request_exception=False)


def test_a_fault_shows_a_reference_and_undoes_what_was_written(broken, willow):
    response = broken.get("/willow/breaks/")

    willow.refresh_from_db()
    assert response.status_code == 500
    assert "We knocked something over" in response.content.decode()
    assert "secret detail" not in response.content.decode()
    assert willow.name == "Willow & Pine Veterinary"


def test_a_database_that_is_away_is_told_as_such(broken, willow):
    response = broken.get("/willow/breaks/?away=1")

    assert (response.status_code, response["Retry-After"]) == (503, "10")


def test_a_lost_page_keeps_the_clinics_brand(client, willow):
    page = client.get("/willow/no/such/page/")

    assert page.status_code == 404
    assert "This page ran off" in page.content.decode()
    assert "Willow &amp; Pine" in page.content.decode()


def test_a_lost_page_without_a_clinic_names_nobody(client, willow):
    page = client.get("/no-such-clinic/pets/")

    assert page.status_code == 404
    assert "Willow" not in page.content.decode()


def test_a_form_from_elsewhere_is_refused(willow):
    response = Browser(enforce_csrf_checks=True).post("/willow/sign-in/", {"by": "phone"})

    assert response.status_code == 403


def test_a_body_of_50_megabytes_is_refused(client, willow):
    response = client.post("/willow/sign-in/", {"phone": "7" * 2_000_000})

    assert response.status_code == 413


def test_five_thousand_fields_are_refused(client, willow):
    response = client.post("/willow/sign-in/", {f"f{number}": "x" for number in range(5_000)})

    assert response.status_code == 400


def test_the_process_answers_without_touching_anything(client, statements, db):
    with statements(0):
        assert client.get("/healthz").content == b"ok"


def test_a_ready_portal_says_so(client, db):
    assert client.get("/readyz").json() == {"ready": True, "problems": [], "notes": []}


def test_an_open_table_makes_the_portal_unready(client, db):
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE pets_pet NO FORCE ROW LEVEL SECURITY")

    response = client.get("/readyz")

    assert response.status_code == 503
    assert response.json()["problems"] == ["pets_pet has clinic_id but not exactly the one forced policy"]


def test_messages_that_wait_too_long_are_told(client, willow):
    Waiting.objects.create(clinic=willow, due_at=timezone.now() - views.OUTBOX_LIMIT - timedelta(minutes=1))

    answer = client.get("/readyz").json()

    assert answer["ready"] is True
    assert [note.split(" for ")[0] for note in answer["notes"]] == ["the oldest message has been waiting"]


def test_a_broker_that_is_away_is_told_and_takes_nothing_down(client, db, monkeypatch):
    monkeypatch.setattr(celery_app.conf, "broker_write_url", "redis://127.0.0.1:1/0")

    answer = client.get("/readyz")

    assert (answer.status_code, answer.json()["notes"]) == (200, ["the broker is away"])


def test_theme_and_logo_have_addresses_that_change_with_them(client, willow):
    Clinic.objects.filter(pk=willow.pk).update(brand_colour="#1d6b4f")

    now, old = client.get("/willow/theme.1d6b4f.css"), client.get("/willow/theme.000000.css")

    assert (now.status_code, old.status_code) == (200, 404)
    assert (now["Content-Type"], now["Cache-Control"]) == ("text/css; charset=utf-8", clinic_views.YEAR)
    assert "--brand-h:165" in now.content.decode()
    assert client.get("/willow/logo.none.webp").status_code == 404


def test_a_legal_text_is_read_before_it_is_agreed_to(client, willow):
    pages = [
        client.get(f"/willow/texts/{kind}/").status_code for kind in ("privacy-policy", "user-agreement", "nothing")
    ]

    assert pages == [200, 200, 404]


def test_clinic_info_is_there_for_everybody(client, willow):
    stranger = client.get("/willow/info/").content.decode()
    factories.sign_in(client, factories.create_owner(willow))

    assert "01632 960418" in stranger
    assert client.get("/willow/info/").status_code == 200
