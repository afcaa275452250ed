"""The office's list: search, filters, order, pages, and the rows of an export."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import update

from eventsys.core.db import db
from eventsys.registration.models import Registration
from eventsys.registration.queries import lists
from eventsys.registration.queries.lists import (
    Wanted,
    find_live_id,
    find_participants,
    list_countries_of,
)
from tests.factories.events import make_event
from tests.factories.tables import import_table, registered, table

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from eventsys.events.models import Event

PEOPLE = (
    {"first_name": "José", "last_name": "Núñez", "email": "jose@example.org", "organisation": "Ciudad de Bogotá",
     "country": "CO", "city": "Bogotá", "registered_at": "2023-03-05"},
    {"first_name": "Zoë", "last_name": "Ångström", "email": "zoe@example.org", "country": "SE", "city": "Stockholm",
     "category": "press", "registered_at": "2023-03-01", "checked_in_at": "2023-06-12T10:00"},
    {"first_name": "علي", "last_name": "حسن", "email": "ali@example.org", "country": "EG", "city": "Cairo",
     "status": "cancelled", "registered_at": "2023-03-03"},
    {"first_name": "100%", "last_name": "O_Neil", "email": "neil@example.org", "country": "IE",
     "city": "Villaconejos de Arriba", "registered_at": "2023-03-04", "checked_in_at": "2023-06-12T09:00"},
)  # fmt: skip


@pytest.fixture
def event(session: Session) -> Event:
    made = make_event()
    import_table(made, table(*PEOPLE))
    return made


def emails(event: Event, page: int = 1, size: int = 50, **wanted: Any) -> list[str]:
    found = find_participants(event.id, Wanted(**wanted), page=page, size=size)
    return [row.email.partition("@")[0] for row in found.rows]


@pytest.mark.parametrize(
    ("q", "expected"),
    [
        ("nunez", ["jose"]), ("NÚÑEZ josé", ["jose"]), ("angstrom", ["zoe"]), ("bogota", ["jose"]),
        ("zoe@EXAMPLE", ["zoe"]), ("علي", ["ali"]), ("100%", ["neil"]), ("o_n", ["neil"]), ("%", ["neil"]),
        ("nobody", []), ("jose angstrom", []), ("'; DROP TABLE registration", []),
    ],
)  # fmt: skip
def test_search_sees_no_accents_no_case_and_no_wildcards(
    event: Event, q: str, expected: list[str]
) -> None:
    assert emails(event, q=q) == expected


def test_search_takes_the_code_of_a_badge(event: Event) -> None:
    assert emails(event, q=registered("zoe@example.org").short_code.lower()) == ["zoe"]


def test_a_search_that_finds_very_many_gives_the_same_pages(
    event: Event, monkeypatch: pytest.MonkeyPatch
) -> None:
    everybody = emails(event, q="example")
    monkeypatch.setattr(lists, "FEW", 1)
    assert emails(event, q="example") == everybody
    assert len(everybody) == 4


@pytest.mark.parametrize(
    ("wanted", "expected"),
    [
        ({"status": "cancelled"}, ["ali"]),
        ({"country": "CO"}, ["jose"]),
        ({"attended": True}, ["zoe", "neil"]),
        ({"attended": False, "status": "confirmed"}, ["jose"]),
        ({"member": True}, []),
        ({"unresolved": True}, ["neil"]),
        ({"q": "example", "country": "SE"}, ["zoe"]),
    ],
)
def test_filters_can_be_put_together(
    event: Event, wanted: dict[str, Any], expected: list[str]
) -> None:
    assert sorted(emails(event, **wanted)) == sorted(expected)


@pytest.mark.parametrize(
    ("sort", "expected"),
    [
        ("registered", ["zoe", "ali", "neil", "jose"]),
        ("-registered", ["jose", "neil", "ali", "zoe"]),
        ("name", ["zoe", "jose", "neil", "ali"]),
    ],
)
def test_the_order_is_that_of_the_folded_names_or_of_time(
    event: Event, sort: str, expected: list[str]
) -> None:
    assert emails(event, sort=sort) == expected


@pytest.mark.parametrize(
    ("sort", "first"), [("arrived", ["neil", "zoe"]), ("-arrived", ["zoe", "neil"])]
)
def test_who_has_not_come_stands_last_on_both_engines(
    event: Event, sort: str, first: list[str]
) -> None:
    assert emails(event, sort=sort)[:2] == first


def test_pages_follow_one_another_without_gap_or_repetition(event: Event) -> None:
    assert [*emails(event, size=3), *emails(event, page=2, size=3)] == emails(event)
    assert find_participants(event.id, Wanted(), page=2, size=3).total == 4


def test_another_event_is_not_seen(event: Event) -> None:
    import_table(
        make_event("other"), table({"email": "jose@example.org", "country": "PE", "city": "Lima"})
    )
    assert len(emails(event, q="jose")) == 1
    assert "PE" not in list_countries_of(event.id)


def test_the_live_registration_of_an_address_is_found_in_any_case(event: Event) -> None:
    assert find_live_id(event.id, "JOSE@example.org") == registered("jose@example.org").id
    assert find_live_id(event.id, "ali@example.org") is None  # cancelled


def test_an_export_reads_everybody_once_however_small_its_steps(
    event: Event, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(lists, "EXPORT_BATCH", 2)
    rows = list(lists.stream_participants(event.id, Wanted()))
    assert [row.email for row in rows] == [person["email"] for person in PEOPLE]
    assert rows[1].attended_at == datetime(2023, 6, 12, 8, tzinfo=UTC)
    assert [row.category for row in rows] == ["delegate", "press", "delegate", "delegate"]


def test_countries_are_those_of_all_states_once_in_order_without_the_nameless_and_other_events(
    event: Event,
) -> None:
    more = (
        {"first_name": "A", "email": "a@example.org", "country": "CO", "status": "cancelled"},
        {"first_name": "B", "email": "b@example.org", "country": "AR", "status": "waiting"},
        {"first_name": "C", "email": "c@example.org", "country": ""},
    )
    import_table(event, table(*more))
    other = make_event("other")
    import_table(other, table({"first_name": "D", "email": "d@example.org", "country": "NO"}))
    assert list_countries_of(event.id) == ["AR", "CO", "EG", "IE", "SE"]
    assert list_countries_of(make_event("empty").id) == []


def test_two_people_of_the_same_search_text_are_both_found(event: Event) -> None:
    import_table(
        event, table({"first_name": "Eva", "last_name": "Twin", "email": "eva@example.org"})
    )
    first = find_participants(event.id, Wanted(q="twin")).rows
    db.session.execute(
        update(Registration)
        .where(Registration.event_id == event.id)
        .values(search_text="eva twin | same")
    )
    db.session.commit()
    assert len(first) == 1
    assert find_participants(event.id, Wanted(q="twin eva")).total == len(PEOPLE) + 1
