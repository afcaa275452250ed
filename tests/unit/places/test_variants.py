"""What a typed text may mean."""

from __future__ import annotations

import pytest

from eventsys.places.rules.variants import LONGEST_TEXT, MOST_VARIANTS, parts, variants


def keys(text):
    return [variant.key for variant in variants(text)]


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("Ayuntamiento de Viña del Mar", "vinadelmar"),
        ("Municipio de San Miguel de Tucumán", "sanmigueldetucuman"),
        ("Ville d'Abidjan", "abidjan"),
        ("Métropole de Lyon", "lyon"),
        ("City of Houston", "houston"),
        ("Nairobi City Council", "nairobi"),
        ("Sofia Metropolitan Area", "sofia"),
        ("Área Metropolitana de Barcelona", "barcelona"),
        ("Prefeitura Municipal de Curitiba", "curitiba"),
        ("Câmara Municipal de Braga", "braga"),
        ("Ajuntament de Girona", "girona"),
        ("Comune di Catania", "catania"),
        ("Stadt Zürich", "zurich"),
        ("Landeshauptstadt München", "munchen"),
        ("Gemeente Tilburg", "tilburg"),
        ("Konya Büyükşehir Belediyesi", "konya"),
        ("Urząd Miasta Gdynia", "gdynia"),
        ("г. Самара", "самара"),
        ("بلدية عمان", "عمان"),
        ("Kota Bandung", "bandung"),
        ("Thành phố Huế", "hue"),
        ("青岛市", "青岛"),
        ("부산광역시", "부산"),
        ("75011 Paris", "paris"),
        ("Ayto. de Murcia", "murcia"),
        ("H. Ayto. de Tijuana", "tijuana"),
        ("Mun. de Guayaquil", "guayaquil"),
        ("Opština Novi Sad", "novisad"),
        ("H. Ayuntamiento de Mérida", "merida"),
        ("I. Municipalidad de Concepción", "concepcion"),
        ("Ayuntamineto de Bilbao", "bilbao"),
        ("Muncipality of Nablus", "nablus"),
        ("Lagos Metropoltan Area", "lagos"),
    ],
)
def test_the_institution_is_taken_away(text, name):
    assert name in keys(text)


def test_the_whole_text_comes_first():
    assert keys("Ciudad de Guatemala")[0] == "ciudaddeguatemala"
    assert variants("Ciudad de Guatemala")[0].cost == 0


def test_a_region_is_marked_to_be_confirmed():
    found = {variant.key: variant for variant in variants("Provincia de Córdoba")}
    assert found["cordoba"].region
    assert {v.key: v for v in variants("Kyoto Prefecture")}["kyoto"].region


def test_initials_before_a_name_are_marked_to_be_confirmed():
    found = {variant.key: variant for variant in variants("AMB Barcelona")}
    assert found["barcelona"].region
    assert "jose" not in keys("SAN JOSE")


def test_a_text_is_split_at_commas_brackets_and_dashes():
    assert parts("Brussels, Belgique") == ["Brussels", "Belgique"]
    assert parts("Zürich (Kreis 11)") == ["Zürich", "Kreis 11"]
    assert parts("Bruxelles / Brussel") == ["Bruxelles", "Brussel"]
    assert parts("Port-au-Prince") == ["Port-au-Prince"]


def test_endless_texts_are_cut_and_have_few_readings():
    assert sum(map(len, parts("a " * 10_000))) <= LONGEST_TEXT
    assert len(variants(" ".join(["city of"] * 60))) <= MOST_VARIANTS


@pytest.mark.parametrize("empty", ["", " ", "!!", "😀"])
def test_nothing_has_no_readings(empty):
    assert variants(empty) == []
