"""Change what an organiser entered of an event."""

from __future__ import annotations

from dataclasses import asdict
from datetime import datetime
from typing import TYPE_CHECKING

from sqlalchemy.exc import IntegrityError

from eventsys.audit.operations import record
from eventsys.core.db import db
from eventsys.events.errors import ChangedMeanwhile, InvalidEvent, PlacesGiven, SlugTaken
from eventsys.events.models import Event
from eventsys.events.rules.draft import problems_of
from eventsys.jobs.operations import enqueue

if TYPE_CHECKING:
    from eventsys.core.actor import Actor
    from eventsys.events.rules.draft import EventDraft, Problem


def edit_event(
    event_id: int,
    draft: EventDraft,
    *,
    actor: Actor,
    now: datetime,
    seen: datetime | None = None,
) -> list[str]:
    """Write a draft over an event and give the names of the fields that changed.

    ``seen`` is when the event was last changed as far as the editor knows. Raises InvalidEvent,
    SlugTaken, PlacesGiven (capacity below the places given; the database is the judge), ChangedMeanwhile.
    """
    event = db.session.get_one(Event, event_id)
    if seen is not None and event.updated_at != seen:
        raise ChangedMeanwhile
    problems = _problems(event, draft)
    if problems:
        raise InvalidEvent(problems)
    wanted = asdict(draft)
    changed = [name for name, value in wanted.items() if getattr(event, name) != value]
    if not changed:
        return []
    before = {name: _plain(getattr(event, name)) for name in changed}
    taken = event.places_taken
    try:
        with db.session.begin_nested():
            for name in changed:
                setattr(event, name, wanted[name])
            event.updated_at = now
    except IntegrityError as error:
        if "capacity" in str(error.orig):
            raise PlacesGiven(taken=taken) from None
        raise SlugTaken(slug=draft.slug) from None
    facts = {name: {"from": before[name], "to": _plain(wanted[name])} for name in changed}
    record("events.edit", "event", event_id, actor=actor, now=now, event_id=event_id, facts=facts)
    if "capacity" in changed:
        # More places may be free now: who waits gets one, by the worker, which sees registrations.
        enqueue("registration.promote", {"event_id": event_id}, now=now)
    return changed


def _problems(event: Event, draft: EventDraft) -> list[Problem]:
    problems = problems_of(draft)
    if event.published_at is not None and draft.slug != event.slug:
        problems.append(("slug", "slug_stays", {}))
    return problems


def _plain(value: object) -> object:
    return value.isoformat() if isinstance(value, datetime) else value
