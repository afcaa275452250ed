"""Queue, claim, finish and retry. Claims are one atomic statement on both engines."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from sqlalchemy import select, update
from sqlalchemy.dialects import postgresql, sqlite

from eventsys.core.claims import claim_of
from eventsys.core.db import db, table_of
from eventsys.jobs.models import DONE, FAILED, QUEUED, RUNNING, Job

if TYPE_CHECKING:
    from collections.abc import Sequence

LEASE: Final = timedelta(minutes=10)
MOST_ATTEMPTS: Final = 8


def enqueue(
    name: str,
    arguments: dict[str, Any],
    *,
    now: datetime,
    unique_key: str | None = None,
    due_at: datetime | None = None,
) -> None:
    """Queue work in the transaction of the fact. With a unique key the same work is queued once."""
    dialect = db.engine.dialect.name
    insert = postgresql.insert(Job) if dialect == "postgresql" else sqlite.insert(Job)
    db.session.execute(
        insert.values(
            name=name,
            arguments=arguments,
            unique_key=unique_key,
            status=QUEUED,
            due_at=due_at or now,
            attempts=0,
            progress={},
            created_at=now,
        ).on_conflict_do_nothing(index_elements=["unique_key"]),
    )


class Work(NamedTuple):
    """Claimed work, as the worker needs it."""

    id: int
    name: str
    arguments: dict[str, Any]


_CLAIM: Final = claim_of(table_of(Job), waiting=QUEUED, taken=RUNNING, fields=Work._fields)


def claim(worker: str, *, now: datetime, limit: int = 1) -> Sequence[Work]:
    """Claim due work, also work whose worker died and let its lease run out."""
    taken = {"now": now, "most": limit, "claimed_by": worker, "lease_until": now + LEASE}
    return [Work(*row) for row in db.session.execute(_CLAIM, taken)]


def finish(job_id: int, *, now: datetime) -> None:
    """Mark work as done, in the transaction of the work itself."""
    db.session.execute(
        update(Job)
        .where(Job.id == job_id)
        .values(status=DONE, finished_at=now, lease_until=None, error=None),
    )


def note_result(unique_key: str, result: dict[str, Any]) -> None:
    """Keep what work found, for the page that shows it."""
    db.session.execute(update(Job).where(Job.unique_key == unique_key).values(progress=result))


def fail(job_id: int, error: str, *, now: datetime) -> None:
    """Keep the error and try again later, later each time; after eight attempts a person must look."""
    job = db.session.get_one(Job, job_id)
    job.error = error[:2000]
    job.lease_until = None
    if job.attempts >= MOST_ATTEMPTS:
        job.status, job.finished_at = FAILED, now
    else:
        job.status, job.due_at = QUEUED, now + backoff(job.attempts)


def backoff(attempts: int) -> timedelta:
    """Give how long to wait after some failed attempts: 30 s, 1 min, 2 min … at most two hours."""
    return min(timedelta(seconds=30 * 2.0 ** (attempts - 1)), timedelta(hours=2))


def retry(job_id: int, *, now: datetime) -> None:
    """Queue failed work again, at once."""
    db.session.execute(
        update(Job)
        .where(Job.id == job_id, Job.status == FAILED)
        .values(status=QUEUED, due_at=now, attempts=0, finished_at=None),
    )


def list_claimants() -> Sequence[str]:
    """List the workers that hold claims."""
    query = (
        select(Job.claimed_by).where(Job.status == RUNNING, Job.claimed_by.is_not(None)).distinct()
    )
    return [name for name in db.session.scalars(query) if name is not None]


def release_claims(worker: str, *, now: datetime) -> None:
    """Give back what a dead worker had claimed."""
    db.session.execute(
        update(Job)
        .where(Job.status == RUNNING, Job.claimed_by == worker)
        .values(status=QUEUED, due_at=now, lease_until=None),
    )
