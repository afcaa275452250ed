"""Cancel a registration; its place is free again with the commit, for whoever waits first."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import update

from eventsys.audit.operations import record
from eventsys.core.db import db
from eventsys.events.operations.places import release_place
from eventsys.events.rules import Window, may_change
from eventsys.mail.operations import queue
from eventsys.registration.errors import TooLate
from eventsys.registration.models import ENDED, Registration
from eventsys.registration.operations.give_up_fee import give_up_fee, lock_fee
from eventsys.registration.operations.promote import promote
from eventsys.registration.rules.names import full_name
from eventsys.registration.rules.states import Status

if TYPE_CHECKING:
    from datetime import datetime

    from eventsys.core.actor import Actor


def cancel(
    registration_id: int, *, window: Window | None, actor: Actor, now: datetime, reason: str = ""
) -> bool:
    """Cancel; False when it had ended before (a second click changes nothing).

    ``window`` holds the deadline for a person acting by link (raises TooLate); staff pass None.
    """
    if window is not None and not may_change(window, now):
        raise TooLate
    lock_fee(registration_id)
    registration = db.session.get_one(Registration, registration_id)
    held = registration.holds_place
    result = db.session.execute(
        update(Registration)
        .where(
            Registration.id == registration_id,
            Registration.status.not_in(ENDED),
            Registration.holds_place == held,
        )
        .values(status=Status.CANCELLED.value, holds_place=False, ended_at=now, updated_at=now),
        execution_options={"synchronize_session": False},
    )
    if result.rowcount != 1:  # type: ignore[attr-defined]  # CursorResult of an UPDATE
        return False
    if held:
        release_place(registration.event_id, registration.category_id)
    give_up_fee(registration_id, by_person=window is not None, actor=actor, now=now)
    record(
        "registration.cancel",
        "registration",
        registration_id,
        actor=actor,
        now=now,
        event_id=registration.event_id,
        facts={"reason": reason} if reason else {},
    )
    queue(
        "registration/cancelled",
        (registration.email, full_name(registration.first_name, registration.last_name)),
        registration.language,
        {},
        now=now,
        event_id=registration.event_id,
        registration_id=registration_id,
    )
    if held:
        promote(registration.event_id, actor=actor, now=now)
    db.session.expire(registration)
    return True
