"""What an organiser enters of an event, and what is wrong with it."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import cache
from typing import Final
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo, available_timezones

from eventsys.events.rules.colour import COLOUR, near_status
from eventsys.events.rules.kinds import FORMATS, KINDS, valid_slug

Texts = dict[str, str]
# field, reason, facts of the sentence
Problem = tuple[str, str, dict[str, object]]

TITLE_LENGTH: Final = 200
SUMMARY_LENGTH: Final = 400
DESCRIPTION_LENGTH: Final = 20_000
VENUE_LENGTH: Final = 300
MOST_PLACES: Final = 1_000_000
LONGEST_EVENT: Final = timedelta(days=400)
FIRST_YEAR: Final = 1900
LAST_YEAR: Final = 2199
ADDRESS: Final = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+")
LENGTHS: Final = {
    "title": TITLE_LENGTH, "summary": SUMMARY_LENGTH, "description": DESCRIPTION_LENGTH, "venue": VENUE_LENGTH,
}  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class EventDraft:
    """Everything that an organiser enters of an event. Times are aware; texts are by language."""

    slug: str
    kind: str
    format: str
    title: Texts
    starts_at: datetime
    ends_at: datetime
    timezone: str
    summary: Texts = field(default_factory=dict)
    description: Texts = field(default_factory=dict)
    venue: Texts = field(default_factory=dict)
    country: str | None = None
    city_id: int | None = None
    online_url: str = ""
    contact_email: str = ""
    capacity: int | None = None
    waiting_list: bool = True
    registration_opens_at: datetime | None = None
    registration_closes_at: datetime | None = None
    change_until: datetime | None = None
    hue: str = ""
    series: str = ""


@cache
def timezones() -> frozenset[str]:
    """Give the names of all time zones known to this machine."""
    return frozenset(name for name in available_timezones() if "/" in name or name == "UTC")


def problems_of(draft: EventDraft) -> list[Problem]:
    """List what is wrong with a draft, in the order of the form."""
    return [*_names(draft), *_dates(draft), *_place(draft), *_registration(draft), *_look(draft)]


def _names(draft: EventDraft) -> list[Problem]:
    found: list[Problem] = []
    if not any(draft.title.values()):
        found.append(("title", "missing", {}))
    for name, limit in LENGTHS.items():
        texts: Texts = getattr(draft, name)
        found.extend(
            (name, "too_long", {"limit": limit}) for text in texts.values() if len(text) > limit
        )
    if not valid_slug(draft.slug):
        found.append(("slug", "bad_slug", {}))
    if draft.kind not in KINDS:
        found.append(("kind", "unknown", {"value": draft.kind}))
    if draft.format not in FORMATS:
        found.append(("format", "unknown", {"value": draft.format}))
    return found


def _dates(draft: EventDraft) -> list[Problem]:
    found: list[Problem] = []
    if draft.timezone not in timezones():
        found.append(("timezone", "unknown", {"value": draft.timezone}))
    if draft.ends_at < draft.starts_at:
        found.append(("ends_at", "before_start", {}))
    elif draft.ends_at - draft.starts_at > LONGEST_EVENT:
        found.append(("ends_at", "too_far", {}))
    return found


def _place(draft: EventDraft) -> list[Problem]:
    found: list[Problem] = []
    if draft.online_url and not _is_web_address(draft.online_url):
        found.append(("online_url", "bad_address", {}))
    if draft.contact_email and not (
        ADDRESS.fullmatch(draft.contact_email) and len(draft.contact_email) <= 254
    ):
        found.append(("contact_email", "bad_email", {}))
    return found


def _is_web_address(text: str) -> bool:
    try:
        parts = urlsplit(text)
    except ValueError:
        return False
    return (
        parts.scheme in {"http", "https"}
        and bool(parts.hostname)
        and " " not in text
        and len(text) <= 500
    )


def _registration(draft: EventDraft) -> list[Problem]:
    found: list[Problem] = []
    opens, closes = draft.registration_opens_at, draft.registration_closes_at
    if draft.capacity is not None and not 1 <= draft.capacity <= MOST_PLACES:
        found.append(("capacity", "out_of_range", {"limit": MOST_PLACES}))
    if closes is not None and closes > draft.ends_at:
        found.append(("registration_closes_at", "after_end", {}))
    if opens is not None and opens >= (closes or draft.ends_at):
        found.append(("registration_opens_at", "after_close", {}))
    if draft.change_until is not None and draft.change_until > draft.ends_at:
        found.append(("change_until", "after_end", {}))
    return found


def _look(draft: EventDraft) -> list[Problem]:
    if draft.hue and not COLOUR.fullmatch(draft.hue):
        return [("hue", "bad_colour", {})]
    if draft.hue and near_status(draft.hue):
        return [("hue", "status_colour", {})]
    return []


def local_time(value: datetime, zone: str) -> datetime | None:
    """Put a clock time of the event's place into its zone; None when there is no such hour.

    It is skipped there, or lies outside the years an event can have: at the ends of the calendar the same
    moment may have no date in another zone. An hour that happens twice (end of summer time) is the first of
    the two. A time with an offset stays.
    """
    if not FIRST_YEAR <= value.year <= LAST_YEAR:
        return None
    if value.tzinfo is not None:
        return value
    placed = value.replace(tzinfo=ZoneInfo(zone))
    there_and_back = datetime.fromtimestamp(placed.timestamp(), ZoneInfo(zone)).replace(tzinfo=None)
    return placed if there_and_back == value else None


def missing_languages(texts: Texts, languages: tuple[str, ...]) -> list[str]:
    """List the languages in which a text that exists is missing; nothing at all misses nothing."""
    if not any(texts.values()):
        return []
    return [language for language in languages if not texts.get(language)]
