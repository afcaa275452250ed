"""A table and people who have a fee: it moves no money, and says what it left alone."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
import sqlalchemy as sa

from eventsys.core.db import db
from eventsys.events.models import Category
from eventsys.payments.models import Charge
from eventsys.registration.models import Registration
from eventsys.registration.operations.cancel import cancel
from eventsys.registration.operations.office_fee import HandPayment, record_by_hand
from eventsys.registration.queries.integrity import find_faults
from tests.factories.events import STAFF, make_event
from tests.factories.fees import make_code, make_plan
from tests.factories.registrations import register
from tests.factories.tables import import_table, registered, table
from tests.support.payer import FEE


@pytest.fixture
def event(session):
    """An event with a fee; whatever a table says, money and places agree afterwards."""
    event = make_event(capacity=5)
    make_plan(event, FEE)
    yield event
    db.session.rollback()
    assert find_faults() == []


def come(event, *, paid=True, **more):
    number = register(event, **more).registration_id
    if paid:
        money = HandPayment(FEE, "bank", "1" * 32)
        record_by_hand(number, money, actor=STAFF, now=datetime.now(UTC))
    db.session.commit()
    return number


def said(event, **cells):
    """Import a row about Ana; gives what the import found to look at, and her status and category after it."""
    survey, _done = import_table(event, table({"category": "", "status": "", **cells}))
    ana = registered()
    code = db.session.scalar(sa.select(Category.code).where(Category.id == ana.category_id))
    return [(item.field, item.reason) for item in survey.warnings], (ana.status, code)


@pytest.mark.parametrize(
    ("cells", "field"),
    [({"status": "cancelled"}, "status"), ({"category": "press"}, "category")],
)
def test_whoever_has_paid_keeps_place_and_category(event, cells, field):
    come(event)
    assert said(event, **cells) == ([(field, "has_a_fee")], ("confirmed", "delegate"))


def test_what_has_nothing_to_do_with_money_is_taken(event):
    come(event)
    warned, after = said(event, status="cancelled", job_title="Mayor")
    assert (warned, after) == ([("status", "has_a_fee")], ("confirmed", "delegate"))
    assert registered().job_title == "Mayor"
    warned, _after = said(event, checked_in_at="2026-01-02T10:00", status="confirmed")
    assert warned == []
    assert registered().attended_at is not None


@pytest.mark.parametrize(
    ("cells", "field"),
    [({"status": "confirmed"}, "status"), ({"checked_in_at": "2026-01-02T10:00"}, "checked_in_at")],
)
def test_nobody_gets_a_place_that_waits_for_its_fee(event, cells, field):
    come(event, paid=False)
    assert said(event, **cells) == ([(field, "has_a_fee")], ("submitted", "delegate"))
    assert registered().attended_at is None


def test_a_place_that_was_given_up_is_not_given_again_for_nothing(event):
    number = come(event)
    cancel(number, window=None, actor=STAFF, now=datetime.now(UTC))
    db.session.commit()
    assert said(event, status="confirmed") == ([("status", "has_a_fee")], ("cancelled", "delegate"))


def test_the_use_of_a_code_stays_with_whoever_has_it(event):
    make_code(event, "ONE", "amount", value=1_000, most=1)
    come(event, paid=False, code="ONE")
    assert said(event, status="cancelled")[1] == ("submitted", "delegate")


def test_whoever_was_never_billed_is_changed_as_ever(session):
    event = make_event(capacity=5)
    register(event)
    make_plan(event, FEE)
    assert said(event, category="press") == ([], ("confirmed", "press"))
    assert said(event, status="cancelled") == ([], ("cancelled", "press"))
    assert db.session.scalar(sa.select(sa.func.count(Charge.id))) == 0
    assert db.session.scalar(sa.select(sa.func.count(Registration.id))) == 1
    # The last of a category has left it: no place of it is taken.
    assert find_faults() == []
