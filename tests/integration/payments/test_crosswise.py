"""What the random histories (test_any_order) brought to light, each as a case of its own."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
import sqlalchemy as sa

from eventsys.core.db import db
from eventsys.events.models import Category
from eventsys.jobs.models import Job
from eventsys.payments.gateway import make_gateway
from eventsys.payments.models import Charge, Payment
from eventsys.payments.operations.pay import keep_session, record_payment, start_payment
from eventsys.payments.operations.refund import settle_refund
from eventsys.payments.rules.settling import RefundFacts, SessionFacts
from eventsys.registration.errors import CodeUsedUp
from eventsys.registration.models import FeeCode, Price, Registration
from eventsys.registration.operations.amend import move_to_category
from eventsys.registration.operations.cancel import cancel
from eventsys.registration.operations.settle import settle
from eventsys.worker.payments import STRIPE
from tests.factories.events import STAFF, make_event
from tests.factories.fees import make_code, make_fee, make_plan
from tests.factories.registrations import ANA, register
from tests.support.payer import FEE, Payer, cases


def now():
    return datetime.now(UTC)


@pytest.fixture
def ana(app, session, stripe, worker):
    payer = Payer(app, stripe)
    payer.intent = stripe.account.pay(payer.open_page())["payment_intent"]
    stripe.deliver()
    worker()
    return payer


def test_a_code_that_takes_nothing_off_is_not_used_up(session):
    event = make_event()
    make_plan(event, FEE)
    make_fee(event, 0, income_group="low")
    code_id = make_code(event, "GIFT", most=1).id
    register(event, "free@example.org", country="NE", code="GIFT")
    assert db.session.get_one(FeeCode, code_id).used == 0
    register(event, "guest@example.org", country="ES", code="GIFT")
    with pytest.raises(CodeUsedUp):
        register(event, "late@example.org", country="ES", code="GIFT")


def test_a_code_that_opens_a_free_category_is_used_and_given_back(session):
    event = make_event()
    make_plan(event, 0)
    code_id = make_code(event, "PRESS", "category", most=1).id
    outcome = register(event, "press@example.org", code="PRESS")
    assert db.session.get_one(FeeCode, code_id).used == 1
    assert db.session.get_one(Price, outcome.registration_id).lines == []
    cancel(outcome.registration_id, window=None, actor=ANA, now=now())
    db.session.commit()
    db.session.expire_all()
    assert db.session.get_one(FeeCode, code_id).used == 0


def test_a_page_that_was_made_while_somebody_cancelled_is_closed(session):
    event = make_event()
    make_plan(event, FEE)
    outcome = register(event)
    charge = db.session.scalars(sa.select(Charge)).one()
    payment_id = start_payment(charge.id, now=now()).id
    db.session.commit()
    cancel(outcome.registration_id, window=None, actor=ANA, now=now())
    db.session.commit()
    key = db.session.get_one(Payment, payment_id).key
    page = SessionFacts("cs_1", "open", "unpaid", FEE, "EUR", livemode=False, payment_key=key)
    keep_session(payment_id, page, now=now())
    db.session.commit()
    # Open, so that it is looked after should the message of a late payment be lost.
    assert db.session.get_one(Payment, payment_id).status == "open"
    assert db.session.scalar(sa.select(Job.id).where(Job.name == "payments.close_page"))


def apply(stripe, app, refund_id):
    gateway = make_gateway(app.config["EVENTSYS"])
    facts = gateway.get_refund(refund_id)
    settle_refund(facts, actor=STRIPE, now=now())
    db.session.commit()


def test_a_refund_in_the_dashboard_takes_the_place_of_ours(ana, app, stripe, worker):
    cancel(ana.registration_id, window=None, actor=STAFF, now=now())
    db.session.commit()
    by_hand = stripe.account.refund(ana.intent)
    apply(stripe, app, by_hand["id"])
    stripe.deliver()
    worker()
    assert ana.refunds == [(FEE, "auto", "failed"), (FEE, "dashboard", "succeeded")]
    assert ana.accounts == {}
    assert cases() == []


def test_what_the_dashboard_left_of_ours_is_sent(ana, app, stripe, worker):
    cancel(ana.registration_id, window=None, actor=STAFF, now=now())
    db.session.commit()
    apply(stripe, app, stripe.account.refund(ana.intent, 10_000)["id"])
    stripe.deliver()
    worker()
    assert sorted(row for row in ana.refunds if row[2] == "succeeded") == [
        (10_000, "dashboard", "succeeded"),
        (15_000, "auto", "succeeded"),
    ]
    assert ana.accounts == {}
    assert cases() == []


def test_an_older_answer_does_not_revive_a_refund_that_came_back(ana):
    payment = ana.payments[0]
    for status in ("succeeded", "failed", "succeeded"):
        facts = RefundFacts("re_9", status, 10_000, "EUR", payment.intent_id)
        settle_refund(facts, actor=STRIPE, now=now())
        db.session.commit()
    assert ana.refunds == [(10_000, "dashboard", "failed")]
    assert ana.accounts == {"stripe": FEE, "income": -FEE}
    assert ana.payments[0].refunded == 0


def test_whoever_moves_to_a_dearer_category_owes_again(session):
    event = make_event()
    make_plan(event, FEE)
    press = db.session.scalars(sa.select(Category.id).where(Category.code == "press")).one()
    make_fee(event, 40_000, category_id=press)
    number = register(event).registration_id
    charge = db.session.scalars(sa.select(Charge)).one()
    record_payment(charge.id, FEE, "cash", actor=STAFF, now=now(), source="office")
    settle(number, actor=STAFF, now=now())
    db.session.commit()
    move_to_category(number, press, actor=STAFF, now=now())
    db.session.commit()
    db.session.expire_all()
    person = db.session.get_one(Registration, number)
    assert (person.status, person.payment) == ("confirmed", "due")
