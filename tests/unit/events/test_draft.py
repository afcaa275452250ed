"""What is wrong with an event, and what a clock time means."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from eventsys.events.rules.draft import EventDraft, local_time, missing_languages, problems_of
from eventsys.events.rules.kinds import suggest_slug, valid_slug

GOOD = EventDraft(
    slug="congress-2026",
    kind="congress",
    format="in_person",
    title={"en": "Congress"},
    starts_at=datetime(2026, 6, 12, 9, tzinfo=UTC),
    ends_at=datetime(2026, 6, 15, 18, tzinfo=UTC),
    timezone="Europe/Brussels",
)
DAY = timedelta(days=1)


def reasons(**changes):
    return [(name, reason) for name, reason, _ in problems_of(replace(GOOD, **changes))]


def test_a_good_event_has_no_problems():
    assert reasons() == []


@pytest.mark.parametrize(
    ("changes", "problem"),
    [
        ({"title": {}}, ("title", "missing")),
        ({"title": {"fr": "x" * 201}}, ("title", "too_long")),
        ({"slug": "Congress 2026"}, ("slug", "bad_slug")),
        ({"slug": "a" * 81}, ("slug", "bad_slug")),
        ({"kind": "party"}, ("kind", "unknown")),
        ({"format": "telepathic"}, ("format", "unknown")),
        ({"timezone": "Europe/Atlantis"}, ("timezone", "unknown")),
        ({"timezone": "../../etc/passwd"}, ("timezone", "unknown")),
        ({"ends_at": GOOD.starts_at - DAY}, ("ends_at", "before_start")),
        ({"ends_at": GOOD.starts_at + 500 * DAY}, ("ends_at", "too_far")),
        ({"online_url": "javascript:alert(1)"}, ("online_url", "bad_address")),
        ({"online_url": "https://[broken"}, ("online_url", "bad_address")),
        ({"contact_email": "nobody"}, ("contact_email", "bad_email")),
        ({"capacity": 0}, ("capacity", "out_of_range")),
        ({"capacity": 10**9}, ("capacity", "out_of_range")),
        (
            {"registration_closes_at": GOOD.ends_at + DAY},
            ("registration_closes_at", "after_end"),
        ),
        ({"registration_opens_at": GOOD.ends_at + DAY}, ("registration_opens_at", "after_close")),
        ({"change_until": GOOD.ends_at + DAY}, ("change_until", "after_end")),
        ({"hue": "blue"}, ("hue", "bad_colour")),
        ({"hue": "#a8201a"}, ("hue", "status_colour")),
    ],
)
def test_a_wrong_field_is_named_with_its_reason(changes, problem):
    assert reasons(**changes) == [problem]


def test_all_problems_are_named_at_once():
    assert len(reasons(title={}, kind="party", capacity=-1)) == 3


def test_a_clock_time_is_that_of_the_place():
    placed = local_time(datetime(2026, 7, 1, 9), "America/Bogota")
    assert placed.astimezone(UTC) == datetime(2026, 7, 1, 14, tzinfo=UTC)


def test_an_hour_that_the_clocks_skip_does_not_exist():
    assert local_time(datetime(2026, 3, 29, 2, 30), "Europe/Madrid") is None
    assert local_time(datetime(2026, 3, 29, 3, 30), "Europe/Madrid") is not None


@pytest.mark.parametrize(
    "moment",
    [
        datetime(1, 1, 1),
        datetime(9999, 12, 31, 23),
        datetime(9999, 12, 31, 23, tzinfo=UTC),
        datetime(2200, 1, 1),
    ],
)
def test_a_year_in_which_no_event_can_be_has_no_hours(moment):
    assert local_time(moment, "Asia/Tokyo") is None
    assert local_time(moment, "America/Los_Angeles") is None


def test_an_hour_that_happens_twice_is_the_first():
    placed = local_time(datetime(2026, 10, 25, 2, 30), "Europe/Madrid")
    assert placed.astimezone(UTC) == datetime(2026, 10, 25, 0, 30, tzinfo=UTC)


def test_a_time_with_an_offset_stays():
    moment = datetime(2026, 3, 29, 2, 30, tzinfo=UTC)
    assert local_time(moment, "Europe/Madrid") == moment


@pytest.mark.parametrize(
    ("title", "slug"),
    [
        ("Cumbre Metropolitana de São Paulo", "cumbre-metropolitana-de-sao-paulo-2026"),
        ("World Congress 2026", "world-congress-2026"),
        ("北京", ""),
        ("x" * 200, "x" * 80),
        ("--- ¡Hola! ---", "hola-2026"),
    ],
)
def test_an_address_is_made_from_the_title(title, slug):
    made = suggest_slug(title, 2026)
    assert made == slug
    assert valid_slug(made) or not made


def test_a_text_that_exists_in_one_language_misses_the_others():
    assert missing_languages({"es": "Lugar"}, ("en", "es", "fr")) == ["en", "fr"]
    assert missing_languages({}, ("en", "es", "fr")) == []
