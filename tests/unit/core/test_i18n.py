"""Numbers, dates and names as each language writes them."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from eventsys.core.i18n import (
    country_name,
    format_date,
    format_date_range,
    format_number,
    format_percent,
    in_language,
    text_in,
    typeset,
)


@pytest.mark.parametrize(
    ("language", "expected"),
    [("en", "12–15 June 2023"), ("es", "12–15 de junio de 2023"), ("fr", "12–15 juin 2023")],
)
def test_the_days_of_an_event(language, expected):
    with in_language(language):
        days = format_date_range(
            datetime(2023, 6, 12, 7, tzinfo=UTC),
            datetime(2023, 6, 15, 16, tzinfo=UTC),
            "Europe/Brussels",
        )
    assert days == expected


def test_an_event_that_ends_at_midnight_ends_on_the_day_before():
    with in_language("en"):
        days = format_date_range(
            datetime(2023, 6, 12, 7, tzinfo=UTC),
            datetime(2023, 6, 12, 22, tzinfo=UTC),
            "Europe/Brussels",
        )
    assert days == "12 June 2023"


def test_days_over_the_turn_of_a_month_and_of_a_year():
    with in_language("fr"):
        assert (
            format_date_range(
                datetime(2026, 6, 30, tzinfo=UTC), datetime(2026, 7, 2, 9, tzinfo=UTC)
            )
            == "30 juin – 2 juillet 2026"
        )
        assert (
            format_date_range(
                datetime(2026, 12, 31, tzinfo=UTC), datetime(2027, 1, 1, 9, tzinfo=UTC)
            )
            == "31 décembre 2026 – 1er janvier 2027"
        )


@pytest.mark.parametrize(
    ("language", "number", "share"),
    [("en", "1,437", "49%"), ("es", "1437", "49\xa0%"), ("fr", "1\u202f437", "49\xa0%")],
)
def test_numbers_and_percentages(language, number, share):
    with in_language(language):
        assert format_number(1437) == number
        assert format_percent(0.49) == share


def test_an_organisers_text_falls_back_to_what_there_is():
    assert text_in({"es": "Cumbre", "fr": "Sommet"}, "en") == "Cumbre"
    assert text_in({"en": "Summit", "fr": "Sommet"}, "fr") == "Sommet"
    assert text_in({}, "fr") == ""


def test_french_marks_stay_with_their_word():
    assert typeset("Atelier : « la chaleur » ?", "fr") == (
        "Atelier\u202f: «\u202fla chaleur\u202f»\u202f?"
    )
    assert typeset("a :b 12 :", "fr") == "a :b 12\u202f:"
    assert (
        typeset("«\u00a0Avoir\u00a0», « reçu ».", "fr")
        == "«\u202fAvoir\u202f», «\u202freçu\u202f»."
    )
    assert typeset("Taller : x", "es") == "Taller : x"


def test_countries_have_names_in_each_language():
    assert [country_name("CI", code) for code in ("en", "es", "fr")] == [
        "Côte d’Ivoire",
        "Côte d’Ivoire",
        "Côte d’Ivoire",
    ]
    assert [country_name("DE", code) for code in ("en", "es", "fr")] == [
        "Germany",
        "Alemania",
        "Allemagne",
    ]


def test_french_counts_the_first_of_a_month():
    with in_language("fr"):
        assert format_date(datetime(2023, 6, 1, tzinfo=UTC)) == "1er juin 2023"
        assert format_date(datetime(2023, 6, 21, tzinfo=UTC)) == "21 juin 2023"
        assert (
            format_date_range(
                datetime(2023, 6, 1, 9, tzinfo=UTC), datetime(2023, 6, 3, 9, tzinfo=UTC)
            )
            == "1er–3 juin 2023"
        )
