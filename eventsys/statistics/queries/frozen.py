"""Frozen figures, the newest first."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import select

from eventsys.core.db import db
from eventsys.core.errors import NotFound
from eventsys.statistics.models import FrozenFigures
from eventsys.statistics.queries.figures import Figures
from eventsys.statistics.queries.year import YearFigures

if TYPE_CHECKING:
    from collections.abc import Sequence


def list_frozen(event_id: int) -> Sequence[FrozenFigures]:
    """List the frozen figures of an event."""
    query = select(FrozenFigures).where(FrozenFigures.event_id == event_id)
    return db.session.scalars(query.order_by(FrozenFigures.id.desc())).all()


def list_frozen_of_year(year: int) -> Sequence[FrozenFigures]:
    """List the frozen figures of a year."""
    query = select(FrozenFigures).where(FrozenFigures.year == year)
    return db.session.scalars(query.order_by(FrozenFigures.id.desc())).all()


def get_frozen(frozen_id: int, *, event_id: int) -> tuple[FrozenFigures, Figures]:
    """Get frozen figures of one event; raises NotFound, for those of another event as well."""
    row = db.session.get(FrozenFigures, frozen_id)
    if row is None or row.event_id != event_id:
        raise NotFound(what="frozen figures", id=frozen_id)
    return row, Figures.from_dict(row.values)


def get_frozen_of_year(frozen_id: int, *, year: int) -> tuple[FrozenFigures, YearFigures]:
    """Get frozen figures of one year; raises NotFound."""
    row = db.session.get(FrozenFigures, frozen_id)
    if row is None or row.year != year:
        raise NotFound(what="frozen figures", id=frozen_id)
    return row, YearFigures.from_dict(row.values)


def find_published(event_id: int, rung: str) -> Figures | None:
    """Find what was last frozen by publishing an event on a rung."""
    values = db.session.scalar(
        select(FrozenFigures.values)
        .where(
            FrozenFigures.event_id == event_id, FrozenFigures.published, FrozenFigures.rung == rung
        )
        .order_by(FrozenFigures.id.desc())
        .limit(1),
    )
    return None if values is None else Figures.from_dict(values)
