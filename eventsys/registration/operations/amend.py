"""What staff amend in a registration beside its answers: note, badge code, category, the mail once more."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from sqlalchemy import insert, select, update

from eventsys.audit.operations import record
from eventsys.core.db import db
from eventsys.core.errors import NotFound
from eventsys.core.tokens import digest, short_code
from eventsys.events.operations.places import release_place, take_place
from eventsys.mail.operations import queue
from eventsys.registration.errors import CategoryFull, EventFull, WrongState
from eventsys.registration.models import ENDED, Registration, RetiredBadge
from eventsys.registration.operations.identify import badge_token
from eventsys.registration.operations.lock import lock_registration, lock_registrations
from eventsys.registration.operations.promote import confirm_waiting, promote
from eventsys.registration.operations.reprice import priced_as, reprice
from eventsys.registration.operations.submit import MAIL_OF, confirmation_attachments
from eventsys.registration.rules.names import full_name
from eventsys.registration.rules.states import Status

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from eventsys.core.actor import Actor

NOTE_LENGTH: Final = 5_000
# At most this many at once: more is an import.
MOST_AT_ONCE: Final = 500


def write_note(registration_id: int, note: str, *, actor: Actor, now: datetime) -> None:
    """Keep a note that only staff read. The log tells that it changed, never what it says."""
    registration = db.session.get_one(Registration, registration_id)
    if registration.note == note:
        return
    registration.note, registration.updated_at = note[:NOTE_LENGTH], now
    record(
        "registration.note", "registration", registration_id, actor=actor, now=now, event_id=registration.event_id,
    )  # fmt: skip


def renew_badge(
    registration_id: int, seen: int, *, actor: Actor, now: datetime, secret: str
) -> None:
    """Give a new badge code; the old one is refused at the door from now on. Raises WrongState.

    ``seen`` is the generation that the page showed: a second click makes no third code.
    """
    registration = db.session.get_one(Registration, registration_id)
    if registration.badge_generation != seen:
        return
    if registration.status in ENDED:
        raise WrongState(status=registration.status)
    generation = registration.badge_generation + 1
    token = badge_token(secret, registration.key, generation)
    db.session.execute(
        insert(RetiredBadge).values(
            digest=registration.badge_digest, registration_id=registration_id, retired_at=now
        ),
    )
    registration.badge_generation = generation
    registration.badge_digest = digest(token)
    registration.short_code = short_code(token)
    registration.updated_at = now
    record(
        "registration.renew_badge", "registration", registration_id, actor=actor, now=now,
        event_id=registration.event_id, facts={"generation": generation},
    )  # fmt: skip


def send_confirmation(registration_id: int, *, actor: Actor, now: datetime) -> None:
    """Queue the mail that says where the registration stands, with badge and link. Raises WrongState."""
    registration = db.session.get_one(Registration, registration_id)
    status = Status(registration.status)
    if status not in MAIL_OF:
        raise WrongState(status=registration.status)
    queue(
        MAIL_OF[status],
        (registration.email, full_name(registration.first_name, registration.last_name)),
        registration.language,
        {},
        now=now,
        event_id=registration.event_id,
        registration_id=registration_id,
        attachments=confirmation_attachments(registration_id) if status is Status.CONFIRMED else (),
    )
    record(
        "registration.send_confirmation", "registration", registration_id, actor=actor, now=now,
        event_id=registration.event_id,
    )  # fmt: skip


def move_to_category(
    registration_id: int, category_id: int, *, actor: Actor, now: datetime
) -> bool:
    """Give another category, its place included; False when it is the same. Raises CategoryFull, WrongState."""
    registration = lock_registration(registration_id)
    if registration.category_id == category_id:
        return False
    if registration.status in ENDED:
        raise WrongState(status=registration.status)
    before, basis = registration.category_id, priced_as(registration)
    if registration.holds_place:
        release_place(registration.event_id, before)
        if not take_place(registration.event_id, category_id):
            raise CategoryFull
    db.session.execute(
        update(Registration)
        .where(Registration.id == registration_id)
        .values(category_id=category_id, updated_at=now),
    )
    record(
        "registration.change", "registration", registration_id, actor=actor, now=now,
        event_id=registration.event_id, facts={"fields": ["category"], "before": before, "after": category_id},
    )  # fmt: skip
    db.session.refresh(registration)
    reprice(registration_id, basis, actor=actor, now=now)
    promote(registration.event_id, actor=actor, now=now)
    return True


def amend_many(
    event_id: int,
    registration_ids: Sequence[int],
    action: str,
    *,
    actor: Actor,
    now: datetime,
    category_id: int | None = None,
) -> tuple[int, int]:
    """Do one thing to many registrations of an event; gives how many were done and how many could not be.

    ``action``: confirmation (the mail once more), category, confirm (from the waiting list). Ids of other
    events are not touched.
    """
    query = (
        select(Registration.id)
        .where(
            Registration.event_id == event_id, Registration.id.in_(registration_ids[:MOST_AT_ONCE])
        )
        .order_by(Registration.waiting_since, Registration.id)
    )
    done = refused = 0
    chosen = db.session.scalars(query).all()
    if action in {"category", "confirm"}:
        lock_registrations(chosen)
    for registration_id in chosen:
        try:
            with db.session.begin_nested():
                _amend(registration_id, action, category_id, actor=actor, now=now)
            done += 1
        except (WrongState, CategoryFull, EventFull):
            refused += 1
    record(
        "registration.amend_many", "event", event_id, actor=actor, now=now, event_id=event_id,
        facts={"action": action, "done": done, "refused": refused},
    )  # fmt: skip
    return done, refused


def _amend(
    registration_id: int, action: str, category_id: int | None, *, actor: Actor, now: datetime
) -> None:
    if action == "confirmation":
        send_confirmation(registration_id, actor=actor, now=now)
    elif action == "category" and category_id is not None:
        move_to_category(registration_id, category_id, actor=actor, now=now)
    elif action == "confirm":
        confirm_waiting(registration_id, actor=actor, now=now)
    else:
        raise NotFound(what="action")
