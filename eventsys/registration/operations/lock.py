"""Lock registrations: in one order everywhere, so two transactions never wait for each other.

The order is charge, registration, event, category. Whoever will change a registration's state, category or
place locks it before it looks: what it read without the lock may be another's past (a place of the category
that was left, released or taken again, makes the counts wrong for ever). On SQLite one transaction writes at a
time, and nothing here waits.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import select

from eventsys.core.db import db
from eventsys.payments.operations.post import lock_charge
from eventsys.payments.queries import find_charge_of
from eventsys.registration.models import Registration

if TYPE_CHECKING:
    from collections.abc import Sequence


def lock_registration(registration_id: int) -> Registration:
    """Get a registration as it is now, its charge locked before it, until this transaction ends."""
    charge = find_charge_of(registration_id)
    if charge is not None:
        lock_charge(charge.id)
    registration = lock_only(registration_id)
    if charge is None:
        # Billed between the two: given a place from the waiting list a moment ago.
        billed = find_charge_of(registration_id)
        if billed is not None:
            lock_charge(billed.id)
    return registration


def lock_only(registration_id: int) -> Registration:
    """Get a registration as it is now, for whoever holds the lock of its charge or needs none."""
    query = (
        select(Registration)
        .where(Registration.id == registration_id)
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    return db.session.scalars(query).one()


def lock_if_free(registration_id: int) -> Registration | None:
    """Get a registration as it is now, or None while another transaction changes it: this one never waits.

    For whoever holds the event's places already and comes to the registration after it.
    """
    query = (
        select(Registration)
        .where(Registration.id == registration_id)
        .with_for_update(skip_locked=True)
        .execution_options(populate_existing=True)
    )
    return db.session.scalars(query).one_or_none()


def lock_registrations(registration_ids: Sequence[int]) -> None:
    """Lock many with their charges, in one order, before the first of them takes a place or a number."""
    charges = [find_charge_of(registration_id) for registration_id in registration_ids]
    for charge_id in sorted(charge.id for charge in charges if charge is not None):
        lock_charge(charge_id)
    for registration_id in sorted(registration_ids):
        lock_only(registration_id)


def lock_event_registrations(event_id: int) -> None:
    """Lock all registrations of an event, before its places are held: for a table that changes many."""
    query = (
        select(Registration.id)
        .where(Registration.event_id == event_id)
        .order_by(Registration.id)
        .with_for_update()
    )
    db.session.execute(query).close()
