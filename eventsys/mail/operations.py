"""Queue, claim and settle mails. The row is written with the fact; the worker renders and delivers it."""

from __future__ import annotations

from dataclasses import dataclass, fields
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import bindparam, func, select, update

from eventsys.audit.operations import record
from eventsys.core.claims import claim_of
from eventsys.core.db import add_row, db, table_of
from eventsys.core.tokens import new_key
from eventsys.mail.models import FAILED, KEPT, QUEUED, SENDING, SENT, Message

if TYPE_CHECKING:
    from collections.abc import Sequence

    from eventsys.core.actor import Actor

LEASE: Final = timedelta(minutes=10)
MOST_ATTEMPTS: Final = 10
# Made once: to make such a statement costs more than to run it.
_messages: Final = table_of(Message)
_SETTLE: Final = (
    update(_messages)
    .where(_messages.c.id == bindparam("number"))
    .values(lease_until=None, error=None)
)


def queue(
    template: str,
    to: tuple[str, str],
    language: str,
    context: dict[str, Any],
    *,
    now: datetime,
    event_id: int | None = None,
    registration_id: int | None = None,
    attachments: Sequence[dict[str, Any]] = (),
) -> None:
    """Queue one mail to one person. ``template`` is a folder under ``templates/mail``; ``to`` is (address, name)."""
    add_row(
        Message,
        key=new_key(),
        template=template,
        language=language,
        to_address=to[0],
        to_name=to[1],
        context=context,
        attachments=list(attachments),
        event_id=event_id,
        registration_id=registration_id,
        status=QUEUED,
        due_at=now,
        attempts=0,
        created_at=now,
    )


@dataclass(frozen=True, slots=True)
class Letter:
    """A claimed mail, as the worker needs it."""

    id: int
    key: str
    template: str
    language: str
    to_address: str
    to_name: str
    context: dict[str, Any]
    attachments: list[dict[str, Any]]
    registration_id: int | None


_CLAIM: Final = claim_of(
    _messages, waiting=QUEUED, taken=SENDING, fields=[field.name for field in fields(Letter)]
)


def claim(worker: str, *, now: datetime, limit: int = 20) -> Sequence[Letter]:
    """Claim due mails, also those whose worker died and let its lease run out."""
    taken = {"now": now, "most": limit, "claimed_by": worker, "lease_until": now + LEASE}
    return sorted(
        (Letter(*row) for row in db.session.execute(_CLAIM, taken)), key=lambda letter: letter.id
    )


def settle(
    message_id: int, rendered: tuple[str, str, str], *, delivered: bool, now: datetime
) -> None:
    """Keep what was sent (subject, text, HTML); without a mail server it is kept and shown in the office."""
    subject, body_text, body_html = rendered
    db.session.execute(
        _SETTLE,
        {
            "number": message_id,
            "status": SENT if delivered else KEPT,
            "sent_at": now,
            "subject": subject,
            "body_text": body_text,
            "body_html": body_html,
        },
    )


def fail(message_id: int, error: str, *, now: datetime, permanent: bool = False) -> None:
    """Keep the error and try again later, later each time; refused for good, or after ten attempts: failed."""
    message = db.session.get_one(Message, message_id)
    message.error = error[:2000]
    message.lease_until = None
    if permanent or message.attempts >= MOST_ATTEMPTS:
        message.status = FAILED
    else:
        message.status = QUEUED
        message.due_at = now + min(
            timedelta(seconds=30) * 2 ** (message.attempts - 1), timedelta(hours=4)
        )


def send_again(message_id: int, *, actor: Actor, now: datetime) -> bool:
    """Queue a mail once more: one that failed, or one that the person lost. False when it is on its way already."""
    event_id = db.session.scalar(
        update(Message)
        .where(Message.id == message_id, Message.status.in_((FAILED, SENT, KEPT)))
        .values(status=QUEUED, due_at=now, attempts=0, error=None)
        .returning(func.coalesce(Message.event_id, 0)),
        execution_options={"synchronize_session": False},
    )
    if event_id is None:
        return False
    record(
        "mail.send_again",
        "mail_message",
        message_id,
        actor=actor,
        now=now,
        event_id=event_id or None,
    )
    return True


def list_claimants() -> Sequence[str]:
    """List the workers that hold claims."""
    query = (
        select(Message.claimed_by)
        .where(Message.status == SENDING, Message.claimed_by.is_not(None))
        .distinct()
    )
    return [name for name in db.session.scalars(query) if name is not None]


def release_claims(worker: str, *, now: datetime) -> None:
    """Give back what a dead worker had claimed: a mail may go twice, never not at all."""
    db.session.execute(
        update(Message)
        .where(Message.status == SENDING, Message.claimed_by == worker)
        .values(status=QUEUED, due_at=now, lease_until=None),
    )
