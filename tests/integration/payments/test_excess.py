"""More came than is owed: one case says how much, as long as it is so."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
import sqlalchemy as sa

from eventsys.core.db import db
from eventsys.events.models import Category
from eventsys.payments.models import Case, Payment
from eventsys.registration.operations.amend import move_to_category
from eventsys.registration.operations.decide_case import decide_case
from eventsys.registration.operations.office_fee import (
    HandPayment,
    change_fee,
    record_by_hand,
    refund_fee,
)
from eventsys.registration.queries.integrity import find_faults
from tests.factories.events import STAFF, make_event
from tests.factories.fees import make_fee, make_plan
from tests.factories.registrations import register
from tests.support.payer import FEE

CHEAPER = 10_000


def now():
    return datetime.now(UTC)


@pytest.fixture
def ana(session):
    """Give the number of somebody who has paid 250 by transfer; a place for the press costs 100."""
    event = make_event()
    make_plan(event, FEE)
    press = db.session.query(Category).filter_by(code="press").one()
    make_fee(event, CHEAPER, position=1, category_id=press.id)
    number = register(event).registration_id
    pay(number, FEE, "1")
    yield number
    db.session.rollback()
    assert find_faults() == []


def pay(number, amount, key):
    money = HandPayment(amount, "bank", key * 32)
    record_by_hand(number, money, actor=STAFF, now=now())
    db.session.commit()


def move(number, code):
    category = db.session.query(Category).filter_by(code=code).one()
    move_to_category(number, category.id, actor=STAFF, now=now())
    db.session.commit()


def change(number, total):
    change_fee(number, total, reason="agreed", actor=STAFF, now=now())
    db.session.commit()


def waiting():
    """List the open cases: what they say is too much."""
    query = sa.select(Case).where(Case.kind == "pay_out", Case.closed_at.is_(None))
    return [case.facts["amount"] for case in db.session.scalars(query)]


def decide(choice):
    case = db.session.scalars(sa.select(Case).where(Case.closed_at.is_(None))).one()
    decide_case(case.id, choice, note="x", actor=STAFF, now=now())
    db.session.commit()


def test_a_fee_that_the_office_lowers_is_a_case(ana):
    change(ana, 10_000)
    assert waiting() == [15_000]
    decide("send_back")
    assert waiting() == []


def test_what_was_recorded_by_hand_beyond_the_fee_is_a_case(ana):
    pay(ana, 3_000, "2")
    assert waiting() == [3_000]


def test_there_is_one_case_and_it_says_what_is_true_now(ana):
    pay(ana, 3_000, "2")
    change(ana, 20_000)
    assert waiting() == [8_000]
    change(ana, 28_000)
    assert waiting() == []
    assert db.session.scalars(sa.select(Case.decision)).all() == ["gone"]


def test_what_is_sent_back_otherwise_closes_it(ana):
    change(ana, 20_000)
    payment = db.session.scalars(sa.select(Payment.id)).one()
    refund_fee(payment, 5_000, owed_again=False, reason="x", key="9" * 32, actor=STAFF, now=now())
    db.session.commit()
    assert waiting() == []


def test_the_same_excess_is_told_again_after_it_had_gone(ana):
    move(ana, "press")
    decide("keep")
    assert waiting() == []
    move(ana, "delegate")
    move(ana, "press")
    assert waiting() == [FEE - CHEAPER]
