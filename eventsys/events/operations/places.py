"""Give and take back places. No race on any engine gives a place that is not there.

One conditional UPDATE per pool (event, then category: always in this order, so two transactions never
wait for each other), backed by a CHECK constraint. Source: measured in the study of libraries, §6.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import case, or_, update

from eventsys.core.db import db
from eventsys.events.models import Category, Event

if TYPE_CHECKING:
    from sqlalchemy import Case
    from sqlalchemy.orm import InstrumentedAttribute
    from sqlalchemy.sql.dml import Update


def _one_row(statement: Update) -> bool:
    # Objects of this session are refreshed by whoever reads them next; synchronising costs a SELECT.
    result = db.session.execute(statement, execution_options={"synchronize_session": False})
    return bool(result.rowcount == 1)  # type: ignore[attr-defined]  # CursorResult of an UPDATE


def take_place(event_id: int, category_id: int) -> bool:
    """Take one place of the event and of the category; False when either is full, with nothing taken."""
    took_event = _one_row(
        update(Event)
        .where(
            Event.id == event_id, or_(Event.capacity.is_(None), Event.places_taken < Event.capacity)
        )
        .values(places_taken=Event.places_taken + 1),
    )
    if not took_event:
        return False
    took_category = _one_row(
        update(Category)
        .where(
            Category.id == category_id,
            or_(Category.quota.is_(None), Category.places_taken < Category.quota),
        )
        .values(places_taken=Category.places_taken + 1),
    )
    if not took_category:
        _release_event(event_id)
    return took_category


def release_place(event_id: int, category_id: int) -> None:
    """Give one place back: it is free for the next person with the commit."""
    _release_event(event_id)
    _one_row(
        update(Category)
        .where(Category.id == category_id, Category.places_taken > 0)
        .values(places_taken=Category.places_taken - 1),
    )


def _release_event(event_id: int) -> None:
    _one_row(
        update(Event)
        .where(Event.id == event_id, Event.places_taken > 0)
        .values(places_taken=Event.places_taken - 1),
    )


def hold_places(event_id: int) -> None:
    """Let whoever wants a place of this event wait until this transaction ends: its counts will be written."""
    _one_row(update(Event).where(Event.id == event_id).values(places_taken=Event.places_taken))


def set_places_taken(event_id: int, by_category: dict[int, int]) -> None:
    """Write the counts after an import, which may exceed a capacity that was set too low.

    A past congress did happen: the capacity is raised to what is true rather than the rows refused.
    """
    total = sum(by_category.values())
    _one_row(
        update(Event)
        .where(Event.id == event_id)
        .values(places_taken=total, capacity=_at_least(Event.capacity, total)),
    )
    for category_id, count in by_category.items():
        _one_row(
            update(Category)
            .where(Category.id == category_id)
            .values(places_taken=count, quota=_at_least(Category.quota, count)),
        )


def _at_least(column: InstrumentedAttribute[int | None], count: int) -> Case[int | None]:
    return case((column < count, count), else_=column)
