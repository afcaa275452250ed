"""Cancel a registration; its place is free again with the commit, for whoever waits first."""

from __future__ import annotations

from typing import TYPE_CHECKING

from eventsys.audit.operations import record
from eventsys.core.db import db
from eventsys.events.operations.places import release_place
from eventsys.events.rules import Window, may_change
from eventsys.mail.operations import queue
from eventsys.registration.errors import TooLate
from eventsys.registration.models import ENDED
from eventsys.registration.operations.give_up_fee import give_up_fee
from eventsys.registration.operations.lock import lock_registration
from eventsys.registration.operations.promote import promote
from eventsys.registration.operations.tell import tell_of_sums_back
from eventsys.registration.rules.names import full_name
from eventsys.registration.rules.states import Status

if TYPE_CHECKING:
    from datetime import datetime

    from eventsys.core.actor import Actor


def cancel(
    registration_id: int,
    *,
    window: Window | None,
    actor: Actor,
    now: datetime,
    reason: str = "",
    pays_back: bool = True,
) -> bool:
    """Cancel; False when it had ended before (a second click changes nothing).

    ``window`` holds the deadline for a person acting by link (raises TooLate); staff pass None. Without
    ``pays_back`` what was paid becomes a case: whoever runs an event sends no money back.
    """
    if window is not None and not may_change(window, now):
        raise TooLate
    registration = lock_registration(registration_id)
    if registration.status in ENDED:
        return False
    held = registration.holds_place
    registration.status, registration.holds_place = Status.CANCELLED.value, False
    registration.ended_at = registration.updated_at = now
    db.session.flush()
    if held:
        release_place(registration.event_id, registration.category_id)
    back = give_up_fee(
        registration_id, by_person=window is not None, pays_back=pays_back, actor=actor, now=now
    )
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
    tell_of_sums_back(registration_id, back, why="cancelled", way="stripe", now=now)
    if held:
        promote(registration.event_id, actor=actor, now=now)
    return True
