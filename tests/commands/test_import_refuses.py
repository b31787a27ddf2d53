"""Bad lines: each is named with its column, and nothing of a bad line is ever taken."""

from __future__ import annotations

import pytest

from tests import factories
from tests.commands.files import ALL, CARE, MISO, NADIA, WEIGHT, counts, csv_text, refused, run, write

SPECIES = (
    "Dog, Cat, Rabbit, Guinea pig, Hamster, Gerbil, Rat, Mouse, Chinchilla, Ferret, Hedgehog, Bird, Chicken, "
    "Tortoise, Snake, Lizard, Fish, Horse, Pony, Donkey, Goat, Sheep, Pig, Other"
)


@pytest.fixture(autouse=True)
def plan(willow):
    return factories.create_plan(willow, species="cat", family="flu", name="Cat flu")


@pytest.mark.parametrize(
    ("row", "wrong", "remark"),
    [
        (
            0,
            {"type": "owner"},
            "column “type”: “owner” is not a type of line. Use one of: client, pet, weight, care.",
        ),
        (0, {"client_id": ""}, "column “client_id”: This field is required."),
        (0, {"name": " "}, "column “name”: This field is required."),
        (0, {"name": "x" * 121}, "column “name”: Ensure this value has at most 120 characters (it has 121)."),
        (0, {"name": "Nadia\0"}, "column “name”: There is an invisible control character in it."),
        (0, {"phone": "12"}, "column “phone”: That number has too few digits."),
        (0, {"phone": "=cmd()"}, "column “phone”: A phone number has digits only, like +44 7700 900123."),
        (0, {"email": "nadia"}, "column “email”: Enter an email address like name@example.com."),
        (1, {"species": "Dragon"}, f"column “species”: “dragon” is not known. Use one of: {SPECIES}."),
        (1, {"sex": "x"}, "column “sex”: “x” is not known. Use one of: female, male, unknown."),
        (
            1,
            {"born_on": "31/02/2020"},
            "column “born_on”: “31/02/2020” is not a date. Write it like 2024-03-09 or 09/03/2024.",
        ),
        (
            1,
            {"born_on": "1/2/20"},
            "column “born_on”: “1/2/20” is not a date. Write it like 2024-03-09 or 09/03/2024.",
        ),
        (1, {"born_on": "2999-01-01"}, "column “born_on”: 2999-01-01 is in the future."),
        (1, {"born_on": "0021-04-11"}, "column “born_on”: 0021-04-11 is before 1900."),
        (1, {"died_on": "2020-01-01"}, "column “died_on”: 2020-01-01 is before the date of birth."),
        (1, {"microchip": "12"}, "column “microchip”: 15 digits; older chips have 9 or 10 characters."),
        (2, {"date": ""}, "column “date”: This field is required."),
        (2, {"kg": "heavy"}, "column “kg”: “heavy” is not a weight in kg. Write it like 4.2 or 4,2."),
        (2, {"kg": "-4"}, "column “kg”: “-4” is not a weight in kg. Write it like 4.2 or 4,2."),
        (2, {"kg": "1e309"}, "column “kg”: “1e309” is not a weight in kg. Write it like 4.2 or 4,2."),
        (2, {"kg": "٤"}, "column “kg”: “٤” is not a weight in kg. Write it like 4.2 or 4,2."),
        (2, {"kg": "0"}, "column “kg”: Ensure this value is greater than or equal to 0.001."),
        (2, {"kg": "1501"}, "column “kg”: Ensure this value is less than or equal to 1500."),
        (2, {"kg": "4.2345"}, "column “kg”: Ensure that there are no more than 3 decimal places."),
        (
            3,
            {"service": "Cow pox"},
            "column “service”: “Cow pox” is not a care plan for the species cat at this clinic.",
        ),
        (
            3,
            {"valid_until": "2025-02-28"},
            "column “valid_until”: 2025-02-28 is before the date on which it was given.",
        ),
    ],
)
def test_a_bad_cell_is_named_and_nothing_is_taken(willow, tmp_path, row, wrong, remark):
    rows = [*ALL[:row], ALL[row] | wrong, *ALL[row + 1 :]]

    said = [line for line in refused(write(tmp_path, csv_text(*rows))) if line.startswith(f"Refused: line {row + 2},")]

    assert said == [f"Refused: line {row + 2}, {remark}"]
    assert counts(willow) == (0, 0, 0, 0)


def test_only_good_takes_the_other_lines_and_still_fails(willow, tmp_path):
    sam = NADIA | {"client_id": "C2", "email": "sam"}

    said = refused(write(tmp_path, csv_text(*ALL, sam)), "--only-good")

    assert said == [
        "Note: line 6, column “phone”: the client on line 2 has this number as well.",
        "Refused: line 6, column “email”: Enter an email address like name@example.com.",
        "Willow & Pine Veterinary: 5 line(s): 4 new, 0 updated, 0 unchanged, 1 refused.",
    ]
    assert counts(willow) == (1, 1, 1, 1)


def test_what_hangs_on_a_refused_line_is_refused_as_well(willow, tmp_path):
    said = refused(write(tmp_path, csv_text(NADIA | {"phone": "12"}, *ALL[1:])), "--only-good")

    assert said == [
        "Refused: line 2, column “phone”: That number has too few digits.",
        "Refused: line 3, column “client_id”: its client is on line 2, which is refused.",
        "Refused: line 4, column “pet_id”: its pet is on line 3, which is refused.",
        "Refused: line 5, column “pet_id”: its pet is on line 3, which is refused.",
        "Willow & Pine Veterinary: 4 line(s): 0 new, 0 updated, 0 unchanged, 4 refused.",
    ]
    assert counts(willow) == (0, 0, 0, 0)


def test_links_to_nobody_are_refused(willow, tmp_path):
    said = refused(write(tmp_path, csv_text(MISO, WEIGHT | {"pet_id": "P9"})))

    assert said[:2] == [
        "Refused: line 2, column “client_id”: there is no client “C1”, neither in the file nor on file.",
        "Refused: line 3, column “pet_id”: there is no pet “P9”, neither in the file nor on file.",
    ]


def test_another_clinics_client_is_nobody(willow, harbour, tmp_path):
    factories.create_owner(harbour, external_id="C1")

    said = refused(write(tmp_path, csv_text(MISO)))

    assert said[0] == "Refused: line 2, column “client_id”: there is no client “C1”, neither in the file nor on file."


def test_the_same_number_twice_is_refused_the_second_time(willow, tmp_path):
    said = refused(write(tmp_path, csv_text(NADIA, NADIA | {"name": "Sam"}, MISO, MISO, WEIGHT, WEIGHT, CARE, CARE)))

    assert said == [
        "Refused: line 3, column “client_id”: “C1” is on line 2 already.",
        "Refused: line 5, column “pet_id”: “P1” is on line 4 already.",
        "Refused: line 7, column “date”: line 6 has a weight of this pet on that day already.",
        "Refused: line 9, column “care_id”: “V1” is on line 8 already.",
        "Willow & Pine Veterinary: 8 line(s), 4 refused, so nothing was taken (--only-good takes the rest).",
    ]


def test_a_client_whom_nobody_could_let_in_is_refused(willow, tmp_path):
    said = refused(write(tmp_path, csv_text(NADIA | {"phone": "", "email": ""})))

    assert said[0].startswith("Refused: line 2, column “phone”: give a phone number or an e-mail address, so that")


def test_a_death_before_the_birth_that_is_on_file_is_refused(willow, tmp_path):
    run(write(tmp_path, csv_text(NADIA, MISO)))

    said = refused(write(tmp_path, csv_text(MISO | {"born_on": "", "died_on": "2020-01-01"})))

    assert said[0] == (
        "Refused: line 2, column “died_on”: with what is on file, it died on 2020-01-01, "
        "before it was born on 2021-04-11."
    )


def test_a_line_with_a_cell_too_many_or_too_few_is_refused(willow, tmp_path):
    content = csv_text(NADIA) + "client,C2\r\n" + csv_text(NADIA | {"client_id": "C3"}).splitlines()[1] + ",x\r\n"

    said = refused(write(tmp_path, content))

    assert said[:2] == [
        "Refused: line 3: has 2 cells where the header has 20.",
        "Refused: line 4: has 21 cells where the header has 20.",
    ]


def test_a_clinic_that_does_not_exist_is_refused(db, tmp_path):
    assert refused(write(tmp_path, csv_text(NADIA)), clinic="elm") == ["There is no clinic “elm”."]
