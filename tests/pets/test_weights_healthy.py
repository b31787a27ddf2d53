"""The healthy range that the clinic sets: beside the figure, in the chart and in its words."""

import re
from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.template.loader import render_to_string
from hypothesis import given
from hypothesis import strategies as st

from pets import weights
from pets.models import Pet, Weight
from pets.weights import Healthy

TODAY = date(2026, 4, 11)
FOUR_TO_FIVE = Healthy(Decimal(4), Decimal(5))


def weighed(*kilograms: str, is_owners: bool = False) -> list[Weight]:
    """A week apart and newest first, as the page loads them."""
    return [
        Weight(kg=Decimal(kg), weighed_on=TODAY - timedelta(days=7 * index), is_owners=is_owners)
        for index, kg in enumerate(reversed(kilograms))
    ]


def page_of(newest_first: list[Weight], healthy: Healthy | None, *, unit: str = "kg") -> str:
    last = newest_first[0]
    scale = weights.scale_for(last.kg, unit)
    context = {
        "weight": {"number": scale.number(last.kg), "unit": scale.unit, "day": "11 April"},
        "verdict": weights.verdict(last.kg, healthy, unit=unit),
        "chart": weights.chart(newest_first, unit=unit, healthy=healthy),
        "weights": weights.table(newest_first, unit=unit),
    }
    return render_to_string("pets/weight.html", context)


@pytest.mark.parametrize(
    ("kg", "tone", "words"),
    [
        ("3.9", "warn", "Below the healthy range: ask the clinic"),
        ("3.94", "warn", "Below the healthy range: ask the clinic"),
        ("3.96", "good", "Healthy range"),
        ("4", "good", "Healthy range"),
        ("4.6", "good", "Healthy range"),
        ("5", "good", "Healthy range"),
        ("5.04", "good", "Healthy range"),
        ("5.1", "warn", "Above the healthy range: ask the clinic"),
    ],
)
def test_the_verdict_agrees_with_the_figures_that_are_shown(kg, tone, words):
    found = weights.verdict(Decimal(kg), FOUR_TO_FIVE, unit="kg")

    assert found is not None
    assert (found.tone, found.text) == (tone, words)


def test_without_a_range_there_is_no_verdict():
    assert weights.verdict(Decimal(4), None, unit="kg") is None


@pytest.mark.parametrize(
    ("lightest", "heaviest", "unit", "limits"),
    [
        ("4", "5", "kg", "4.0 to 5.0 kg"),
        ("4", "5", "lb", "8.8 to 11.0 lb"),
        ("0.09", "0.13", "kg", "90 to 130 g"),
        ("0.09", "0.13", "lb", "3.2 to 4.6 oz"),
        ("0.9", "1.2", "kg", "900 g to 1.2 kg"),
        ("0.4", "0.5", "lb", "14.1 oz to 1.1 lb"),
    ],
)
def test_the_range_is_told_in_the_clinics_unit(lightest, heaviest, unit, limits):
    assert Healthy(Decimal(lightest), Decimal(heaviest)).text(unit) == limits


def test_a_verdict_in_pounds_is_about_pounds():
    found = weights.verdict(Decimal("3.9"), FOUR_TO_FIVE, unit="lb")

    assert found is not None
    assert found.sentence == "Below the healthy range of 8.8 to 11.0 lb."


@pytest.mark.parametrize(
    ("facts", "healthy"),
    [
        ({"healthy_from_kg": Decimal(4), "healthy_to_kg": Decimal(5)}, FOUR_TO_FIVE),
        ({}, None),
        ({"healthy_from_kg": Decimal(4), "healthy_to_kg": Decimal(5), "deceased_on": TODAY}, None),
        ({"healthy_from_kg": Decimal(4), "healthy_to_kg": Decimal(5), "deleted_at": TODAY}, None),
    ],
)
def test_only_a_living_pet_with_a_range_is_judged(facts, healthy):
    assert weights.healthy_for(Pet(name="Miso", **facts)) == healthy


def test_the_chart_says_in_words_where_the_last_weight_stands():
    chart = weights.chart(weighed("3.5", "3.9"), unit="kg", healthy=FOUR_TO_FIVE)

    assert chart is not None
    assert chart.label == (
        "Weight from 3.5 kg on 4 April 2026 to 3.9 kg on 11 April 2026. Up 0.4 kg since 4 April 2026. "
        "Below the healthy range of 4.0 to 5.0 kg."
    )


def test_the_band_lies_between_the_lines_of_its_weights():
    chart = weights.chart(weighed("4.0", "5.0"), unit="kg", healthy=FOUR_TO_FIVE)

    assert chart is not None
    (first,) = chart.dots
    assert chart.band == f"M8 {first.y}H306V{chart.last.y}H8Z"


def test_a_chart_without_a_range_has_no_band():
    chart = weights.chart(weighed("4.0", "5.0"), unit="kg")

    assert chart is not None
    assert chart.band == ""


@given(
    grams=st.lists(st.integers(1, 1_500_000), min_size=2, max_size=12),
    ends=st.tuples(st.integers(1, 1_000_000), st.integers(1, 500_000)),
    unit=st.sampled_from(["kg", "lb"]),
)
def test_band_and_line_stay_within_the_chart(grams, ends, unit):
    lightest, heaviest = ends[0], ends[0] + ends[1]
    healthy = Healthy(Decimal(lightest) / 1000, Decimal(heaviest) / 1000)

    chart = weights.chart(weighed(*[str(Decimal(one) / 1000) for one in grams]), unit=unit, healthy=healthy)

    assert chart is not None
    lower = float(re.findall(r"^M[\d.]+ ([\d.]+)H", chart.band)[0])
    upper = float(re.findall(r"V([\d.]+)", chart.band)[0])
    heights = [float(number) for number in re.findall(r"[\d.]+", chart.line)[1::2]]
    assert weights.TOP <= upper <= lower <= weights.BOTTOM
    assert weights.TOP <= min(heights) <= max(heights) <= weights.BOTTOM


def test_the_card_shows_chip_band_and_figures():
    html = page_of(weighed("4.4", "4.6"), FOUR_TO_FIVE)

    assert re.findall(r'<span class="chip chip-good"><svg.*?</svg>Healthy range</span>', html)
    assert (html.count('class="area band"'), html.count('class="area"')) == (1, 0)
    assert "The band shows the healthy range: 4.0 to 5.0 kg" in html


def test_a_single_weight_is_judged_without_a_chart():
    html = page_of(weighed("3.2"), FOUR_TO_FIVE)

    assert ("Below the healthy range: ask the clinic" in html, "Healthy range: 4.0 to 5.0 kg" in html) == (True, True)
    assert '<svg class="spark"' not in html


def test_no_range_leaves_the_card_as_it_was():
    html = page_of(weighed("4.4", "4.6"), None)

    assert ("healthy" in html.lower(), html.count('class="area"')) == (False, 1)


def test_what_the_owner_told_is_marked():
    mixed = [*weighed("4.6", is_owners=True), *weighed("4.5", "4.4", "4.6")[1:]]

    html = page_of(mixed, None)

    assert [row.is_owners for row in weights.table(mixed, unit="kg")] == [True, False, False]
    assert (html.count("told by you"), "Told by you, 11 April" in html) == (1, True)


def test_what_the_clinic_weighed_is_not():
    html = page_of(weighed("4.5", "4.6"), None)

    assert ("told by you" in html.lower(), "Weighed 11 April" in html) == (False, True)
