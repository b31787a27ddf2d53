"""A document is asked for, made once, and made again only when something on it changes."""

import sys
from datetime import timedelta
from pathlib import Path

import pytest
from django.utils import timezone

from clinics.models import Clinic
from clinics.tenancy import tenant
from pets import actions, tasks
from pets.id_card import documents
from portal.celery import app
from portal.kit import pdf
from tests import factories
from tests.pets.cards import NOON, choose, create_miso, give, open_card, withdraw
from tests.pets.documents import Form, State, ask, content_of, documents_of, fresh, give_photo, printable, work

LATER = NOON + timedelta(hours=1)


@pytest.fixture(autouse=True)
def _at_noon(time_machine) -> None:
    """The worker has a clock of its own."""
    time_machine.move_to(NOON, tick=False)


@pytest.fixture
def miso(willow):
    miso = create_miso(factories.create_owner(willow))
    give(miso, "Rabies", days=300)
    return miso


def files(media: Path) -> list[str]:
    return sorted(str(path.relative_to(media)) for path in (media / "cards").rglob("*.pdf"))


def test_asked_for_the_first_time_it_is_to_be_made(miso):
    document = ask(miso)

    assert (document.state, document.form, document.asked_at, document.made_at) == (State.MAKING, "sheet", NOON, None)


def test_a_worker_makes_it(miso, media):
    document = work(ask(miso))

    assert (document.state, files(media)) == (State.READY, [f"cards/{miso.clinic.pk}/{document.digest}-sheet.pdf"])
    assert (media / document.file.name).read_bytes()[:5] == b"%PDF-"


def test_unchanged_it_is_not_made_again(miso, media):
    made = work(ask(miso))

    again = work(ask(miso, at=LATER))

    assert (again.state, again.made_at, again.file.name) == (State.READY, made.made_at, made.file.name)


def test_the_two_forms_are_two_documents(miso, media):
    for form in Form.values:
        work(ask(miso, form))

    assert [(one.form, one.state) for one in documents_of(miso.clinic)] == [("wallet", "ready"), ("sheet", "ready")]
    assert len(files(media)) == 2


def test_changed_it_is_made_again_and_the_old_file_goes(miso, media, django_capture_on_commit_callbacks):
    before = work(ask(miso))
    with tenant(miso.clinic):
        actions.update_pet(pet=miso, by=miso.owner, now=LATER, colour="Grey")

    asked = ask(miso, at=LATER)
    was = asked.state
    with django_capture_on_commit_callbacks(execute=True):
        after = work(asked)

    assert (was, after.state, before.digest == after.digest) == (State.MAKING, State.READY, False)
    assert files(media) == [after.file.name]


def change_colour(miso):
    Clinic.objects.filter(pk=miso.clinic.pk).update(brand_colour="#aa0000")


def change_phone(miso):
    Clinic.objects.filter(pk=miso.clinic.pk).update(phone="+441632960419")


def change_photo(miso):
    give_photo(miso)


def change_services(miso):
    give(miso, "Feline core", days=100)


def change_parts(miso):
    choose(open_card(miso), ["breed"])


@pytest.mark.parametrize("change", [change_colour, change_phone, change_photo, change_services, change_parts])
def test_each_thing_on_it_counts(miso, change):
    before = printable(content_of(miso)).digest

    change(miso)
    miso.clinic.refresh_from_db()

    assert printable(content_of(miso)).digest != before


def test_being_made_it_is_not_asked_for_twice_until_its_worker_must_be_dead(miso):
    document = ask(miso)

    soon = ask(miso, at=NOON + timedelta(seconds=30))
    late = ask(miso, at=NOON + timedelta(seconds=31))

    assert [one.asked_at - document.asked_at for one in (soon, late)] == [timedelta(), timedelta(seconds=31)]


def test_what_failed_is_made_again_only_when_its_owner_says_so(miso):
    document = ask(miso)
    with tenant(miso.clinic):
        actions.give_up_document(document=document)

    states = [ask(miso, at=LATER).state, ask(miso, at=LATER, again=True).state]

    assert states == [State.FAILED, State.MAKING]


def test_told_twice_the_second_worker_leaves_it(miso):
    document = ask(miso)
    made = work(document)

    again = work(document)

    assert again.made_at == made.made_at


def test_what_was_asked_for_meanwhile_is_not_overwritten(miso, media):
    document = ask(miso)
    with tenant(miso.clinic):
        actions.claim_document(document=document, asked_at=NOON, now=LATER)
    give(miso, "Feline core", days=100)
    newer = ask(miso, at=LATER + timedelta(seconds=1))

    with tenant(miso.clinic):
        kept = actions.keep_document(document=document, digest="0" * 64, pdf=b"%PDF-", now=LATER)

    assert (kept, fresh(newer).state, newer.digest == document.digest, files(media)) == (False, "making", False, [])


def test_a_card_that_was_withdrawn_meanwhile_is_not_printed(miso, media):
    document = ask(miso)
    withdraw(open_card(miso))

    tasks.make_card_document(clinic_id=miso.clinic.pk, document_id=document.pk, asked_at=document.asked_at.isoformat())

    assert (documents_of(miso.clinic), files(media)) == ([], [])


def test_without_the_library_it_fails(miso, monkeypatch):
    monkeypatch.setitem(sys.modules, "weasyprint", None)
    pdf._engine.cache_clear()

    document = work(ask(miso))

    pdf._engine.cache_clear()
    assert document.state == State.FAILED


def test_a_clinic_that_is_gone_is_left_alone(miso):
    document = ask(miso)
    Clinic.objects.filter(pk=miso.clinic.pk).update(state="suspended")

    assert work(document).state == State.MAKING


def test_forgotten_documents_take_their_files_along(miso, media, django_capture_on_commit_callbacks):
    work(ask(miso))

    with django_capture_on_commit_callbacks(execute=True), tenant(miso.clinic):
        actions.forget_documents(card=content_of(miso).card)

    assert (documents_of(miso.clinic), files(media)) == ([], [])


def test_asking_costs_the_same_however_many_services_there_are(miso, statements):
    work(ask(miso))
    content = content_of(miso)

    with tenant(miso.clinic), timezone.override(miso.clinic.zone), statements(1):
        actions.ask_for_document(content=content, form=Form.SHEET, now=LATER)


def test_asking_nudges_a_worker_once(miso, django_capture_on_commit_callbacks):
    app.conf.update(task_always_eager=True)
    with django_capture_on_commit_callbacks(execute=True) as told:
        ask(miso)
        ask(miso)
    app.conf.update(task_always_eager=False)

    assert (len(told), [one.state for one in documents_of(miso.clinic)]) == (1, ["ready"])


def test_the_look_of_a_card_is_part_of_its_digest(miso, monkeypatch, tmp_path):
    content = content_of(miso)
    before = printable(content).digest
    for file in documents.TEMPLATES.iterdir():
        (tmp_path / file.name).write_text(file.read_text() + " ")
    monkeypatch.setattr(documents, "TEMPLATES", tmp_path)
    documents._look.cache_clear()

    after = printable(content).digest

    documents._look.cache_clear()
    assert after != before
