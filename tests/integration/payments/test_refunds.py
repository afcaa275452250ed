"""Money that goes back: by us, by Stripe's dashboard, by the payer's bank; and what goes wrong with it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from eventsys.core.db import db
from eventsys.payments.errors import RefundTooLarge
from eventsys.payments.models import Case, Dispute, LedgerEntry, Refund
from eventsys.payments.operations.refund import request_refund
from eventsys.registration.operations.cancel import cancel
from eventsys.registration.operations.decide_case import decide_case
from eventsys.registration.queries.integrity import find_faults
from tests.factories.events import STAFF
from tests.factories.registrations import ANA
from tests.support.payer import FEE, Payer, cases, make_due

PAID = ("confirmed", "paid", True)
IN_FULL = {"stripe": FEE, "income": -FEE}


@pytest.fixture
def ana(app, session, stripe, worker):
    payer = Payer(app, stripe)
    payer.intent = stripe.account.pay(payer.open_page())["payment_intent"]
    stripe.deliver()
    worker()
    assert payer.state == PAID
    return payer


def ask(payer, amount, **more):
    refund = request_refund(
        payer.payments[-1].id, amount, origin="office", reason="asked", actor=STAFF,
        now=datetime.now(UTC), **more,
    )  # fmt: skip
    db.session.commit()
    return refund.id


def test_refunds_in_part_and_in_full(ana, stripe, worker):
    ask(ana, 10_000)
    worker()
    assert ana.refunds == [(10_000, "office", "succeeded")]
    assert ana.accounts == {"stripe": 15_000, "income": -FEE, "receivable": 10_000}
    assert ana.state == ("confirmed", "due", True)
    stripe.deliver()
    worker()
    ask(ana, 15_000)
    worker()
    stripe.deliver()
    worker()
    assert ana.accounts == {"income": -FEE, "receivable": FEE}
    assert [item["amount"] for item in stripe.account.all("refund")] == [15_000, 10_000]


def test_the_same_form_twice_refunds_once(ana, stripe, worker):
    assert ask(ana, 10_000, key="form-1") == ask(ana, 10_000, key="form-1")
    worker()
    assert len(stripe.account.all("refund")) == 1


def test_never_more_than_what_came(ana, worker):
    ask(ana, 20_000)
    with pytest.raises(RefundTooLarge) as refusal:
        ask(ana, 5_001)
    assert refusal.value.facts["most"] == 5_000


def test_an_answer_that_got_lost_refunds_once(ana, stripe, worker):
    ask(ana, 10_000)
    stripe.lose_answers = 3
    worker()
    assert ana.refunds == [(10_000, "office", "requested")]
    make_due("payments.send_refund")
    worker()
    assert ana.refunds == [(10_000, "office", "succeeded")]
    assert len(stripe.account.all("refund")) == 1


def test_a_refund_tried_again_after_days_is_still_sent_once(ana, stripe, worker):
    """Stripe keeps our keys for a day; a person may press "try again" later."""
    refund_id = ask(ana, 10_000)
    stripe.lose_answers = 3
    worker()
    stripe.calls.forget_keys()
    db.session.get_one(Refund, refund_id).created_at -= timedelta(days=3)
    make_due("payments.send_refund")
    worker()
    assert ana.refunds == [(10_000, "office", "succeeded")]
    assert len(stripe.account.all("refund")) == 1


def test_a_refund_made_in_stripes_dashboard_is_taken_over(ana, stripe, worker):
    stripe.account.refund(ana.intent, 7_000)
    stripe.deliver(times=2, backwards=True)
    worker()
    assert ana.refunds == [(7_000, "dashboard", "succeeded")]
    assert ana.accounts == {"stripe": 18_000, "income": -FEE, "receivable": 7_000}
    stripe.account.refund(ana.intent)
    stripe.deliver()
    worker()
    assert ana.refunds == [(7_000, "dashboard", "succeeded"), (18_000, "dashboard", "succeeded")]
    assert ana.accounts == {"income": -FEE, "receivable": FEE}


def test_a_refund_that_is_told_before_its_payment(app, session, stripe, worker):
    ana = Payer(app, stripe)
    intent = stripe.account.pay(ana.open_page())["payment_intent"]
    refund = stripe.account.refund(intent, 7_000)
    told = [
        event for event in stripe.account.events if event["data"]["object"]["id"] == refund["id"]
    ]
    stripe.deliver(told)
    worker()
    assert ana.state == ("confirmed", "due", True)
    assert ana.refunds == [(7_000, "dashboard", "succeeded")]
    assert ana.accounts == {"stripe": 18_000, "income": -FEE, "receivable": 7_000}


def test_a_pending_refund_counts_at_once_and_once(ana, stripe, worker):
    stripe.account.refunds_become = "pending"
    ask(ana, FEE)
    worker()
    assert ana.refunds == [(FEE, "office", "pending")]
    assert ana.accounts == {"income": -FEE, "receivable": FEE}
    stripe.account.refund_becomes(stripe.account.all("refund")[0]["id"], "succeeded")
    stripe.deliver()
    worker()
    assert ana.refunds == [(FEE, "office", "succeeded")]
    assert ana.accounts == {"income": -FEE, "receivable": FEE}


@pytest.mark.parametrize("first", ["pending", "succeeded"])
def test_a_refund_that_the_bank_gives_back_later_is_before_a_person(ana, stripe, worker, first):
    stripe.account.refunds_become = first
    ask(ana, FEE)
    worker()
    stripe.account.refund_becomes(stripe.account.all("refund")[0]["id"], "failed")
    stripe.deliver(times=2)
    worker()
    assert ana.refunds == [(FEE, "office", "failed")]
    assert ana.accounts == IN_FULL
    assert ana.payments[0].refunded == 0
    assert cases() == ["refund_failed"]
    # The money can be sent again.
    stripe.account.refunds_become = "succeeded"
    ask(ana, FEE)
    worker()
    assert ana.accounts == {"income": -FEE, "receivable": FEE}


def test_a_refund_that_fails_at_once(ana, stripe, worker):
    stripe.account.refunds_become = "failed"
    ask(ana, FEE)
    worker()
    assert ana.accounts == IN_FULL
    assert ana.payments[0].refunded == 0
    assert cases() == ["refund_failed"]


def test_a_refund_that_stripe_refuses(ana, stripe, worker):
    # Somebody was faster in the dashboard, and its message got lost.
    stripe.account.refund(ana.intent)
    stripe.lose()
    refund_id = ask(ana, FEE)
    worker()
    assert ana.refunds == [(FEE, "office", "failed")]
    assert "already been refunded" in db.session.get_one(Refund, refund_id).error
    assert cases() == ["refund_failed"]
    stripe.deliver(stripe.account.events)
    worker()
    assert ana.refunds[1:] == [(FEE, "dashboard", "succeeded")]
    assert ana.accounts == {"income": -FEE, "receivable": FEE}


def test_a_refund_that_fails_is_not_tried_for_ever(ana, stripe, worker):
    stripe.account.refunds_become = "failed"
    cancel(ana.registration_id, window=None, actor=ANA, now=datetime.now(UTC))
    worker()
    stripe.deliver(times=2)
    worker()
    assert ana.refunds == [(FEE, "auto", "failed")]
    assert cases() == ["refund_failed"]
    assert len(stripe.account.all("refund")) == 1
    assert ana.accounts == {"stripe": FEE, "receivable": -FEE}


def test_a_dispute_withdraws_the_money_until_it_is_won(ana, stripe, worker):
    dispute = stripe.account.dispute(ana.intent)
    stripe.deliver(times=2)
    worker()
    assert ana.accounts == {"disputed": FEE, "income": -FEE}
    assert ana.state == PAID
    assert cases() == ["dispute"]
    stripe.account.dispute_becomes(dispute["id"], "under_review")
    stripe.account.dispute_becomes(dispute["id"], "won")
    stripe.deliver(backwards=True)
    worker()
    assert ana.accounts == IN_FULL
    assert db.session.query(Dispute).one().status == "won"


def test_a_dispute_that_is_lost_is_owed_again(ana, stripe, worker):
    dispute = stripe.account.dispute(ana.intent)
    stripe.account.dispute_becomes(dispute["id"], "lost")
    stripe.deliver(backwards=True, times=2)
    worker()
    assert ana.accounts == {"receivable": FEE, "income": -FEE}
    assert ana.state == ("confirmed", "due", True)
    assert db.session.query(Dispute).one().status == "lost"
    kinds = [kind for (kind,) in db.session.query(LedgerEntry.kind).order_by(LedgerEntry.id)]
    assert kinds == ["charge", "payment", "dispute", "dispute_lost"]


def test_what_stripe_keeps_for_a_dispute_is_in_the_ledger_once(ana, stripe, worker):
    stripe.account.dispute_fee, stripe.account.dispute_fee_back = 2_000, 1_500
    dispute = stripe.account.dispute(ana.intent)
    stripe.deliver(times=2)
    worker()
    assert ana.accounts == {"disputed": FEE, "income": -FEE, "stripe": -2_000, "fees": 2_000}
    stripe.account.dispute_becomes(dispute["id"], "won")
    stripe.deliver(backwards=True, times=2)
    worker()
    assert ana.accounts == {"stripe": FEE - 500, "income": -FEE, "fees": 500}
    assert ana.state == PAID
    assert find_faults() == []


def test_a_fee_in_another_currency_is_named_in_the_case(ana, stripe, worker):
    stripe.account.dispute_fee, stripe.account.currency = 1_500, "usd"
    stripe.account.dispute(ana.intent)
    stripe.deliver()
    worker()
    assert ana.accounts == {"disputed": FEE, "income": -FEE}
    assert db.session.query(Case).one().facts["other_fees"] == [[1_500, "USD"]]
    assert find_faults() == []


def test_a_dispute_that_is_told_before_its_payment(app, session, stripe, worker):
    ana = Payer(app, stripe)
    intent = stripe.account.pay(ana.open_page())["payment_intent"]
    dispute = stripe.account.dispute(intent)
    stripe.deliver(
        [event for event in stripe.account.events if event["data"]["object"]["id"] == dispute["id"]]
    )
    worker()
    assert ana.state == PAID
    assert ana.accounts == {"disputed": FEE, "income": -FEE}


def test_an_early_warning_moves_no_money(ana, stripe, worker):
    dispute = stripe.account.dispute(ana.intent, warning=True)
    stripe.account.dispute_becomes(dispute["id"], "warning_closed")
    stripe.deliver()
    worker()
    assert ana.accounts == IN_FULL
    assert cases() == []


def test_what_stripe_sends_back_after_a_person_has_paid_it_out_is_in_the_ledger(
    ana, stripe, worker
):
    ask(ana, FEE)
    stripe.account.refunds_become = "failed"
    worker()
    case = db.session.query(Case).one()
    decide_case(case.id, "paid_out", note="by IBAN", actor=STAFF, now=datetime.now(UTC))
    db.session.commit()
    # A colleague had done the same in the dashboard.
    stripe.account.refunds_become = "succeeded"
    refund = stripe.account.refund(ana.intent)
    for _ in range(2):
        stripe.deliver(stripe.account.events)
        worker()
    beyond = {"income": -FEE, "receivable": FEE, "bank": -FEE, "suspense": FEE}
    assert (ana.accounts, cases()) == (beyond, ["refund_mismatch"])
    stripe.account.refund_becomes(refund["id"], "failed")
    for _ in range(2):
        stripe.deliver(stripe.account.events)
        worker()
    assert ana.accounts == {"income": -FEE, "receivable": FEE, "bank": -FEE, "stripe": FEE}
    assert find_faults() == []
