"""What the calendar, the form and the office derive from the dates of an event."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from datetime import datetime


class FormState(StrEnum):
    """Why the form of an event is open or not."""

    OPEN = "open"
    NOT_PUBLISHED = "not_published"
    NOT_YET = "not_yet"
    CLOSED = "closed"
    OVER = "over"


@dataclass(frozen=True, slots=True)
class Window:
    """The dates of an event that decide about its form."""

    published_at: datetime | None
    opens_at: datetime | None
    closes_at: datetime | None
    starts_at: datetime
    ends_at: datetime
    change_until: datetime | None = None


def form_state(window: Window, now: datetime) -> FormState:
    """Decide whether the form is open. Without a closing date it closes when the event ends."""
    if window.published_at is None or window.published_at > now:
        return FormState.NOT_PUBLISHED
    if now >= window.ends_at:
        return FormState.OVER
    if window.opens_at is not None and now < window.opens_at:
        return FormState.NOT_YET
    if window.closes_at is not None and now >= window.closes_at:
        return FormState.CLOSED
    return FormState.OPEN


def may_change(window: Window, now: datetime) -> bool:
    """Decide whether a person may still change or cancel by link. Default deadline: the start."""
    return now < (window.change_until or window.starts_at)


class EventState(StrEnum):
    """Where an event stands, in one word for lists."""

    DRAFT = "draft"
    SOON = "soon"
    OPEN = "open"
    FULL = "full"
    CLOSED = "closed"
    RUNNING = "running"
    PAST = "past"


def event_state(window: Window, now: datetime, *, full: bool) -> EventState:
    """Decide the one word: a draft stays a draft; a running event is running whatever its form does."""
    form = form_state(window, now)
    hidden_or_over = form in (FormState.NOT_PUBLISHED, FormState.OVER)
    if now >= window.starts_at and not hidden_or_over:
        return EventState.RUNNING
    if form is FormState.OPEN and full:
        return EventState.FULL
    return _STATE_OF_FORM[form]


_STATE_OF_FORM: Final = {
    FormState.NOT_PUBLISHED: EventState.DRAFT,
    FormState.NOT_YET: EventState.SOON,
    FormState.OPEN: EventState.OPEN,
    FormState.CLOSED: EventState.CLOSED,
    FormState.OVER: EventState.PAST,
}
