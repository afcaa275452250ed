"""Read the log."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import func, select

from eventsys.audit.models import AuditEntry
from eventsys.core.db import db

if TYPE_CHECKING:
    from collections.abc import Sequence


@dataclass(frozen=True, slots=True)
class AuditFilter:
    """What of the log is asked for. ``area`` is the first word of the action; ``before`` an id to page on from."""

    event_id: int | None = None
    subject: tuple[str, int] | None = None
    area: str = ""
    who: str = ""
    before: int | None = None


def list_entries(wanted: AuditFilter, *, limit: int = 50) -> Sequence[AuditEntry]:
    """List entries, newest first."""
    query = select(AuditEntry).order_by(AuditEntry.id.desc()).limit(limit)
    if wanted.event_id is not None:
        query = query.where(AuditEntry.event_id == wanted.event_id)
    if wanted.subject is not None:
        kind, subject_id = wanted.subject
        query = query.where(AuditEntry.subject_kind == kind, AuditEntry.subject_id == subject_id)
    if wanted.area:
        query = query.where(AuditEntry.action.startswith(f"{wanted.area}.", autoescape=True))
    if wanted.who:
        query = query.where(
            func.lower(AuditEntry.actor_label).contains(wanted.who.lower(), autoescape=True)
        )
    if wanted.before is not None:
        query = query.where(AuditEntry.id < wanted.before)
    return db.session.scalars(query).all()
