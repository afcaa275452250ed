"""Give and take back places. No race on any engine gives a place that is not there.

One conditional UPDATE per pool (event, then category: always in this order, so two transactions never
wait for each other), backed by a CHECK constraint. Source: measured in the study of libraries, §6.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from sqlalchemy import bindparam, case, or_, update

from eventsys.core.db import db, table_of
from eventsys.events.models import Category, Event

if TYPE_CHECKING:
    from sqlalchemy import Case, Column
    from sqlalchemy.sql.dml import Update

# Written as rows, by statements made once: to make one for objects costs more than to run it.
_events: Final = table_of(Event)
_categories: Final = table_of(Category)
_EVENT: Final = update(_events).where(_events.c.id == bindparam("number"))
_CATEGORY: Final = update(_categories).where(_categories.c.id == bindparam("number"))
_TAKE_OF_EVENT: Final = _EVENT.where(
    or_(_events.c.capacity.is_(None), _events.c.places_taken < _events.c.capacity)
).values(places_taken=_events.c.places_taken + 1)
_TAKE_OF_CATEGORY: Final = _CATEGORY.where(
    or_(_categories.c.quota.is_(None), _categories.c.places_taken < _categories.c.quota)
).values(places_taken=_categories.c.places_taken + 1)
_RELEASE_OF_EVENT: Final = _EVENT.where(_events.c.places_taken > 0).values(
    places_taken=_events.c.places_taken - 1
)
_RELEASE_OF_CATEGORY: Final = _CATEGORY.where(_categories.c.places_taken > 0).values(
    places_taken=_categories.c.places_taken - 1
)


def _one_row(statement: Update, number: int) -> bool:
    # Objects of this session are written before, and refreshed by whoever reads them next.
    db.session.flush()
    result = db.session.execute(statement, {"number": number})
    return bool(result.rowcount == 1)  # type: ignore[attr-defined]  # CursorResult of an UPDATE


def take_place(event_id: int, category_id: int) -> bool:
    """Take one place of the event and of the category; False when either is full, with nothing taken."""
    if not _one_row(_TAKE_OF_EVENT, event_id):
        return False
    took_category = _one_row(_TAKE_OF_CATEGORY, category_id)
    if not took_category:
        _one_row(_RELEASE_OF_EVENT, event_id)
    return took_category


def release_place(event_id: int, category_id: int) -> None:
    """Give one place back: it is free for the next person with the commit."""
    _one_row(_RELEASE_OF_EVENT, event_id)
    _one_row(_RELEASE_OF_CATEGORY, category_id)


def hold_places(event_id: int) -> None:
    """Let whoever wants a place of this event wait until this transaction ends: its counts will be written."""
    _one_row(_EVENT.values(places_taken=_events.c.places_taken), event_id)


def set_places_taken(event_id: int, by_category: dict[int, int]) -> None:
    """Write the counts after an import, which may exceed a capacity that was set too low.

    A past congress did happen: the capacity is raised to what is true rather than the rows refused.
    """
    total = sum(by_category.values())
    _one_row(
        _EVENT.values(places_taken=total, capacity=_at_least(_events.c.capacity, total)), event_id
    )
    for category_id, count in by_category.items():
        _one_row(
            _CATEGORY.values(places_taken=count, quota=_at_least(_categories.c.quota, count)),
            category_id,
        )


def _at_least(column: Column[int | None], count: int) -> Case[int | None]:
    return case((column < count, count), else_=column)
