"""How a file may be written, and the files of which nothing can be taken."""

from __future__ import annotations

import pytest
from django.core.management import CommandError, call_command

from clients.models import Client
from clinics.tenancy import tenant
from pets.models import Pet, Weight
from tests import factories
from tests.commands.files import COLUMNS, MISO, NADIA, WEIGHT, counts, csv_text, refused, run, write

RENEE = NADIA | {"name": "Renée Brontë"}
ONE_NEW = "Willow & Pine Veterinary: 1 line(s): 1 new, 0 updated, 0 unchanged, 0 refused."


def names(clinic):
    with tenant(clinic):
        return [owner.name for owner in Client.objects.for_clinic(clinic)]


@pytest.mark.parametrize("separator", [",", ";", "\t"])
def test_three_separators_are_recognised(willow, tmp_path, separator):
    assert run(write(tmp_path, csv_text(RENEE, separator=separator))) == [ONE_NEW]


def test_a_byte_order_mark_is_no_part_of_the_first_column(willow, tmp_path):
    assert run(write(tmp_path, csv_text(RENEE).encode("utf-8-sig"))) == [ONE_NEW]
    assert names(willow) == ["Renée Brontë"]


def test_windows_1252_is_read_and_said(willow, tmp_path):
    said = run(write(tmp_path, csv_text(RENEE).encode("cp1252")))

    assert said == [
        "Note: line 1: the file is not in UTF-8; it was read as Windows-1252. Look at a name with an accent.",
        ONE_NEW,
    ]
    assert names(willow) == ["Renée Brontë"]


def test_a_column_that_we_do_not_know_is_said_and_ignored(willow, tmp_path):
    said = run(write(tmp_path, csv_text(RENEE, columns=[*COLUMNS, "shoe_size"])))

    assert said == ["Note: line 1, column “shoe_size”: this column is not known and was ignored.", ONE_NEW]


def test_column_names_may_have_capitals_and_spaces(willow, tmp_path):
    assert run(write(tmp_path, 'Type,Client ID,Name,Email\nclient,C1,Sam,"sam@example.com"\n')) == [ONE_NEW]


def test_line_numbers_are_those_of_an_editor_also_after_a_break_inside_a_cell(willow, tmp_path):
    long_address = RENEE | {"address": "14 Mill Lane,\nHartwell\nHW4 7QR"}

    said = refused(write(tmp_path, csv_text(long_address, MISO | {"species": ""})), "--only-good")

    assert said[0] == "Refused: line 5, column “species”: This field is required."
    with tenant(willow):
        assert Client.objects.for_clinic(willow).get().address == "14 Mill Lane, Hartwell, HW4 7QR"


def test_empty_lines_are_skipped(willow, tmp_path):
    assert run(write(tmp_path, csv_text(RENEE) + "\r\n" + "," * (len(COLUMNS) - 1) + "\r\n")) == [ONE_NEW]


def test_formulas_are_kept_as_text_and_said(willow, tmp_path):
    row = NADIA | {"name": "=cmd()", "address": "@SUM(1)", "phone": "+44 7700 900123"}

    said = run(write(tmp_path, csv_text(row)))

    assert said == [
        "Note: line 2, column “address”: looks like a formula; it is kept as plain text.",
        "Note: line 2, column “name”: looks like a formula; it is kept as plain text.",
        ONE_NEW,
    ]
    with tenant(willow):
        owner = Client.objects.for_clinic(willow).get()
    assert (owner.name, owner.address, owner.phone) == ("=cmd()", "@SUM(1)", "+447700900123")


def test_the_apostrophe_of_an_export_is_taken_off_a_formula_and_left_on_a_name(willow, tmp_path):
    sam = NADIA | {"client_id": "C2", "name": "'t Hooft", "phone": "07700 900124"}

    run(write(tmp_path, csv_text(NADIA | {"name": "'=cmd()"}, sam)))

    assert sorted(names(willow)) == ["'t Hooft", "=cmd()"]


def test_a_phone_of_two_clients_is_said_and_taken(willow, tmp_path):
    factories.create_owner(willow, phone="+447700900123")

    said = run(write(tmp_path, csv_text(NADIA, NADIA | {"client_id": "C2", "name": "Sam"})))

    assert said == [
        "Note: line 2, column “phone”: another client on file has this number as well.",
        "Note: line 3, column “phone”: the client on line 2 has this number as well.",
        "Willow & Pine Veterinary: 2 line(s): 2 new, 0 updated, 0 unchanged, 0 refused.",
    ]


def test_an_archived_client_stays_archived(willow, tmp_path):
    factories.create_owner(willow, external_id="C1", archived_at="2025-01-01T00:00Z")

    said = run(write(tmp_path, csv_text(NADIA)))

    assert said[0] == "Note: line 2, column “client_id”: this client is archived here, and stays so."
    with tenant(willow):
        assert list(Client.objects.for_clinic(willow).current()) == []


@pytest.mark.parametrize(("slug", "month"), [("willow", 2), ("harbour", 1)])
def test_dates_are_read_as_in_the_clinics_country(willow, harbour, tmp_path, slug, month):
    day = "01/02/2025"
    run(
        write(
            tmp_path,
            csv_text(NADIA | {"phone": "+44 7700 900123"}, MISO, WEIGHT | {"date": day, "kg": "9.5 kg"}),
        ),
        clinic=slug,
    )

    clinic = {"willow": willow, "harbour": harbour}[slug]
    with tenant(clinic):
        assert Weight.objects.for_clinic(clinic).get().weighed_on.month == month


@pytest.mark.parametrize(
    ("said", "stored"), [("Guinea pig", "guinea_pig"), ("FELINE", "cat"), ("guinea_pig", "guinea_pig")]
)
def test_species_are_known_by_their_names(willow, tmp_path, said, stored):
    run(write(tmp_path, csv_text(NADIA, MISO | {"species": said})))

    with tenant(willow):
        assert Pet.objects.for_clinic(willow).get().species == stored


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", "The file is empty, or its first line is: it must name the columns."),
        (b"\xef\xbb\xbf", "The file is empty, or its first line is: it must name the columns."),
        (b"type,client_id\r\n", "The file has columns but not a single line below them."),
        (
            b"name;client_id\nSam;C1\n",
            (
                "Line 1 has no column “type”, which says what a line is: client, pet, weight or care. "
                "Its columns are: name, client_id."
            ),
        ),
        (b"type,name,Name\nclient,a,b\n", "Line 1 names the column “name” twice."),
        (
            b"type,client_id\nclient,C1\n",
            "Line 1 lacks the column “name”, which lines of type “client” need. Nothing was taken.",
        ),
        (
            b"type,pet_id\nweight,P1\n",
            "Line 1 lacks the column “date”, “kg”, which lines of type “weight” need. Nothing was taken.",
        ),
        ("type,name\n".encode("utf-16"), "The file is in UTF-16. Save it again as “CSV UTF-8”."),
        (
            b"type,name\nclient,\x81\n",
            "The file is neither in UTF-8 nor in Windows-1252. Save it again as “CSV UTF-8”.",
        ),
        (
            b'type,client_id,name,email\nclient,C1,Sam,s@example.com\nclient,C2,"Ann\n',
            "Line 3 can't be read: a quote isn't closed or is inside a cell (unexpected end of data).",
        ),
    ],
)
def test_a_file_of_which_nothing_can_be_taken(willow, tmp_path, content, message):
    said = refused(write(tmp_path, content), "--only-good")

    assert said == [message]
    assert counts(willow) == (0, 0, 0, 0)


def test_a_folder_a_missing_file_and_a_device_are_refused(willow, tmp_path):
    assert refused(tmp_path) == [f"“{tmp_path}” is a folder. Name the CSV file in it."]
    assert refused(tmp_path / "no.csv") == [f"There is no file “{tmp_path}/no.csv”."]
    (tmp_path / "loop").symlink_to("/dev/null")
    assert refused(tmp_path / "loop") == [f"“{tmp_path}/loop” is not an ordinary file."]


def test_both_ways_of_taking_at_once_are_refused(willow, tmp_path):
    with pytest.raises(CommandError, match="not allowed with"):
        call_command("import_clients", "x.csv", "--clinic", "willow", "--only-good", "--all-or-nothing")
