"""Change the address of a registration.

A person who wants another address is told the same whether it is registered or not, so that a link is no way
to find out who comes: the answer goes by mail to that address. Whoever opens the mail has shown that the
address is theirs. Staff change it at once.
"""

from __future__ import annotations

import hmac
from typing import TYPE_CHECKING

from sqlalchemy import exists, select
from sqlalchemy.exc import IntegrityError

from eventsys.audit.operations import record
from eventsys.core.db import db
from eventsys.core.text import email_key
from eventsys.events.rules import Window, may_change
from eventsys.mail.operations import queue
from eventsys.people.operations import find_or_create_person
from eventsys.registration.errors import AddressLinkOld, EmailTaken, TooLate, WrongState
from eventsys.registration.models import ENDED, LIVE, Registration
from eventsys.registration.operations.identify import address_proof, searchable
from eventsys.registration.operations.lock import lock_registration
from eventsys.registration.operations.remind import remind
from eventsys.registration.operations.submit import confirmation_attachments
from eventsys.registration.rules.names import full_name
from eventsys.registration.rules.states import Status

if TYPE_CHECKING:
    from datetime import datetime

    from eventsys.core.actor import Actor


def take_address(registration: Registration, wanted: str, *, now: datetime) -> bool:
    """Write a new address; False when it is the same. Raises EmailTaken, also for the loser of a race."""
    if wanted == registration.email:
        return False
    if _taken(registration, wanted):
        raise EmailTaken
    names = (registration.first_name, registration.last_name)
    person_id = find_or_create_person(wanted, names, registration.language, now=now)
    try:
        with db.session.begin_nested():
            registration.email, registration.email_key = wanted, email_key(wanted)
            registration.person_id = person_id
    except IntegrityError:
        raise EmailTaken from None
    return True


def ask_address(registration: Registration, wanted: str, *, actor: Actor, now: datetime) -> bool:
    """Write to the address that a person wants; True only when it is the present one, spelt otherwise."""
    if email_key(wanted) == registration.email_key:
        return take_address(registration, wanted, now=now)
    if _taken(registration, wanted):
        remind(registration.event_id, wanted, actor=actor, now=now)
        return False
    queue(
        "registration/address",
        (wanted, full_name(registration.first_name, registration.last_name)),
        registration.language,
        {"wanted": wanted},
        now=now,
        event_id=registration.event_id,
        registration_id=registration.id,
    )
    return False


def confirm_address(
    registration_id: int,
    wanted: str,
    proof: str,
    *,
    secret: str,
    window: Window,
    actor: Actor,
    now: datetime,
) -> None:
    """Write the address that somebody has shown to be theirs.

    Raises AddressLinkOld, TooLate, WrongState, EmailTaken.
    """
    if not may_change(window, now):
        raise TooLate
    registration = lock_registration(registration_id)
    if registration.status in ENDED:
        raise WrongState(status=registration.status)
    if not proves(registration, wanted, proof, secret=secret):
        raise AddressLinkOld
    take_address(registration, wanted, now=now)
    registration.updated_at = now
    make_searchable(registration)
    record(
        "registration.change", "registration", registration_id, actor=actor, now=now,
        event_id=registration.event_id, facts={"fields": ["email"]},
    )  # fmt: skip
    tell_changed(registration, now=now)


def proves(registration: Registration, wanted: str, proof: str, *, secret: str) -> bool:
    """Tell whether a token is that of the mail to this address, and the address has not changed since."""
    right = address_proof(secret, registration.key, registration.email, wanted)
    return hmac.compare_digest(right.encode(), proof.encode())


def make_searchable(registration: Registration) -> None:
    """Keep what lists sort and search by as it is now."""
    for name, value in searchable(
        registration.first_name,
        registration.last_name,
        registration.email_key,
        registration.organisation,
    ).items():
        setattr(registration, name, value)


def tell_changed(registration: Registration, *, now: datetime) -> None:
    """Queue the mail that says how a registration stands after a change."""
    queue(
        "registration/changed",
        (registration.email, full_name(registration.first_name, registration.last_name)),
        registration.language,
        {},
        now=now,
        event_id=registration.event_id,
        registration_id=registration.id,
        attachments=confirmation_attachments(registration.id)
        if registration.status == Status.CONFIRMED
        else (),
    )


def _taken(registration: Registration, wanted: str) -> bool:
    taken = exists().where(
        Registration.event_id == registration.event_id,
        Registration.email_key == email_key(wanted),
        LIVE,
        Registration.id != registration.id,
    )
    return bool(db.session.scalar(select(taken)))
