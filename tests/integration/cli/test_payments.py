"""``flask payments reconcile``: what Stripe keeps is compared, mended, and put before a person."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta

import pytest

from eventsys.core.db import db
from eventsys.jobs.models import Job
from eventsys.payments.models import Payment
from eventsys.payments.operations.refund import request_refund
from eventsys.registration.operations.ask_reconcile import ask_reconcile
from tests.factories.events import STAFF, make_event
from tests.factories.fees import make_plan
from tests.support.payer import FEE, Payer, cases

PAID = ("confirmed", "paid", True)
IN_FULL = {"stripe": FEE, "income": -FEE}


@pytest.fixture
def ana(app, session, stripe):
    return Payer(app, stripe)


def test_where_both_agree_nothing_is_done(ana, stripe, worker, reconcile):
    intent = stripe.account.pay(ana.open_page())["payment_intent"]
    stripe.account.refund(intent, 5_000)
    stripe.deliver()
    worker()
    before = ana.accounts
    report = reconcile()
    assert (report["mended"], report["undecided"]) == ([], [])
    assert report["checked"] == {"sessions": 1, "refunds": 1, "disputes": 0, "payments": 1}
    assert ana.accounts == before


def test_what_lost_messages_left_is_mended(ana, stripe, worker, reconcile):
    intent = stripe.account.pay(ana.open_page())["payment_intent"]
    stripe.account.refund(intent, 5_000)
    stripe.account.dispute_becomes(stripe.account.dispute(intent)["id"], "won")
    stripe.lose()
    report = reconcile("--since", f"{datetime.now(UTC) - timedelta(days=2):%Y-%m-%d}")
    assert [item["outcome"] for item in report["mended"]] == ["succeed", "succeeded", "won"]
    assert ana.state == ("confirmed", "due", True)
    assert ana.refunds == [(5_000, "dashboard", "succeeded")]
    assert ana.accounts == {"stripe": 20_000, "income": -FEE, "receivable": 5_000}
    again = reconcile()
    assert (again["mended"], again["undecided"]) == ([], [])
    worker()
    assert ana.mails == ["pay", "confirmed", "refunded"]


def test_an_old_page_that_still_waits_is_asked_for(ana, stripe, reconcile):
    session_id = ana.open_page()
    stripe.account.pay_later(session_id)
    stripe.account.bank_decides(session_id, paid=True)
    stripe.lose()
    long_ago = datetime.now(UTC) - timedelta(days=40)
    stripe.account.items[session_id]["created"] = int(long_ago.timestamp())
    ana.payments[-1].created_at = long_ago
    assert [item["outcome"] for item in reconcile()["mended"]] == ["succeed"]
    assert ana.state == PAID


def test_a_page_made_with_another_key_stops_nothing(ana, stripe, reconcile):
    del stripe.account.items[ana.open_page()]
    ana.payments[-1].created_at = datetime.now(UTC) - timedelta(days=40)
    assert reconcile()["undecided"] == []


def test_money_that_does_not_fit_is_undecided(ana, stripe, reconcile):
    session_id = ana.open_page()
    stripe.account.items[session_id]["amount_total"] = 700
    stripe.account.pay(session_id)
    stripe.lose()
    (item,) = reconcile()["undecided"]
    assert (item["session"], item["why"]) == (session_id, "mismatch")
    assert cases() == ["mismatch"]
    assert ana.state == ("submitted", "due", True)


def test_an_open_dispute_is_undecided(ana, stripe, reconcile):
    stripe.account.dispute(stripe.account.pay(ana.open_page())["payment_intent"])
    stripe.lose()
    assert [item["why"] for item in reconcile()["undecided"]] == ["dispute"]
    assert cases() == ["dispute"]


def test_pages_of_other_systems_are_left_alone(ana, stripe, reconcile):
    session_id = ana.open_page()
    stripe.account.items[session_id]["metadata"] = {"order": "4711"}
    stripe.account.pay(session_id)
    ana.payments[-1].session_id = None
    report = reconcile()
    assert report["foreign"] == 1
    assert (report["mended"], report["undecided"]) == ([], [])
    assert cases() == []


def test_money_for_our_charge_that_we_do_not_know(ana, stripe, reconcile):
    """A database that was restored from a copy knows the charge, and not the try to pay it."""
    session_id = ana.open_page()
    stripe.account.pay(session_id)
    stripe.lose()
    db.session.delete(ana.payments[0])
    report = reconcile()
    assert [item["why"] for item in report["undecided"]] == ["unknown_money"]
    assert cases() == ["unknown_money"]
    reconcile()
    assert cases() == ["unknown_money"]


@pytest.mark.parametrize("gone", [True, False])
def test_what_we_count_as_paid_and_stripe_does_not(ana, stripe, worker, reconcile, gone):
    session_id = ana.open_page()
    stripe.account.pay(session_id)
    stripe.deliver()
    worker()
    if gone:
        del stripe.account.items[session_id]
        ana.payments[0].created_at -= timedelta(hours=1)
    else:
        stripe.account.items[session_id]["amount_total"] = 100
    report = reconcile()
    assert [item["why"] for item in report["undecided"]] == ["not_at_stripe"]
    assert cases() == ["not_at_stripe"]
    assert ana.accounts == IN_FULL


def test_a_refund_whose_job_was_given_up_is_sent(ana, stripe, worker, reconcile):
    stripe.account.pay(ana.open_page())
    stripe.deliver()
    worker()
    refund = request_refund(
        ana.payments[0].id, 5_000, origin="office", reason="", actor=STAFF,
        now=datetime.now(UTC) - timedelta(days=2),
    )  # fmt: skip
    db.session.execute(
        db.text("UPDATE job SET status = 'failed' WHERE name = 'payments.send_refund'")
    )
    report = reconcile()
    assert report["mended"] == [{"refund": refund.id, "outcome": "sent again"}]
    worker()
    assert ana.refunds == [(5_000, "office", "succeeded")]
    assert reconcile()["mended"] == []


@pytest.mark.parametrize("by_worker", [False, True], ids=["command", "worker"])
def test_one_that_cannot_be_applied_leaves_the_others_alone(
    app, session, stripe, worker, by_worker
):
    """Bruno's payment breaks something: Ana's and Chen's are applied and stay so, and his is named."""
    event = make_event()
    make_plan(event, FEE)
    people = [Payer(app, stripe, event, f"{name}@example.org") for name in ("ana", "bruno", "chen")]
    pages = [payer.open_page() for payer in people]
    intents = [stripe.account.pay(page)["payment_intent"] for page in pages]
    stripe.lose()
    # A row that should not be: another try to pay bears the number of his.
    db.session.add(
        Payment(
            key="x", charge_id=people[1].charge.id, method="stripe", status="failed", amount=FEE, currency="EUR",
            refunded=0, intent_id=intents[1], created_at=datetime.now(UTC), updated_at=datetime.now(UTC),
        )
    )  # fmt: skip
    db.session.commit()
    if by_worker:
        ask_reconcile(actor=STAFF, now=datetime.now(UTC))
        db.session.commit()
        worker()
        kept = db.session.query(Job).filter(Job.error.like("NotAllApplied%")).one()
        assert (kept.status, kept.progress["failed"]) == ("queued", 1)
        assert pages[1] in kept.error
    else:
        result = app.test_cli_runner().invoke(args=["payments", "reconcile"])
        assert result.exit_code == 1
        assert "1 could not be applied" in result.stderr
        report = json.loads(result.stdout)
        assert [item["what"] for item in report["failed"]] == [pages[1]]
        assert len(report["mended"]) == 2
    assert [payer.state for payer in people] == [PAID, ("submitted", "due", True), PAID]
    # Once what was wrong is right, the next comparison does the rest.
    db.session.query(Payment).filter_by(key="x").delete()
    db.session.commit()
    result = app.test_cli_runner().invoke(args=["payments", "reconcile"])
    assert result.exit_code == 0
    assert [payer.state for payer in people] == [PAID, PAID, PAID]


def test_without_a_key_or_an_answer_it_says_so_and_changes_nothing(app, session, stripe):
    stripe.trouble = "503"
    runner = app.test_cli_runner()
    result = runner.invoke(args=["payments", "reconcile"])
    assert result.exit_code == 1
    assert "The payment service does not answer" in result.stderr
    result = runner.invoke(args=["payments", "reconcile", "--since", "yesterday"])
    assert result.exit_code == 2


def test_it_needs_a_key(app, session):
    result = app.test_cli_runner().invoke(args=["payments", "reconcile"])
    assert result.exit_code == 1
    assert "EVENTSYS_STRIPE_SECRET_KEY" in result.stderr
