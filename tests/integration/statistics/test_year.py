"""The year's book: participations and unique persons, per event and together (A34)."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING, Any

import pypdfium2
import pytest

from eventsys.statistics.queries.report import year_report
from eventsys.statistics.queries.sentence import year_sentences
from eventsys.statistics.queries.tables.year import year_tables
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


def test_the_members_of_a_year_and_the_new_ones(session: Session) -> None:
    """A01, A02, A10: 154 members on the last day of 2023, 10 new; a partner is none, who left is none."""
    for number in range(144):
        make_member(
            f"Member {number}", since=date(1999, 1, 1), region="Africa" if number < 40 else "Europe"
        )
    for number in range(10):
        make_member(f"New {number}", since=date(2023, 5, 1), region="Asia-Pacific", country="TR")
    make_member("Left in December", since=date(1999, 1, 1), until=date(2023, 12, 31))
    make_member("A partner", since=date(2023, 1, 1), kind="partner")
    make_member("Next year's", since=date(2024, 1, 1))

    found = year_figures(2023, Rung.ATTENDED, now=NOW)

    assert (found.members_day, found.members_total) == ("2023-12-31", 154)
    assert found.members_by_region == {"Europe": 104, "Africa": 40, "Asia-Pacific": 10}
    assert [entry["name"] for entry in found.new_members] == [f"New {n}" for n in range(10)]
    tables = {table.key: table for table in year_tables(found)}
    printed = {row.key: (row.label, row.values[0]) for row in tables["summary"].rows}
    assert printed["members_total"] == ("Members on 31 December 2023", 154)
    assert printed["new_members"][1] == 10
    assert [row.label for row in tables["members_by_region"].rows] == [
        "Europe",
        "Africa",
        "Asia-Pacific",
    ]
    assert {row.values[0] for row in tables["new_members"].rows} == {"Türkiye"}
    assert year_sentences(found, "en")[1:] == [
        "On 31 December 2023 the association had 154 members.", "10 members joined in 2023.",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("language", "sentences"),
    [
        ("en", ["On 10 June 2026 the association had 1 member.", "1 member joined in 2026."]),
        ("es", ["A 10 de junio de 2026 la asociación contaba con 1 miembro.", "En 2026 se incorporó 1 miembro."]),
        ("fr", ["Au 10 juin 2026, l’association comptait 1 membre.", "En 2026, 1 membre a rejoint l’association."]),
    ],
)  # fmt: skip
def test_in_a_running_year_members_are_those_of_today(
    session: Session, language: str, sentences: list[str]
) -> None:
    make_member("Joined in spring", since=date(2026, 4, 1))
    make_member("Joins in autumn", since=date(2026, 11, 1), kind="partner")

    found = year_figures(2026, Rung.ATTENDED, now=datetime(2026, 6, 10, 9, tzinfo=UTC))

    assert year_sentences(found, language)[1:] == sentences


def test_unknown_places_and_answers_of_a_year_are_printed(session: Session) -> None:
    event = event_on("spring", datetime(2026, 4, 5, tzinfo=UTC))
    make_people(event, 2, came=True)
    make_people(event, 1, came=True, gender="prefer not to say")
    make_people(event, 2, came=True, city_id=None, city_status="ambiguous")
    make_people(event, 1, came=True, city_id=None, city_status="none", country=None)

    found = year_figures(2026, Rung.ATTENDED, now=NOW)

    assert (found.participations, found.cities) == (6, 1)
    assert (found.unresolved_cities, found.country_not_stated) == (2, 1)
    document = pypdfium2.PdfDocument(year_report(found))
    printed = " ".join(" ".join(page.get_textpage().get_text_range() for page in document).split())
    document.close()
    assert "5 known answers; 1 prefer not to say; 0 not stated." in printed
    assert "Unknown: city not resolved 2, country not stated 1." in printed


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
