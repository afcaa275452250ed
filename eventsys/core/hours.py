"""Hours in words: those of an event, without which nobody knows when a webinar begins, and lengths of time."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final
from zoneinfo import ZoneInfo

from eventsys.core.i18n import format_datetime, format_time, gettext, ngettext, zone_city

if TYPE_CHECKING:
    from datetime import datetime

DAY: Final = 24
#: From so many hours on people count in days.
IN_DAYS: Final = 2 * DAY


def format_duration(hours: int) -> str:
    """Write a length of time as people say it: ``36 hours``, ``3 days``, ``2 days and 12 hours``."""
    days, rest = divmod(hours, DAY) if hours >= IN_DAYS else (0, hours)
    in_days = ngettext("%(n)s day", "%(n)s days", days)
    in_hours = ngettext("%(n)s hour", "%(n)s hours", rest)
    if not days:
        return in_hours
    return gettext("%(days)s and %(hours)s", days=in_days, hours=in_hours) if rest else in_days


def format_hours(start: datetime, end: datetime, zone: str) -> str:
    """Write from when to when: ``16:00–18:00``; of several days only when the first one begins."""
    tz = ZoneInfo(zone)
    first, last = format_time(start, zone), format_time(end, zone)
    if start.astimezone(tz).date() == end.astimezone(tz).date():
        return first if first == last else f"{first}–{last}"
    return gettext("from %(time)s on the first day", time=first)


def format_moment(at: datetime, zone: str) -> str:
    """Write a moment that people must not miss, with the clock that it is on: readers sit on all continents."""
    return f"{format_datetime(at, zone)} ({format_zone(zone, at)})"


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
