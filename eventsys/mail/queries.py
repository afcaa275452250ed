"""Read the outbox."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import exists, func, select

from eventsys.core.db import db
from eventsys.core.errors import NotFound
from eventsys.mail.models import Message

__all__ = [
    "Message",
    "count_by_status",
    "get_message",
    "has_recent",
    "list_messages",
]

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime


def has_recent(registration_id: int, template: str, *, since: datetime) -> bool:
    """Tell whether a mail of this kind was queued for a registration since a moment."""
    query = exists().where(
        Message.registration_id == registration_id,
        Message.template == template,
        Message.created_at >= since,
    )
    return bool(db.session.scalar(select(query)))


def get_message(message_id: int) -> Message:
    """Get one mail; raises NotFound."""
    message = db.session.get(Message, message_id)
    if message is None:
        raise NotFound
    return message


def list_messages(
    *,
    event_id: int | None = None,
    registration_id: int | None = None,
    status: str | None = None,
    before: int | None = None,
    limit: int = 50,
) -> Sequence[Message]:
    """List mails, the newest first; ``before`` is the id to page on from."""
    query = select(Message).order_by(Message.id.desc()).limit(limit)
    for column, value in (
        (Message.event_id, event_id),
        (Message.registration_id, registration_id),
        (Message.status, status),
    ):
        if value is not None:
            query = query.where(column == value)
    if before is not None:
        query = query.where(Message.id < before)
    return db.session.scalars(query).all()


def count_by_status(event_id: int | None = None) -> dict[str, int]:
    """Count mails by their state."""
    query = select(Message.status, func.count()).group_by(Message.status)
    if event_id is not None:
        query = query.where(Message.event_id == event_id)
    return {status: count for status, count in db.session.execute(query)}
