"""What is disputed is not ours to send back, and what was held for a person was never a payment."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
import sqlalchemy as sa

from eventsys.core.db import db
from eventsys.payments.errors import RefundTooLarge, WrongMoney
from eventsys.payments.models import Case
from eventsys.payments.operations.refund import request_refund
from eventsys.registration.operations.cancel import cancel
from eventsys.registration.operations.decide_case import decide_case
from eventsys.registration.operations.office_fee import HandPayment, record_by_hand
from eventsys.registration.queries.integrity import find_faults
from tests.factories.events import STAFF
from tests.support.payer import FEE, Payer, cases


def now():
    return datetime.now(UTC)


@pytest.fixture
def ana(app, session, stripe, worker):
    """Somebody who has paid, and whose bank asks for the money back."""
    payer = Payer(app, stripe)
    payer.intent = stripe.account.pay(payer.open_page())["payment_intent"]
    payer.dispute = stripe.account.dispute(payer.intent)["id"]
    stripe.deliver()
    worker()
    yield payer
    assert find_faults() == []


@pytest.fixture
def held(app, session, stripe, worker):
    """Somebody of whom 100 came where 250 were asked for, and whose bank asks for them back."""
    payer = Payer(app, stripe)
    page = payer.open_page()
    stripe.account.items[page]["amount_total"] = 10_000
    payer.intent = stripe.account.pay(page)["payment_intent"]
    payer.dispute = stripe.account.dispute(payer.intent)["id"]
    stripe.deliver()
    worker()
    yield payer
    assert find_faults() == []


def ends(payer, stripe, worker, status):
    stripe.account.dispute_becomes(payer.dispute, status)
    stripe.deliver()
    worker()


def leave(payer, worker):
    cancel(payer.registration_id, window=None, actor=STAFF, now=now())
    db.session.commit()
    worker()


def decide(kind, choice):
    query = sa.select(Case.id).where(Case.kind == kind, Case.closed_at.is_(None))
    decide_case(db.session.scalars(query).one(), choice, note="x", actor=STAFF, now=now())
    db.session.commit()


def test_whoever_cancels_in_a_dispute_is_not_told_that_the_card_gets_it(ana, stripe, worker):
    leave(ana, worker)
    assert (ana.refunds, ana.mails[-1]) == ([], "cancelled")
    assert cases() == ["dispute", "pay_out"]
    with pytest.raises(RefundTooLarge):
        decide("pay_out", "send_back")
    db.session.rollback()
    ends(ana, stripe, worker, "lost")
    assert ana.accounts == {}
    assert cases() == ["dispute"]


def test_a_dispute_that_is_won_after_cancelling_is_sent_back_and_told(ana, stripe, worker):
    leave(ana, worker)
    ends(ana, stripe, worker, "won")
    worker()
    assert (ana.refunds, ana.mails[-1]) == ([(FEE, "auto", "succeeded")], "refunded")
    assert (ana.accounts, cases()) == ({}, ["dispute"])


def test_what_the_bank_took_is_not_sent_a_second_time(ana, stripe, worker):
    ends(ana, stripe, worker, "lost")
    with pytest.raises(RefundTooLarge) as refusal:
        request_refund(ana.payments[0].id, FEE, origin="office", reason="x", actor=STAFF, now=now())
    assert refusal.value.facts["most"] == 0
    db.session.rollback()
    money = HandPayment(FEE, "bank", "0" * 32)
    record_by_hand(ana.registration_id, money, actor=STAFF, now=now())
    db.session.commit()
    leave(ana, worker)
    # The transfer is what goes back, by a person; the card has got its money.
    assert (ana.refunds, cases()) == ([], ["dispute", "pay_out"])
    decide("pay_out", "send_back")
    assert ana.refunds == [(FEE, "office", "succeeded")]
    assert ana.accounts == {}


def test_money_that_was_held_and_is_lost_is_not_owed_twice(held, stripe, worker):
    ends(held, stripe, worker, "lost")
    assert held.accounts == {"income": -FEE, "receivable": FEE}
    assert (held.charge.billed, held.charge.received) == (FEE, 0)
    for choice, refusal in (("accept", WrongMoney), ("send_back", RefundTooLarge)):
        with pytest.raises(refusal):
            decide("mismatch", choice)
        db.session.rollback()
    decide("mismatch", "other")
    assert held.accounts == {"income": -FEE, "receivable": FEE}


def test_money_that_was_held_and_is_won_can_be_counted(held, stripe, worker):
    ends(held, stripe, worker, "won")
    decide("mismatch", "accept")
    assert held.accounts == {"income": -FEE, "receivable": FEE - 10_000, "stripe": 10_000}


def test_money_that_was_counted_before_it_is_lost_is_owed_again(held, stripe, worker):
    decide("mismatch", "accept")
    ends(held, stripe, worker, "lost")
    assert held.accounts == {"income": -FEE, "receivable": FEE}


def test_a_dispute_about_money_of_another_currency_moves_nothing_here(app, session, stripe, worker):
    payer = Payer(app, stripe)
    page = payer.open_page()
    stripe.account.items[page]["currency"] = "usd"
    intent = stripe.account.pay(page)["payment_intent"]
    payer.dispute = stripe.account.dispute(intent)["id"]
    stripe.deliver()
    worker()
    ends(payer, stripe, worker, "lost")
    assert payer.accounts == {"income": -FEE, "receivable": FEE}
    assert sorted(cases()) == ["dispute", "mismatch"]
    assert find_faults() == []
