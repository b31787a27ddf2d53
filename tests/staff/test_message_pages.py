"""What left the clinic, sending it again, who sends, and what clients may ask for."""

from __future__ import annotations

import pytest

from clinics.models import Role, StaffAction
from clinics.tenancy import tenant
from messaging.models import Outgoing, RequestType, Sender, State
from portal.kit import crypto
from tests.staff.rows import action, create_outgoing, listing, page, staff

ONE, TWO = f"AC{1:032d}", f"AC{2:032d}"


@pytest.fixture(autouse=True)
def _at_the_desk(client, willow):
    staff(client, willow, Role.RECEPTION)


def listed(client, **asked) -> list[int]:
    return [row.pk for row in client.get(listing(Outgoing), asked).context["cl"].result_list]


def test_messages_are_listed_with_their_state_newest_first_without_decoys(client, willow):
    first, second = create_outgoing(willow, state=State.SENT), create_outgoing(willow, state=State.DEAD)
    create_outgoing(willow, is_decoy=True)

    assert listed(client) == [second.pk, first.pk]
    assert (listed(client, state__exact="dead"), listed(client, channel__exact="email")) == ([second.pk], [])


def test_a_message_is_found_by_the_whole_address_only(client, willow):
    message = create_outgoing(willow, to="+447700900123")

    assert (listed(client, q="+447700900123"), listed(client, q="+4477009")) == ([message.pk], [])


def test_a_decoy_has_no_page(client, willow):
    assert client.get(page(create_outgoing(willow, is_decoy=True))).status_code == 404


def test_the_text_is_shown_but_never_a_codes(client, willow):
    plain = create_outgoing(willow, body="Your visit is tomorrow.")
    secret = create_outgoing(willow, body=crypto.seal("Your code is 123456."), is_sensitive=True)

    assert "Your visit is tomorrow." in client.get(page(plain)).content.decode()
    shown = client.get(page(secret)).content.decode()
    assert ("it held a code" in shown, "123456" in shown, secret.body in shown) == (True, False, False)


@pytest.mark.parametrize("from_list", [True, False])
def test_a_failed_message_is_sent_again_as_a_new_one(client, willow, from_list):
    message = create_outgoing(willow, state=State.DEAD)

    if from_list:
        client.post(listing(Outgoing), action("send_again", message))
    else:
        client.post(page(message), {"CHANGE_FORM-action": "send_again", "_selected_action": message.pk})

    with tenant(willow):
        again = Outgoing.objects.for_clinic(willow).get(parent=message)
        assert StaffAction.objects.for_clinic(willow).get().summary == "Sent again"
    assert (again.to, again.body, again.state) == (message.to, message.body, State.QUEUED)


def test_a_message_on_its_way_is_refused_in_words(client, willow):
    message = create_outgoing(willow, state=State.SENDING)

    response = client.post(listing(Outgoing), action("send_again", message), follow=True)

    assert [shown.level_tag for shown in response.context["messages"]] == ["error"]
    with tenant(willow):
        assert Outgoing.objects.for_clinic(willow).count() == 1


def test_another_row_cannot_be_slipped_into_the_action_of_a_page(client, willow):
    message, other = create_outgoing(willow), create_outgoing(willow)

    response = client.post(page(message), {"CHANGE_FORM-action": "send_again", "_selected_action": other.pk})

    assert response.status_code == 400


def test_a_vet_has_no_business_here(client, willow):
    message = create_outgoing(willow)
    staff(client, willow, Role.VET)

    client.post(page(message), {"CHANGE_FORM-action": "send_again", "_selected_action": message.pk})

    with tenant(willow):
        assert Outgoing.objects.for_clinic(willow).count() == 1


def test_the_providers_secrets_are_sealed_and_never_shown(client, willow):
    staff(client, willow)
    client.post(
        listing(Sender, "add"),
        {
            "twilio_account_sid": ONE,
            "new_auth_token": "twilio-secret",
            "sms_from": "+441632960418",
            "email_backend": "anymail.backends.brevo.EmailBackend",
            "new_email_options": '{"api_key": "mail-secret"}',
        },
    )
    with tenant(willow):
        sender = Sender.objects.for_clinic(willow).get()

    shown = client.get(page(sender)).content.decode()
    kept = {"sms_from": sender.sms_from, "email_backend": sender.email_backend}
    client.post(page(sender), {"twilio_account_sid": TWO, **kept})

    assert (sender.twilio_auth_token, "twilio-secret" in shown, "mail-secret" in shown) == (
        "twilio-secret",
        False,
        False,
    )
    assert "secret" not in sender.sealed_twilio_auth_token + sender.sealed_email_options
    with tenant(willow):
        sender.refresh_from_db()
    assert (sender.twilio_account_sid, sender.twilio_auth_token) == (TWO, "twilio-secret")


POSTMARK, MAILGUN = (f"anymail.backends.{name}.EmailBackend" for name in ("postmark", "mailgun"))


@pytest.mark.parametrize(
    ("backend", "options"),
    [
        (POSTMARK, '{"api_url": "https://evil.example/"}'),
        (POSTMARK, '{"server_token": "t", "api_url": "https://evil.example/"}'),
        (POSTMARK, '{"server_token": "t", "timeout": 9999}'),
        (POSTMARK, '{"server_token": ["t"]}'),
        (POSTMARK, '{"server_token": " "}'),
        (POSTMARK, '{"server_token": "t\\nX: y"}'),
        (POSTMARK, '["server_token"]'),
        (MAILGUN, '{"api_key": "k"}'),
        (MAILGUN, '{"api_key": "k", "sender_domain": "d", "region": ["eu"]}'),
        (MAILGUN, '{"api_key": "k", "sender_domain": "d", "region": "mars"}'),
        ("", '{"api_key": "k"}'),
    ],
)
def test_keys_that_are_not_the_providers_are_refused_beside_the_field(client, willow, backend, options):
    staff(client, willow)

    response = client.post(listing(Sender, "add"), {"email_backend": backend, "new_email_options": options})

    assert list(response.context["adminform"].form.errors) == ["new_email_options"]


def test_another_provider_asks_for_its_own_keys(client, willow):
    staff(client, willow)
    client.post(listing(Sender, "add"), {"email_backend": POSTMARK, "new_email_options": '{"server_token": "t"}'})
    with tenant(willow):
        sender = Sender.objects.for_clinic(willow).get()

    response = client.post(page(sender), {"email_backend": MAILGUN})

    assert list(response.context["adminform"].form.errors) == ["new_email_options"]


def test_mail_about_accounts_is_not_the_clinics_to_see_or_send_again(client, willow):
    staff(client, willow)
    message = create_outgoing(willow, channel="email", to="admin@example.com", is_platforms=True)

    listed = client.get(listing(message)).content.decode()
    client.post(listing(message), action("send_again", message))

    assert ("admin@example.com" in listed, client.get(page(message)).status_code) == (False, 404)
    with tenant(willow):
        assert Outgoing.objects.for_clinic(willow).count() == 1


def test_there_is_one_sender(client, willow):
    staff(client, willow)
    client.post(listing(Sender, "add"), {"email_from": "hello@willow.example.com"})

    assert client.get(listing(Sender, "add")).status_code == 403


@pytest.mark.parametrize(
    ("typed", "wrong"),
    [
        ({"twilio_account_sid": ONE}, ["new_auth_token", "sms_from"]),
        ({"sms_from": "+441632960418"}, ["twilio_account_sid", "new_auth_token"]),
        ({"twilio_account_sid": "hello", "new_auth_token": "x", "sms_from": "+441632960418"}, ["twilio_account_sid"]),
    ],
)
def test_half_of_an_account_is_refused(client, willow, typed, wrong):
    staff(client, willow)

    response = client.post(listing(Sender, "add"), typed)

    assert sorted(response.context["adminform"].form.errors) == sorted(wrong)


def test_a_request_type_is_added_and_its_address_is_its_own(client, willow):
    staff(client, willow)
    typed = {"name": "Refill", "slug": "refill", "icon": "pill-duotone", "position": 1, "is_active": "on"}

    client.post(listing(RequestType, "add"), typed)
    again = client.post(listing(RequestType, "add"), typed)

    assert list(again.context["adminform"].form.non_field_errors()) == ["Another request type has this address."]
    with tenant(willow):
        assert RequestType.objects.for_clinic(willow).filter(slug="refill").count() == 1
