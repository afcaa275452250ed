"""Give free places to those who wait, in the order in which they came."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from sqlalchemy import select, update

from eventsys.audit.operations import record
from eventsys.core.db import db
from eventsys.events.operations.places import release_place, take_place
from eventsys.mail.operations import queue
from eventsys.registration.errors import EventFull, WrongState
from eventsys.registration.models import Registration
from eventsys.registration.operations.price import bill_promoted
from eventsys.registration.operations.submit import confirmation_attachments
from eventsys.registration.rules.names import full_name
from eventsys.registration.rules.states import Status

if TYPE_CHECKING:
    from datetime import datetime

    from eventsys.core.actor import Actor

# At most this many in one transaction: a capacity raised by thousands goes on in the next job.
AT_ONCE: Final = 200


def promote(event_id: int, *, actor: Actor, now: datetime) -> int:
    """Confirm waiting people while there are places; gives how many.

    A full category does not hold up those who wait for another one.
    """
    promoted = 0
    full: set[int] = set()
    while promoted < AT_ONCE:
        waiting = _next(event_id, full)
        if waiting is None:
            break
        if not take_place(event_id, waiting.category_id):
            full.add(waiting.category_id)
            continue
        if _confirm(waiting, actor=actor, now=now):
            promoted += 1
        else:
            release_place(event_id, waiting.category_id)
            full.add(waiting.category_id)
    return promoted


def confirm_waiting(registration_id: int, *, actor: Actor, now: datetime) -> None:
    """Confirm one waiting person out of turn, by decision of the staff; raises EventFull, WrongState."""
    registration = db.session.get_one(Registration, registration_id)
    if registration.status != Status.WAITING:
        raise WrongState(status=registration.status)
    if not take_place(registration.event_id, registration.category_id):
        raise EventFull
    if not _confirm(registration, actor=actor, now=now):
        release_place(registration.event_id, registration.category_id)
        raise WrongState(status=registration.status)


def _next(event_id: int, full: set[int]) -> Registration | None:
    query = (
        select(Registration)
        .where(
            Registration.event_id == event_id,
            Registration.status == Status.WAITING,
            Registration.category_id.not_in(full),
        )
        .order_by(Registration.waiting_since, Registration.id)
        .limit(1)
        .execution_options(populate_existing=True)
    )
    return db.session.scalar(query)


def _confirm(registration: Registration, *, actor: Actor, now: datetime) -> bool:
    result = db.session.execute(
        update(Registration)
        .where(Registration.id == registration.id, Registration.status == Status.WAITING)
        .values(status=Status.CONFIRMED.value, confirmed_at=now, holds_place=True, updated_at=now),
        execution_options={"synchronize_session": False},
    )
    if result.rowcount != 1:  # type: ignore[attr-defined]  # CursorResult of an UPDATE
        return False
    status = bill_promoted(registration.id, actor=actor, now=now)
    if status is Status.SUBMITTED:
        _wait_for_fee(registration.id)
    queue(
        "registration/promoted" if status is Status.CONFIRMED else "registration/pay",
        (registration.email, full_name(registration.first_name, registration.last_name)),
        registration.language,
        {},
        now=now,
        event_id=registration.event_id,
        registration_id=registration.id,
        attachments=confirmation_attachments(registration.id) if status is Status.CONFIRMED else (),
    )
    record(
        "registration.promote",
        "registration",
        registration.id,
        actor=actor,
        now=now,
        event_id=registration.event_id,
    )
    return True


def _wait_for_fee(registration_id: int) -> None:
    db.session.execute(
        update(Registration)
        .where(Registration.id == registration_id)
        .values(status=Status.SUBMITTED.value, confirmed_at=None),
        execution_options={"synchronize_session": False},
    )
