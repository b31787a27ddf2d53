"""What is forgotten, by the command and by the worker, and what is kept."""

from __future__ import annotations

from datetime import timedelta
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from clients import directory, limits, retention, tasks
from clients.models import Client, Device, KnownContact, SignInCode, Tally
from clinics.models import Clinic, ClinicState
from clinics.tenancy import tenant
from messaging import outbox
from messaging.models import Channel, Outgoing
from portal.kit.contacts import Contact
from tests import factories

NOW = timezone.now()


def ago(**span: int):
    return NOW - timedelta(**span)


def run(name: str, *arguments: str) -> list[str]:
    out = StringIO()
    call_command(name, *arguments, stdout=out)
    return out.getvalue().splitlines()


def code(asked_at):
    number = next(factories.numbers)
    names = ("challenge_digest", "contact_digest", "quota_digest", "code_digest")
    digests = dict.fromkeys(names, f"{number:064}")
    expires_at = asked_at + timedelta(minutes=10)
    return SignInCode.objects.create(asked_at=asked_at, expires_at=expires_at, **digests)


def message(clinic, created_at, **words):
    key = f"key-{next(factories.numbers)}"
    said = outbox.Words(channel=Channel.SMS, to="+447700900123", body="Hello", kind="test", key=key, **words)
    with tenant(clinic):
        outbox.enqueue(clinic, said, now=created_at)
        Outgoing.objects.for_clinic(clinic).filter(key=key).update(created_at=created_at, state="sent")
    return key


def kept(model, clinic):
    with tenant(clinic):
        return list(model.objects.for_clinic(clinic).order_by("pk"))


def test_codes_go_a_day_after_they_were_asked_for(db):
    code(ago(hours=24, minutes=1))
    young = code(ago(hours=23, minutes=50))

    assert retention.purge_sign_ins(now=NOW) == 1
    assert list(SignInCode.objects.all()) == [young]


def test_tallies_outlive_the_longest_window(db):
    rules = [rule for rule in vars(limits).values() if isinstance(rule, limits.Rule)]
    Tally.objects.create(rule="r", subject_digest="1", window_starts_at=ago(hours=49))
    young = Tally.objects.create(rule="r", subject_digest="2", window_starts_at=ago(hours=47))

    retention.purge_sign_ins(now=NOW)

    assert list(Tally.objects.all()) == [young]
    assert max(rule.window for rule in rules) < retention.TALLIES_KEPT


def test_devices_go_thirty_days_after_they_ended_or_fell_asleep(willow):
    owner = factories.create_owner(willow)
    factories.create_device(owner, ended_at=ago(days=31))
    factories.create_device(owner, last_seen_at=ago(days=121), signed_in_at=ago(days=200))
    factories.create_device(owner, last_seen_at=ago(days=1), signed_in_at=ago(days=396))
    recent = [
        factories.create_device(owner, ended_at=ago(days=29))[0],
        factories.create_device(owner, last_seen_at=ago(days=119), signed_in_at=ago(days=200))[0],
        factories.create_device(owner)[0],
    ]

    with tenant(willow):
        assert retention.purge_clinic(clinic=willow, now=NOW) == 3

    assert kept(Device, willow) == recent


def test_decoys_and_codes_go_after_a_day_and_texts_after_two_years(willow):
    message(willow, ago(hours=25), is_decoy=True)
    message(willow, ago(hours=25), is_sensitive=True)
    old, young = message(willow, ago(days=731)), message(willow, ago(days=729))

    with tenant(willow):
        retention.purge_clinic(clinic=willow, now=NOW)

    assert [(row.key, row.body) for row in kept(Outgoing, willow)] == [(old, ""), (young, "Hello")]


def test_the_command_says_what_it_did_at_each_clinic_and_again_does_nothing(willow, harbour):
    code(ago(days=2))
    factories.create_device(factories.create_owner(willow), ended_at=ago(days=31))

    assert run("purge_expired") == [
        "harbour: 0",
        "willow: 1",
        "Forgot 2 row(s) of 2 clinic(s) and their sign-ins.",
    ]
    assert run("purge_expired")[-1] == "Forgot 0 row(s) of 2 clinic(s) and their sign-ins."


def test_a_dry_run_forgets_nothing(willow):
    old = code(ago(days=2))
    device, _token = factories.create_device(factories.create_owner(willow), ended_at=ago(days=31))

    assert run("purge_expired", "--dry-run") == [
        "willow: 1",
        "Would forget 2 row(s) of 1 clinic(s) and their sign-ins.",
    ]
    assert (list(SignInCode.objects.all()), kept(Device, willow)) == ([old], [device])


def test_the_workers_task_goes_round_every_clinic_suspended_ones_too(willow, harbour):
    Clinic.objects.filter(pk=harbour.pk).update(state=ClinicState.SUSPENDED)
    for clinic in (willow, harbour):
        factories.create_device(factories.create_owner(clinic), ended_at=ago(days=31))

    tasks.purge_expired()

    assert (kept(Device, willow), kept(Device, harbour)) == ([], [])


def test_the_directory_is_made_again_from_the_clients_on_file(willow, harbour):
    owner = factories.create_owner(willow, phone="+447700900123", email="demo@example.com")
    factories.create_owner(harbour, phone="+447700900123", email="")
    factories.create_owner(willow, phone="+447700900124", archived_at=NOW)
    KnownContact.objects.all().delete()
    directory.learn(willow, [Contact("email", "gone@example.com")])

    said = run("rebuild_directory")

    assert said == ["harbour: 1", "willow: 2", "Knows 3 contact(s) of 2 clinic(s)."]
    assert directory.clinics_knowing(Contact("sms", owner.phone)) == [harbour, willow]
    assert directory.clinics_knowing(Contact("email", "demo@example.com")) == [willow]
    assert directory.clinics_knowing(Contact("email", "gone@example.com")) == []
    assert directory.clinics_knowing(Contact("sms", "+447700900124")) == []


def test_one_clinics_directory_leaves_the_others(willow, harbour):
    for clinic in (willow, harbour):
        factories.create_owner(clinic, phone="+447700900123", email="")
    KnownContact.objects.all().delete()

    assert run("rebuild_directory", "--clinic", "willow", "--dry-run")[-1] == "Would know 1 contact(s) of 1 clinic(s)."
    assert KnownContact.objects.count() == 0
    assert run("rebuild_directory", "--clinic", "willow")[-1] == "Knows 1 contact(s) of 1 clinic(s)."
    assert directory.clinics_knowing(Contact("sms", "+447700900123")) == [willow]
    with pytest.raises(CommandError, match="There is no clinic “elm”"):
        run("rebuild_directory", "--clinic", "elm")


def test_a_shared_number_counts_once(willow):
    for _person in range(2):
        factories.create_owner(willow, phone="+447700900123", email="")

    assert run("rebuild_directory")[-1] == "Knows 1 contact(s) of 1 clinic(s)."
    assert len(kept(Client, willow)) == 2
