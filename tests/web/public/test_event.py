"""The page of an event, for people, search engines, messengers and calendars."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta

import pytest

from eventsys.core.db import db
from tests.factories.events import make_event


def test_the_page_says_what_when_where_and_leads_to_the_form(page, session):
    make_event(summary={"en": "Two days on housing."}, capacity=40)
    shown = page.get("/events/summit")
    assert shown.h1 == "Metropolitan Summit"
    assert "Two days on housing." in shown.main
    assert "Barcelona, Spain" in shown.main
    assert shown.texts("dd")[shown.texts("dt").index("Places left")] == "40"
    assert page.get(shown.link("Register")).status == 200


def test_the_hours_stand_beside_the_date_in_the_zone_of_the_event(page, session):
    begins = datetime(2031, 12, 10, 15, tzinfo=UTC)
    make_event("talk", starts_at=begins, ends_at=begins + timedelta(hours=2), venue={})
    make_event("days", starts_at=begins, ends_at=begins + timedelta(days=2))
    assert "16:00–18:00 (Madrid, UTC+1)" in page.get("/events/talk").main
    assert "16:00–18:00 (Madrid, UTC+1)" in page.get("/fr/events/talk").main
    assert "from 16:00 on the first day" in page.get("/events/days").main
    calendar = page.get("/").main
    assert "10 December 2031, 16:00–18:00" in calendar
    assert "10–12 December 2031 ·" in calendar


def test_texts_that_fell_back_say_their_language(page, session):
    make_event(title={"es": "Cumbre <b>"}, venue={"en": "Congress centre"}, summary={"es": "Tres"})
    shown = page.get("/fr/events/summit").html
    assert '<h1><span lang="es">Cumbre &lt;b&gt;</span></h1>' in shown
    assert '<span lang="en">Congress centre</span>, Barcelone' in shown
    assert 'lang="en">Congress' not in page.get("/en/events/summit").html


def test_search_engines_are_told_in_their_own_words(page, session):
    make_event(title={"en": "Summit </script><b>x"})
    shown = page.get("/events/summit")
    data = json.loads(
        next(node.text for node in shown.all("script") if node.get("type") == "application/ld+json")
    )
    assert data["@type"] == "Event"
    assert data["name"] == "Summit </script><b>x"
    assert data["location"]["address"] == {
        "@type": "PostalAddress", "addressLocality": "Barcelona", "addressCountry": "ES",
    }  # fmt: skip


@pytest.mark.parametrize(
    "title", ["Summit", "Congreso " + "muy largo " * 18, "قمة المدن", "#panic() $x$ *y*"]
)
def test_messengers_get_a_picture_whatever_the_title(page, session, title):
    make_event(title={"en": title})
    picture = page.get("/events/summit/share.png")
    assert picture.headers["Content-Type"] == "image/png"
    assert picture.body.startswith(b"\x89PNG")


def test_the_calendar_file_opens_in_any_calendar(page, session):
    make_event(online_url="https://example.org/secret-room")
    file = page.get("/events/summit/calendar.ics")
    text = file.body.decode().replace("\r\n ", "")
    assert "SUMMARY:Metropolitan Summit" in text
    assert "LOCATION:Congress centre\\, Barcelona\\, Spain" in text
    assert "secret-room" not in text


def test_the_feed_holds_published_events_only(page, session):
    make_event("one")
    make_event("two", published_at=None)
    text = page.get("/calendar.ics").body.decode()
    assert text.count("BEGIN:VEVENT") == 1


@pytest.mark.parametrize(
    ("language", "title"), [("es", "Cumbre Metropolitana"), ("fr", "Sommet métropolitain")]
)
def test_the_page_is_in_the_language_of_its_address(new_client, session, language, title):
    make_event()
    assert new_client(language).get("/events/summit").h1 == title


def test_a_missing_translation_shows_what_there_is_and_says_its_language(new_client, session):
    make_event(title={"es": "Cumbre"})
    shown = new_client("fr").get("/events/summit")
    assert next(shown.all("h1")).find("span").get("lang") == "es"


def test_the_calendar_lists_filters_and_groups(page, session):
    make_event("one", kind="congress", title={"en": "First"})
    make_event(
        "two", kind="webinar", title={"en": "Second"}, country=None, city_id=None, format="online"
    )
    assert "2 events" in page.get("/").main
    filtered = page.get("/?kind=webinar")
    assert "Second" in filtered.main
    assert "First" not in filtered.main
    assert "No events here yet" in page.get("/?when=past").main


@pytest.mark.parametrize(
    "query", ["year=abc", "year=99999999", "kind=%00", "country=..", "when=%F0", "year=²"]
)
def test_a_filter_that_makes_no_sense_is_left_out(page, session, query):
    make_event()
    assert "1 event" in page.get(f"/?{query}").main


@pytest.mark.parametrize("count", [1, 3])
def test_the_calendar_takes_the_same_statements_for_any_number(page, session, count_queries, count):
    for number in range(count):
        make_event(f"e{number}")
    db.session.rollback()
    with count_queries() as counted:
        page.get("/")
    assert len(counted) == 2


@pytest.mark.parametrize("path", ["/help", "/privacy", "/accessibility"])
def test_the_standing_pages_open(page, session, path):
    assert page.get(path).status == 200


def test_an_unknown_address_is_a_kind_page(page, session):
    shown = page.get("/nothing/here")
    assert shown.status == 404
    assert shown.h1 == "Page not found"


def test_robots_are_kept_out_of_personal_pages(page, session):
    assert b"Disallow: /registrations/" in page.get("/robots.txt").body


def test_a_public_page_travels_compressed_and_a_personal_one_does_not(app, session):
    make_event()
    browser = app.test_client()
    asked = {"Accept-Encoding": "gzip"}
    page = browser.get("/en/events/summit/register", headers=asked)
    assert page.headers["Content-Encoding"] == "gzip"
    assert len(page.data) < 8_000
    assert "Content-Encoding" not in browser.get("/en/events/summit/register").headers
    assert "Content-Encoding" not in browser.get("/en/sign-in", headers=asked).headers
