"""A letter left out or two swapped in the name of a large city, its country known: the city is found."""

from __future__ import annotations

import random
from collections import Counter, defaultdict

import pytest

from eventsys.places.queries import resolve_typed
from eventsys.places.queries.index import current_index
from eventsys.places.queries.learned import NOTHING
from eventsys.places.rules import fold
from tests.integration.places.test_measure import LARGEST, cities, share, verdict

LARGE = 150_000
LETTERS = 6  # of the shortest name in which a slip is made
INSTITUTIONS = (
    "City of {}",
    "{} City Council",
    "Ayuntamiento de {}",
    "Ville de {}",
    "Town Hall of {}",
)


def slips(name):
    dropped = {name[:i] + name[i + 1 :] for i in range(1, len(name))}
    swapped = {name[:i] + name[i + 1] + name[i] + name[i + 2 :] for i in range(1, len(name) - 1)}
    return sorted((dropped | swapped) - {name})


def large_cities():
    """Give the largest cities of each country; those that share their name there are asked."""
    per_country = defaultdict(list)
    for row in cities(
        f"SELECT id, name, country, population FROM city WHERE population >= {LARGE} "
        "ORDER BY population DESC, id"
    ):
        if len(per_country[row[2]]) < LARGEST:
            per_country[row[2]].append(row)
    return [row for rows in per_country.values() for row in rows]


def test_a_slip_in_the_name_of_a_large_city_is_seen_through():
    chance = random.Random(20261121)
    counts = Counter(
        verdict(typed, country, city)
        for city, name, country, _ in large_cities()
        if len(name) >= LETTERS
        for typed in chance.sample(slips(name), 3)
    )
    assert counts.total() > 2_500
    assert share(counts, "right") >= 99.8, counts
    assert share(counts, "wrong") <= 0.15, counts


@pytest.mark.slow
def test_a_slip_is_seen_through_behind_an_institution():
    chance = random.Random(20261122)
    counts = Counter(
        verdict(chance.choice(INSTITUTIONS).format(typed), country, city)
        for city, name, country, _ in large_cities()
        if len(name) >= LETTERS
        for typed in chance.sample(slips(name), 3)
    )
    assert counts.total() > 2_500
    assert share(counts, "right") >= 99.8, counts
    assert share(counts, "wrong") <= 0.15, counts


def test_the_main_name_of_a_smaller_city_is_not_taken_for_a_slip():
    rows = current_index().rows("SELECT id, name, country, population FROM city ORDER BY id")
    names = set(
        current_index().rows(f"SELECT country, key, city FROM name WHERE population >= {LARGE}")
    )
    bearers = defaultdict(set)
    for city, name, country, _ in rows:
        bearers[country, " ".join(fold.words(name))].add((city, name))
    asked = {
        (city, name, country, large)
        for large, large_name, country, population in rows
        if population >= LARGE and large_name.isascii()
        for slip in slips(large_name.casefold())
        for city, name in bearers[country, slip]
        if (country, fold.key(name), large) not in names  # it is a name of the large city as well
    }
    assert len(asked) > 100
    found = {
        (name, country): resolve_typed(name, country, "en", NOTHING).geonameid
        for _, name, country, _ in asked
    }
    assert [row for row in asked if found[row[1], row[2]] == row[3]] == []


@pytest.mark.parametrize(
    ("typed", "country", "city"),
    [
        # what else is near has a wrong or an added letter
        ("Brdford", "GB", 2654993),
        ("Searang", "ID", 1627896),
        ("Amaora", "PT", 2271772),
        ("Pisen", "CZ", 3068160),
        # is many times smaller
        ("Guanghou", "CN", 1809858),
        ("Bang hae", "TH", 7026720),
        # lies in another country
        ("Harar", "ZW", 890299),
        ("Alexandra", "EG", 361058),
        ("Sant Ana", "SV", 3583334),
        # is another name of a small place
        ("Chengu", "CN", 1815286),
        ("Campina", "BR", 3467865),
        ("Alcaldía de Jaksonville", "US", 4160021),
        # has other accents, other spaces
        ("Goiâna", "BR", 3462377),
        ("Port Alegre", "BR", 3452925),
        ("Lt Krabang", "TH", 6957690),
        ("Canghua", "TW", 1993459),
        ("Arifawla", "PK", 1184370),
        # is a region, or only a part of the name
        ("Hon Kong Island", "HK", 12747064),
        ("City of Quezn City", "PH", 1692192),
        # is a village of fewer than 5,000 people, without an entry of its own
        ("Craiva", "RO", 680332),
    ],
)
def test_a_slip_is_the_large_city(typed, country, city):
    assert verdict(typed, country, city) == "right"


@pytest.mark.parametrize(
    "typed",
    ["Santo Domino Oeste", "Santo Dominog Oeste", "Santo Doming Oeste", "Santo Domingo Oste"],
)
def test_an_error_in_one_word_leaves_the_others_whole(typed):
    assert verdict(typed, "DO", 7874116) == "right"
    assert verdict(typed.replace("Oeste", "Este").replace("Oste", "Ese"), "DO", 8601412) == "right"


@pytest.mark.parametrize(
    ("typed", "country", "city"),
    [
        ("Lubin", "PL", 3092931),
        ("Donets", "UA", 710523),
        ("Icheon", "KR", 1843702),
        ("Santo Domingo Este", "DO", 8601412),
    ],
)
def test_the_name_of_a_real_place_stays_that_place(typed, country, city):
    assert verdict(typed, country, city) == "right"


@pytest.mark.parametrize(("typed", "country"), [("Antaya", "TR"), ("Jurong est", "SG")])
def test_a_slip_of_two_cities_of_one_order_is_asked(typed, country):
    assert verdict(typed, country, None) == "ambiguous"


def test_a_curated_name_of_one_word_is_not_left_out():
    assert verdict("Siudad-Huarez", "MX", 4013708) == "right"


def test_without_a_country_a_slip_is_still_asked():
    assert verdict("Harar", None, 890299) != "right"


@pytest.mark.parametrize(
    ("typed", "country", "city"),
    [
        ("Karuri", "KE", 193624),  # twice the same name and people
        ("Karuri, Kenya", "KE", 193624),
        ("Kruri", "KE", 193624),
        ("Buenaventura", "CO", 3688452),  # the city, and its municipality 33 km away
        ("Alcaldía de Buenaventura", "CO", 3688452),
        ("Benaventura", "CO", 3688452),
        ("Kowloon City Council", "HK", 1819609),
        ("Kowloon City", "HK", 1819607),
        ("City of Victoria", "HK", 1931681),
        ("Bradford Town Hall", "GB", 2654993),
        ("The Town Hall of Bradford", "GB", 2654993),
    ],
)
def test_double_entries_and_parts_are_decided(typed, country, city):
    assert verdict(typed, country, city) == "right"
