"""Read the queue."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import func, or_, select

from eventsys.core.db import db
from eventsys.jobs.models import Job

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime


def list_jobs(
    *, status: str | None = None, before: int | None = None, limit: int = 50
) -> Sequence[Job]:
    """List jobs, the newest first; ``before`` is the id to page on from."""
    query = select(Job).order_by(Job.id.desc()).limit(limit)
    if status is not None:
        query = query.where(Job.status == status)
    if before is not None:
        query = query.where(Job.id < before)
    return db.session.scalars(query).all()


def last_jobs(name: str, *, now: datetime, limit: int) -> Sequence[Job]:
    """List the newest jobs of a name whose time has come, also those that wait or are tried again."""
    query = select(Job).where(Job.name == name, or_(Job.due_at <= now, Job.attempts > 0))
    return db.session.scalars(query.order_by(Job.due_at.desc(), Job.id.desc()).limit(limit)).all()


def count_jobs() -> dict[str, int]:
    """Count jobs by their state."""
    query = select(Job.status, func.count()).group_by(Job.status)
    return {status: count for status, count in db.session.execute(query)}
