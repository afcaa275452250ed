"""Numbers of documents under a race: fifty at once, some of them given up half-way, and one person's many clicks."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
import sqlalchemy as sa

from eventsys.core.db import db, transaction_mode
from eventsys.payments.models import Document, DocumentCounter
from eventsys.payments.operations.number import next_number
from eventsys.payments.rules.documents import DocumentKind
from eventsys.registration.operations.documents import ask_document
from tests.factories.documents import BUYER, STAFF, make_due, make_issuer, now
from tests.factories.events import make_event
from tests.factories.fees import make_plan

AT_ONCE = 50
GIVEN_UP = 10


def issue(app, gate, registration_id, *, give_up=False):
    """Issue an invoice as a request does: one transaction in a thread and a connection of its own."""
    with app.app_context(), transaction_mode("write"):
        gate.wait(60)
        made = ask_document(
            registration_id, DocumentKind.INVOICE, BUYER, actor=STAFF, now=now(), by_person=True
        )
        number = made.number
        # Given up: as when something fails after the document was written and before it was kept.
        db.session.rollback() if give_up else db.session.commit()
        db.session.remove()
        return None if give_up else number


def together(app, jobs):
    gate = threading.Barrier(len(jobs))
    with ThreadPoolExecutor(len(jobs)) as pool:
        waiting = [pool.submit(issue, app, gate, one, give_up=given_up) for one, given_up in jobs]
        return [future.result(120) for future in waiting]


@pytest.fixture
def people(session):
    make_issuer()
    event = make_event(capacity=200)
    make_plan(event, 12_100, tax_rate=2100, confirm_unpaid=True)
    ids = [
        make_due(event=event, email=f"p{number}@example.org").id
        for number in range(AT_ONCE + GIVEN_UP)
    ]
    db.session.commit()
    db.session.remove()
    return ids


def test_fifty_at_once_get_fifty_numbers_without_a_gap(app, people):
    given_up = set(range(5, AT_ONCE + GIVEN_UP, (AT_ONCE + GIVEN_UP) // GIVEN_UP))
    jobs = [(one, position in given_up) for position, one in enumerate(people)]
    numbers = together(app, jobs)
    assert numbers.count(None) == GIVEN_UP
    assert sorted(number for number in numbers if number is not None) == [*range(1, AT_ONCE + 1)]
    stored = db.session.scalars(sa.select(Document.number).order_by(Document.number)).all()
    assert list(stored) == [*range(1, AT_ONCE + 1)]
    assert db.session.query(DocumentCounter).one().last == AT_ONCE


def test_twenty_clicks_of_one_person_make_one_invoice(app, people):
    assert together(app, [(people[0], False)] * 20) == [1] * 20
    assert db.session.query(Document).count() == 1


def test_a_number_that_was_rolled_back_is_given_again(session):
    assert next_number("INV", 2026) == 1
    db.session.commit()
    assert next_number("INV", 2026) == 2
    db.session.rollback()
    assert next_number("INV", 2026) == 2
    assert next_number("INV", 2027) == 1
    assert next_number("CRN", 2026) == 1
    db.session.commit()
    with db.session.begin_nested() as part:
        assert next_number("INV", 2026) == 3
        part.rollback()
    assert next_number("INV", 2026) == 3
