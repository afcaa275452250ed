"""Decisions about typed names: learned, undone, audited; cities counted as others; the command."""

from __future__ import annotations

import csv
import json
from datetime import UTC, datetime

import pytest
from sqlalchemy import select

from eventsys.audit.models import AuditEntry
from eventsys.core.actor import Actor
from eventsys.core.db import db
from eventsys.core.errors import NotFound
from eventsys.factory import create_app
from eventsys.places.errors import (
    AlreadyUndone,
    EmptyName,
    MergeCircle,
    UnknownCity,
    UnknownCountry,
)
from eventsys.places.operations.add_alias import add_alias
from eventsys.places.operations.merge import merge_cities, undo_merge
from eventsys.places.operations.undo_alias import undo_alias
from eventsys.places.queries import (
    all_learned,
    find_alias,
    find_merge,
    list_aliases,
    list_merges,
    resolve_city,
    resolve_typed,
)
from tests.support.database import settings_for

NOW = datetime(2026, 11, 21, 12, tzinfo=UTC)
STAFF = Actor("staff", None, "Eva")
THIES, THIES_NONES, DAKAR = 2244802, 2244799, 2253354


def decide(typed, country, city_id, **more):
    return add_alias(typed, country, city_id, actor=STAFF, now=NOW, **more)


def test_a_decision_is_honoured_first_and_in_any_spelling(session):
    assert resolve_city("Sede de la Red", "SN").status == "unknown"
    decide("Sede de la Red", "Senegal", DAKAR)
    found = resolve_city("SEDE DE LA RED, Sénégal", "SN", "fr")
    assert (found.status, found.geonameid, found.decided) == ("resolved", DAKAR, True)
    assert resolve_typed("sede de la red", "SN", "en", all_learned()).geonameid == DAKAR


def test_a_decision_for_one_country_leaves_the_others_alone(session):
    decide("Sede de la Red", "SN", DAKAR)
    assert resolve_city("Sede de la Red", "ES").geonameid is None
    decide("Sede de la Red", None, THIES)
    assert resolve_city("Sede de la Red", "ES").geonameid == THIES
    assert resolve_city("Sede de la Red", "SN").geonameid == DAKAR


def test_a_decision_can_be_that_it_is_no_city(session):
    decide("Dakar", "SN", None, note="the rally")
    found = resolve_city("Dakar", "SN")
    assert (found.status, found.geonameid, found.decided) == ("unknown", None, True)


def test_a_decision_is_undone_and_can_be_made_again(session):
    made = decide("Sede", "SN", DAKAR)
    assert undo_alias(made.alias_id, actor=STAFF, now=NOW).city_id == DAKAR
    assert find_alias("Sede", "SN") is None
    with pytest.raises(AlreadyUndone):
        undo_alias(made.alias_id, actor=STAFF, now=NOW)
    assert decide("Sede", "SN", THIES).replaced_id is None
    assert resolve_city("Sede", "SN").geonameid == THIES
    assert [alias.city_id for alias in list_aliases(undone=True)] == [THIES, DAKAR]


def test_a_new_decision_replaces_the_earlier_one(session):
    first = decide("Sede", "SN", DAKAR)
    assert decide("sede", "SN", THIES).replaced_id == first.alias_id
    assert [alias.city_id for alias in list_aliases("sede")] == [THIES]


@pytest.mark.parametrize(
    ("typed", "country", "city_id", "refusal"),
    [
        ("!!!", "SN", DAKAR, EmptyName),
        ("Sede", "SN", -1, UnknownCity),
        ("Sede", "Atlantis", DAKAR, UnknownCountry),
    ],
)
def test_an_impossible_decision_is_refused(session, typed, country, city_id, refusal):
    with pytest.raises(refusal):
        decide(typed, country, city_id)


def test_one_city_is_counted_as_another_and_back(session):
    merged = merge_cities(THIES_NONES, THIES, actor=STAFF, now=NOW)
    assert resolve_city("Thiès Nones", "SN").geonameid == THIES
    undo_merge(merged.merge_id, actor=STAFF, now=NOW)
    assert resolve_city("Thiès Nones", "SN").geonameid == THIES_NONES
    assert find_merge(THIES_NONES) is None
    with pytest.raises(AlreadyUndone):
        undo_merge(merged.merge_id, actor=STAFF, now=NOW)


def test_merges_follow_one_another_and_make_no_circle(session):
    merge_cities(THIES_NONES, THIES, actor=STAFF, now=NOW)
    merge_cities(THIES, DAKAR, actor=STAFF, now=NOW)
    assert resolve_city("Thiès Nones", "SN").geonameid == DAKAR
    with pytest.raises(MergeCircle):
        merge_cities(DAKAR, THIES_NONES, actor=STAFF, now=NOW)
    with pytest.raises(MergeCircle):
        merge_cities(DAKAR, DAKAR, actor=STAFF, now=NOW)
    with pytest.raises(UnknownCity):
        merge_cities(DAKAR, -1, actor=STAFF, now=NOW)
    assert len(list_merges()) == 2


def test_each_decision_is_audited(session):
    made = decide("Sede", "SN", DAKAR)
    undo_alias(made.alias_id, actor=STAFF, now=NOW)
    undo_merge(
        merge_cities(THIES_NONES, THIES, actor=STAFF, now=NOW).merge_id, actor=STAFF, now=NOW
    )
    actions = db.session.scalars(select(AuditEntry.action).order_by(AuditEntry.id)).all()
    assert actions == ["places.add_alias", "places.undo_alias", "places.merge", "places.undo_merge"]
    with pytest.raises(NotFound):
        undo_alias(made.alias_id + 99, actor=STAFF, now=NOW)


def run(app, *arguments):
    return app.test_cli_runner().invoke(args=["places", "resolve", *arguments])


def test_the_command_answers_in_json(app):
    answer = run(app, "Ville de Bruxelles", "--country", "Belgique", "--language", "es")
    assert answer.exit_code == 0
    assert json.loads(answer.stdout) | {"alternatives": []} == {
        "status": "resolved",
        "geonameid": 2800866,
        "name": "Bruselas",
        "country": "BE",
        "score": 0.95,
        "alternatives": [],
    } | {"score": json.loads(answer.stdout)["score"]}


def test_the_command_resolves_a_file_row_by_row(app, tmp_path):
    source, target = tmp_path / "in.csv", tmp_path / "out.csv"
    source.write_bytes(
        "typed;country;note\nBruselas;BE;ä\nSpringfield;US;\nxxyyzz;FR;\n".encode("utf-8-sig")
    )
    answer = run(app, "--csv", str(source), "--output", str(target))
    assert answer.exit_code == 0, answer.output
    with target.open(encoding="utf-8", newline="") as file:
        found = list(csv.DictReader(file))
    assert [(row["typed"], row["note"], row["status"], row["geonameid"]) for row in found] == [
        ("Bruselas", "ä", "resolved", "2800866"),
        ("Springfield", "", "ambiguous", ""),
        ("xxyyzz", "", "unknown", ""),
    ]


@pytest.mark.parametrize(
    "arguments",
    [
        (),
        ("Paris", "--output", "x.csv"),
        ("Paris", "--country", "Atlantis"),
        ("--csv", "none.csv", "--output", "x"),
    ],
)
def test_the_command_refuses_what_makes_no_sense(app, arguments):
    answer = run(app, *arguments)
    assert answer.exit_code != 0
    assert answer.stdout == ""


def test_a_file_without_the_column_is_refused_and_nothing_written(app, tmp_path):
    source, target = tmp_path / "in.csv", tmp_path / "out.csv"
    source.write_text("city,country\nParis,FR\n")
    answer = run(app, "--csv", str(source), "--output", str(target))
    assert answer.exit_code != 0
    assert "typed" in answer.stderr
    assert not target.exists()


def test_the_command_works_without_a_database(tmp_path):
    fresh = create_app(settings_for(tmp_path, f"sqlite:///{tmp_path / 'none.sqlite3'}"))
    answer = run(fresh, "Ville de Bruxelles", "--country", "Belgique")
    assert (answer.exit_code, json.loads(answer.stdout)["geonameid"]) == (0, 2800866)
    assert answer.stderr.count("\n") == 1
    source, target = tmp_path / "in.csv", tmp_path / "out.csv"
    source.write_text("typed,country\nBruselas,BE\n")
    answer = run(fresh, "--csv", str(source), "--output", str(target))
    assert answer.exit_code == 0, answer.output
    assert "resolved,2800866" in target.read_text()
