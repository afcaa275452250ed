"""The office's first pages: what is going on, and all events."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from flask import render_template, request

from eventsys.accounts.rules import Permission
from eventsys.core.i18n import format_date_range, text_in, text_language
from eventsys.core.text import clean, fold
from eventsys.events.queries import event_facts, list_events
from eventsys.events.rules import EventState, event_state
from eventsys.web.office.blueprint import bp
from eventsys.web.shared.access import current_staff, requires
from eventsys.web.shared.clock import now
from eventsys.web.shared.labels import FORMATS, KINDS, label, place_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from eventsys.events.queries import Event

COMING = frozenset(EventState) - {EventState.PAST}


@dataclass(frozen=True, slots=True)
class EventRow:
    """One event of a list, in the page's language."""

    slug: str
    title: str
    language: str
    dates: str
    year: int
    place: str
    kind: str
    format: str
    state: EventState
    places: int | None
    taken: int


def _rows() -> list[EventRow]:
    staff = current_staff()
    moment = now()
    return [
        _row(event, event_state(event_facts(event, ()).window, moment, full=_full(event)))
        for event in list_events(staff.event_ids if staff else ())
    ]


def _full(event: Event) -> bool:
    return event.capacity is not None and event.places_taken >= event.capacity


def _row(event: Event, state: EventState) -> EventRow:
    return EventRow(
        slug=event.slug,
        title=text_in(event.title),
        language=text_language(event.title),
        dates=format_date_range(event.starts_at, event.ends_at, event.timezone),
        year=event.starts_at.year,
        place=place_of(event),
        kind=label(KINDS, event.kind),
        format=label(FORMATS, event.format),
        state=state,
        places=event.capacity,
        taken=event.places_taken,
    )


@bp.get("/")
@requires(Permission.OFFICE)
def dashboard() -> str:
    """Show the events that are coming or running, or how to begin."""
    rows = _rows()
    coming = [row for row in rows if row.state in COMING]
    past = [row for row in rows if row.state not in COMING]
    return render_template(
        "office/dashboard.html", coming=coming[::-1], past=past[:5], total=len(rows)
    )


@bp.get("/events")
@requires(Permission.OFFICE)
def list_all() -> str:
    """List all events, filtered by words, state and year."""
    rows = _rows()
    wanted = {name: clean(request.args.get(name, "")[:100]) for name in ("q", "state", "year")}
    return render_template(
        "office/events/list.html",
        rows=_filtered(rows, wanted),
        total=len(rows),
        wanted=wanted,
        years=sorted({row.year for row in rows}, reverse=True),
    )


def _filtered(rows: Sequence[EventRow], wanted: dict[str, str]) -> list[EventRow]:
    words = fold(wanted["q"]).split()
    return [
        row
        for row in rows
        if all(word in fold(f"{row.title} {row.slug} {row.place} {row.kind}") for word in words)
        and wanted["state"] in ("", row.state)
        and wanted["year"] in ("", str(row.year))
    ]
