"""Badges of an event in the office."""

from __future__ import annotations

import pytest

from tests.factories.events import make_event
from tests.factories.registrations import register


def test_without_confirmed_people_there_is_nothing_to_print(staff, session):
    make_event("summit")
    assert "No badges yet" in staff.get("/office/events/summit/badges").main
    answer = staff.get("/office/events/summit/badges.pdf")
    assert answer.status == 303
    assert "nothing to print" in staff.follow(answer).main


def test_badges_are_counted_and_downloaded(staff, session):
    event = make_event("summit")
    register(event, "a@example.org")
    register(event, "b@example.org", category="press")
    page = staff.get("/office/events/summit/badges")
    assert "2 confirmed people have a badge" in page.main
    for query in ("", "?layout=a4", "?layout=a6&category=press"):
        answer = staff.get(f"/office/events/summit/badges.pdf{query}")
        assert answer.headers["Content-Type"] == "application/pdf"
        assert answer.body.startswith(b"%PDF")


@pytest.mark.parametrize("query", ["layout=a0", "layout=../x", "category=ghost"])
def test_what_does_not_exist_is_not_found(staff, session, query):
    register(make_event("summit"))
    assert staff.get(f"/office/events/summit/badges.pdf?{query}").status == 404


def test_a_name_that_no_font_has_is_named_before_printing(staff, session):
    event = make_event("summit")
    register(event, first_name="Ana \U00012345")
    page = staff.get("/office/events/summit/badges")
    assert "1 badge would show empty boxes" in page.main
    assert "U+12345" in page.main


def test_a_viewer_prints_no_badges(page, session):
    event = make_event("summit")
    page.sign_in("viewer", event_id=event.id)
    assert page.get("/office/events/summit/badges").status == 403
    assert page.get("/office/events/summit/badges.pdf").status == 403
