"""The days of an event, where it takes place."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from eventsys.checkin.rules import days_of


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


@pytest.mark.parametrize(
    ("timezone", "begin", "end"),
    [
        ("UTC", "2026-06-12T00:00", "2026-06-15T00:00"),
        ("Europe/Madrid", "2026-06-11T22:00", "2026-06-14T22:00"),
        ("Asia/Tokyo", "2026-06-11T15:00", "2026-06-14T15:00"),
        ("America/Lima", "2026-06-12T05:00", "2026-06-15T05:00"),
    ],
)
def test_they_go_from_midnight_to_midnight_of_the_place(
    timezone: str, begin: str, end: str
) -> None:
    days = days_of(at("2026-06-12T09:00"), at("2026-06-14T13:00"), timezone)
    assert (days.begin, days.end) == (at(begin), at(end))
    assert days.have(at(begin))
    assert not days.have(at(end))


def test_an_event_that_ends_at_midnight_has_no_part_in_the_next_day() -> None:
    days = days_of(at("2026-06-12T18:00"), at("2026-06-13T00:00"), "UTC")
    assert days.end == at("2026-06-13T00:00")


def test_a_day_of_23_hours_is_a_day() -> None:
    days = days_of(at("2026-03-29T09:00"), at("2026-03-29T16:00"), "Europe/Madrid")
    assert (days.end - days.begin).total_seconds() == 23 * 3600


def test_an_event_without_length_has_its_day() -> None:
    days = days_of(at("2026-06-12T00:00"), at("2026-06-12T00:00"), "UTC")
    assert (days.begin, days.end) == (at("2026-06-12T00:00"), at("2026-06-13T00:00"))
