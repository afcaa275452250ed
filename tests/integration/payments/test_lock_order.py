"""Charge, then registration: whoever turns it round waits for ever for whoever does not, and one of them loses.

On PostgreSQL; SQLite lets one write at a time, and nobody waits for a row.
"""

from __future__ import annotations

import threading
from datetime import UTC, datetime

import pytest
from sqlalchemy.exc import OperationalError

from eventsys.core.db import db
from eventsys.payments.operations.post import lock_charge
from eventsys.payments.queries import find_charge_of
from eventsys.registration.operations.cancel import cancel
from eventsys.registration.operations.lock import lock_only, lock_registration, lock_registrations
from eventsys.registration.operations.office_fee import HandPayment, record_by_hand, waive_fee
from eventsys.registration.queries.integrity import find_faults
from tests.factories.events import STAFF, make_event
from tests.factories.fees import make_plan
from tests.factories.registrations import register
from tests.support.race import together


@pytest.fixture
def people(session, engine):
    if engine == "sqlite":
        pytest.skip("SQLite has no locks of rows")
    event = make_event(capacity=20)
    make_plan(event)
    return [register(event, f"p{number}@example.org").registration_id for number in range(8)]


def now():
    return datetime.now(UTC)


def deadlocks(results):
    return [
        error
        for error in results
        if isinstance(error, OperationalError) and "deadlock" in str(error)
    ]


@pytest.mark.parametrize("wrong", [True, False], ids=["registration first", "as it is"])
def test_the_other_order_is_a_deadlock(app, people, wrong):
    number, met = people[0], threading.Barrier(2)
    charge_id = find_charge_of(number).id

    def meet():
        # Both hold their first lock; in the right order the second of them never gets here.
        try:
            met.wait(1)
        except threading.BrokenBarrierError:
            return

    def pays():
        lock_charge(charge_id)
        meet()
        lock_only(number)

    def cancels():
        if wrong:
            lock_only(number)
            meet()
            lock_charge(charge_id)
        else:
            lock_registration(number)
            meet()

    results = together(app, [pays, cancels])
    assert len(deadlocks(results)) == (1 if wrong else 0)
    assert len([error for error in results if error is not None]) == (1 if wrong else 0)


def test_whatever_is_done_to_many_at_once_nobody_waits_in_a_circle(app, people):
    """Paid, cancelled, waived and taken together, each by somebody else at one moment, in every direction."""
    works = []
    for place, number in enumerate(people):
        money = HandPayment(25_000, "cash", key=f"{place:032x}")
        works += [
            lambda n=number, m=money: record_by_hand(n, m, actor=STAFF, now=now()),
            lambda n=number: cancel(n, window=None, actor=STAFF, now=now()),
            lambda n=number: waive_fee(n, reason="-", actor=STAFF, now=now()),
        ]
    works += [lambda: lock_registrations(people), lambda: lock_registrations(people[::-1])]
    results = together(app, works)
    assert [error for error in results if isinstance(error, Exception)] == []
    db.session.expire_all()
    assert find_faults() == []
