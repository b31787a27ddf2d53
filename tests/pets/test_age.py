"""How old a pet is, in words."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pets.age import age_text, years_text
from pets.days import whole_months

TODAY = date(2026, 4, 15)
DAYS = st.dates(min_value=date(1980, 1, 1), max_value=date(2060, 12, 31))


@pytest.mark.parametrize(
    ("born_on", "age"),
    [
        (date(2026, 4, 15), "< 1 month old"),
        (date(2026, 3, 16), "< 1 month old"),
        (date(2026, 3, 15), "1 month old"),
        (date(2025, 9, 15), "7 months old"),
        (date(2025, 4, 16), "11 months old"),
        (date(2025, 4, 15), "1 year old"),
        (date(2025, 3, 15), "1 year and 1 month old"),
        (date(2025, 2, 15), "1 year and 2 months old"),
        (date(2024, 3, 20), "2 years old"),
        (date(2021, 5, 12), "4 years and 11 months old"),
        (date(1996, 4, 15), "30 years old"),
    ],
)
def test_an_age_is_told_in_the_trades_words(born_on, age):
    assert age_text(born_on, today=TODAY) == age


def test_an_unknown_birth_has_no_age():
    assert age_text(None, today=TODAY) == ""


def test_a_birth_in_the_future_is_less_than_a_month():
    assert age_text(date(2027, 1, 1), today=TODAY) == "< 1 month old"


def test_an_estimated_birth_says_about():
    assert age_text(date(2025, 9, 15), today=TODAY, is_estimated=True) == "About 7 months old"
    assert age_text(TODAY, today=TODAY, is_estimated=True) == "< 1 month old"
    assert age_text(date(2020, 7, 1), today=date(2026, 11, 22), is_estimated=True) == "About 6 years old"


@pytest.mark.parametrize(
    ("today", "age"),
    [
        (date(2025, 2, 27), "11 months old"),
        (date(2025, 2, 28), "1 year old"),
        (date(2025, 3, 1), "1 year old"),
        (date(2028, 2, 28), "3 years and 11 months old"),
        (date(2028, 2, 29), "4 years old"),
    ],
)
def test_a_leap_day_is_kept_on_the_last_of_february(today, age):
    assert age_text(date(2024, 2, 29), today=today) == age


def test_the_last_of_a_month_is_a_month_later_on_the_last_of_the_next():
    assert [whole_months(date(2026, 1, 31), date(2026, 2, day)) for day in (27, 28)] == [0, 1]
    assert whole_months(date(2026, 2, 28), date(2026, 3, 28)) == 1


@given(born_on=DAYS, today=DAYS)
def test_nobody_grows_younger_overnight(born_on, today):
    months, tomorrow = whole_months(born_on, today), whole_months(born_on, today + timedelta(days=1))

    assert months <= tomorrow <= months + 1


@given(born_on=DAYS, months=st.integers(0, 500))
def test_after_so_many_months_a_pet_is_so_many_months_old(born_on, months):
    year, month = divmod(born_on.year * 12 + born_on.month - 1 + months, 12)
    birthday = date(year, month + 1, min(born_on.day, 28))

    assert whole_months(born_on.replace(day=min(born_on.day, 28)), birthday) == months


@pytest.mark.parametrize(
    ("born_on", "died_on", "is_estimated", "years"),
    [
        (date(2006, 6, 1), date(2023, 3, 1), False, "2006 – 2023"),
        (date(2006, 6, 1), date(2023, 3, 1), True, "about 2006 – 2023"),
        (date(2023, 1, 1), date(2023, 3, 1), False, "2023"),
        (None, date(2023, 3, 1), False, "2023"),
    ],
)
def test_the_years_of_a_life(born_on, died_on, is_estimated, years):
    assert years_text(born_on, died_on, is_estimated=is_estimated) == years
