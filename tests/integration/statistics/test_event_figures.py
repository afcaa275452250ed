"""The figures of an event: each is built from facts and counted through the public query."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING, Any

from eventsys.core.db import db
from eventsys.events.models import Category
from eventsys.statistics.queries.event import event_figures
from eventsys.statistics.queries.tables.model import OPEN
from eventsys.statistics.queries.tables.summary import summary
from eventsys.statistics.rules.ladder import Rung
from tests.factories.events import make_event
from tests.factories.statistics import make_member, make_people

if TYPE_CHECKING:
    from collections.abc import Callable

    from sqlalchemy.orm import Session

    from eventsys.events.models import Event
    from eventsys.statistics.queries.figures import Figures

START = datetime(2026, 3, 2, 8, tzinfo=UTC)
AFTER = START + timedelta(days=30)


def congress(**more: Any) -> Event:
    values = {
        "starts_at": START,
        "ends_at": START + timedelta(days=2),
        "timezone": "Europe/Brussels",
        **more,
    }
    return make_event(
        "congress", quotas={"delegate": None, "speaker": None, "volunteer": None}, **values
    )


def mark(code: str, **values: bool) -> None:
    for category in db.session.query(Category).filter_by(code=code):
        for name, value in values.items():
            setattr(category, name, value)
    db.session.commit()


def count(rung: Rung = Rung.ATTENDED, *, now: datetime = AFTER) -> Figures:
    return event_figures("congress", rung, now=now)


def test_each_rung_counts_those_who_stand_on_it(session: Session) -> None:
    event = congress()
    make_people(event, 5, came=True)
    make_people(event, 3)
    make_people(event, 2, status="cancelled")
    make_people(event, 1, status="waiting")
    make_people(event, 4, status="approved")
    make_people(event, 7, status="invited")

    found = count()

    assert (found.registrations, found.approved, found.confirmed, found.attended) == (15, 12, 8, 5)
    assert (found.no_shows, found.cancelled, found.waiting, found.declined) == (3, 2, 1, 0)
    assert [count(rung).total for rung in Rung] == [15, 12, 8, 5]


def test_every_registration_is_in_one_line(session: Session) -> None:
    event = congress()
    states = ("approved", "confirmed", "submitted", "waiting", "rejected", "cancelled", "expired")
    for people, status in enumerate(states, start=2):
        make_people(event, people, status=status)

    found = count()

    assert (found.approved, found.submitted, found.waiting) == (5, 4, 5)
    assert (found.declined, found.cancelled, found.expired) == (6, 7, 8)
    assert found.registrations == 35
    printed = {row.key: row.values[0] for row in summary(found, OPEN).rows}
    parts = ("approved", "submitted", "waiting", "declined", "cancelled", "expired")
    assert sum(printed[part] for part in parts) == printed["registrations"]


def test_who_cancelled_after_the_scan_did_not_attend(session: Session) -> None:
    make_people(congress(), 2, came=True, status="cancelled")
    assert count().attended == 0


def test_no_shows_are_not_known_before_the_event_begins(session: Session) -> None:
    make_people(congress(), 3)
    assert count(now=START - timedelta(minutes=1)).no_shows is None
    assert count(now=START).no_shows == 3


def test_accompanying_people_are_apart(session: Session) -> None:
    event = congress()
    mark("volunteer", counted=False)
    make_people(event, 5, came=True)
    make_people(event, 2, came=True, category="volunteer", country="FR")

    found = count()

    assert found.total == 5
    assert found.by_country == {"ES": 5}
    assert found.not_counted == {"volunteer": 2}
    assert found.by_category == {"delegate": 5, "speaker": 0}


def test_gender_is_counted_as_stated_and_not_stated_is_its_own_group(session: Session) -> None:
    event = congress()
    make_people(event, 2, came=True, gender="woman")
    make_people(event, 1, came=True, gender="prefer not to say")
    make_people(event, 3, came=True, gender=None)

    found = count()

    assert found.gender == {
        "woman": 2,
        "man": 0,
        "non-binary": 0,
        "prefer not to say": 1,
        "not stated": 3,
    }
    assert found.gender_by_country["ES"] == found.gender


def test_an_unresolved_city_is_counted_and_never_as_a_city(session: Session) -> None:
    event = congress()
    make_people(event, 2, came=True)
    make_people(
        event,
        3,
        came=True,
        city_id=None,
        city_typed="Springfield",
        city_status="ambiguous",
        country="US",
    )
    make_people(event, 1, came=True, city_id=None, city_status="none", country=None)

    found = count()

    assert (found.cities, found.unresolved_cities, found.city_not_stated) == (1, 3, 1)
    assert (found.countries, found.country_not_stated) == (2, 1)
    assert found.by_city == {"3128760": 2}


def test_members_are_those_of_the_first_day(session: Session) -> None:
    event = congress()
    stays = make_member("Stays", since=date(2000, 1, 1))
    left = make_member("Left the day it began", since=date(2000, 1, 1), until=date(2026, 3, 2))
    joined = make_member("Joined the day it began", since=date(2026, 3, 2))
    later = make_member("Joined later", since=date(2026, 3, 3))
    partner = make_member("Partner for long", since=date(2000, 1, 1), kind="partner")
    for organisation, people in ((stays, 3), (left, 1), (joined, 2), (later, 4), (partner, 5)):
        make_people(event, people, came=True, organisation_id=organisation.id)
    make_people(event, 10, came=True)

    found = count()

    assert (found.members_present, found.member_representatives, found.non_members) == (2, 5, 20)
    assert found.members_by_region == {"Europe": 2}
    assert [(entry["name"], entry["member"], entry["n"]) for entry in found.organisations] == [
        ("Partner for long", False, 5),
        ("Joined later", False, 4),
        ("Stays", True, 3),
        ("Joined the day it began", True, 2),
        ("Left the day it began", False, 1),
    ]


def test_a_region_is_the_associations_own_before_the_united_nations(session: Session) -> None:
    event = congress()
    make_member("Istanbul", since=date(2000, 1, 1), region="Europe", country="TR")
    make_people(event, 2, came=True, country="TR")
    make_people(event, 3, came=True, country="JP")
    make_people(event, 1, came=True, country="MX")

    found = count()

    assert found.by_region == {"Asia-Pacific": 3, "Europe": 2, "Latin America and the Caribbean": 1}
    assert found.by_un_region == {"142": 5, "419": 1}


def test_a_speaker_with_two_registrations_is_one_person(session: Session) -> None:
    event = congress()
    mark("speaker", speaker=True)
    first = make_people(event, 1, came=True, category="speaker", gender="man")[0]
    make_people(event, 1, came=True, category="speaker", gender="man", person_id=first.person_id)
    make_people(event, 2, came=True, category="speaker", gender="woman")
    make_people(event, 1, category="speaker")

    found = count()

    assert found.speakers == 3
    assert found.speakers_by_gender == {"woman": 2, "man": 1}


def test_arrivals_are_on_the_clock_of_the_event(session: Session) -> None:
    event = congress(timezone="Asia/Kolkata")
    make_people(event, 2, came=datetime(2026, 3, 2, 3, 29, tzinfo=UTC))  # 08:59 there
    make_people(event, 1, came=datetime(2026, 3, 2, 3, 30, tzinfo=UTC))  # 09:00 there
    make_people(event, 4, came=datetime(2026, 3, 2, 18, 30, tzinfo=UTC))  # midnight there

    found = count()

    assert found.arrivals_by_hour == {"2026-03-02T08": 2, "2026-03-02T09": 1, "2026-03-03T00": 4}
    assert found.arrivals_by_day == {"2026-03-02": 3, "2026-03-03": 4}


def test_registrations_add_up_by_day(session: Session) -> None:
    event = congress()
    make_people(event, 2, registered_at=datetime(2026, 1, 1, 22, 59, tzinfo=UTC))
    make_people(
        event, 3, registered_at=datetime(2026, 1, 1, 23, 0, tzinfo=UTC)
    )  # the 2nd in Brussels
    make_people(event, 1, registered_at=datetime(2026, 1, 4, 9, tzinfo=UTC), status="cancelled")

    assert count().registrations_over_time == [
        {"day": "2026-01-01", "registered": 2, "confirmed": 2},
        {"day": "2026-01-02", "registered": 3, "confirmed": 3},
        {"day": "2026-01-03", "registered": 0, "confirmed": 0},
        {"day": "2026-01-04", "registered": 1, "confirmed": 0},
    ]


def test_a_year_of_registration_is_counted_by_week_and_nobody_is_lost(session: Session) -> None:
    event = congress()
    for days in (0, 100, 299):
        make_people(event, 2, registered_at=datetime(2025, 1, 1, tzinfo=UTC) + timedelta(days=days))

    rows = count().registrations_over_time

    assert len(rows) == 43
    assert sum(row["registered"] for row in rows) == 6


def test_an_event_without_registrations_has_zeros(session: Session) -> None:
    congress()
    found = count()
    assert (found.total, found.cities, found.countries, found.registrations) == (0, 0, 0, 0)
    assert found.registrations_over_time == []


def test_another_event_does_not_count(session: Session) -> None:
    congress()
    make_people(make_event("other", quotas={"delegate": None}), 9, came=True)
    assert count(Rung.REGISTERED).total == 0


def test_the_number_of_statements_does_not_grow(
    session: Session, count_queries: Callable[[], Any]
) -> None:
    event = congress()
    mark("speaker", speaker=True)
    make_people(event, 1, came=True, category="speaker")
    with count_queries() as few:
        count()
    for country in ("FR", "DE", "IT", "PT"):
        make_people(event, 5, came=True, country=country)
    with count_queries() as many:
        count()
    assert len(few) == len(many) <= 12


def test_figures_survive_being_frozen_as_json(session: Session) -> None:
    make_people(congress(), 3, came=True)
    found = count()
    assert type(found).from_dict(found.as_dict()) == found
    assert type(found).from_dict(found.as_dict() | {"of a later version": 1}) == found
