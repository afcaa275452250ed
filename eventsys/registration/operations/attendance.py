"""Attendance is a state of the registration, set by check-in from above."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import bindparam as bind
from sqlalchemy import or_, update

from eventsys.core.db import db
from eventsys.registration.models import Registration

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime


def mark_attended(registration_id: int, at: datetime) -> None:
    """Keep the first moment of attendance. An earlier one that arrives late moves it; a later one does not."""
    db.session.execute(
        update(Registration)
        .where(
            Registration.id == registration_id,
            or_(Registration.attended_at.is_(None), Registration.attended_at > at),
        )
        .values(attended_at=at),
        execution_options={"synchronize_session": False},
    )


def mark_many_attended(first_times: Mapping[int, datetime]) -> None:
    """Keep the first moments of many people in one statement per batch of the driver."""
    if not first_times:
        return
    table = Registration.__table__
    statement = (
        update(Registration)
        .where(
            table.c.id == bind("row_id"),
            or_(
                table.c.attended_at.is_(None),
                table.c.attended_at > bind("at", type_=table.c.attended_at.type),
            ),
        )
        .values(attended_at=bind("at", type_=table.c.attended_at.type))
    )
    db.session.connection().execute(
        statement, [{"row_id": key, "at": at} for key, at in first_times.items()]
    )


def unmark_attended(registration_id: int, at: datetime | None) -> None:
    """Set the first moment anew after an undo: the next earliest one, or none."""
    db.session.execute(
        update(Registration).where(Registration.id == registration_id).values(attended_at=at),
        execution_options={"synchronize_session": False},
    )
