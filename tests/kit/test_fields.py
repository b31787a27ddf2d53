"""Fields for what people type."""

from datetime import date

import pytest
import time_machine
from django.core.exceptions import ValidationError

from portal.kit.fields import DayField, OneLineField, ParagraphField, RoughDay, one_line


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("  two\u00a0 words\n", "two words"),
        ("a\u2028b\x85c", "a b c"),
        ("\u202etxt\u2069", "txt"),
        ("a\x00\x07b", "ab"),
        ("👩\u200d🚀", "👩\u200d🚀"),
        ("\u200b\ufe0f", ""),
        ("…", "…"),
    ],
)
def test_one_line_keeps_what_can_be_seen(typed, kept):
    assert one_line(typed) == kept


def test_too_long_says_how_long_it_may_be():
    with pytest.raises(ValidationError) as refused:
        OneLineField(max_length=3).clean("1234")

    assert refused.value.messages == ["That’s longer than we can keep. Use up to 3 characters."]


def test_a_paragraphs_lines_end_in_one_character_that_counts_once():
    assert ParagraphField(max_length=3).clean("a\r\nb\x00") == "a\nb"


def test_an_empty_day_is_none():
    assert DayField(required=False).clean(["", " ", None]) is None


def test_a_day_must_be_whole_unless_a_guess_is_fine():
    whole, rough = DayField(required=False), DayField(required=False, is_rough_fine=True)

    with pytest.raises(ValidationError) as refused:
        whole.clean(["", "2", "2024"])

    assert refused.value.messages == ["Enter the day and the month."]
    assert rough.clean(["", "2", "2024"]) == RoughDay(date(2024, 2, 1), is_exact=False)


@time_machine.travel("2026-06-30T12:00:00Z", tick=False)
@pytest.mark.parametrize(("year", "day"), [("2025", date(2025, 7, 1)), ("2026", date(2026, 1, 1))])
def test_a_year_alone_is_its_middle_unless_that_is_to_come(year, day):
    assert DayField(required=False, is_rough_fine=True).clean(["", "", year]) == RoughDay(day, is_exact=False)


@pytest.mark.parametrize("rough", [RoughDay(date(2024, 2, 1), is_exact=False), RoughDay(date(2024, 2, 1)), None])
def test_boxes_are_read_back_as_the_day_they_were_filled_from(rough):
    assert DayField(required=False, is_rough_fine=True).clean(DayField.boxes(rough)) == rough
