"""Publish the figures of an event: they are frozen first, so that what the public reads stands still."""

from __future__ import annotations

from typing import TYPE_CHECKING

from eventsys.audit.operations import record
from eventsys.events.operations.figures import hide_figures, show_figures
from eventsys.events.queries import get_event
from eventsys.statistics.errors import SmallGroupSetting, TooFewToPublish
from eventsys.statistics.operations.freeze import keep_event
from eventsys.statistics.queries.event import event_figures
from eventsys.statistics.rules.hiding import K_RANGE

if TYPE_CHECKING:
    from datetime import datetime

    from eventsys.core.actor import Actor
    from eventsys.statistics.rules.ladder import Rung


def publish(slug: str, rung: Rung, small_group: int, *, actor: Actor, now: datetime) -> int:
    """Freeze the figures of a rung and show them to the public; gives the id of the frozen figures.

    ``small_group``: groups of fewer people are hidden, 3 to 10. Raises SmallGroupSetting, and
    TooFewToPublish when the whole event is such a group.
    """
    low, high = K_RANGE
    if not low <= small_group <= high:
        raise SmallGroupSetting(low=low, high=high)
    event = get_event(slug)
    figures = event_figures(slug, rung, now=now)
    if figures.total < small_group:
        raise TooFewToPublish(fewest=small_group)
    show_figures(event.id, rung.value, small_group, actor=actor, now=now)
    frozen = keep_event(event.id, figures, title="", published=True, actor=actor, now=now)
    facts = {"frozen": frozen, "rung": rung.value}
    record(
        "statistics.publish",
        "event",
        event.id,
        actor=actor,
        now=now,
        event_id=event.id,
        facts=facts,
    )
    return frozen


def withdraw(slug: str, *, actor: Actor, now: datetime) -> None:
    """Take the figures of an event off the public pages."""
    event = get_event(slug)
    hide_figures(event.id, actor=actor, now=now)
    record("statistics.withdraw", "event", event.id, actor=actor, now=now, event_id=event.id)
