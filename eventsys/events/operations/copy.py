"""Use an event as the template of the next one."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from sqlalchemy import select

from eventsys.audit.operations import record
from eventsys.core.db import db
from eventsys.events.models import Category, Event, Question
from eventsys.events.operations.create import create_event

if TYPE_CHECKING:
    from datetime import datetime

    from eventsys.core.actor import Actor
    from eventsys.events.rules.draft import EventDraft

# What belongs to one row and is not copied.
OWN = frozenset({"id", "event_id", "places_taken"})
# What of the event itself is copied; the draft brings the rest.
KEPT = (
    "summary",
    "description",
    "venue",
    "online_url",
    "contact_email",
    "waiting_list",
    "hue",
    "series",
)


def copy_event(source_id: int, draft: EventDraft, *, actor: Actor, now: datetime) -> Event:
    """Create an event from the basics of a draft; everything else comes from another event.

    Texts, contact, colour, series, categories and questions are copied; dates of registration and people
    are not, and the copy is not published. Raises what ``create_event`` raises.
    """
    source = db.session.get_one(Event, source_id)
    rest = {name: getattr(source, name) for name in KEPT}
    event = create_event(replace(draft, **rest), actor=actor, now=now, categories=())
    for model in (Category, Question):
        columns = [column.key for column in model.__mapper__.column_attrs if column.key not in OWN]
        for row in db.session.scalars(select(model).where(model.event_id == source_id)).all():
            db.session.add(
                model(event_id=event.id, **{name: getattr(row, name) for name in columns})
            )
    db.session.flush()
    record(
        "events.copy",
        "event",
        event.id,
        actor=actor,
        now=now,
        event_id=event.id,
        facts={"from": source_id},
    )
    return event
