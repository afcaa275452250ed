"""The year's book: participations and unique persons, per event and together (A34)."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING, Any

from eventsys.statistics.queries.year import year_figures, years_with_events
from eventsys.statistics.rules.ladder import Rung
from tests.factories.events import make_event
from tests.factories.statistics import make_member, make_people

if TYPE_CHECKING:
    from collections.abc import Callable

    from sqlalchemy.orm import Session

    from eventsys.events.models import Event

NOW = datetime(2026, 12, 31, tzinfo=UTC)


def event_on(slug: str, start: datetime, **more: Any) -> Event:
    return make_event(slug, starts_at=start, ends_at=start + timedelta(hours=8), **more)


def test_a_person_at_two_events_is_two_participations_and_one_person(session: Session) -> None:
    spring, autumn = (
        event_on(name, datetime(2026, month, 5, tzinfo=UTC))
        for name, month in (("spring", 4), ("autumn", 10))
    )
    ana = make_people(spring, 1, came=True)[0]
    make_people(autumn, 1, came=True, person_id=ana.person_id)
    make_people(autumn, 2, came=True)

    found = year_figures(2026, Rung.ATTENDED, now=NOW)

    assert (found.participations, found.unique_persons) == (4, 3)
    assert [
        (row["slug"], row["participations"], row["unique_persons"]) for row in found.events
    ] == [
        ("spring", 1, 1),
        ("autumn", 3, 3),
    ]
    assert found.by_kind == {"summit": {"events": 2, "participations": 4}}


def test_the_year_is_the_one_on_the_clock_of_the_event(session: Session) -> None:
    eve = datetime(2025, 12, 31, 22, tzinfo=UTC)
    make_people(event_on("auckland", eve, timezone="Pacific/Auckland"), 1, came=True)
    make_people(event_on("bogota", eve, timezone="America/Bogota"), 1, came=True)

    assert [row["slug"] for row in year_figures(2026, Rung.ATTENDED, now=NOW).events] == [
        "auckland"
    ]
    assert [row["slug"] for row in year_figures(2025, Rung.ATTENDED, now=NOW).events] == ["bogota"]


def test_members_count_by_their_membership_on_the_day(session: Session) -> None:
    member = make_member("Joined in June", since=date(2026, 6, 1))
    before, after = (
        event_on(name, datetime(2026, month, 5, tzinfo=UTC))
        for name, month in (("may", 5), ("july", 7))
    )
    partner = make_member("Partner for long", since=date(2000, 1, 1), kind="partner")
    for event in (before, after):
        make_people(event, 1, came=True, organisation_id=member.id)
        make_people(event, 1, came=True, organisation_id=partner.id)

    found = year_figures(2026, Rung.ATTENDED, now=NOW)

    assert [(row["slug"], row["members"]) for row in found.events] == [("may", 0), ("july", 1)]
    assert found.members == 1


def test_a_year_without_events_is_empty(session: Session) -> None:
    found = year_figures(2026, Rung.ATTENDED, now=NOW)
    assert (found.events, found.participations, found.unique_persons, found.by_country) == (
        [],
        0,
        0,
        {},
    )
    assert years_with_events() == []


def test_the_number_of_statements_does_not_grow(
    session: Session, count_queries: Callable[[], Any]
) -> None:
    make_people(event_on("first", datetime(2026, 4, 5, tzinfo=UTC)), 1, came=True)
    with count_queries() as few:
        year_figures(2026, Rung.ATTENDED, now=NOW)
    for number in range(2):
        make_people(event_on(f"more-{number}", datetime(2026, 5, 5, tzinfo=UTC)), 3, came=True)
    with count_queries() as many:
        year_figures(2026, Rung.ATTENDED, now=NOW)
    assert len(few) == len(many) <= 12
