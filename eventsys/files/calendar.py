"""Calendar files (RFC 5545): the only file that knows the ``icalendar`` package."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from icalendar import Calendar, vText
from icalendar import Event as Entry

if TYPE_CHECKING:
    from collections.abc import Iterable


@dataclass(frozen=True, slots=True)
class CalendarEntry:
    """One entry. ``uid`` stays the same for ever, so that a changed event replaces its older entry."""

    uid: str
    title: str
    starts_at: datetime
    ends_at: datetime
    timezone: str
    url: str
    changed_at: datetime
    place: str = ""
    description: str = ""
    cancelled: bool = False


def calendar(entries: Iterable[CalendarEntry], *, name: str, language: str) -> bytes:
    """Make a calendar file. Times are in UTC, so it needs no time-zone tables and no phone misreads it."""
    made = Calendar()
    made.add("prodid", f"-//eventsys//{language.upper()}")
    made.add("version", "2.0")
    made.add("method", "PUBLISH")
    made.add("x-wr-calname", name)
    made.add("refresh-interval", timedelta(hours=6), parameters={"VALUE": "DURATION"})
    for item in entries:
        entry = Entry()
        entry.add("uid", item.uid)
        entry.add("summary", vText(item.title))
        entry.add("dtstart", item.starts_at.astimezone(ZoneInfo("UTC")))
        entry.add("dtend", item.ends_at.astimezone(ZoneInfo("UTC")))
        entry.add("dtstamp", item.changed_at.astimezone(ZoneInfo("UTC")))
        entry.add("last-modified", item.changed_at.astimezone(ZoneInfo("UTC")))
        entry.add("url", item.url)
        entry.add("status", "CANCELLED" if item.cancelled else "CONFIRMED")
        if item.place:
            entry.add("location", vText(item.place))
        if item.description:
            entry.add("description", vText(item.description))
        made.add_component(entry)
    return bytes(made.to_ical())
