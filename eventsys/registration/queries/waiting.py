"""Who waits, and who of them comes first: the order in which places are given.

A place goes to whoever waits longest among those whose category has room; who waits for a full category
does not hold up the others.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import and_, exists, func, or_, select

from eventsys.core.db import db
from eventsys.events.models import Category
from eventsys.registration.models import Registration

if TYPE_CHECKING:
    from sqlalchemy import ColumnElement


def somebody_waits_for(event_id: int, category_id: int) -> bool:
    """Tell whether a place of this category is another's, who waits already."""
    return bool(db.session.scalar(select(exists().where(_competes(event_id, category_id)))))


def waiting_number(registration: Registration) -> int:
    """Count who gets a place before this person, this person included (1 = next), as things stand."""
    earlier = or_(
        Registration.waiting_since < registration.waiting_since,
        and_(
            Registration.waiting_since == registration.waiting_since,
            Registration.id <= registration.id,
        ),
    )
    competes = _competes(registration.event_id, registration.category_id)
    return db.session.scalar(select(func.count(Registration.id)).where(earlier, competes)) or 0


def _competes(event_id: int, category_id: int) -> ColumnElement[bool]:
    """Find those who wait for the same place: of this category, or of one that is not full."""
    return and_(
        Registration.event_id == event_id,
        Registration.status == "waiting",
        Category.id == Registration.category_id,
        or_(
            Category.id == category_id,
            Category.quota.is_(None),
            Category.places_taken < Category.quota,
        ),
    )
