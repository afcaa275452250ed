"""Percentages over known answers, rounding for print, the ladder, regions."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from eventsys.statistics.rules.ladder import Rung, on_rung
from eventsys.statistics.rules.regions import UN_REGION, UN_REGIONS, own_region, un_region
from eventsys.statistics.rules.rounding import round_down
from eventsys.statistics.rules.shares import Composition


def test_percentages_are_over_known_answers() -> None:
    made = Composition(
        {"woman": 45, "man": 55, "non-binary": 0, "prefer not to say": 7, "not stated": 3}
    )

    assert made.share("woman") == 0.45
    assert (made.known, made.unknown, made.refused, made.not_stated, made.total) == (
        100,
        10,
        7,
        3,
        110,
    )


def test_nineteen_known_answers_give_no_percentage() -> None:
    assert Composition({"woman": 10, "man": 9, "not stated": 500}).share("woman") is None
    assert Composition({"woman": 10, "man": 10}).share("woman") == 0.5


def test_who_prefers_not_to_say_has_no_percentage() -> None:
    assert (
        Composition({"woman": 50, "man": 50, "prefer not to say": 30}).share("prefer not to say")
        is None
    )


@pytest.mark.parametrize(
    ("number", "printed", "exact"),
    [
        (1437, 1400, False),
        (1400, 1400, True),
        (93, 90, False),
        (247, 240, False),
        (2453, 2450, False),
        (16, 16, True),
        (0, 0, True),
    ],
)
def test_a_number_is_rounded_as_the_reports_round(number: int, printed: int, exact: bool) -> None:
    rounded = round_down(number)
    assert (rounded.value, rounded.exact) == (printed, exact)


@given(st.integers(min_value=0, max_value=10_000_000))
def test_rounding_never_claims_more_than_is_true(number: int) -> None:
    rounded = round_down(number)
    assert rounded.value <= number
    assert rounded.exact == (rounded.value == number)
    assert number - rounded.value < max(10, number * 0.06)


def test_attended_counts_only_confirmed_people_who_came() -> None:
    assert on_rung(Rung.ATTENDED, "confirmed", 10, 8) == 8
    assert on_rung(Rung.ATTENDED, "cancelled", 3, 1) == 0


def test_registered_counts_the_cancelled_and_not_the_invited() -> None:
    assert on_rung(Rung.REGISTERED, "cancelled", 3, 0) == 3
    assert on_rung(Rung.REGISTERED, "invited", 3, 0) == 0


def test_each_country_is_in_one_region() -> None:
    assert len(UN_REGION) == 249
    assert set(UN_REGION.values()) == set(UN_REGIONS)


def test_the_members_region_goes_before_the_united_nations() -> None:
    assert un_region("TR") == "142"
    assert own_region("TR", {"TR": "Europe"}) == "Europe"
    assert own_region("TR", {}) == "Asia-Pacific"
    assert own_region(None, {}) == ""
