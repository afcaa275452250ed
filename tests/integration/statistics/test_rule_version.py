"""The meaning of the figures: the same facts give these numbers under this version of the rules.

When a change of the product makes this test fail, the meaning of a figure has changed: raise ``RULE_VERSION``,
say in ``docs/figures.md`` what changed, and only then write the new numbers here.
"""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from eventsys.core.db import db
from eventsys.events.models import Category
from eventsys.statistics.queries.event import event_figures
from eventsys.statistics.queries.year import year_figures
from eventsys.statistics.rules.ladder import RULE_VERSION, Rung
from tests.factories.events import make_event
from tests.factories.statistics import make_member, make_people

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

START = datetime(2026, 3, 2, 8, tzinfo=UTC)
AFTER = START + timedelta(days=30)
DOCS = Path(__file__).parents[3] / "docs" / "figures.md"
MEANING = {
    2: {
        Rung.REGISTERED: {
            "total": 66, "registrations": 66, "approved": 61, "confirmed": 58, "attended": 50, "no_shows": 8,
            "cancelled": 2, "waiting": 1, "declined": 1, "submitted": 0, "expired": 1, "cities": 2, "countries": 3, "members_present": 2,
            "member_representatives": 8, "non_members": 58, "speakers": 4, "unresolved_cities": 3,
            "city_not_stated": 2, "country_not_stated": 0,
        },
        Rung.ATTENDED: {
            "total": 50, "registrations": 66, "approved": 61, "confirmed": 58, "attended": 50, "no_shows": 8,
            "cancelled": 2, "waiting": 1, "declined": 1, "submitted": 0, "expired": 1, "cities": 2, "countries": 3, "members_present": 1,
            "member_representatives": 4, "non_members": 46, "speakers": 4, "unresolved_cities": 3,
            "city_not_stated": 2, "country_not_stated": 0,
        },
    },
}  # fmt: skip


@pytest.fixture
def facts(session: Session) -> None:
    """One of everything about which a rule decides."""
    event = make_event(
        "congress", quotas={"delegate": None, "speaker": None, "volunteer": None}, starts_at=START,
        ends_at=START + timedelta(days=2), timezone="Europe/Brussels",
    )  # fmt: skip
    for code, name in (("speaker", "speaker"), ("volunteer", "counted")):
        category = db.session.query(Category).filter_by(event_id=event.id, code=code).one()
        setattr(category, name, code == "speaker")
    db.session.commit()
    here = make_member("Here", since=date(2026, 3, 2))
    absent = make_member("Absent", since=date(2000, 1, 1))
    left = make_member("Left", since=date(2000, 1, 1), until=date(2026, 3, 2))
    partner = make_member("Partner", since=date(2000, 1, 1), kind="partner")
    for organisation, people, came in ((here, 4, True), (absent, 4, False), (left, 2, True), (partner, 5, True)):  # fmt: skip
        make_people(event, people, came=came, organisation_id=organisation.id)
    make_people(event, 4, category="speaker", came=True, gender="man")
    make_people(event, 9, category="volunteer", came=True)
    make_people(event, 20, came=True, gender="man", country="FR", city_id=2988507)
    make_people(event, 10, came=True, gender=None)
    make_people(event, 3, came=True, country="CR", city_id=None, city_status="ambiguous")
    make_people(event, 2, came=True, gender="prefer not to say", city_id=None, city_status="none")
    make_people(event, 4)
    for status, people in (
        ("approved", 3), ("cancelled", 2), ("waiting", 1), ("rejected", 1), ("expired", 1), ("invited", 6),
        ("nominated", 6),
    ):  # fmt: skip
        make_people(event, people, status=status, came=status == "cancelled")


@pytest.mark.parametrize("rung", [Rung.REGISTERED, Rung.ATTENDED])
def test_the_same_facts_give_the_numbers_of_this_version(facts: None, rung: Rung) -> None:
    found = event_figures("congress", rung, now=AFTER)
    assert {name: getattr(found, name) for name in MEANING[RULE_VERSION][rung]} == MEANING[
        RULE_VERSION
    ][rung]
    assert found.rule_version == RULE_VERSION


def test_percentages_and_rounding_are_those_of_this_version(facts: None) -> None:
    found = event_figures("congress", Rung.ATTENDED, now=AFTER)
    assert RULE_VERSION == 2
    assert (found.composition.known, found.composition.unknown) == (38, 12)
    assert round(found.composition.share("woman") or 0, 4) == 0.3684
    assert found.by_region == {"Europe": 47, "Latin America and the Caribbean": 3}


def test_a_year_counts_by_this_version(facts: None) -> None:
    found = year_figures(2026, Rung.ATTENDED, now=AFTER)
    assert RULE_VERSION == 2
    assert (found.participations, found.unique_persons, found.members) == (50, 50, 1)
    assert (found.cities, found.countries, found.rule_version) == (2, 3, RULE_VERSION)


def test_every_version_is_told_in_the_docs() -> None:
    table = DOCS.read_text().partition("## Versions of the rules")[2].partition("\n## ")[0]
    assert [int(n) for n in re.findall(r"^\| (\d+) \|", table, re.MULTILINE)] == list(
        range(1, RULE_VERSION + 1)
    )
    assert f"(now {RULE_VERSION})" in DOCS.read_text()
