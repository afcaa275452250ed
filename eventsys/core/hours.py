"""The hours of an event in words: without them nobody knows when a webinar begins."""

from __future__ import annotations

from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from eventsys.core.i18n import format_time, gettext, zone_city

if TYPE_CHECKING:
    from datetime import datetime


def format_hours(start: datetime, end: datetime, zone: str) -> str:
    """Write from when to when: ``16:00–18:00``; of several days only when the first one begins."""
    tz = ZoneInfo(zone)
    first, last = format_time(start, zone), format_time(end, zone)
    if start.astimezone(tz).date() == end.astimezone(tz).date():
        return first if first == last else f"{first}–{last}"
    return gettext("from %(time)s on the first day", time=first)


def format_zone(zone: str, at: datetime) -> str:
    """Name a time zone by its city and by how far it is from UTC on that day: ``Madrid, UTC+1``."""
    minutes = int((at.astimezone(ZoneInfo(zone)).utcoffset() or at - at).total_seconds() // 60)
    if not minutes:
        offset = "UTC"
    else:
        sign, (hours, rest) = "+" if minutes > 0 else "−", divmod(abs(minutes), 60)
        offset = f"UTC{sign}{hours}" + (f":{rest:02}" if rest else "")
    city = zone_city(zone)
    return offset if city in {"UTC", "GMT"} else f"{city}, {offset}"
