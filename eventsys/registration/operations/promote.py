"""Give free places to those who wait, in the order in which they came."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Final

from sqlalchemy import select

from eventsys.audit.operations import record
from eventsys.core.db import db
from eventsys.events.operations.places import hold_places, take_place
from eventsys.events.queries import get_event_by_id
from eventsys.jobs.operations import enqueue
from eventsys.mail.operations import queue
from eventsys.registration.errors import NoPlaceFree, WrongState
from eventsys.registration.models import Registration
from eventsys.registration.operations.lock import lock_if_free, lock_registration
from eventsys.registration.operations.price import bill_promoted
from eventsys.registration.operations.submit import confirmation_attachments
from eventsys.registration.rules.names import full_name
from eventsys.registration.rules.states import Status

if TYPE_CHECKING:
    from datetime import datetime

    from eventsys.core.actor import Actor

# At most this many in one transaction: a capacity raised by thousands goes on in the next job.
AT_ONCE: Final = 200
SHORTLY: Final = timedelta(seconds=1)


def promote(event_id: int, *, actor: Actor, now: datetime) -> int:
    """Confirm waiting people while there are places; gives how many. Nobody, once the event is over.

    A full category does not hold up those who wait for another one. Somebody whose registration another
    transaction is changing keeps the turn: the worker goes on from there a moment later.
    """
    # One at a time: two that looked at once would each pass over whom the other had taken.
    hold_places(event_id)
    if now >= get_event_by_id(event_id).ends_at:
        # Staff who tidy up afterwards must not invite people to what is past.
        return 0
    promoted = 0
    full: set[int] = set()
    while promoted < AT_ONCE:
        first = _next(event_id, full)
        if first is None:
            break
        waiting = lock_if_free(first)
        if waiting is None:
            # Never wait for a registration while holding the event: who has it may want the event next.
            enqueue("registration.promote", {"event_id": event_id}, now=now, due_at=now + SHORTLY)
            break
        if waiting.status != Status.WAITING or waiting.category_id in full:
            continue
        if not take_place(event_id, waiting.category_id):
            full.add(waiting.category_id)
            continue
        _confirm(waiting, actor=actor, now=now)
        promoted += 1
    return promoted


def confirm_waiting(registration_id: int, *, actor: Actor, now: datetime) -> None:
    """Confirm one waiting person out of turn, by decision of the staff; raises NoPlaceFree, WrongState."""
    registration = lock_registration(registration_id)
    if registration.status != Status.WAITING:
        raise WrongState(status=registration.status)
    if not take_place(registration.event_id, registration.category_id):
        raise NoPlaceFree
    _confirm(registration, actor=actor, now=now)


def _next(event_id: int, full: set[int]) -> int | None:
    query = (
        select(Registration.id)
        .where(
            Registration.event_id == event_id,
            Registration.status == Status.WAITING,
            Registration.category_id.not_in(full),
        )
        .order_by(Registration.waiting_since, Registration.id)
        .limit(1)
    )
    return db.session.scalar(query)


def _confirm(registration: Registration, *, actor: Actor, now: datetime) -> None:
    registration.status, registration.holds_place = Status.CONFIRMED.value, True
    registration.confirmed_at = registration.updated_at = now
    db.session.flush()
    status, first_told = bill_promoted(registration.id, actor=actor, now=now)
    if status is Status.SUBMITTED:
        registration.status, registration.confirmed_at = status.value, None
    queue(
        "registration/promoted" if status is Status.CONFIRMED else "registration/pay",
        (registration.email, full_name(registration.first_name, registration.last_name)),
        registration.language,
        {"first_told": first_told},
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
