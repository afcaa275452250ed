"""Organisations, periods and cities; the figures of ACCEPTANCE A01 to A03, A10, A13."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from sqlalchemy import select

from eventsys.audit.models import AuditEntry
from eventsys.core.db import db
from eventsys.core.errors import NotFound
from eventsys.members.errors import InvalidMember, MemberExists
from eventsys.members.operations.create import create_member
from eventsys.members.operations.edit import (
    add_city,
    remove_city,
    remove_period,
    save_organisation,
    save_period,
)
from eventsys.members.queries import (
    OrganisationFilter,
    draft_of,
    export_rows,
    list_further_cities,
    list_new_members,
    list_organisations,
    list_periods,
    members_on,
)
from eventsys.members.rules import MemberDraft, Period
from tests.factories.members import NOW, STAFF, make_member

TODAY = NOW.date()
GENEVA, PORTO_ALEGRE, CANOAS = 2660646, 3452925, 3467467


def names(**wanted):
    return [row.name for row in list_organisations(OrganisationFilter(**wanted), day=TODAY)[0]]


def test_members_are_counted_as_of_a_day(session):
    make_member("Abuja", ("1986-01-01", None))
    make_member("Quito", ("2000-01-01", "2010-01-01"), ("2015-06-01", None))
    make_member("Partner bank", ("1990-01-01", None), kind="partner")
    assert members_on(date(1985, 12, 31)) == 0
    assert members_on(date(1986, 1, 1)) == 1
    assert members_on(date(2009, 12, 31)) == 2
    assert members_on(date(2010, 1, 1)) == 1
    assert members_on(date(2015, 6, 1)) == 2


def test_the_ten_new_members_of_2023_are_ten(session):
    ten = {
        "Antalya": "city", "Santiago de Cali": "city", "Canton of Geneva": "canton", "Chisinau": "city",
        "City of Geneva": "city", "GRANPAL (Porto Alegre)": "association", "Konya": "metropolitan",
        "Qingdao": "city", "Santa Cruz de la Sierra": "city", "Tangier": "region",
    }  # fmt: skip
    for name, nature in ten.items():
        make_member(name, ("2023-05-01", None), nature=nature)
    for number in range(144):
        make_member(f"Old member {number}", ("1999-01-01", None))
    make_member("Left in 2020", ("1999-01-01", "2020-01-01"))
    make_member("A partner", ("2023-01-01", None), kind="partner")
    assert members_on(date(2023, 12, 31)) == 154
    assert {row.name: row.nature for row in list_new_members(2023)} == ten


def test_a_membership_that_goes_on_is_not_new_but_one_that_comes_back_is(session):
    make_member("Renewed", ("2000-01-01", "2023-01-01"), ("2023-01-01", None))
    make_member("Back again", ("2000-01-01", "2015-01-01"), ("2023-07-01", None))
    assert [row.name for row in list_new_members(2023)] == ["Back again"]


@pytest.mark.parametrize(
    ("state", "names"), [("current", ["Member"]), ("former", ["Was a member"])]
)
def test_the_list_of_members_has_no_partner_in_it(session, state, names):
    make_member("Member", ("2000-01-01", None))
    make_member("Partner", ("2000-01-01", None), kind="partner")
    make_member("Was a member", ("2000-01-01", "2010-01-01"))
    make_member("Was a partner", ("2000-01-01", "2010-01-01"), kind="partner")
    rows, total = list_organisations(OrganisationFilter(state=state), day=TODAY)
    assert ([row.name for row in rows], total) == (names, 1)


def test_two_organisations_of_one_city_are_two_members(session):
    make_member("City of Geneva", ("2023-01-01", None), city_id=GENEVA)
    make_member("Canton of Geneva", ("2023-01-01", None), city_id=GENEVA, nature="canton")
    assert members_on(TODAY) == 2
    assert names(words="Genf geneve") == []
    assert names(words="ginebra") == ["Canton of Geneva", "City of Geneva"]


def test_a_name_is_given_once_whatever_case_and_accents(session):
    make_member("Bogotá")
    with pytest.raises(MemberExists):
        make_member("BOGOTA")
    first = make_member("Lima", external_id="7")
    with pytest.raises(MemberExists):
        make_member("Quito", external_id="7")
    assert draft_of(first).external_id == "7"


def test_a_name_may_be_very_long_in_letters_that_fold_to_many(session):
    made = make_member("ﷺ" * 200)
    assert len(made.name_key) <= 200


def test_an_association_stands_for_several_cities(session):
    granpal = make_member(
        "GRANPAL", ("2023-01-01", None), nature="association", city_id=PORTO_ALEGRE
    )
    for _ in range(2):
        add_city(granpal.id, CANOAS, actor=STAFF, now=NOW)
    add_city(granpal.id, PORTO_ALEGRE, actor=STAFF, now=NOW)
    assert list_further_cities(granpal.id) == [CANOAS]
    assert names(words="canoas") == ["GRANPAL"]
    remove_city(granpal.id, CANOAS, actor=STAFF, now=NOW)
    assert names(words="canoas") == []
    with pytest.raises(NotFound):
        remove_city(granpal.id, CANOAS, actor=STAFF, now=NOW)


def test_periods_never_overlap(session):
    quito = make_member("Quito", ("2000-01-01", "2010-01-01"))
    with pytest.raises(InvalidMember):
        save_period(quito.id, Period(date(2005, 1, 1)), actor=STAFF, now=NOW)
    save_period(quito.id, Period(date(2010, 1, 1)), actor=STAFF, now=NOW)
    save_period(quito.id, Period(date(2010, 1, 1), date(2012, 1, 1)), actor=STAFF, now=NOW)
    assert list_periods([quito.id])[quito.id][-1] == Period(date(2010, 1, 1), date(2012, 1, 1))
    remove_period(quito.id, date(2010, 1, 1), actor=STAFF, now=NOW)
    assert len(list_periods([quito.id])[quito.id]) == 1


def test_a_member_needs_a_first_day_and_a_partner_does_not(session):
    with pytest.raises(InvalidMember):
        create_member(MemberDraft(name="Quito"), None, actor=STAFF, now=NOW)
    made = create_member(MemberDraft(name="A bank", kind="partner"), None, actor=STAFF, now=NOW)
    assert made.kind == "partner"


def test_the_list_is_filtered_in_the_database(session):
    make_member("Abuja", ("1986-01-01", None), region="Africa", country="NG")
    make_member("Left", ("1986-01-01", "2000-01-01"), region="Europe", country="FR")
    make_member("A bank", kind="partner")
    make_member("Lost", ("1990-01-01", None), city_typed="Sprngfld")
    assert names(kind="partner") == ["A bank"]
    assert names(region="Africa") == ["Abuja"]
    assert names(country="FR") == ["Left"]
    assert names(state="current") == ["Abuja", "Lost"]
    assert names(state="former") == ["Left"]
    assert names(state="city") == ["Lost"]
    assert names(words="%") == []


def test_pages_do_not_lose_or_repeat_anybody(session):
    for number in range(7):
        make_member(f"Member {number}")
    pages = [
        list_organisations(OrganisationFilter(), day=TODAY, page=page, size=3)
        for page in (1, 2, 3, 4)
    ]
    assert [len(rows) for rows, _ in pages] == [3, 3, 1, 0]
    assert len({row.id for rows, _ in pages for row in rows}) == 7
    assert {total for _, total in pages} == {7}


def test_a_change_is_logged_and_saving_the_same_is_not(session):
    quito = make_member("Quito")
    save_organisation(
        replace(draft_of(quito), region="Europe"), organisation_id=quito.id, actor=STAFF, now=NOW
    )
    save_organisation(draft_of(quito), organisation_id=quito.id, actor=STAFF, now=NOW)
    entries = db.session.scalars(select(AuditEntry).order_by(AuditEntry.id)).all()
    assert [(entry.action, entry.facts["fields"]) for entry in entries] == [
        ("members.add", []),
        ("members.edit", ["region"]),
    ]


def test_the_file_has_the_columns_of_the_import(session):
    make_member(
        "Geneva",
        ("1990-01-01", "2000-01-01"),
        ("2005-01-01", None),
        city_id=GENEVA,
        country="CH",
        names={"es": "Ginebra"},
    )
    rows = list(export_rows(OrganisationFilter(), day=TODAY, language="es"))
    assert [row[:6] for row in rows] == [
        ["Geneva", "Ginebra", "Suiza", "", "member", date(1990, 1, 1)],
        ["Geneva", "Ginebra", "Suiza", "", "member", date(2005, 1, 1)],
    ]
