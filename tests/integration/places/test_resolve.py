"""The resolver with the shipped index: single cases that must not change."""

from __future__ import annotations

import csv
import json
import multiprocessing
import threading
from pathlib import Path

import pytest

from eventsys.places.queries import (
    city_name,
    find_city,
    get_cities,
    list_countries,
    resolve_country,
    resolve_typed,
    suggest,
)
from eventsys.places.queries.index import current_index, open_index, unpack
from eventsys.places.queries.learned import NOTHING

CONGRESS = Path(__file__).parents[2] / "data" / "congress"
BRUSSELS, PARIS = 2800866, 2988507


def resolve(text, country=None, language="en"):
    return resolve_typed(text, country, language, NOTHING)


@pytest.mark.parametrize(
    ("typed", "country", "geonameid"),
    [
        ("Bruselas", None, BRUSSELS),
        ("Ville de Brussels", "Belgium", BRUSSELS),
        ("Région de Bruxelles-Capitale", "BE", BRUSSELS),
        ("Bruxelles / Brussel", "BEL", BRUSSELS),
        ("Brussels, Belgique", "Belgique", BRUSSELS),
        ("Troonto", "Canada", 6167865),
        ("Municipio de San Miguel de Tucumán", "Argentina", 3836873),
        ("POSADAS", "Argentina", 3429886),
        ("Mexico City, México", "México", 3530597),
        ("CDMX", "MX", 3530597),
        ("CABA", "AR", 3435910),
        ("Capital Federal", "AR", 3435910),
        ("NYC", "US", 5128581),
        ("Grand Paris", "FR", PARIS),
        ("75011 Paris", "FR", PARIS),
        ("Nelson Mandela Bay", "ZA", 964420),
        ("Springfield, Illinois", "US", 4250542),
        ("Springfield IL", "US", 4250542),
        ("Atlanta, Georgia", "US", 4180439),
        ("Caire, el", "EG", 360630),
        ("Hong Kong", "China", 1819729),
        ("زغرب", "HR", 3186886),
        ("東京都", "JP", 1850147),
        ("Den Haag", "NL", 2747373),
        ("City of London", "GB", 2643743),
        ("Cairns City", "AU", 2172797),
        ("Bacolod", "PH", 1729564),
        ("Luohu", "CN", 13405906),
    ],
)
def test_a_city_is_resolved(typed, country, geonameid):
    found = resolve(typed, country)
    assert (found.status, found.geonameid) == ("resolved", geonameid)


@pytest.mark.parametrize(
    ("typed", "country"),
    [
        ("San José", None),
        ("Santiago", None),
        ("Birmingham", None),
        ("Halifax", None),
        ("Springfield", "US"),
        ("Gauteng", "ZA"),
        ("Metro Manila", "PH"),
        ("Provincia de Córdoba", "AR"),
        ("Brussels, Belgique", "FR"),
        ("Sede central, Madrid", "ES"),
        ("Jaipur", "ID"),
        ("Pristina", "Serbia"),
        ("Sellent", "ES"),
        ("Cuba", None),
    ],
)
def test_a_doubtful_text_is_asked(typed, country):
    found = resolve(typed, country)
    assert (found.status, found.geonameid) == ("ambiguous", None)
    assert found.alternatives


@pytest.mark.parametrize(
    ("typed", "country"),
    [
        ("", "FR"),
        ("   ", "FR"),
        ("😀", "FR"),
        ("a" * 5_000, "FR"),
        ("'; DROP TABLE city;--", "FR"),
        ("<b>Lima</b>", "PE"),
        ("Paris", "Atlantis"),
    ],
)
def test_nonsense_is_unknown(typed, country):
    assert resolve(typed, country).status == "unknown"


def test_the_answer_is_named_in_the_language():
    assert [resolve("Cairo", "EG", language).name for language in ("en", "es", "fr")] == [
        "Cairo",
        "El Cairo",
        "Le Caire",
    ]
    assert city_name(BRUSSELS, "fr") == "Bruxelles"
    assert city_name(None, "fr") == ""


def test_all_members_of_the_congress_are_known():
    with (CONGRESS / "members.csv").open(encoding="utf-8") as file:
        members = list(csv.DictReader(file))
    found = [resolve(row["city"], row["country"]) for row in members]
    assert [
        row["city"] for row, answer in zip(members, found, strict=True) if not answer.geonameid
    ] == []
    truth = json.loads((CONGRESS / "truth.json").read_text())
    known = get_cities(answer.geonameid for answer in found)
    assert len(known) == len(members)
    assert get_cities(map(int, truth["by_city"])).keys() == set(map(int, truth["by_city"]))


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("be", "BE"), ("BEL", "BE"), ("Bélgica", "BE"), ("Belgien", "BE"), ("UK", "GB"), ("EE. UU.", "US"),
        ("Côte d’Ivoire", "CI"), ("Ivory Coast", "CI"), ("Congo-Kinshasa", "CD"), ("RDC", "CD"),
        ("Turkey", "TR"), ("Türkiye", "TR"), ("中国", "CN"), ("مصر", "EG"), ("Россия", "RU"),
        ("Russian Federation", "RU"), ("Viet Nam", "VN"), ("Atlantis", None), ("", None), ("  ", None), (None, None),
    ],
)  # fmt: skip
def test_countries_are_recognised(text, code):
    assert resolve_country(text) == code


def test_countries_are_listed_in_the_order_of_the_language():
    names = [country.name for country in list_countries("es")]
    assert names[:3] == ["Afganistán", "Albania", "Alemania"]
    assert 245 <= len(names) <= 252
    assert {country.code for country in list_countries("fr")} == {
        c.code for c in list_countries("en")
    }


def test_suggestions_search_all_languages_and_tell_homonyms_apart():
    assert suggest("londr", None, "es")[0].label == "Londres, Reino Unido"
    assert suggest("le ca", None, "fr")[0].name == "Le Caire"
    assert suggest("Mosk", "RU", "en")[0].name == "Moscow"
    labels = [item.label for item in suggest("springfield", "US", "en")]
    assert len(set(labels)) == len(labels)
    assert "Springfield, Illinois" in labels


def test_suggestions_put_members_first():
    plain = suggest("san", "CL", "es")
    boosted = suggest("san", "CL", "es", members={plain[3].id})
    assert boosted[0].id == plain[3].id
    assert (boosted[0].member, boosted[0].note) == (True, "member")


@pytest.mark.parametrize("text", ["", "  ", "!!", "😀", "%", "\x00"])
def test_nothing_is_suggested_for_nothing(text):
    assert suggest(text) == []


def test_unknown_ids_are_left_out():
    assert find_city(-1) is None
    assert find_city(None) is None
    assert get_cities([BRUSSELS, -1, None]).keys() == {BRUSSELS}


def test_many_ids_are_read_at_once():
    ids = [row[0] for row in current_index().rows("SELECT id FROM city ORDER BY id LIMIT 1200")]
    assert len(get_cities(ids)) == 1200


def _unpack(folder):
    return open_index(unpack(folder)).cities([BRUSSELS])[BRUSSELS].name


@pytest.mark.slow
def test_several_processes_unpack_at_once(tmp_path):
    with multiprocessing.get_context("spawn").Pool(3) as pool:
        assert pool.map(_unpack, [tmp_path] * 3) == ["Brussels"] * 3
    assert [path.suffix for path in tmp_path.iterdir()] == [".sqlite3"]


def test_threads_have_connections_of_their_own():
    answers = []
    threads = [
        threading.Thread(target=lambda: answers.append(resolve("Paris", "FR").geonameid))
        for _ in range(8)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert answers == [PARIS] * 8
