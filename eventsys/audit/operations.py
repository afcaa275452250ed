"""Write the log, in the transaction of the fact."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import insert

from eventsys.audit.models import AuditEntry
from eventsys.core.db import add_row, db

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import datetime

    from eventsys.core.actor import Actor


def record(
    action: str,
    subject_kind: str,
    subject_id: int | None,
    *,
    actor: Actor,
    now: datetime,
    event_id: int | None = None,
    facts: Mapping[str, object] | None = None,
) -> None:
    """Add one line. ``action`` is ``area.verb``; facts are plain values without personal data of others."""
    add_row(
        AuditEntry,
        at=now,
        actor_kind=actor.kind,
        actor_id=actor.id,
        actor_label=actor.label[:200],
        action=action,
        subject_kind=subject_kind,
        subject_id=subject_id,
        event_id=event_id,
        facts=dict(facts or {}),
    )


def record_many(
    action: str,
    subject_kind: str,
    subjects: Iterable[tuple[int, Mapping[str, object]]],
    *,
    actor: Actor,
    now: datetime,
    event_id: int | None = None,
) -> None:
    """Add one line for each of many subjects (id, facts) with one statement per batch of the driver."""
    rows = [
        {
            "at": now,
            "actor_kind": actor.kind,
            "actor_id": actor.id,
            "actor_label": actor.label[:200],
            "action": action,
            "subject_kind": subject_kind,
            "subject_id": subject_id,
            "event_id": event_id,
            "facts": dict(facts),
        }
        for subject_id, facts in subjects
    ]
    if rows:
        db.session.execute(insert(AuditEntry), rows)
