"""What people, phones and programs type into the forms about a pet."""

import pytest

from clinics.models.choices import WeightUnit
from tests import factories
from tests.pets.profiles import errors, pets_of, said, switch, typed, weights_of

ADDRESS = "/willow/pets/add/"
TOO_LONG = "That’s longer than we can keep. Use up to %s characters."


@pytest.mark.parametrize(
    ("name", "kept"),
    [
        ("🐈", "🐈"),
        ("👩‍🚀", "👩‍🚀"),
        ("  Miso \t II ", "Miso II"),
        ("ميسو", "ميسو"),
        ("מיסו", "מיסו"),
        ("\u202eosiM", "osiM"),
        ("Mi\x00so", "Miso"),
        ("Miso\nDeleted", "Miso Deleted"),
        ("<b>Miso</b>", "<b>Miso</b>"),
        ("7", "7"),
        ("x" * 80, "x" * 80),
    ],
)
def test_names_are_kept_as_one_line_of_what_can_be_seen(signed_in, owner, name, kept):
    response = signed_in.post(ADDRESS, typed(name=name), follow=True)

    assert ([pet.name for pet in pets_of(owner)], len(said(response))) == ([kept], 1)
    assert ("<b>Miso</b>" in response.content.decode()) is False


@pytest.mark.parametrize("name", ["", "   ", "\u200b", "\u202e", "\x00", "\u200d\ufe0f"])
def test_a_name_that_nobody_sees_is_none(signed_in, owner, name):
    response = signed_in.post(ADDRESS, typed(name=name))

    assert (errors(response), pets_of(owner)) == ({"name": ["Enter your pet’s name."]}, [])


@pytest.mark.parametrize(
    ("field", "most"),
    [("name", 80), ("breed", 80), ("colour", 60), ("insurance_company", 80), ("insurance_policy", 40), ("notes", 1000)],
)
def test_ten_thousand_characters_are_refused_beside_the_field_and_kept(signed_in, owner, field, most):
    response = signed_in.post(ADDRESS, typed(**{field: "x" * 10_000}))

    assert (response.status_code, errors(response), pets_of(owner)) == (422, {field: [TOO_LONG % most]}, [])
    assert "x" * 10_000 in response.content.decode()


@pytest.mark.parametrize(
    ("unit", "weight", "kg"),
    [
        ("kg", "12,5", "12.5"),
        ("kg", "12.5", "12.5"),
        ("kg", "4 kg", "4"),
        ("kg", "110 g", "0.11"),
        ("kg", "1500", "1500"),
        ("lb", "10", "4.536"),
        ("lb", "10 lbs", "4.536"),
        ("lb", "4 oz", "0.113"),
        ("lb", "4,5kg", "4.5"),
    ],
)
def test_a_weight_is_read_as_people_write_it(signed_in, owner, willow, unit, weight, kg):
    switch(willow, weight_unit=WeightUnit(unit))

    signed_in.post(ADDRESS, typed(weight=weight))

    (pet,) = pets_of(owner)
    assert weights_of(pet) == [(kg, True)]


@pytest.mark.parametrize("weight", ["0", "0,0", "4000", "4000000 g", "1500.1"])
def test_an_impossible_weight_is_refused(signed_in, owner, weight):
    response = signed_in.post(ADDRESS, typed(weight=weight))

    expected = {"weight": ["A weight is more than 0 and at most 1,500 kg."]}
    assert (response.status_code, errors(response), pets_of(owner)) == (422, expected, [])


@pytest.mark.parametrize("weight", ["-4", "4 t", "heavy", "NaN", "1e3", "١٢", "1.234,5", "½", "0x10"])
def test_what_is_no_weight_is_refused(signed_in, owner, weight):
    response = signed_in.post(ADDRESS, typed(weight=weight))

    expected = {"weight": ["Write the weight as a number, like 12.5."]}
    assert (response.status_code, errors(response), pets_of(owner)) == (422, expected, [])


@pytest.mark.parametrize(
    ("typed_chip", "kept"),
    [
        ("985 141 003 276 540", "985141003276540"),
        ("985-141-003-276-540", "985141003276540"),
        ("985.141003276540", "985141003276540"),
    ],
)
def test_a_chip_may_be_written_in_groups(signed_in, owner, typed_chip, kept):
    response = signed_in.post(ADDRESS, typed(microchip=typed_chip), follow=True)

    assert ([pet.microchip for pet in pets_of(owner)], "older" in said(response)[0]) == ([kept], False)


@pytest.mark.parametrize("chip", ["0a1b2c3d4", "041-0A1B-2C3"])
def test_an_older_chip_passes_with_a_notice(signed_in, owner, chip):
    response = signed_in.post(ADDRESS, typed(microchip=chip), follow=True)

    (pet,) = pets_of(owner)
    assert (len(pet.microchip) in {9, 10}, "one of the older, shorter ones" in said(response)[0]) == (True, True)


@pytest.mark.parametrize("chip", ["12345", "98514100327654", "9851410032765401", "٩٨٥١٤١٠٠٣٢٧٦٥٤٠", "<script>x"])
def test_what_is_no_chip_is_refused(signed_in, owner, chip):
    response = signed_in.post(ADDRESS, typed(microchip=chip))

    expected = {"microchip": ["15 digits; older chips have 9 or 10 characters."]}
    assert (response.status_code, errors(response), pets_of(owner)) == (422, expected, [])


@pytest.mark.parametrize(
    ("field", "value", "error"),
    [
        ("species", "dragon", "Choose one of these species."),
        ("species", "x" * 10_000, "Choose one of these species."),
        ("sex", "female-maybe", "Select a valid choice. female-maybe is not one of the available choices."),
    ],
)
def test_a_forged_choice_is_refused(signed_in, owner, field, value, error):
    response = signed_in.post(ADDRESS, typed(breed="", **{field: value}))

    assert (response.status_code, errors(response), pets_of(owner)) == (422, {field: [error]}, [])


def test_forged_fields_are_ignored(signed_in, owner, willow):
    victim = factories.create_owner(willow)

    signed_in.post(ADDRESS, typed(owner=victim.pk, clinic=0, external_id="X1", is_identity_checked="on", pk=7))

    (pet,) = pets_of(owner)
    assert (pet.external_id, pet.is_identity_checked, pets_of(victim)) == ("", False, [])


def test_the_breeds_follow_the_species(signed_in):
    html = signed_in.get("/willow/pets/breeds/?species=dog", headers={"HX-Request": "true"}).content.decode()

    assert (html.count('<datalist id="breeds">'), '<option value="Beagle">' in html, "Bengal" in html) == (
        1,
        True,
        False,
    )


@pytest.mark.parametrize("species", ["", "dragon", "x" * 2000, "%00"])
def test_an_unknown_species_has_but_the_two_breeds_that_all_have(signed_in, species):
    response = signed_in.get(f"/willow/pets/breeds/?species={species}")

    assert (response.status_code, response.content.decode().count("<option")) == (200, 2)
