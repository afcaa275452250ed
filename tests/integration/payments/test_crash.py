"""Killed between any two statements, nothing is half done: it is as before, and the repeated job completes it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
import sqlalchemy as sa

from eventsys.core.db import db
from eventsys.jobs.models import Job
from eventsys.mail.models import Message
from eventsys.payments.models import Case, Charge, LedgerLine, Payment, Refund
from eventsys.registration.models import Registration
from eventsys.registration.operations.cancel import cancel
from eventsys.worker.table import JOBS
from tests.factories.events import make_event
from tests.factories.fees import make_plan
from tests.factories.registrations import ANA, register
from tests.support.payer import FEE, Payer, cases, make_due

IN_FULL = {"stripe": FEE, "income": -FEE}
MANY = 400


class PowerCut(Exception):
    """What a dead process leaves of a transaction: nothing."""


class Cutter:
    """Cuts the power before the n-th statement, or before the commit, of a job."""

    def __init__(self) -> None:
        self.left = 0
        self.done = 0

    def note(self, *_: object) -> None:
        if not self.left:
            return
        self.left -= 1
        self.done += 1
        if not self.left:
            raise PowerCut


@pytest.fixture
def cutter(app, monkeypatch):
    made = Cutter()
    with app.app_context():
        engine = db.engine
    sa.event.listen(engine, "before_cursor_execute", made.note)
    yield made
    sa.event.remove(engine, "before_cursor_execute", made.note)


def snapshot():
    """Everything that settling may touch, as it stands in the database."""
    db.session.rollback()
    db.session.expire_all()
    rows = []
    for model in (Charge, Payment, Refund, Case, LedgerLine, Registration):
        rows += db.session.execute(sa.select(model.__table__).order_by(sa.text("1"))).all()
    rows += db.session.execute(sa.select(Message.template, Message.registration_id)).all()
    rows += db.session.execute(
        sa.select(Job.name, Job.unique_key).where(Job.unique_key.not_like("stripe:%"))
    ).all()
    db.session.rollback()
    return rows


def cut_everywhere(app, cutter, name):
    """Do the due jobs of a name, cut off before every statement in turn; gives how often it was cut."""
    job = next(iter(db.session.query(Job).filter_by(name=name, status="queued")))
    arguments, job_id = dict(job.arguments), job.id
    before = snapshot()
    for place in range(1, MANY):
        cutter.left, cutter.done = place, 0
        try:
            with app.app_context():
                for _ in JOBS[name](app, arguments, now=datetime.now(UTC)) or ():
                    db.session.commit()
                cutter.note()
                db.session.commit()
        except PowerCut:
            assert snapshot() == before, f"half done, cut before statement {place}"
            continue
        cutter.left = 0
        db.session.execute(sa.update(Job).where(Job.id == job_id).values(status="done"))
        db.session.commit()
        return place - 1
    raise AssertionError("it never came to an end")


@pytest.fixture
def ana(app, session, stripe):
    return Payer(app, stripe)


def only_look(stripe):
    """Let one message of all arrive: that the payment page was completed."""
    stripe.deliver([stripe.account.events[-1]])


def test_a_payment(app, ana, stripe, cutter, worker):
    stripe.account.pay(ana.open_page())
    only_look(stripe)
    assert cut_everywhere(app, cutter, "payments.look") > 10
    assert ana.state == ("confirmed", "paid", True)
    assert ana.accounts == IN_FULL
    assert ana.mails == ["pay", "confirmed"]
    stripe.deliver(stripe.account.events)
    worker()
    assert ana.accounts == IN_FULL
    assert ana.mails == ["pay", "confirmed"]


@pytest.mark.parametrize("place", ["free", "none"])
def test_a_payment_that_came_too_late(app, session, stripe, cutter, worker, place):
    event = make_event(capacity=1)
    make_plan(event, FEE)
    ana = Payer(app, stripe, event)
    session_id = ana.open_page()
    ana.payments[-1].session_id = None
    ana.registration.pay_until = datetime.now(UTC) - timedelta(minutes=1)
    db.session.commit()
    make_due("registration.expire")
    worker()
    if place == "none":
        register(event, "bea@example.org")
    stripe.account.pay(session_id)
    only_look(stripe)
    assert cut_everywhere(app, cutter, "payments.look") > 10
    if place == "free":
        assert ana.state == ("confirmed", "paid", True)
        assert ana.accounts == IN_FULL
        return
    assert ana.refunds == [(FEE, "auto", "requested")]
    assert cut_everywhere(app, cutter, "payments.send_refund") > 5
    assert ana.refunds == [(FEE, "auto", "succeeded")]
    assert ana.accounts == {}
    assert len(stripe.account.all("refund")) == 1


def test_a_second_payment(app, ana, stripe, cutter, worker):
    first = ana.open_page()
    ana.payments[-1].expires_at = datetime.now(UTC) + timedelta(minutes=4)
    db.session.commit()
    second = ana.open_page()
    stripe.account.pay(first)
    stripe.deliver()
    worker()
    stripe.account.pay(second)
    only_look(stripe)
    cut_everywhere(app, cutter, "payments.look")
    assert ana.refunds == [(FEE, "auto", "requested")]
    worker()
    assert ana.refunds == [(FEE, "auto", "succeeded")]
    assert ana.accounts == IN_FULL


def test_money_that_does_not_fit(app, ana, stripe, cutter):
    session_id = ana.open_page()
    stripe.account.items[session_id]["amount_total"] = 1_000
    stripe.account.pay(session_id)
    only_look(stripe)
    cut_everywhere(app, cutter, "payments.look")
    assert cases() == ["mismatch"]
    assert ana.accounts == {"receivable": FEE, "income": -FEE, "stripe": 1_000, "suspense": -1_000}


def test_a_refund_from_the_dashboard_and_one_that_fails(app, ana, stripe, cutter, worker):
    intent = stripe.account.pay(ana.open_page())["payment_intent"]
    stripe.deliver()
    worker()
    refund = stripe.account.refund(intent, 5_000)
    only_look(stripe)
    cut_everywhere(app, cutter, "payments.look")
    assert ana.refunds == [(5_000, "dashboard", "succeeded")]
    stripe.account.refund_becomes(refund["id"], "failed")
    only_look(stripe)
    cut_everywhere(app, cutter, "payments.look")
    assert ana.refunds == [(5_000, "dashboard", "failed")]
    assert ana.accounts == IN_FULL


def test_a_dispute(app, ana, stripe, cutter, worker):
    intent = stripe.account.pay(ana.open_page())["payment_intent"]
    stripe.deliver()
    worker()
    stripe.account.dispute_becomes(stripe.account.dispute(intent)["id"], "lost")
    only_look(stripe)
    cut_everywhere(app, cutter, "payments.look")
    assert ana.accounts == {"receivable": FEE, "income": -FEE}
    assert ana.state == ("confirmed", "due", True)


def test_a_place_given_up(app, session, stripe, cutter):
    event = make_event(capacity=1, waiting_list=True)
    make_plan(event, FEE)
    ana = Payer(app, stripe, event)
    ana.open_page()
    bea = register(event, "bea@example.org")
    ana.registration.pay_until = datetime.now(UTC) - timedelta(minutes=1)
    db.session.commit()
    make_due("registration.expire")
    assert cut_everywhere(app, cutter, "registration.expire") > 10
    assert ana.state == ("expired", "not_due", False)
    assert db.session.get_one(Registration, bea.registration_id).status == "submitted"


def test_a_cancelled_registration_gives_back_once(app, ana, stripe, cutter, worker):
    stripe.account.pay(ana.open_page())
    stripe.deliver()
    worker()
    cancel(ana.registration_id, window=None, actor=ANA, now=datetime.now(UTC))
    db.session.commit()
    cut_everywhere(app, cutter, "payments.send_refund")
    assert ana.refunds == [(FEE, "auto", "succeeded")]
    assert len(stripe.account.all("refund")) == 1
