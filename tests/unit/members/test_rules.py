"""Members: periods, and how a row of a table is read."""

from __future__ import annotations

from datetime import date

import pytest

from eventsys.members.rules import (
    MemberDraft,
    Period,
    draft_problems,
    match_columns,
    period_problems,
    read_day,
    read_region,
    read_row,
)


@pytest.mark.parametrize(
    ("text", "end", "day"),
    [
        ("1986", False, date(1986, 1, 1)),
        ("2020", True, date(2021, 1, 1)),
        ("2023-05-01", False, date(2023, 5, 1)),
        (" 01/05/2023 ", False, date(2023, 5, 1)),
        ("1.5.2023", True, date(2023, 5, 1)),
        ("0001", False, None),
        ("9999", False, None),
        ("2023-13-01", False, None),
        ("٢٠٢٣", False, date(2023, 1, 1)),
        ("soon", False, None),
    ],
)
def test_a_day_is_read_as_people_write_it(text, end, day):
    assert read_day(text, end=end) == day


@pytest.mark.parametrize(
    ("text", "region"),
    [
        ("Africa", "Africa"),
        ("AMÉRICA LATINA Y EL CARIBE", "Latin America and the Caribbean"),
        ("Latin America & the Caribbean", "Latin America and the Caribbean"),
        ("Asie-Pacifique", "Asia-Pacific"),
        ("", ""),
        ("Atlantis", None),
    ],
)
def test_a_region_is_read_in_three_languages(text, region):
    assert read_region(text) == region


def test_a_period_covers_its_first_day_and_not_its_last():
    period = Period(date(2000, 1, 1), date(2010, 1, 1))
    assert period.covers(date(2000, 1, 1))
    assert period.covers(date(2009, 12, 31))
    assert not period.covers(date(2010, 1, 1))
    assert Period(date(2000, 1, 1)).covers(date(2150, 1, 1))


@pytest.mark.parametrize(
    ("period", "reason"),
    [
        (Period(date(2010, 1, 1), date(2015, 1, 1)), None),
        (Period(date(2020, 1, 1)), None),
        (Period(date(2005, 1, 1)), "overlap"),
        (Period(date(1990, 1, 1), date(2000, 1, 2)), "overlap"),
        (Period(date(2016, 1, 1), date(2016, 1, 1)), "until_before_since"),
    ],
)
def test_periods_may_touch_but_not_overlap(period, reason):
    others = [
        Period(date(2000, 1, 1), date(2010, 1, 1)),
        Period(date(2015, 1, 1), date(2020, 1, 1)),
    ]
    assert [found[1] for found in period_problems(period, others)] == ([reason] if reason else [])


def test_a_row_keeps_what_it_says_and_nothing_else():
    row = read_row(
        2,
        {
            "name": "  City of\u00a0Geneva ",
            "kind": "MEMBER",
            "region": "Europa",
            "since": "1990",
            "city": "",
        },
    )
    assert row.given == {
        "name": "City of Geneva",
        "kind": "member",
        "region": "Europe",
        "since": "1990",
    }
    assert row.since == date(1990, 1, 1)
    assert row.problems == []


def test_every_problem_of_a_row_names_its_column():
    row = read_row(
        3, {"name": " ", "kind": "friend", "region": "Mars", "since": "yesterday", "until": "1"}
    )
    assert [(name, reason) for name, reason, _ in row.problems] == [
        ("name", "missing_name"),
        ("kind", "unknown"),
        ("region", "unknown"),
        ("since", "bad_day"),
        ("until", "bad_day"),
    ]


def test_an_organisation_is_known_by_its_id_else_by_its_name():
    assert read_row(1, {"name": "Genève", "external_id": "77"}).key() == ("external_id", "77")
    assert read_row(1, {"name": "GENÈVE"}).key() == read_row(2, {"name": "Geneve"}).key()


def test_columns_are_matched_by_the_headings_people_use():
    matched, unknown = match_columns(
        ["Nombre", "CIUDAD", "Pays", "since", "Name EN", "Phone", "Nom"]
    )
    assert matched == {
        "Nombre": "name",
        "CIUDAD": "city",
        "Pays": "country",
        "since": "since",
        "Name EN": "name_en",
    }
    assert unknown == ["Phone", "Nom"]


@pytest.mark.parametrize(
    ("changes", "problem"),
    [
        ({"name": ""}, ("name", "missing_name")),
        ({"name": "x" * 201}, ("name", "too_long")),
        ({"kind": "friend"}, ("kind", "unknown")),
        ({"nature": "ghost"}, ("nature", "unknown")),
        ({"region": "Mars"}, ("region", "unknown")),
        ({"website": "javascript:alert(1)"}, ("website", "bad_address")),
        ({"website": "http://[x"}, ("website", "bad_address")),
        ({"names": {"fr": "x" * 300}}, ("names", "too_long")),
    ],
)
def test_what_is_wrong_with_an_organisation_is_named(changes, problem):
    draft = MemberDraft(**{"name": "Quito", **changes})
    assert [(name, reason) for name, reason, _ in draft_problems(draft)] == [problem]
