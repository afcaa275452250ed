"""Import of members from tables, through the command and the operation."""

from __future__ import annotations

import json
from datetime import date

import pytest
from sqlalchemy import func, select

from eventsys.core.db import db
from eventsys.files.errors import SheetError
from eventsys.members.errors import MissingColumn
from eventsys.members.models import Organisation
from eventsys.members.operations.import_members import import_members
from eventsys.members.queries import (
    find_organisation_id,
    list_periods,
    members_on,
    name_told_apart,
    plan_import,
)
from eventsys.members.rules import Period
from eventsys.places.queries import find_city
from tests.factories.members import NOW, STAFF, make_member

CONGRESS = "tests/data/congress/members.csv"
HEAD = "name,city,country,region,kind,since\n"


def run(text):
    return import_members(text.encode(), actor=STAFF, now=NOW)


def became(plan):
    return [(row.name, row.action) for row in plan.rows]


def one(name):
    return db.session.scalars(select(Organisation).where(Organisation.name == name)).one()


def test_all_members_of_the_congress_come_in_with_the_right_cities(app):
    answer = app.test_cli_runner().invoke(args=["members", "import", CONGRESS])
    assert answer.exit_code == 0, answer.output
    assert json.loads(answer.stdout) == {
        "rows": 154, "created": 154, "updated": 0, "unchanged": 0, "rejected": [], "to_review": [],
    }  # fmt: skip
    with app.app_context():
        rows = db.session.scalars(select(Organisation)).all()
        wrong = [
            row.name
            for row in rows
            if (find_city(row.city_id).name, find_city(row.city_id).country)
            != (row.name, row.country)
        ]
        assert wrong == []
        assert members_on(date(2023, 6, 12)) == 154


def test_the_same_table_again_changes_nothing(app):
    runner = app.test_cli_runner()
    runner.invoke(args=["members", "import", CONGRESS])
    again = json.loads(runner.invoke(args=["members", "import", CONGRESS]).stdout)
    assert (again["created"], again["updated"], again["unchanged"]) == (0, 0, 154)


def test_rows_that_cannot_be_read_are_named_and_the_others_come_in(app, tmp_path):
    file = tmp_path / "members.csv"
    file.write_text(
        HEAD
        + "Quito,Quito,EC,Latin America and the Caribbean,member,1990\n"
        + ",Lima,PE,,member,1990\n"
        + "Lima,Lima,Atlantis,,member,1990\n"
        + "Cuzco,Cuzco,PE,,friend,1990\n"
        + "quito,Quito,EC,,member,1991\n"
        + "Piura,Piura,PE,,member,\n"
        + "Tacna,Tacna,PE,Mars,member,soon\n",
        encoding="utf-8",
    )
    answer = app.test_cli_runner().invoke(args=["members", "import", str(file)])
    data = json.loads(answer.stdout)
    assert answer.exit_code == 0
    assert data["created"] == 1
    assert [(row["line"], row["field"], row["reason"]) for row in data["rejected"]] == [
        (3, "name", "missing_name"),
        (4, "country", "unknown_country"),
        (5, "kind", "unknown"),
        (6, "name", "twice_in_file"),
        (7, "since", "missing_since"),
        (8, "region", "unknown"),
        (8, "since", "bad_day"),
    ]


def test_a_table_of_which_nothing_can_be_read_fails(app, tmp_path):
    file = tmp_path / "members.csv"
    file.write_text(HEAD + ",,,,,\n,Lima,PE,,,1990\n", encoding="utf-8")
    answer = app.test_cli_runner().invoke(args=["members", "import", str(file)])
    assert answer.exit_code == 1


def test_a_city_that_is_not_sure_is_kept_as_typed(session):
    plan = run(HEAD + "Somewhere,Springfield,US,,member,1990\nElsewhere,Zzyzxq,US,,member,1990\n")
    assert [[note[1] for note in row.notes] for row in plan.rows] == [
        ["city_ambiguous"],
        ["city_unknown"],
    ]
    assert (one("Somewhere").city_id, one("Somewhere").city_typed) == (None, "Springfield")


def test_an_empty_cell_changes_nothing_and_a_filled_one_does(session):
    make_member("Quito", ("1990-01-01", None), region="Europe", website="https://quito.example")
    plan = run("name,region,website\nQUITO,Latin America and the Caribbean,\n")
    assert became(plan) == [("QUITO", "updated")]
    assert one("QUITO").region == "Latin America and the Caribbean"
    assert one("QUITO").website == "https://quito.example"


def test_an_external_id_knows_an_organisation_whose_name_changed(session):
    made = make_member("Saigon", ("1990-01-01", None), external_id="77")
    run("external_id,name\n77,Ho Chi Minh City\n")
    assert made.name == "Ho Chi Minh City"
    assert db.session.scalar(select(func.count()).select_from(Organisation)) == 1


def test_the_same_name_under_another_id_is_refused_and_not_written_over(session):
    make_member("Córdoba", ("1990-01-01", None), external_id="1")
    plan = run("external_id,name,since\n2,Cordoba,1995\n")
    assert became(plan) == [("Cordoba", "rejected")]
    assert one("Córdoba").external_id == "1"


def test_periods_are_added_ended_and_mended(session):
    made = make_member("Quito", ("1990-01-01", None))
    run("name,since\nQuito,1991\n")
    assert list_periods([made.id])[made.id] == [Period(date(1991, 1, 1))]
    run("name,since,until\nQuito,1991,2000\n")
    assert list_periods([made.id])[made.id] == [Period(date(1991, 1, 1), date(2001, 1, 1))]
    run("name,since\nQuito,2010-05-01\n")
    assert list_periods([made.id])[made.id][-1] == Period(date(2010, 5, 1))
    plan = run("name,since\nQuito,1995\n")
    assert became(plan) == [("Quito", "rejected")]


def test_names_in_other_languages_come_along(session):
    run("name,name_es,name_fr,since,nature\nGeneva,Ginebra,Genève,1990,canton\n")
    assert (one("Geneva").names, one("Geneva").nature) == (
        {"es": "Ginebra", "fr": "Genève"},
        "canton",
    )


def test_a_plan_writes_nothing(session):
    plan = plan_import((HEAD + "Quito,Quito,EC,,member,1990\n").encode())
    assert plan.count("created") == 1
    assert db.session.scalar(select(func.count()).select_from(Organisation)) == 0


def test_columns_in_any_encoding_separator_and_language(session):
    plan = run("Nombre;Ciudad;País;Desde;Teléfono\nQuito;Quito;Ecuador;1990;555\n")
    assert became(plan) == [("Quito", "created")]
    assert plan.unknown_columns == ["Teléfono"]
    latin = import_members(
        "name;city;country;since\nBogotá;Bogotá;CO;1990\n".encode("cp1252"), actor=STAFF, now=NOW
    )
    assert became(latin) == [("Bogotá", "created")]


@pytest.mark.parametrize(
    "data", [b"", b"\x00\x01\x02\x03" * 50, b"PK\x03\x04broken", b'name\n"open']
)
def test_what_is_no_table_is_refused_whole(session, data):
    with pytest.raises((SheetError, MissingColumn)):
        list(import_members(data, actor=STAFF, now=NOW).rows)


def test_a_table_without_names_is_refused(session):
    with pytest.raises(MissingColumn):
        run("city,country\nQuito,EC\n")


TWO = "Hyderabad,Hyderabad,IN,,member,1990\nHyderabad,Hyderabad,PK,,member,1995\n"


def test_two_members_of_one_name_in_two_countries_are_two(session):
    plan = run(HEAD + TWO)
    assert became(plan) == [("Hyderabad", "created"), ("Hyderabad", "created")]
    found = session.execute(
        select(Organisation.country, Organisation.city_id).order_by(Organisation.country)
    )
    assert found.all() == [("IN", 1269843), ("PK", 1176734)]
    # In any order and alone, each row is about its own.
    again = run(HEAD + "\n".join(TWO.splitlines()[::-1]) + "\n")
    assert [row.action for row in again.rows] == ["unchanged", "unchanged"]
    later = run(HEAD + "Hyderabad,Hyderabad,IN,Asia-Pacific,member,1991\n")
    assert became(later) == [("Hyderabad", "updated")]
    found = session.execute(
        select(Organisation.country, Organisation.region).order_by(Organisation.country)
    )
    assert found.all() == [("IN", "Asia-Pacific"), ("PK", "")]


def test_a_second_member_of_a_name_does_not_write_over_the_first(session):
    run(HEAD + "Córdoba,Córdoba,AR,,member,1990\n")
    assert became(run(HEAD + "Cordoba,Córdoba,ES,,member,1995\n")) == [("Cordoba", "created")]
    first = one("Córdoba")
    assert (first.country, first.city_id) == ("AR", 3860259)


def test_a_wrong_country_is_corrected_by_the_next_table(session):
    run(HEAD + "Quito,Quito,EE,,member,1990\n")
    assert one("Quito").city_id is None
    assert became(run(HEAD + "Quito,Quito,EC,,member,1990\n")) == [("Quito", "updated")]
    assert (one("Quito").country, one("Quito").city_id) == ("EC", 3652462)


def test_the_same_name_twice_without_a_country_is_refused(session):
    plan = run("name,country,since\nQuito,EC,1990\nQuito,,1991\nLima,,1990\nLima,PE,1991\n")
    assert [row.action for row in plan.rows] == ["created", "rejected", "created", "rejected"]


def test_of_two_members_of_a_name_the_country_tells_which_one_is_meant(session):
    run(HEAD + TWO)
    ids = {row.country: row.id for row in session.scalars(select(Organisation))}
    assert find_organisation_id("hyderabad", "IN") == ids["IN"]
    assert find_organisation_id("HYDERABAD", "PK") == ids["PK"]
    assert find_organisation_id("Hyderabad", "FR") is None
    for country, number in ids.items():
        shown = name_told_apart(session.get(Organisation, number))
        assert shown == f"Hyderabad ({country})"
        assert find_organisation_id(shown, "FR") == number
