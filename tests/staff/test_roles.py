"""Who may see, add, change and delete what: each role at its own clinic."""

from __future__ import annotations

import pytest
from django.contrib import admin

from clinics.models import Role
from tests.staff.rows import every_row, listing, page, staff

O, R, V = Role.OWNER, Role.RECEPTION, Role.VET  # noqa: E741  a table reads best with one letter for each role
ALL = {O, R, V}

# model: who may view, add, change, delete.
MATRIX: dict[str, tuple[set[Role], set[Role], set[Role], set[Role]]] = {
    "clinics.clinic": (ALL, set(), {O}, set()),
    "clinics.openinghours": (ALL, {O, R}, {O, R}, {O, R}),
    "clinics.hoursexception": (ALL, {O, R}, {O, R}, {O, R}),
    "clinics.emergencyclinic": (ALL, {O, R}, {O, R}, {O, R}),
    "clinics.legaltext": (ALL, {O}, {O}, {O}),
    "clinics.staffmember": ({O}, {O}, {O}, set()),
    "messaging.requesttype": (ALL, {O}, {O}, set()),
    "messaging.sender": ({O}, set(), {O}, set()),
    "messaging.outgoing": ({O, R}, set(), set(), set()),
    "clients.client": (ALL, {O, R}, {O, R}, set()),
    "pets.pet": (ALL, ALL, ALL, set()),
    "pets.careplan": (ALL, {O, V}, {O, V}, set()),
    "pets.carerecord": (ALL, {O, V}, {O, V}, {O, V}),
    "pets.breed": (ALL, ALL, ALL, ALL),
    "pets.changerequest": (ALL, set(), ALL, set()),
    "pets.certificate": (ALL, set(), {O, V}, set()),
    "pets.petchange": (ALL, set(), set(), set()),
    "pets.idcard": (ALL, set(), set(), set()),
    "bookings.service": (ALL, {O}, {O}, set()),
    "bookings.resource": (ALL, {O}, {O, R}, set()),
    "bookings.policy": (ALL, {O}, set(), set()),
    "bookings.warningsign": (ALL, {O, V}, {O, V}, {O, V}),
    "bookings.appointment": (ALL, {O, R}, set(), set()),
    "bookings.closure": (ALL, {O, R}, {O, R}, {O, R}),
    "loyalty.membershipplan": (ALL, {O}, {O}, set()),
    "loyalty.membership": (ALL, {O, R}, {O, R}, set()),
}


@pytest.mark.parametrize("role", Role)
def test_a_role_opens_exactly_the_pages_it_should(client, willow, role):
    rows = every_row(willow, "Willowmark")
    staff(client, willow, role)

    opened = {label: tuple(_opens(client, rows[label])) for label in MATRIX}

    assert opened == {label: tuple(role in roles for roles in rights) for label, rights in MATRIX.items()}


def _opens(client, row):
    """Do the pages for viewing (and its history), adding, changing and deleting open?"""
    page_and_history = {client.get(page(row)).status_code, client.get(page(row, "history"), follow=True).status_code}
    assert page_and_history in ({200}, {403})
    yield page_and_history == {200}
    yield client.get(listing(row, "add")).status_code == 200
    yield client.post(page(row), {"_save": "1"}).status_code != 403
    yield client.get(page(row, "delete")).status_code == 200


def test_the_table_names_every_model_of_the_admin_but_accounts():
    registered = {model._meta.label_lower for model in admin.site._registry}

    assert registered - {"clinics.user"} == set(MATRIX)


@pytest.mark.parametrize(
    ("role", "others"),
    [(Role.RECEPTION, {"staffmember", "sender"}), (Role.VET, {"staffmember", "sender", "outgoing"})],
)
def test_the_index_lists_what_the_role_may_see(client, willow, role, others):
    staff(client, willow, role)

    apps = client.get("/staff/").context["app_list"]

    listed = {model["object_name"].lower() for app in apps for model in app["models"]}
    assert listed == {label.partition(".")[2] for label in MATRIX} - others
