"""The counts of one event as they stand now: for the office's overview, asked every few seconds."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import case, distinct, func, select

from eventsys.core.db import db
from eventsys.registration.models import Registration

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy import ColumnElement

LIVE = ("confirmed", "approved", "submitted", "waiting")


def live_counts(event_id: int) -> dict[str, int]:
    """Count persons by state, and the cities and countries of the confirmed, in one statement.

    ``registered`` is the rung *registered* of the figures: everybody who ever registered, also who cancelled
    since; ``checked_in`` is attendance of confirmed persons.
    """
    confirmed = Registration.status == "confirmed"

    def count(condition: ColumnElement[bool]) -> ColumnElement[int]:
        return func.count(case((condition, 1)))

    row = db.session.execute(
        select(
            func.count(),
            count(confirmed),
            count(Registration.status == "waiting"),
            count(Registration.status == "submitted"),
            count(Registration.status == "cancelled"),
            count(confirmed & Registration.attended_at.is_not(None)),
            func.count(distinct(case((confirmed, Registration.city_id)))),
            func.count(distinct(case((confirmed, Registration.country)))),
            count(
                Registration.status.in_(LIVE)
                & Registration.city_status.in_(("ambiguous", "unknown"))
            ),
        ).where(Registration.event_id == event_id),
    ).one()
    names = (
        "registered", "confirmed", "waiting", "in_review", "cancelled", "checked_in", "cities", "countries",
        "cities_to_review",
    )  # fmt: skip
    return dict(zip(names, (int(value) for value in row), strict=True))


def count_confirmed(event_id: int) -> dict[int, int]:
    """Count the confirmed of an event by category id: who gets a badge."""
    query = (
        select(Registration.category_id, func.count())
        .where(Registration.event_id == event_id, Registration.status == "confirmed")
        .group_by(Registration.category_id)
    )
    return {category_id: count for category_id, count in db.session.execute(query)}


def list_confirmed_ids(event_id: int, category_id: int) -> Sequence[int]:
    """List the ids of the confirmed of one category of an event."""
    query = select(Registration.id).where(
        Registration.event_id == event_id,
        Registration.category_id == category_id,
        Registration.status == "confirmed",
    )
    return db.session.scalars(query.order_by(Registration.id)).all()
