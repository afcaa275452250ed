"""Show an event to the public, or take it back. An event is never deleted."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import select

from eventsys.audit.operations import record
from eventsys.core.db import db
from eventsys.events.errors import NotReady
from eventsys.events.models import Category, Event

if TYPE_CHECKING:
    from datetime import datetime

    from eventsys.core.actor import Actor


def publish_event(event_id: int, *, actor: Actor, now: datetime) -> None:
    """Make an event visible and, within its dates, open for registration. Twice changes nothing.

    Raises NotReady when it has no category: nobody could register.
    """
    event = db.session.get_one(Event, event_id)
    if event.published_at is not None:
        return
    if db.session.scalar(select(Category.id).where(Category.event_id == event_id).limit(1)) is None:
        raise NotReady(missing="categories")
    event.published_at = now
    event.updated_at = now
    record("events.publish", "event", event_id, actor=actor, now=now, event_id=event_id)


def unpublish_event(event_id: int, *, actor: Actor, now: datetime) -> None:
    """Take an event off the public pages. Registrations stay; people keep their own pages."""
    event = db.session.get_one(Event, event_id)
    if event.published_at is None:
        return
    event.published_at = None
    event.updated_at = now
    record("events.unpublish", "event", event_id, actor=actor, now=now, event_id=event_id)
