"""Stripe's messages are hints: repeated, late, out of order, lost, strange or forged, the truth is asked for."""

from __future__ import annotations

import json
import random
from datetime import UTC, datetime

import pytest

from eventsys.core.db import db
from eventsys.jobs.models import Job
from eventsys.payments.models import StripeEvent
from tests.support.payer import FEE, Payer, cases, jobs, make_due
from tests.support.stripe.server import sign

PAID = ("confirmed", "paid", True)
WAITING = ("submitted", "due", True)
IN_FULL = {"stripe": FEE, "income": -FEE}


@pytest.fixture
def ana(app, session, stripe):
    return Payer(app, stripe)


def looks():
    db.session.commit()
    return db.session.query(Job).filter_by(name="payments.look").count()


def test_a_repeated_message_is_stored_once(ana, stripe, worker):
    stripe.account.pay(ana.open_page())
    count = len(stripe.account.events)
    assert set(stripe.deliver(times=3)) == {204}
    assert db.session.query(StripeEvent).count() == count
    worker()
    assert set(stripe.deliver(stripe.account.events)) == {204}
    worker()
    assert ana.state == PAID
    assert ana.accounts == IN_FULL
    assert ana.mails == ["pay", "confirmed"]
    assert all(row.handled_at for row in db.session.query(StripeEvent))


@pytest.mark.parametrize("seed", range(4))
def test_any_order_comes_to_the_same(ana, stripe, worker, seed):
    session_id = ana.open_page()
    stripe.account.decline(session_id)
    intent = stripe.account.pay(session_id)["payment_intent"]
    stripe.account.refund(intent, 5_000)
    stripe.account.refund(intent, 2_000)
    events = [*stripe.account.events, *stripe.account.events[:4]]
    random.Random(seed).shuffle(events)
    for event in events:
        stripe.deliver([event])
        if seed % 2:
            worker()
    worker()
    assert ana.state == ("confirmed", "due", True)
    assert sorted(ana.refunds) == [
        (2_000, "dashboard", "succeeded"),
        (5_000, "dashboard", "succeeded"),
    ]
    assert ana.accounts == {"stripe": FEE - 7_000, "income": -FEE, "receivable": 7_000}
    assert ana.mails == ["pay", "confirmed", "refunded", "refunded"]


def test_a_message_that_is_a_day_late_changes_nothing_more(ana, stripe, worker):
    session_id = ana.open_page()
    stripe.account.decline(session_id)
    late = stripe.waiting()
    stripe.lose()
    stripe.account.pay(session_id)
    stripe.deliver()
    worker()
    stripe.deliver(late)
    worker()
    assert ana.state == PAID


def test_lost_messages_are_made_good_by_looking(ana, stripe, worker):
    stripe.account.pay(ana.open_page())
    stripe.lose()
    worker()
    assert ana.state == WAITING
    make_due("payments.look_after")
    worker()
    assert ana.state == PAID
    assert ana.mails == ["pay", "confirmed"]


@pytest.mark.parametrize(
    "strange",
    [
        {"type": "customer.created", "data": {"object": {"id": "cus_1", "object": "customer"}}},
        {"type": "payout.paid", "data": {"object": {"id": "po_1", "object": "payout"}}},
        {"type": "balance.available", "data": {"object": {"object": "balance"}}},
        {"type": "v3.invented", "data": {"object": {"id": "x" * 300, "object": "invented"}}},
    ],
)
def test_unknown_kinds_are_answered_and_change_nothing(ana, stripe, worker, strange):
    ana.open_page()
    event = {
        "id": "evt_strange",
        "object": "event",
        "created": 1_700_000_000,
        "livemode": False,
        **strange,
    }
    asked = stripe.requests
    assert stripe.send(event) == 204
    worker()
    assert ana.state == WAITING
    assert looks() == 0
    assert stripe.requests == asked
    assert db.session.query(StripeEvent).one().outcome == "not ours"


def test_objects_of_others_change_nothing(ana, stripe, worker):
    """The association's shop uses the same account at Stripe; another account's objects are not found."""
    ana.open_page()
    shop = stripe.account.make(
        "payment_intent", "pi", amount=900, currency="eur", status="succeeded", payment_method_types=["card"],
    )  # fmt: skip
    charge = stripe.account.make("charge", "ch", amount=900, currency="eur", payment_intent=shop["id"], status="succeeded", paid=True)  # fmt: skip
    shop["latest_charge"] = charge["id"]
    stripe.account.refund(shop["id"], 100)
    stripe.account.dispute(shop["id"])
    stripe.account.tell("payment_intent.succeeded", shop)
    stripe.account.tell("charge.succeeded", charge)
    alien = stripe.account.tell("charge.succeeded", charge)
    alien["data"]["object"]["id"] = "ch_of_another_account"
    assert set(stripe.deliver()) == {204}
    worker()
    assert ana.state == WAITING
    assert ana.accounts == {"receivable": FEE, "income": -FEE}
    assert cases() == []
    assert jobs("queued") == []
    outcomes = {row.outcome for row in db.session.query(StripeEvent)}
    assert outcomes == {"not ours", "unknown to Stripe"}


def test_a_page_of_another_system_with_the_same_account(ana, stripe, worker):
    session_id = ana.open_page()
    stripe.account.items[session_id]["metadata"] = {"payment": "somebody else's"}
    stripe.account.pay(session_id)
    stripe.deliver()
    worker()
    assert ana.state == WAITING
    assert cases() == []


def test_a_message_of_the_other_mode_is_not_kept(ana, stripe, worker):
    stripe.account.pay(ana.open_page())
    for event in stripe.waiting():
        event["livemode"] = True
    assert set(stripe.deliver()) == {204}
    assert db.session.query(StripeEvent).count() == 0
    assert looks() == 0


@pytest.mark.parametrize(
    "signing", [{"secret": "whsec_other"}, {"at": 1_700_000_000.0}], ids=["forged", "old"]
)
def test_a_wrong_signature_is_refused(ana, stripe, signing):
    stripe.account.pay(ana.open_page())
    assert stripe.send(stripe.waiting()[-1], **signing) == 400
    assert db.session.query(StripeEvent).count() == 0


def test_no_signature_or_no_message_is_refused(app, session, stripe):
    assert stripe.post(b"{}", "") == 400
    for body in (b"[]", b"\xff\xfe", json.dumps({"id": "evt_1"}).encode()):
        assert stripe.post(body, sign(body)) == 400


def test_without_a_key_there_is_nobody_to_tell(app, session):
    assert app.test_client().post("/hooks/stripe", data=b"{}").status_code == 404


@pytest.mark.parametrize("trouble", ["503", "closed"])
def test_stripe_away_when_somebody_wants_to_pay(ana, stripe, worker, trouble):
    stripe.trouble = trouble
    page = ana.press_pay()
    assert "The payment service does not answer at the moment." in page.main
    assert ana.state == WAITING
    stripe.trouble = ""
    session_id = ana.open_page()
    assert len(ana.payments) == 1
    stripe.account.pay(session_id)
    stripe.deliver()
    worker()
    assert ana.state == PAID


def test_the_answer_with_the_page_gets_lost(ana, stripe, worker):
    """The page stands at Stripe and we do not know of it: the next click finds it."""
    stripe.lose_answers = 3
    ana.press_pay()
    session_id = ana.open_page()
    assert len(stripe.account.all("checkout.session")) == 1
    stripe.account.pay(session_id)
    stripe.deliver()
    worker()
    assert ana.state == PAID


def test_stripe_refuses_to_make_a_page(ana, stripe, monkeypatch):
    """Whatever it was: the next click begins anew, and does not meet the same refusal kept for its key."""
    monkeypatch.setattr("tests.support.stripe.calls.SMALLEST", FEE + 1)
    # What a transfer left, less than a card can be charged: trying again in a few minutes would not help.
    assert "This is too little to be paid online." in ana.press_pay().main
    monkeypatch.undo()
    ana.open_page()
    assert [row.status for row in ana.payments] == ["expired", "open"]


def test_stripe_away_when_a_message_is_looked_into(ana, stripe, worker):
    stripe.account.pay(ana.open_page())
    stripe.trouble = "503"
    assert set(stripe.deliver()) == {204}
    worker()
    assert ana.state == WAITING
    assert set(jobs("queued")) == {"payments.look"}
    error = db.session.query(Job).filter(Job.attempts > 0).first().error
    assert "Try again later" in error
    stripe.trouble = ""
    make_due("payments.look")
    worker()
    assert ana.state == PAID
    assert jobs("queued") == []


def test_no_transaction_is_open_while_stripe_is_asked(app, ana, stripe, worker, engine):
    """Whoever writes meanwhile does not wait for Stripe."""
    writes = []

    def write_meanwhile():
        with app.app_context(), db.engine.connect() as other:
            if engine == "sqlite":
                other.exec_driver_sql("COMMIT")
                other.exec_driver_sql("PRAGMA busy_timeout=200")
                other.exec_driver_sql("BEGIN IMMEDIATE")
            else:
                other.exec_driver_sql("SET lock_timeout = '200ms'")
            other.exec_driver_sql("UPDATE charge SET updated_at = updated_at")
            other.exec_driver_sql("UPDATE registration SET updated_at = updated_at")
            other.commit()
        writes.append(datetime.now(UTC))

    stripe.before_answer = write_meanwhile
    session_id = ana.open_page()
    stripe.account.pay(session_id)
    stripe.deliver()
    worker()
    make_due("payments.look_after")
    worker()
    stripe.before_answer = None
    assert ana.state == PAID
    assert len(writes) == stripe.requests > 3
