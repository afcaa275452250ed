"""The resolver against names that were written down before it was run on them (tests/data/places)."""

from __future__ import annotations

import csv
import random
import time
from collections import Counter
from pathlib import Path

import pytest

from eventsys.places.queries import city_name, get_cities, resolve_country, resolve_typed
from eventsys.places.queries.index import current_index
from eventsys.places.queries.learned import NOTHING
from tests.integration.places.test_measure import share, verdict, with_error

TYPED = Path(__file__).parents[2] / "data" / "places"
LARGE = 100_000  # people: two cities of this size are never told apart by the name alone


def read(name):
    with (TYPED / name).open(encoding="utf-8") as file:
        return list(csv.DictReader(file))


def outcome(row):
    if row["geonameid"]:
        return verdict(row["typed"], row["country"], int(row["geonameid"]))
    found = resolve_typed(row["typed"], row["country"], "en", NOTHING)
    return "wrong" if found.status == "resolved" else "right"


@pytest.mark.slow
def test_what_people_and_organisers_type_is_understood():
    rows = [*read("typed_names.csv"), *read("typed_by_organisers.csv")]
    counts = Counter(outcome(row) for row in rows)
    assert counts.total() == 680 + 131
    assert share(counts, "right") >= 99, counts
    assert share(counts, "wrong") <= 0.5, counts


def test_countries_are_recognised_in_every_common_form():
    rows = read("typed_countries.csv")
    found = [(row["typed"], row["code"], resolve_country(row["typed"])) for row in rows]
    wrong = [item for item in found if item[2] not in {item[1], None}]
    unknown = [item for item in found if item[2] is None]
    assert wrong == []
    assert [typed for typed, _, _ in unknown] == ["Unites States"]  # errors are not guessed at


def test_without_a_country_no_large_homonym_is_passed_over():
    for row in read("homonyms.csv"):
        found = resolve_typed(row["typed"], None, "en", NOTHING)
        if found.status != "resolved":
            continue
        chosen = get_cities([found.geonameid])[found.geonameid]
        rivals = [other for other in found.alternatives if other.population >= LARGE]
        assert rivals == [], row["typed"]
        assert chosen.population >= 15_000, row["typed"]


@pytest.mark.slow
def test_a_city_that_shares_its_name_in_its_country_is_asked_and_not_mistaken():
    cities = current_index().rows("SELECT id, name, country FROM city WHERE population >= 15000")
    counts = Counter(verdict(name, country, city) for city, name, country in cities)
    assert counts.total() > 30_000
    assert share(counts, "right") >= 92, counts
    assert share(counts, "wrong") <= 0.4, counts
    assert counts["unknown"] == 0


@pytest.mark.parametrize(
    ("typed", "country", "status"),
    [
        ("Paris", "FR", "resolved"),
        ("London", "GB", "resolved"),
        ("San José", "CR", "resolved"),
        ("Córdoba", "AR", "resolved"),
        ("Kansas City", "US", "ambiguous"),  # two states, one river
        ("Glendale", "US", "ambiguous"),
        ("Kansas City, Missouri", "US", "resolved"),
        ("Kyoto Prefecture", "JP", "ambiguous"),
        ("AMB Barcelona", "ES", "ambiguous"),
        ("Lagos State Government", "NG", "ambiguous"),  # a region, larger than the city
        ("Campo Grande", "BR", "resolved"),
    ],
)
def test_homonyms_within_a_country(typed, country, status):
    assert resolve_typed(typed, country, "en", NOTHING).status == status


@pytest.mark.parametrize("typed", ["Nadrid", "adrid", "Xmadrid", "Amdrid", "madird"])
def test_an_error_in_the_first_letters_is_found(typed):
    assert verdict(typed, "ES", 3117735) == "right"


def test_only_the_first_letter_is_looked_at_in_the_script_of_the_name():
    names = current_index().beginning_otherwise("nadrid", "ES")
    assert "madrid" in names
    assert all(name[1:] == "adrid" or name[1:] == "nadrid" for name in names)
    assert "москва" in current_index().beginning_otherwise("носква", "RU")
    assert current_index().beginning_otherwise("nadrid", None) == ["madrid"]


@pytest.mark.slow
def test_a_misspelt_name_is_found_in_less_than_five_milliseconds():
    """The country with most names, in time of the processor: other work must not make it fail."""
    chance = random.Random(11)
    names = [
        name
        for (name,) in current_index().rows(
            "SELECT name FROM city WHERE country = 'US' ORDER BY id"
        )
    ]
    asked = [with_error(name, chance) for name in chance.sample(names, 300)]
    times = []
    for text in (*asked[:20], *asked):
        before = time.process_time()
        resolve_typed(text, "US", "en", NOTHING)
        times.append(time.process_time() - before)
    assert sorted(times)[int(len(times) * 0.95)] <= 0.005


@pytest.mark.parametrize(
    ("city", "shown"),
    [
        (2509954, ("Valencia", "Valencia", "Valence")),
        (146268, ("Nicosia", "Nicosia", "Nicosie")),
        (3104499, ("Vitoria-Gasteiz", "Vitoria-Gasteiz", "Vitoria-Gasteiz")),
        (6077243, ("Montreal", "Montreal", "Montréal")),
        (99532, ("Basra", "Basora", "Bassorah")),
        (627907, ("Gomel", "Gómel", "Gomel")),
        (1729564, ("Bacolod", "Bacolod", "Bacolod")),
        (1855612, ("Nara", "Nara", "Nara")),
        (268743, ("Ras Beirut", "Ras Beirut", "Ras Beyrouth")),
    ],
)
def test_a_city_is_shown_by_its_common_name(city, shown):
    assert tuple(city_name(city, language) for language in ("en", "es", "fr")) == shown


def test_the_marks_of_scholars_are_not_shown():
    romanised = ("EG", "IN", "IR", "JP", "RU", "SA", "UA", "VN")
    marks = "','".join(romanised)
    cities = current_index().rows(
        f"SELECT id FROM city WHERE country IN ('{marks}') AND population >= 100000"
    )
    shown = [city_name(city, "en") for (city,) in cities]
    assert len(shown) > 1_000
    assert [name for name in shown if not name.isascii()] == []
    assert city_name(675810, "en") == "Iași"
    assert "ţ" not in city_name(680963, "fr")


@pytest.mark.parametrize(
    ("typed", "country", "city"),
    [
        ("Brussels/Schaerbeek", "BE", 2800866),
        ("İstanbul (Kadıköy)", "TR", 745044),
        ("Barcelona - Gràcia", "ES", 3128760),
        ("Schaerbeek", "BE", 2787149),
        ("Gustavo A. Madero", "MX", 3514674),
    ],
)
def test_a_district_is_a_city_only_where_it_stands_alone(typed, country, city):
    assert verdict(typed, country, city) == "right"


@pytest.mark.parametrize(
    ("typed", "status"),
    [
        (
            "Hamilton City",
            "ambiguous",
        ),  # so is the one in New Zealand called; Canada has a larger one
        ("Mexico City", "resolved"),
        ("New York City", "resolved"),
        ("Kuwait City", "resolved"),
    ],
)
def test_without_a_country_the_whole_name_of_one_city_does_not_hide_another(typed, status):
    assert resolve_typed(typed, None, "en", NOTHING).status == status
