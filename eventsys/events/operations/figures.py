"""Show the figures of an event to the public, or take them back."""

from __future__ import annotations

from typing import TYPE_CHECKING

from eventsys.audit.operations import record
from eventsys.core.db import db
from eventsys.events.models import Event

if TYPE_CHECKING:
    from datetime import datetime

    from eventsys.core.actor import Actor


def show_figures(
    event_id: int, rung: str, small_group: int, *, actor: Actor, now: datetime
) -> None:
    """Show the figures of a rung; groups smaller than ``small_group`` people are hidden."""
    event = db.session.get_one(Event, event_id)
    event.figures_published_at = now
    event.figures_rung = rung
    event.small_group = small_group
    facts = {"rung": rung, "small_group": small_group}
    record(
        "events.show_figures",
        "event",
        event_id,
        actor=actor,
        now=now,
        event_id=event_id,
        facts=facts,
    )


def hide_figures(event_id: int, *, actor: Actor, now: datetime) -> None:
    """Take the figures off the public pages. What was frozen stays frozen."""
    event = db.session.get_one(Event, event_id)
    if event.figures_published_at is None:
        return
    event.figures_published_at = None
    record("events.hide_figures", "event", event_id, actor=actor, now=now, event_id=event_id)
