"""The sentences of the annual report, with plurals in three languages."""

from __future__ import annotations

import pytest

from eventsys.statistics.queries.figures import Figures
from eventsys.statistics.queries.sentence import event_sentences
from eventsys.statistics.rules.publication import Veil


def figures(**more: object) -> Figures:
    counts = dict.fromkeys(
        ("registrations", "approved", "confirmed", "attended", "cancelled", "waiting", "declined", "members_present",
         "member_representatives", "non_members", "speakers", "unresolved_cities", "city_not_stated",
         "country_not_stated"), 0,
    )  # fmt: skip
    tables = {
        name: {}
        for name in ("by_country", "by_city", "by_region", "by_un_region", "by_category", "category_names",
                     "members_by_region", "speakers_by_gender", "gender_by_category", "gender_by_country",
                     "arrivals_by_day", "arrivals_by_hour", "not_counted")
    }  # fmt: skip
    values = {
        "event": "congress", "title": {"en": "World Congress", "es": "Congreso Mundial", "fr": "Congrès mondial"},
        "kind": "congress", "starts_at": "2023-06-12T06:00:00+00:00", "ends_at": "2023-06-15T16:00:00+00:00",
        "timezone": "Europe/Brussels", "city_id": None, "country": None, "rung": "attended",
        "data_at": "2023-07-01T00:00:00+00:00", "total": 1437, "no_shows": 0, "cities": 322, "countries": 82,
        "gender": {"woman": 657, "man": 677, "non-binary": 12, "prefer not to say": 67, "not stated": 24},
        "organisations": [], "registrations_over_time": [],
    }  # fmt: skip
    return Figures(**{**counts, **tables, **values, **more})


@pytest.mark.parametrize(
    ("language", "number", "name"),
    [
        ("en", "1,400", "World Congress"),
        ("es", "1400", "Congreso Mundial"),
        ("fr", "1\u202f400", "Congrès mondial"),
    ],
)
def test_each_language_has_its_own_sentence(language: str, number: str, name: str) -> None:
    sentence = event_sentences(figures(), language)[0]
    assert number in sentence
    assert name in sentence
    assert "322" in sentence
    assert "82" in sentence


def test_the_three_sentences_differ() -> None:
    assert (
        len(
            {
                event_sentences(figures(title={"en": "X"}), language)[0]
                for language in ("en", "es", "fr")
            }
        )
        == 3
    )


@pytest.mark.parametrize(
    ("total", "text"),
    [
        (
            1437,
            "World Congress brought together more than 1,400 attendees from 1 city and 1 country.",
        ),
        (1400, "World Congress brought together 1,400 attendees from 1 city and 1 country."),
        (1, "World Congress brought together 1 attendee from 1 city and 1 country."),
    ],
)
def test_one_is_singular_and_only_a_rounded_number_is_more_than(total: int, text: str) -> None:
    assert event_sentences(figures(total=total, cities=1, countries=1), "en")[0] == text


@pytest.mark.parametrize(
    ("language", "n", "sentences"),
    [
        ("en", 0, ["World Congress brought together 0 attendees from 0 cities and 0 countries."]),
        ("es", 0, ["El evento «Congreso Mundial» reunió a 0 asistentes de 0 ciudades y 0 países."]),
        ("fr", 0, ["L’événement «\u202fCongrès mondial\u202f» a réuni 0 participant·e de 0 ville et 0 pays."]),
        (
            "en", 1,
            ["World Congress brought together 1 attendee from 1 city and 1 country.", "1 person stood for 1 member."],
        ),
        (
            "es", 1,
            ["El evento «Congreso Mundial» reunió a 1 asistente de 1 ciudad y 1 país.",
             "Hubo 1 persona en representación de 1 miembro."],
        ),
        (
            "fr", 1,
            ["L’événement «\u202fCongrès mondial\u202f» a réuni 1 participant·e de 1 ville et 1 pays.",
             "On comptait 1 personne représentant 1 membre."],
        ),
        (
            "fr", 2,
            ["L’événement «\u202fCongrès mondial\u202f» a réuni 2 participantes et participants de 2 villes et 2 pays.",
             "On comptait 2 personnes représentant 2 membres."],
        ),
    ],
)  # fmt: skip
def test_nothing_one_and_two_are_right_in_each_language(
    language: str, n: int, sentences: list[str]
) -> None:
    counts = dict.fromkeys(
        ("total", "cities", "countries", "members_present", "member_representatives"), n
    )
    assert event_sentences(figures(gender={}, **counts), language) == sentences


@pytest.mark.parametrize("rung", ["registered", "approved", "confirmed", "attended"])
@pytest.mark.parametrize("language", ["en", "es", "fr"])
def test_one_and_many_differ_on_every_rung(language: str, rung: str) -> None:
    def people(n: int) -> str:
        found = event_sentences(figures(rung=rung, total=n, gender={}), language)[0]
        return found.replace(f" {n} ", " # ")

    assert people(1) != people(7)
    assert (people(0) == people(1)) is (language == "fr")


def test_the_rung_is_named() -> None:
    assert "1,400 registered people" in event_sentences(figures(rung="registered"), "en")[0]
    assert "1,400 confirmed participants" in event_sentences(figures(rung="confirmed"), "en")[0]


def test_members_and_women_are_told_when_known() -> None:
    found = event_sentences(figures(members_present=61, member_representatives=250), "en")
    assert found[1:] == [
        "250 people stood for 61 members.",
        "Of those who stated their gender, 49% were women.",
    ]
    assert len(event_sentences(figures(gender={"woman": 10, "man": 5}), "en")) == 1


def test_what_would_tell_a_hidden_number_is_left_unsaid() -> None:
    hidden = Veil(5, {"gender": frozenset({"man"}), "members": frozenset({"members"})}, frozenset())
    assert (
        len(event_sentences(figures(members_present=1, member_representatives=3), "en", hidden))
        == 1
    )
