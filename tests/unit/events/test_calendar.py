"""Where an event stands, and what is left to do before it is shown."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from eventsys.events.rules import EventState, Window, event_state
from eventsys.events.rules.checklist import checklist
from eventsys.events.rules.draft import EventDraft

START = datetime(2026, 6, 12, 9, tzinfo=UTC)
DAY = timedelta(days=1)
LANGUAGES = ("en", "es", "fr")
ALL = dict.fromkeys(LANGUAGES, "text")


def window(**more):
    values = {"published_at": START - 90 * DAY, "opens_at": None, "closes_at": None, **more}
    return Window(starts_at=START, ends_at=START + 3 * DAY, **values)


@pytest.mark.parametrize(
    ("dates", "now", "full", "state"),
    [
        ({"published_at": None}, START - DAY, False, EventState.DRAFT),
        ({"published_at": None}, START + DAY, False, EventState.DRAFT),
        ({"opens_at": START - 5 * DAY}, START - 9 * DAY, False, EventState.SOON),
        ({}, START - DAY, False, EventState.OPEN),
        ({}, START - DAY, True, EventState.FULL),
        ({"closes_at": START - 5 * DAY}, START - DAY, True, EventState.CLOSED),
        ({"closes_at": START - 5 * DAY}, START + DAY, False, EventState.RUNNING),
        ({}, START + 3 * DAY, False, EventState.PAST),
    ],
)
def test_an_event_stands_in_one_place(dates, now, full, state):
    assert event_state(window(**dates), now, full=full) == state


def draft(**more):
    values = {
        "slug": "x", "kind": "congress", "format": "in_person", "title": ALL, "summary": ALL,
        "description": ALL, "venue": ALL, "contact_email": "a@b.example", "city_id": 1,
        "starts_at": START, "ends_at": START + DAY, "timezone": "UTC", **more,
    }  # fmt: skip
    return EventDraft(**values)


def open_points(event, categories=((ALL, True),), questions=()):
    checks = checklist(event, categories, questions, LANGUAGES, START - DAY)
    return {check.code: check.languages for check in checks if not check.done}


def test_a_complete_event_has_nothing_left_to_do():
    assert open_points(draft()) == {}


def test_a_missing_translation_names_the_languages():
    assert open_points(draft(title={"en": "Only"})) == {"title": ("es", "fr")}
    assert open_points(draft(description={})) == {"description": LANGUAGES}


def test_names_of_categories_and_questions_count_as_texts():
    points = open_points(draft(), categories=[({"fr": "Élu"}, True)], questions=[{"en": "Diet"}])
    assert points == {"names": LANGUAGES}


def test_an_event_nobody_can_choose_a_category_at_is_told():
    assert "open_category" in open_points(draft(), categories=[(ALL, False)])
    assert {"categories", "open_category"} <= set(open_points(draft(), categories=[]))


def test_an_online_event_needs_a_link_and_no_place():
    points = open_points(draft(format="online", city_id=None, venue={}))
    assert points == {"online_url": ()}
    assert set(open_points(draft(format="hybrid", city_id=None))) == {"place", "online_url"}
