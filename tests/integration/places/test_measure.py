"""The resolver against names it was not made from, and against typing noise.

Thresholds: the demands of the product (right answers where the country is known); wrong at most 0.5 %.
"""

from __future__ import annotations

import random
import unicodedata
from collections import Counter, defaultdict

import pytest

from eventsys.core.i18n import country_name
from eventsys.places.queries import resolve_typed
from eventsys.places.queries.index import current_index
from eventsys.places.queries.learned import NOTHING
from eventsys.places.rules import fold
from tests.integration.places.cldr import rows

LARGEST = 14  # cities of each country
PREFIXES = (
    "City of {}", "Ville de {}", "Ayuntamiento de {}", "Municipio de {}", "Métropole de {}",
    "Área Metropolitana de {}", "{} City Council", "{} Metropolitan Area",
)  # fmt: skip


def verdict(typed, country, geonameid):
    found = resolve_typed(typed, country, "en", NOTHING)
    if found.status != "resolved":
        return found.status
    return "right" if found.geonameid == geonameid else "wrong"


def share(counts, what):
    return 100 * counts[what] / counts.total()


@pytest.fixture(scope="module")
def by_language():
    counts = defaultdict(Counter)
    for row in rows():
        counts[row.language][verdict(row.typed, row.country, row.geonameid)] += 1
    return counts


@pytest.mark.slow
@pytest.mark.parametrize(
    ("languages", "least"),
    [
        (("es", "fr", "pt", "de", "it", "nl", "en"), 99),
        (("ca",), 96),
        (("pl",), 96),
        (("tr",), 96),
        (("ru",), 96),
        (("zh",), 88),
        (("ar",), 88),
    ],
)
def test_names_of_other_languages_are_found(by_language, languages, least):
    counts = sum((by_language[language] for language in languages), Counter())
    assert counts.total() > 50
    assert share(counts, "right") >= least, counts
    assert share(counts, "wrong") <= 0.5, counts


@pytest.mark.slow
def test_the_half_kept_apart_from_tuning_is_as_good():
    counts = Counter(
        verdict(row.typed, row.country, row.geonameid) for row in rows() if row.held_out
    )
    assert share(counts, "right") >= 97, counts
    assert share(counts, "wrong") <= 0.5, counts


@pytest.mark.slow
def test_without_a_country_a_wrong_city_is_rare():
    counts = Counter(verdict(row.typed, None, row.geonameid) for row in rows())
    assert share(counts, "wrong") <= 0.5, counts


def with_error(name, chance):
    """Swap, drop, replace or double one letter."""
    kind = chance.choice(["swap", "drop", "replace", "double"])
    letters = [i for i in range(1, len(name)) if name[i].isalpha() and name[i - 1].isalpha()]
    if not letters:
        return name
    i = chance.choice(letters)
    if kind == "swap":
        return name[: i - 1] + name[i] + name[i - 1] + name[i + 1 :]
    middle = {"drop": "", "replace": chance.choice("aeioust"), "double": name[i] * 2}[kind]
    return name[:i] + middle + name[i + 1 :]


def plain(name):
    return "".join(c for c in unicodedata.normalize("NFKD", name) if not unicodedata.combining(c))


def noisy(name, country, chance):
    yield name.upper()
    yield name.lower()
    yield plain(name)
    yield f"  {name} "
    yield f"{name}, {country_name(country, chance.choice(['en', 'es', 'fr']))}"
    yield chance.choice(PREFIXES).format(name)
    if len(fold.key(name)) >= 6:
        yield with_error(name, chance)
        yield chance.choice(PREFIXES).format(with_error(name, chance))
        yield f"{with_error(name, chance)}, {country_name(country, 'en')}"


def cities(statement):
    """Give (id, name, country), homonyms within a country left out: they are asked."""
    found = current_index().rows(statement)
    names = Counter((country, fold.key(name)) for _, name, country, _ in found)
    return [row for row in found if names[row[2], fold.key(row[1])] == 1]


@pytest.mark.slow
def test_noise_in_the_largest_cities_of_each_country_is_seen_through():
    chance = random.Random(20230612)
    per_country = defaultdict(list)
    for row in cities(
        "SELECT id, name, country, population FROM city ORDER BY population DESC, id"
    ):
        if len(per_country[row[2]]) < LARGEST:
            per_country[row[2]].append(row)
    counts = Counter(
        verdict(typed, country, city)
        for found in per_country.values()
        for city, name, country, _ in chance.sample(found, min(4, len(found)))
        for typed in noisy(name, country, chance)
    )
    assert counts.total() > 5_000
    assert share(counts, "right") >= 99, counts
    assert share(counts, "wrong") <= 0.5, counts


@pytest.mark.slow
def test_noise_in_all_cities_is_seen_through():
    chance = random.Random(20261121)
    all_cities = cities("SELECT id, name, country, population FROM city ORDER BY id")
    large = [row for row in all_cities if row[3] >= 15_000]
    counts = Counter(
        verdict(typed, country, city)
        for city, name, country, _ in chance.sample(large, 700)
        for typed in noisy(name, country, chance)
    )
    assert share(counts, "right") >= 97, counts
    assert share(counts, "wrong") <= 0.5, counts
