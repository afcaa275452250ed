"""From when to when, in which zone: in three languages."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from eventsys.core.hours import format_duration, format_hours, format_moment, format_zone
from eventsys.core.i18n import in_language

WINTER = datetime(2026, 12, 10, 15, tzinfo=UTC)
SUMMER = datetime(2026, 6, 10, 15, tzinfo=UTC)


@pytest.mark.parametrize(
    ("end", "language", "text"),
    [
        (WINTER.replace(hour=17), "en", "16:00–18:00"),
        (WINTER, "en", "16:00"),
        (WINTER.replace(day=12), "en", "from 16:00 on the first day"),
        (WINTER.replace(day=12), "es", "desde las 16:00 del primer día"),
        (WINTER.replace(day=12), "fr", "à partir de 16:00 le premier jour"),
    ],
)
def test_hours_are_those_of_the_place(end, language, text):
    with in_language(language):
        assert format_hours(WINTER, end, "Europe/Madrid") == text


@pytest.mark.parametrize(
    ("zone", "at", "language", "text"),
    [
        ("Europe/Madrid", WINTER, "en", "Madrid, UTC+1"),
        ("Europe/Madrid", SUMMER, "en", "Madrid, UTC+2"),
        ("America/Mexico_City", WINTER, "es", "Ciudad de México, UTC−6"),
        ("America/Argentina/Buenos_Aires", WINTER, "fr", "Buenos Aires, UTC−3"),
        ("Asia/Kolkata", WINTER, "en", "Kolkata, UTC+5:30"),
        ("Europe/London", WINTER, "fr", "Londres, UTC"),
        ("UTC", WINTER, "fr", "UTC"),
    ],
)
def test_a_zone_is_named_by_city_and_distance(zone, at, language, text):
    with in_language(language):
        assert format_zone(zone, at) == text


@pytest.mark.parametrize(
    ("hours", "language", "text"),
    [
        (1, "en", "1 hour"),
        (24, "es", "24 horas"),
        (47, "fr", "47 heures"),
        (48, "en", "2 days"),
        (60, "en", "2 days and 12 hours"),
        (49, "es", "2 días y 1 hora"),
        (73, "fr", "3 jours et 1 heure"),
        (720, "es", "30 días"),
        (2160, "fr", "90 jours"),
    ],
)
def test_two_days_and_more_are_counted_in_days(hours, language, text):
    with in_language(language):
        assert format_duration(hours) == text


def test_a_moment_names_its_clock():
    with in_language("fr"):
        assert (
            format_moment(WINTER, "America/Mexico_City")
            == "10 décembre 2026, 09:00 (Mexico, UTC−6)"
        )
