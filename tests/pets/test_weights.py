"""Weights in the clinic's unit, and their chart."""

import re
from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pets import weights
from pets.models import Weight

TODAY = date(2026, 4, 11)


def weighed(*kilograms: str, every: int = 120) -> list[Weight]:
    """The newest last as one reads them, handed over newest first as the page loads them."""
    first = TODAY - timedelta(days=every * (len(kilograms) - 1))
    return [
        Weight(kg=Decimal(kg), weighed_on=first + timedelta(days=every * index)) for index, kg in enumerate(kilograms)
    ][::-1]


@pytest.mark.parametrize(
    ("kg", "unit", "text"),
    [
        ("4.6", "kg", "4.6 kg"),
        ("4.65", "kg", "4.7 kg"),
        ("1", "kg", "1.0 kg"),
        ("0.9996", "kg", "1.0 kg"),
        ("0.999", "kg", "999 g"),
        ("0.112", "kg", "112 g"),
        ("0.001", "kg", "1 g"),
        ("520", "kg", "520.0 kg"),
        ("4.6", "lb", "10.1 lb"),
        ("0.45359237", "lb", "1.0 lb"),
        ("0.112", "lb", "4.0 oz"),
        ("1500", "lb", "3306.9 lb"),
    ],
)
def test_a_weight_is_shown_in_the_clinics_unit_or_its_smaller_sister(kg, unit, text):
    assert weights.scale_for(Decimal(kg), unit).text(Decimal(kg)) == text


@pytest.mark.parametrize(
    ("kilograms", "words"),
    [
        ([], ""),
        (["4.6"], ""),
        (["4.4", "4.6"], "Up 0.2 kg since 12 December 2025"),
        (["4.8", "4.6"], "Down 0.2 kg since 12 December 2025"),
        (["4.6", "4.6"], "Steady since 12 December 2025"),
        (["4.6", "4.65"], "Steady since 12 December 2025"),
        (["500", "505"], "Steady since 12 December 2025"),
        (["0.100", "0.112"], "Up 12 g since 12 December 2025"),
        (["1.00", "1.03"], "Steady since 12 December 2025"),
    ],
)
def test_the_trend_compares_the_last_two_without_a_verdict(kilograms, words):
    assert weights.trend(weighed(*kilograms), unit="kg") == words


@pytest.mark.parametrize("kilograms", [[], ["4.6"]])
def test_fewer_than_two_weights_make_no_chart(kilograms):
    assert weights.chart(weighed(*kilograms), unit="kg") is None


def test_a_chart_says_in_words_what_it_shows():
    chart = weights.chart(weighed("4.1", "4.4", "4.6"), unit="kg")

    assert chart is not None
    assert chart.label == (
        "Weight from 4.1 kg on 14 August 2025 to 4.6 kg on 11 April 2026. Up 0.2 kg since 12 December 2025."
    )


def test_a_chart_has_round_numbers_and_months_beside_it():
    chart = weights.chart(weighed("4.1", "4.3", "4.5", "4.4", "4.5", "4.7", "4.6"), unit="kg")

    assert chart is not None
    assert [mark.text for mark in chart.marks] == ["4.0", "4.4", "4.8", "Apr 2024", "Apr 2025", "Apr 2026"]
    assert (len(chart.dots), chart.last.x) == (6, "300.0")


def test_a_short_chart_is_marked_with_days():
    chart = weights.chart(weighed("4.1", "4.3", every=1), unit="kg")

    assert chart is not None
    assert [mark.text for mark in chart.marks][3:] == ["10 Apr", "11 Apr"]


def test_the_same_weight_again_is_a_level_line_inside_the_chart():
    chart = weights.chart(weighed("4.6", "4.6", "4.6"), unit="kg")

    assert chart is not None
    heights = {dot.y for dot in [*chart.dots, chart.last]}
    assert len(heights) == 1
    assert weights.TOP < float(heights.pop()) < weights.BOTTOM


def test_many_weights_are_a_line_without_dots():
    chart = weights.chart(weighed(*["4.6"] * 13), unit="kg")

    assert chart is not None
    assert (chart.dots, chart.line.count("C")) == ([], 12)


def test_dates_far_apart_stand_far_apart():
    near, middle, far = TODAY, TODAY - timedelta(days=10), TODAY - timedelta(days=100)
    chart = weights.chart([Weight(kg=Decimal(4), weighed_on=day) for day in (near, middle, far)], unit="kg")

    assert chart is not None
    assert [float(dot.x) for dot in chart.dots] == [8.0, 270.8]


@given(
    grams=st.lists(st.integers(1, 1_500_000), min_size=2, max_size=40),
    gaps=st.lists(st.integers(1, 2000), min_size=40, max_size=40),
    unit=st.sampled_from(["kg", "lb"]),
)
def test_whatever_was_weighed_the_line_stays_between_its_own_numbers(grams, gaps, unit):
    days = [date(1990, 1, 1) + timedelta(days=sum(gaps[:index])) for index in range(len(grams))]
    newest_first = [Weight(kg=Decimal(one) / 1000, weighed_on=day) for one, day in zip(grams, days, strict=True)][::-1]

    chart = weights.chart(newest_first, unit=unit)

    assert chart is not None
    numbers = [float(number) for number in re.findall(r"[\d.]+", chart.line)]
    across, up = numbers[::2], numbers[1::2]
    assert (min(across), max(across)) == (weights.LEFT, weights.RIGHT)
    assert min(up) >= weights.TOP
    assert max(up) <= weights.BOTTOM


@given(least=st.floats(0.01, 4000), more=st.floats(0, 1000), finest=st.sampled_from([0.1, 1.0]))
def test_the_axis_holds_every_weight_and_is_not_steeper_than_a_tenth(least, more, finest):
    low, step = weights.axis(least, least + more, finest=finest)

    assert 0 <= low <= least + 1e-9
    assert low + 2 * step >= least + more
    assert 2 * step >= (least + more) * 0.1 * 0.999


def test_the_table_has_a_row_for_each_weight_in_its_own_unit():
    rows = weights.table(weighed("0.450", "4.6"), unit="kg")

    assert [(row.day, row.text) for row in rows] == [
        ("11 April 2026", "4.6 kg"),
        ("12 December 2025", "450 g"),
    ]
