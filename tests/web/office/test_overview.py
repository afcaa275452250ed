"""The overview of an event and its live counts."""

from __future__ import annotations

from tests.factories.events import make_event
from tests.factories.registrations import register


def test_the_overview_counts_people_cities_and_countries(staff, session):
    event = make_event("summit", capacity=2)
    register(event, "a@example.org")
    register(event, "b@example.org")
    register(event, "c@example.org")
    page = staff.get("/office/events/summit")
    assert [text for text in page.texts("dd") if text.isdigit()][:6] == [
        "3",
        "2",
        "1",
        "0",
        "1",
        "1",
    ]
    counts = staff.get("/office/events/summit/counts.json").json
    assert counts["registered"] == 3
    assert counts["waiting"] == 1


def test_the_counts_are_sent_again_only_when_they_changed(staff, session):
    event = make_event("summit")
    first = staff.get("/office/events/summit/counts.json")
    tag = {"If-None-Match": first.headers["ETag"]}
    assert staff.get("/office/events/summit/counts.json", headers=tag).status == 304
    register(event)
    assert staff.get("/office/events/summit/counts.json", headers=tag).json["registered"] == 1


def test_the_counts_are_one_statement_however_many_people(staff, session, count_queries):
    event = make_event("summit")
    for number in range(3):
        register(event, f"p{number}@example.org")
    with count_queries() as queries:
        staff.get("/office/events/summit/counts.json")
    assert len([text for text in queries.statements if "FROM registration" in text]) == 1
