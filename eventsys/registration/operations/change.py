"""Change what a person said, by the person or by staff. What changed is kept in the log, field by field."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import delete, insert, select

from eventsys.audit.operations import record
from eventsys.core.db import db
from eventsys.events.operations.places import release_place, take_place
from eventsys.events.rules import Window, may_change
from eventsys.registration.errors import CategoryFull, FeeWouldChange, TooLate, WrongState
from eventsys.registration.models import ENDED, Answer, Price, Registration
from eventsys.registration.operations.address import (
    ask_address,
    make_searchable,
    take_address,
    tell_changed,
)
from eventsys.registration.operations.lock import lock_registration
from eventsys.registration.operations.promote import promote
from eventsys.registration.operations.reprice import priced_as, reprice

if TYPE_CHECKING:
    from datetime import datetime

    from eventsys.core.actor import Actor
    from eventsys.registration.operations.submit import Submission

PLAIN: Final = (
    "first_name", "last_name", "gender", "country", "organisation", "organisation_id", "job_title", "language",
    "photo_consent",
)  # fmt: skip
# What decides about a fee.
PRICED: Final = frozenset({"category", "organisation_id", "country"})


def change(
    registration_id: int, wanted: Submission, *, window: Window | None, actor: Actor, now: datetime
) -> list[str]:
    """Change a live registration; gives the names of the fields that changed.

    ``window`` holds the deadline for a person acting by link; staff pass None. A person's new address is only
    written to (``address.py``), and a fee that becomes another one is shown to them first: ``wanted.shown_total``.
    Raises TooLate, WrongState, EmailTaken, CategoryFull, FeeWouldChange.
    """
    if window is not None and not may_change(window, now):
        raise TooLate
    registration = lock_registration(registration_id)
    if registration.status in ENDED:
        raise WrongState(status=registration.status)
    basis = priced_as(registration)
    changed = _change_fields(registration, wanted)
    moved = _change_category(registration, wanted.category_id)
    address = (
        take_address(registration, wanted.email, now=now)
        if window is None
        else ask_address(registration, wanted.email, actor=actor, now=now)
    )
    answered = _change_answers(registration_id, wanted.answers)
    changed += [
        name
        for name, did in (("category", moved), ("email", address), ("answers", answered))
        if did
    ]
    if not changed:
        return []
    registration.updated_at = now
    make_searchable(registration)
    db.session.flush()
    record(
        "registration.change", "registration", registration_id, actor=actor, now=now,
        event_id=registration.event_id, facts={"fields": changed},
    )  # fmt: skip
    if PRICED & set(changed):
        difference = reprice(registration_id, basis, actor=actor, now=now)
        if difference and window is not None:
            _check_shown(registration_id, difference, wanted.shown_total)
    tell_changed(registration, now=now)
    if moved:
        promote(registration.event_id, actor=actor, now=now)
    return changed


def _check_shown(registration_id: int, difference: int, shown: int | None) -> None:
    price = db.session.get_one(Price, registration_id)
    if shown != price.total:
        before = price.total - difference
        raise FeeWouldChange(shown=before, now=price.total, currency=price.currency)


def _change_fields(registration: Registration, wanted: Submission) -> list[str]:
    changed = []
    for name in PLAIN:
        if getattr(registration, name) != getattr(wanted, name):
            setattr(registration, name, getattr(wanted, name))
            changed.append(name)
    city = (wanted.city.city_id, wanted.city.typed, wanted.city.status)
    if (registration.city_id, registration.city_typed, registration.city_status) != city:
        registration.city_id, registration.city_typed, registration.city_status = city
        changed.append("city")
    return changed


def _change_category(registration: Registration, category_id: int) -> bool:
    if category_id == registration.category_id:
        return False
    if registration.holds_place:
        release_place(registration.event_id, registration.category_id)
        if not take_place(registration.event_id, category_id):
            raise CategoryFull
    registration.category_id = category_id
    return True


def _change_answers(registration_id: int, answers: dict[int, Any]) -> bool:
    rows = db.session.execute(
        select(Answer.question_id, Answer.value).where(Answer.registration_id == registration_id)
    )
    if {question_id: value for question_id, value in rows} == answers:
        return False
    db.session.execute(delete(Answer).where(Answer.registration_id == registration_id))
    if answers:
        db.session.execute(
            insert(Answer),
            [
                {"registration_id": registration_id, "question_id": question_id, "value": value}
                for question_id, value in answers.items()
            ],
        )
    return True
