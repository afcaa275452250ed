"""What of an event may be published: tables that share numbers are protected together."""

from __future__ import annotations

from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from eventsys.statistics.rules.publication import Veil, veil
from eventsys.statistics.rules.shares import GENDERS

LADDER = {"registrations": 130, "confirmed": 120, "cancelled": 10, "attended": 100}


def hide(gender_by_category: dict[str, dict[str, int]], **more: Any) -> Veil:
    table = {
        code: {gender: cells.get(gender, 0) for gender in GENDERS}
        for code, cells in gender_by_category.items()
    }
    gender = {gender: sum(cells[gender] for cells in table.values()) for gender in GENDERS}
    values: dict[str, Any] = {
        "ladder": LADDER, "rung": "attended", "places": {}, "members": {"members": 40, "others": 60}, **more,
    }  # fmt: skip
    return veil(5, gender_by_category=table, gender=gender, **values)


def test_large_groups_are_all_shown() -> None:
    found = hide({"delegate": {"woman": 30, "man": 30}, "speaker": {"woman": 20, "man": 20}})
    assert found.withheld == frozenset()
    assert not any(found.hidden.values())


def test_a_small_cell_hides_a_rectangle_so_that_no_total_gives_it_away() -> None:
    found = hide({"delegate": {"woman": 30, "man": 30}, "speaker": {"woman": 3, "man": 20}})
    assert found.hidden["gender_by_category"] == {
        "delegate/woman",
        "delegate/man",
        "speaker/woman",
        "speaker/man",
    }
    assert not found.hides("gender", "woman")
    assert not found.hides("category", "speaker")


def test_few_unknown_answers_hide_the_number_of_known_ones() -> None:
    found = hide({"delegate": {"woman": 50, "man": 47, "prefer not to say": 3}})
    assert found.hides("gender", "prefer not to say")
    assert found.hides("gender", "unknown")
    assert found.hides("gender", "known")
    assert found.hides("gender", "man") != found.hides("gender", "woman")


def test_few_no_shows_are_hidden_with_the_confirmed() -> None:
    found = hide({}, ladder=LADDER | {"attended": 118, "confirmed": 120})
    assert found.hidden["ladder"] >= {"no_shows", "confirmed"}
    assert not found.hides("ladder", "attended")


def test_a_city_is_hidden_where_the_rest_of_its_country_would_give_it_away() -> None:
    places = {
        ("Europe", "ES", "1"): 40,
        ("Europe", "ES", "2"): 9,
        ("Europe", "ES", "3"): 2,
        ("Europe", "FR", "4"): 49,
    }
    found = hide({}, places=places)
    assert found.hidden["places"] == {"Europe/ES/3", "Europe/ES/2"}


def test_a_table_of_nothing_but_ones_is_left_out() -> None:
    found = hide({}, places={("", country, "1"): 1 for country in ("ES", "FR", "IT")})
    assert "places" in found.withheld
    assert found.hides("places", "/ES")


@settings(max_examples=40, deadline=None)
@given(
    st.lists(
        st.lists(
            st.integers(min_value=0, max_value=30), min_size=len(GENDERS), max_size=len(GENDERS)
        ),
        min_size=1,
        max_size=5,
    )
)
def test_every_small_cell_is_hidden(rows: list[list[int]]) -> None:
    table = {f"c{number}": dict(zip(GENDERS, row, strict=True)) for number, row in enumerate(rows)}
    found = hide(table)
    for code, cells in table.items():
        for gender, n in cells.items():
            if 0 < n < 5:
                assert found.hides("gender_by_category", f"{code}/{gender}")
        if 0 < sum(cells.values()) < 5:
            assert found.hides("category", code)
    for gender in GENDERS:
        if 0 < sum(cells[gender] for cells in table.values()) < 5:
            assert found.hides("gender", gender)
