"""What an owner asked the clinic to change shows on the pet's page, until the answer has been read."""

import pytest
from django.utils import timezone

from clinics.models import StaffMember
from clinics.tenancy import tenant
from pets import actions
from tests import factories
from tests.pets.profiles import CHIP, create_miso, now_on_file, request_of, said, switch

NEW_CHIP = "985141003276541"


@pytest.fixture
def miso(owner):
    """Her microchip was asked to be changed."""
    pet = create_miso(owner)
    with tenant(owner.clinic):
        actions.propose_changes(pet=pet, client=owner, values={"microchip": NEW_CHIP}, now=timezone.now())
    return pet


@pytest.fixture
def vet(willow):
    factories.create_staff(willow)
    with tenant(willow):
        return StaffMember.objects.for_clinic(willow).get()


def page(pet) -> str:
    return f"/willow/pets/{pet.pk}/"


def decide(pet, vet, *, answer=""):
    with tenant(pet.clinic):
        if answer:
            actions.decline_request(request=request_of(pet), by=vet, answer=answer, now=timezone.now())
        else:
            actions.accept_request(request=request_of(pet), by=vet, now=timezone.now())


def test_what_waits_is_shown_and_can_be_taken_back(signed_in, miso):
    html = signed_in.get(page(miso)).content.decode()
    response = signed_in.post(f"{page(miso)}request/withdraw/", follow=True)

    assert (f"Microchip: {NEW_CHIP} instead of {CHIP}" in html, ">Withdraw<" in html) == (True, True)
    assert (response.redirect_chain, said(response)) == ([(page(miso), 303)], ["What you had asked for is taken back."])
    assert (request_of(miso).state, response.context["requests"]) == ("withdrawn", [])


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        ("", "Willow &amp; Pine Veterinary has made the change that you asked for:"),
        ("That is <b>Biscuit’s</b> chip.", "“That is &lt;b&gt;Biscuit’s&lt;/b&gt; chip.”"),
    ],
)
def test_the_answer_is_shown_until_it_is_read(signed_in, miso, vet, answer, words):
    decide(miso, vet, answer=answer)

    html = signed_in.get(page(miso)).content.decode()
    response = signed_in.post(f"{page(miso)}request/seen/", follow=True)

    assert (words in html, ">Got it<" in html, ">Withdraw<" in html) == (True, True, False)
    assert (response.redirect_chain, response.context["requests"]) == ([(page(miso), 303)], [])
    assert request_of(miso).seen_at is not None


def test_an_answer_that_came_meanwhile_stands(signed_in, miso, vet):
    decide(miso, vet)

    response = signed_in.post(f"{page(miso)}request/withdraw/", follow=True)

    assert ([one.state for one in response.context["requests"]], now_on_file(miso).microchip) == (
        ["accepted"],
        NEW_CHIP,
    )


def test_what_waits_is_not_put_away(signed_in, miso):
    signed_in.post(f"{page(miso)}request/seen/")

    assert (request_of(miso).state, request_of(miso).seen_at) == ("waiting", None)


@pytest.mark.parametrize("word", ["withdraw", "seen"])
def test_they_take_a_post_of_the_owners(signed_in, miso, client, willow, word):
    got = signed_in.get(f"{page(miso)}request/{word}/")
    factories.sign_in(client, factories.create_owner(willow))
    posted = client.post(f"{page(miso)}request/{word}/")

    assert (got.status_code, posted.status_code, request_of(miso).state) == (405, 404, "waiting")


@pytest.mark.parametrize("word", ["withdraw", "seen"])
def test_where_clients_do_not_manage_pets_they_are_only_shown(signed_in, miso, willow, word):
    switch(willow, has_pet_management=False)

    html = signed_in.get(page(miso)).content.decode()

    assert (NEW_CHIP in html, ">Withdraw<" in html) == (True, False)
    assert signed_in.post(f"{page(miso)}request/{word}/").status_code == 404
