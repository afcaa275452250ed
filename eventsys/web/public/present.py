"""What pages show of an event: dates, place, words for kinds and formats, whether the form is open."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from eventsys.core.hours import format_hours, format_zone
from eventsys.core.i18n import (
    format_date_range,
    format_month,
    gettext,
    text_in,
    text_language,
    typeset,
)
from eventsys.events.queries import event_facts
from eventsys.events.rules import FormState, form_state
from eventsys.web.shared.labels import FORMATS, KINDS, label, place_of

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from eventsys.events.queries import Category, Event, EventFacts


@dataclass(frozen=True, slots=True)
class EventView:
    """An event as a page shows it, in the current language."""

    event: Event
    title: str
    dates: str
    hours: str
    zone: str
    days: str
    month: str
    place: str
    kind: str
    format: str
    state: FormState
    facts: EventFacts

    @property
    def one_day(self) -> bool:
        """Say whether the event begins and ends on one day: then its hours stand beside the date."""
        zone = ZoneInfo(self.event.timezone)
        first, last = (at.astimezone(zone) for at in (self.event.starts_at, self.event.ends_at))
        return first.date() == last.date()

    @property
    def places_left(self) -> int | None:
        """Give the number of free places; None when no number is set."""
        if self.facts.capacity is None:
            return None
        return max(0, self.facts.capacity - self.facts.places_taken)

    @property
    def category_notes(self) -> dict[str, str]:
        """Give the line below each category: the organiser's hint, and that it is full."""
        notes = {}
        for category in self.facts.categories:
            full = (
                gettext("All places are taken: you join the waiting list") if category.full else ""
            )
            notes[category.code] = " ".join(part for part in (text_in(category.hint), full) if part)
        return notes


def _days(event: Event) -> tuple[str, str]:
    zone = ZoneInfo(event.timezone)
    first, last = event.starts_at.astimezone(zone), event.ends_at.astimezone(zone)
    same_month = (first.year, first.month) == (last.year, last.month)
    days = f"{first.day}–{last.day}" if same_month and first.day != last.day else str(first.day)
    return days, format_month(first)


def event_view(event: Event, categories: Sequence[Category], *, now: datetime) -> EventView:
    """Gather what a page shows of an event."""
    facts = event_facts(event, categories)
    days, month = _days(event)
    return EventView(
        event=event,
        title=typeset(text_in(event.title), text_language(event.title)),
        dates=format_date_range(event.starts_at, event.ends_at, event.timezone),
        hours=format_hours(event.starts_at, event.ends_at, event.timezone),
        zone=format_zone(event.timezone, event.starts_at),
        days=days,
        month=month,
        place=place_of(event),
        kind=label(KINDS, event.kind),
        format=label(FORMATS, event.format),
        state=form_state(facts.window, now),
        facts=facts,
    )
