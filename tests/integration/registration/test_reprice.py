"""What was frozen stays: a change of category costs its difference, and nothing else changes a fee."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
import sqlalchemy as sa

from eventsys.core.db import db
from eventsys.events.models import Category
from eventsys.mail.models import Message
from eventsys.payments.models import Charge
from eventsys.registration.models import Fee, Price
from eventsys.registration.operations.amend import move_to_category
from eventsys.registration.operations.change import change
from eventsys.registration.operations.office_fee import change_fee, waive_fee
from eventsys.registration.queries.integrity import find_faults
from tests.factories.events import STAFF, make_event
from tests.factories.fees import make_code, make_fee, make_plan
from tests.factories.registrations import register, submission
from tests.support.payer import FEE

DEARER = 40_000


def now():
    return datetime.now(UTC)


@pytest.fixture
def event(session):
    """An event of 250; a place for the press costs 400."""
    event = make_event()
    make_plan(event, FEE)
    make_fee(event, DEARER, position=1, category_id=category("press"))
    yield event
    db.session.rollback()
    assert find_faults() == []


def category(code):
    return db.session.scalars(sa.select(Category.id).where(Category.code == code)).one()


def move(number, code):
    move_to_category(number, category(code), actor=STAFF, now=now())
    db.session.commit()


def correct_country(event, number):
    wanted = submission(event, country="FR")
    assert "country" in change(number, wanted, window=None, actor=STAFF, now=now())
    db.session.commit()


def billed(number):
    db.session.rollback()
    return db.session.scalar(sa.select(Charge.billed).where(Charge.registration_id == number))


def told():
    return db.session.query(Message).filter_by(template="registration/fee_changed").count()


def test_a_fee_that_was_agreed_on_outlives_a_corrected_country(event):
    ana = register(event).registration_id
    change_fee(ana, 10_000, reason="agreed", actor=STAFF, now=now(), tell=False)
    correct_country(event, ana)
    assert (billed(ana), told()) == (10_000, 0)


@pytest.mark.parametrize("lines", ["dearer", "gone"])
def test_other_lines_of_today_change_nobody_who_corrects_a_country(event, lines):
    ana = register(event).registration_id
    if lines == "gone":
        db.session.execute(sa.delete(Fee))
    else:
        db.session.execute(sa.update(Fee).values(amount=Fee.amount + 5_000))
    correct_country(event, ana)
    assert (billed(ana), told()) == (FEE, 0)


def test_whoever_was_never_billed_is_not_billed_for_a_corrected_country(session):
    event = make_event()
    ana = register(event).registration_id
    make_plan(event, FEE)
    correct_country(event, ana)
    assert billed(ana) is None


def test_a_country_of_another_price_costs_its_difference(event):
    make_fee(event, 30_000, position=0, income_group="high")
    ana = register(event, country="SN").registration_id
    assert billed(ana) == FEE
    correct_country(event, ana)
    assert billed(ana) == 30_000


def test_what_was_agreed_on_stays_beside_a_dearer_category(event):
    ana = register(event).registration_id
    change_fee(ana, 10_000, reason="agreed", actor=STAFF, now=now())
    move(ana, "press")
    assert billed(ana) == DEARER - 15_000
    move(ana, "delegate")
    assert billed(ana) == 10_000
    price = db.session.get_one(Price, ana)
    assert price.total == sum(line["amount"] for line in price.lines) == 10_000


def test_a_fee_that_was_let_go_is_not_asked_for_again(event):
    ana = register(event).registration_id
    waive_fee(ana, reason="guest", actor=STAFF, now=now())
    move(ana, "press")
    assert billed(ana) == DEARER - FEE


def test_the_new_category_is_priced_by_the_lines_of_today(event):
    ana = register(event).registration_id
    db.session.execute(sa.update(Fee).values(amount=Fee.amount + 5_000))
    move(ana, "press")
    assert billed(ana) == DEARER + 5_000


def test_a_code_of_one_category_does_not_follow_into_another(event):
    make_code(event, "STAFF", "percent", value=50, category_id=category("delegate"))
    ana = register(event, code="STAFF").registration_id
    assert billed(ana) == FEE // 2
    move(ana, "press")
    assert billed(ana) == DEARER
