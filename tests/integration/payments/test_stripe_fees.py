"""What Stripe keeps of a payment: in the ledger once, whenever it is told, and owed by nobody."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
import sqlalchemy as sa

from eventsys.core.db import db
from eventsys.payments.gateway import Gateway
from eventsys.payments.models import LedgerEntry, StripeBooking
from eventsys.payments.operations.post import lock_charge, post
from eventsys.payments.operations.refund import request_refund
from eventsys.payments.queries.bookings import count_unbooked
from eventsys.payments.rules.ledger import Account, Kind, moved
from eventsys.registration.operations.follow import follow_session
from eventsys.registration.queries.integrity import find_faults
from tests.factories.events import STAFF, make_event
from tests.factories.fees import make_plan
from tests.support.payer import FEE, Payer, make_due
from tests.support.race import together
from tests.support.stripe.server import KEY, WEBHOOK_SECRET

PAID = ("confirmed", "paid", True)
IN_FULL = {"stripe": FEE, "income": -FEE}
KEPT = 475
LESS_KEPT = {"stripe": FEE - KEPT, "income": -FEE, "fees": KEPT}


@pytest.fixture
def ana(app, session, stripe):
    stripe.account.fee, stripe.account.fee_tax = KEPT, 75
    return Payer(app, stripe)


def pay(payer, stripe, worker):
    payer.intent = stripe.account.pay(payer.open_page())["payment_intent"]
    stripe.deliver()
    worker()
    assert payer.state == PAID


def bookings():
    db.session.commit()
    query = sa.select(StripeBooking).order_by(StripeBooking.id)
    return [
        (row.kind, row.amount, row.fee, row.tax, row.currency, row.rate)
        for row in db.session.scalars(query)
    ]


def rules():
    db.session.expire_all()
    return {fault.rule for fault in find_faults()}


def test_the_fee_comes_with_the_payment_and_is_counted_once(ana, stripe, worker, reconcile):
    pay(ana, stripe, worker)
    assert ana.accounts == LESS_KEPT
    assert bookings() == [("payment", FEE, KEPT, 75, "EUR", "")]
    stripe.deliver(stripe.account.events, times=2, backwards=True)
    worker()
    assert reconcile()["booked"] == 0
    assert ana.accounts == LESS_KEPT
    assert count_unbooked() == 0
    assert rules() == set()


def test_it_costs_no_request(ana, stripe, worker):
    pay(ana, stripe, worker)
    asked = {call for call, _ in stripe.calls.made}
    assert asked == {
        "POST /v1/checkout/sessions", "GET /v1/checkout/sessions", "GET /v1/checkout/sessions/{session}",
        "GET /v1/refunds", "GET /v1/charges/{charge}",
    }  # fmt: skip
    # One message each of intent made, intent paid, charge and page: as many requests as without the fee.
    assert len(stripe.calls.made) == 9


def test_nobody_owes_it(ana, stripe, worker):
    pay(ana, stripe, worker)
    assert (ana.charge.billed, ana.charge.received) == (FEE, FEE)
    assert ana.mails == ["pay", "confirmed"]
    # The whole payment can go back: Stripe keeps its fee, and the loss is ours.
    request_refund(
        ana.payments[0].id, FEE, origin="office", reason="", actor=STAFF, now=datetime.now(UTC)
    )
    db.session.commit()
    worker()
    stripe.deliver()
    worker()
    assert ana.refunds == [(FEE, "office", "succeeded")]
    assert ana.accounts == {"stripe": -KEPT, "income": -FEE, "fees": KEPT, "receivable": FEE}
    assert [row[:3] for row in bookings()] == [("payment", FEE, KEPT), ("refund", -FEE, 0)]
    assert rules() == set()


def test_stripe_books_later_and_tells(ana, stripe, worker):
    stripe.account.books_later = True
    pay(ana, stripe, worker)
    assert ana.accounts == IN_FULL
    assert count_unbooked() == 1
    stripe.account.book()
    stripe.deliver(times=2)
    worker()
    assert ana.accounts == LESS_KEPT
    assert ana.mails == ["pay", "confirmed"]
    assert rules() == set()


def test_a_direct_debit_has_its_fee_when_the_money_came(ana, stripe, worker):
    page = ana.open_page()
    stripe.account.pay_later(page)
    stripe.deliver()
    worker()
    assert bookings() == []
    stripe.account.bank_decides(page, paid=True)
    stripe.deliver(backwards=True)
    worker()
    assert ana.accounts == LESS_KEPT


def test_what_is_booked_for_a_payment_that_has_not_come_is_left_alone(ana, stripe, worker):
    """Some banks are booked in advance, and taken back when they refuse."""
    page = ana.open_page()
    stripe.account.pay_later(page)
    stripe.account._book_in(stripe.account.all("charge")[0])
    stripe.deliver()
    worker()
    assert bookings() == []
    assert ana.accounts == {"receivable": FEE, "income": -FEE}


def test_a_message_that_got_lost_is_made_up_for_by_the_comparison(ana, stripe, worker, reconcile):
    stripe.account.books_later = True
    pay(ana, stripe, worker)
    assert (report := reconcile())["booked"] == 0
    assert report["unbooked"] == 1
    stripe.account.book()
    stripe.lose()
    report = reconcile()
    assert (report["booked"], report["unbooked"]) == (1, 0)
    # Nothing was wrong, and nobody has anything to look at.
    assert (report["mended"], report["undecided"]) == ([], [])
    assert ana.accounts == LESS_KEPT


def test_a_payment_of_before_gets_its_fee(ana, stripe, worker, reconcile):
    """Settled by an older version, which knew no fees; its page is older than what is compared as a rule."""
    stripe.account.books_later = True
    pay(ana, stripe, worker)
    stripe.account.book()
    stripe.lose()
    long_ago = datetime.now(UTC) - timedelta(days=400)
    stripe.account.all("checkout.session")[0]["created"] = int(long_ago.timestamp())
    ana.payments[0].created_at = long_ago
    report = reconcile()
    assert (report["booked"], report["checked"]["sessions"]) == (1, 1)
    assert ana.accounts == LESS_KEPT
    assert reconcile()["checked"]["sessions"] == 0


def test_the_worker_compares_the_same(ana, stripe, worker):
    stripe.account.books_later = True
    pay(ana, stripe, worker)
    stripe.account.book()
    stripe.lose()
    make_due("payments.reconcile")
    worker()
    assert ana.accounts == LESS_KEPT


def test_a_fee_in_another_currency_is_kept_as_stripe_told_it(ana, stripe, worker):
    stripe.account.currency = "usd"
    pay(ana, stripe, worker)
    assert ana.accounts == IN_FULL
    assert bookings() == [("payment", 27_125, KEPT, 75, "USD", "1.085")]
    assert count_unbooked() == 0
    assert rules() == set()


def test_a_currency_without_cents(app, session, stripe, worker):
    event = make_event("tokyo")
    make_plan(event, 25_000, currency="JPY")
    stripe.account.currency, stripe.account.fee = "jpy", 900
    payer = Payer(app, stripe, event)
    pay(payer, stripe, worker)
    assert payer.accounts == {"stripe": 24_100, "income": -25_000, "fees": 900}
    assert bookings() == [("payment", 25_000, 900, 0, "JPY", "")]


def test_a_fee_for_a_refund(ana, stripe, worker):
    pay(ana, stripe, worker)
    stripe.account.refund_fee = 40
    refund = stripe.account.refund(ana.intent, 5_000)
    stripe.deliver(times=2, backwards=True)
    worker()
    assert ana.accounts == {
        "stripe": 20_000 - KEPT - 40, "income": -FEE, "receivable": 5_000, "fees": KEPT + 40,
    }  # fmt: skip
    stripe.account.refund_becomes(refund["id"], "failed")
    stripe.deliver()
    worker()
    assert ana.accounts == {"stripe": FEE - KEPT - 40, "income": -FEE, "fees": KEPT + 40}
    assert [row[:3] for row in bookings()] == [
        ("payment", FEE, KEPT), ("refund", -5_000, 40), ("refund_failed", 5_000, 0),
    ]  # fmt: skip
    # What Stripe's account has, and what our ledger says of it.
    assert sum(row[1] - row[2] for row in bookings()) == ana.accounts["stripe"]
    assert rules() == set()


def test_a_lost_refund_is_booked_by_the_comparison(ana, stripe, worker, reconcile):
    pay(ana, stripe, worker)
    request_refund(
        ana.payments[0].id, 5_000, origin="office", reason="", actor=STAFF, now=datetime.now(UTC)
    )
    db.session.commit()
    stripe.account.refund_fee = 40
    worker()
    stripe.lose()
    # The answer to our order does not tell what was booked.
    assert [row[0] for row in bookings()] == ["payment"]
    report = reconcile()
    assert (report["booked"], report["mended"]) == (1, [])
    assert ana.accounts["fees"] == KEPT + 40


def test_a_refund_of_the_dashboard_that_failed_before_we_heard_of_it(ana, stripe, worker):
    pay(ana, stripe, worker)
    stripe.account.refund_fee = 40
    refund = stripe.account.refund(ana.intent, 5_000)
    stripe.account.refund_becomes(refund["id"], "failed")
    stripe.deliver()
    worker()
    assert ana.refunds == []
    assert ana.accounts == {"stripe": FEE - KEPT - 40, "income": -FEE, "fees": KEPT + 40}
    assert rules() == set()


def test_a_dispute_is_booked_with_its_fee(ana, stripe, worker, reconcile):
    pay(ana, stripe, worker)
    stripe.account.dispute_fee, stripe.account.dispute_fee_back = 2_000, 1_500
    dispute = stripe.account.dispute(ana.intent)
    stripe.account.dispute_becomes(dispute["id"], "won")
    stripe.deliver(backwards=True, times=2)
    worker()
    assert ana.accounts == {
        "stripe": FEE - KEPT - 500, "income": -FEE, "fees": KEPT + 500,
    }  # fmt: skip
    assert [row[:3] for row in bookings()] == [
        ("payment", FEE, KEPT), ("dispute", -FEE, 2_000), ("dispute", FEE, -1_500),
    ]  # fmt: skip
    assert reconcile()["booked"] == 0
    assert rules() == set()


def test_a_dispute_whose_fee_an_older_version_counted_is_counted_once(ana, stripe, worker):
    """It posted the fee, and kept nothing of what Stripe had booked."""
    pay(ana, stripe, worker)
    stripe.account.dispute_fee = 2_000
    stripe.account.dispute(ana.intent)
    booked = stripe.account.all("balance_transaction")[0]
    charge = lock_charge(ana.charge.id)
    lines = moved(Kind.DISPUTE_FEE, Account.FEES, Account.STRIPE, 2_000)
    post(
        charge, Kind.DISPUTE_FEE, lines, unique_key=f"dispute_fee:{booked['id']}", source="dispute:1", actor=STAFF,
        now=datetime.now(UTC),
    )  # fmt: skip
    db.session.commit()
    assert rules() == set()
    stripe.deliver()
    worker()
    assert ana.accounts["fees"] == KEPT + 2_000
    assert [row[:3] for row in bookings()][1:] == [("dispute", -FEE, 2_000)]
    assert rules() == set()


def test_money_that_is_held_had_its_fee_too(ana, stripe, worker):
    page = ana.open_page()
    stripe.account.items[page]["amount_total"] = 700
    stripe.account.pay(page)
    stripe.deliver()
    worker()
    assert ana.payments[0].status == "held"
    assert ana.accounts == {
        "receivable": FEE, "income": -FEE, "suspense": -700, "stripe": 700 - KEPT, "fees": KEPT,
    }  # fmt: skip
    assert rules() == set()


def test_a_second_page_for_one_try_is_not_counted(ana, stripe, worker):
    """It cannot come from us; should it ever, a person looks at its money, and its fee is not ours to count."""
    pay(ana, stripe, worker)
    page = Gateway(KEY, WEBHOOK_SECRET, stripe.url).get_session(ana.payments[0].session_id)
    other = replace(page, id="cs_test_other", booking=replace(page.booking, id="txn_test_other"))
    now = datetime.now(UTC)
    assert follow_session(other, livemode=False, actor=STAFF, now=now) == "nothing new"
    # Nor one of the other mode, where fees are play money.
    other = replace(other, id=page.id, livemode=True)
    assert follow_session(other, livemode=False, actor=STAFF, now=now) == "nothing new"
    db.session.commit()
    assert len(bookings()) == 1


@pytest.mark.parametrize("status", [403, 400], ids=["key", "question"])
def test_payments_do_not_wait_for_what_only_fees_need(ana, stripe, worker, reconcile, status):
    """A restricted key may not read bookings; or Stripe one day takes the question for a wrong one."""
    stripe.account.hides_bookings = status
    pay(ana, stripe, worker)
    assert ana.accounts == IN_FULL
    report = reconcile()
    assert (report["booked"], report["unbooked"]) == (0, 1)
    assert (report["mended"], report["undecided"], report["failed"]) == ([], [], [])
    stripe.account.hides_bookings = 0
    assert reconcile()["booked"] == 1
    assert ana.accounts == LESS_KEPT


def test_two_who_hear_it_at_once_count_it_once(ana, stripe, worker, reconcile):
    """The message and the comparison; the database itself refuses a second booking, whoever comes."""
    stripe.account.books_later = True
    pay(ana, stripe, worker)
    stripe.account.book()
    stripe.account.tell("charge.updated", stripe.account.all("charge")[0])
    stripe.deliver()
    reconcile()
    worker()
    assert ana.accounts == LESS_KEPT
    entries = db.session.query(LedgerEntry).filter_by(kind="stripe_fee").all()
    assert [(row.source, row.actor_label) for row in entries] == [
        (f"payment:{ana.payments[0].id}", "reconcile")
    ]


def test_many_at_one_moment_count_it_once(app, ana, stripe, worker):
    stripe.account.books_later = True
    pay(ana, stripe, worker)
    stripe.account.book()
    facts = Gateway(KEY, WEBHOOK_SECRET, stripe.url).get_session(ana.payments[0].session_id)
    now = datetime.now(UTC)
    made = together(app, [lambda: follow_session(facts, livemode=False, actor=STAFF, now=now)] * 6)
    assert sorted(made) == ["booked", *["nothing new"] * 5]
    assert ana.accounts == LESS_KEPT
    assert rules() == set()


@pytest.mark.parametrize(
    "change", ["UPDATE stripe_booking SET fee = fee + 1", "DELETE FROM stripe_booking"]
)
def test_the_database_refuses_to_change_what_stripe_told(ana, stripe, worker, change):
    pay(ana, stripe, worker)
    with pytest.raises(sa.exc.DBAPIError, match="only ever added to"):
        db.session.execute(sa.text(change))
    db.session.rollback()


MADE_UP = {
    "INSERT INTO stripe_booking (stripe_id, payment_id, kind, currency, amount, fee, tax, rate, booked_at) "
    "SELECT 'txn_x', id, 'payment', 'EUR', 1, 7, 0, '', created_at FROM payment":
        "a fee of Stripe stands in the ledger as Stripe told it",
    "INSERT INTO ledger_line (entry_id, account, amount) SELECT id, 'fees', 5 FROM ledger_entry "
    "WHERE kind = 'stripe_fee'":
        "a fee of Stripe stands in the ledger as Stripe told it",
    "INSERT INTO ledger_entry (at, kind, charge_id, event_id, currency, unique_key, source, actor_kind, "
    "actor_label, note) SELECT at, kind, charge_id, event_id, currency, 'stripe_fee:txn_none', source, "
    "actor_kind, actor_label, note FROM ledger_entry WHERE kind = 'stripe_fee'":
        "a fee in the ledger was told by Stripe",
}  # fmt: skip


@pytest.mark.parametrize(("statement", "rule"), MADE_UP.items())
def test_flask_check_finds_fees_that_stripe_did_not_tell(ana, stripe, worker, statement, rule):
    pay(ana, stripe, worker)
    assert rules() == set()
    db.session.execute(sa.text(statement))
    db.session.commit()
    assert rule in rules()
