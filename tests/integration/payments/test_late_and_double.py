"""Money that comes twice, too late, or not as asked: it gets a place, goes back, or is before a person."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from eventsys.core.db import db
from eventsys.payments.models import Case
from eventsys.registration.models import FeeCode
from eventsys.registration.operations.cancel import cancel
from tests.factories.events import make_event
from tests.factories.fees import make_code, make_plan
from tests.factories.registrations import ANA, register
from tests.support.payer import FEE, Payer, cases, jobs, make_due

PAID = ("confirmed", "paid", True)
IN_FULL = {"stripe": FEE, "income": -FEE}


@pytest.fixture
def ana(app, session, stripe):
    return Payer(app, stripe)


def let_time_run_out(payer, worker):
    registration = payer.registration
    registration.pay_until = datetime.now(UTC) - timedelta(minutes=1)
    db.session.commit()
    make_due("registration.expire")
    worker()


def let_page_grow_old(payer):
    """The page has four minutes left: it is not handed out again, and can still be paid on."""
    payer.payments[-1].expires_at = datetime.now(UTC) + timedelta(minutes=4)
    db.session.commit()


def test_a_place_that_is_not_paid_is_free_again_and_its_page_is_closed(ana, stripe, worker):
    session_id = ana.open_page()
    let_time_run_out(ana, worker)
    assert ana.state == ("expired", "not_due", False)
    assert stripe.account.items[session_id]["status"] == "expired"
    assert [row.status for row in ana.payments] == ["expired"]
    assert ana.mails == ["pay", "expired"]
    assert ana.accounts == {}


def test_whoever_paid_while_the_message_was_lost_keeps_the_place(ana, stripe, worker):
    stripe.account.pay(ana.open_page())
    stripe.lose()
    let_time_run_out(ana, worker)
    assert ana.state == PAID
    assert ana.accounts == IN_FULL


def test_no_place_is_given_away_while_stripe_cannot_be_asked(ana, stripe, worker):
    stripe.account.pay(ana.open_page())
    stripe.lose()
    stripe.trouble = "503"
    let_time_run_out(ana, worker)
    assert ana.state == ("submitted", "due", True)
    stripe.trouble = ""
    make_due("registration.expire")
    worker()
    assert ana.state == PAID


def test_a_page_made_with_another_key_keeps_no_place(ana, stripe, worker):
    """From trials with a test key to the live one: Stripe does not know those pages any more."""
    del stripe.account.items[ana.open_page()]
    make_due("payments.look_after")
    let_time_run_out(ana, worker)
    assert ana.state == ("expired", "not_due", False)
    assert jobs("queued") == []


def test_a_place_is_not_held_for_ever_because_stripe_is_away(ana, stripe, worker):
    """An outage longer than a job is tried for: the place is kept for hours, then it is free."""
    session_id = ana.open_page()
    stripe.trouble = "503"
    for _ in range(10):
        let_time_run_out(ana, worker)
    assert ana.state == ("submitted", "due", True)
    assert jobs("failed") == []
    registration = ana.registration
    registration.pay_until = datetime.now(UTC) - timedelta(hours=7)
    payment = ana.payments[-1]
    payment.expires_at = datetime.now(UTC) - timedelta(hours=8)
    db.session.commit()
    make_due("registration.expire")
    worker()
    assert ana.state == ("expired", "not_due", False)
    # Its page has ended by itself: nothing is left that fails.
    assert jobs("queued") == jobs("failed") == []
    # Whoever had paid all the same gets the place again, or the money back.
    stripe.trouble = ""
    stripe.account.pay(session_id)
    stripe.deliver()
    worker()
    assert ana.state == PAID
    assert ana.mails == ["pay", "expired", "confirmed"]


def test_a_direct_debit_of_another_key_is_before_a_person_and_holds_up_nobody(ana, stripe, worker):
    """Begun in test mode, the bank decides never: the key is the live one by now."""
    session_id = ana.open_page()
    stripe.account.pay_later(session_id)
    stripe.deliver()
    worker()
    assert [row.status for row in ana.payments] == ["processing"]
    gone = stripe.account.items.pop(session_id)
    make_due("payments.look_after")
    worker()
    assert [row.status for row in ana.payments] == ["failed"]
    assert cases() == ["page_unknown"]
    assert ana.state == ("submitted", "due", True)
    # The person can pay again.
    second = ana.open_page()
    assert second != session_id
    # The right key is back, and the bank has paid: that counts.
    stripe.account.items[session_id] = gone
    stripe.account.bank_decides(session_id, paid=True)
    stripe.deliver()
    worker()
    assert ana.state == PAID
    assert jobs("queued") == []


def test_a_direct_debit_on_its_way_keeps_the_place(ana, stripe, worker):
    session_id = ana.open_page()
    stripe.account.pay_later(session_id)
    stripe.lose()
    let_time_run_out(ana, worker)
    assert ana.state == ("submitted", "due", True)
    stripe.account.bank_decides(session_id, paid=False)
    stripe.deliver()
    worker()
    let_time_run_out(ana, worker)
    assert ana.state == ("expired", "not_due", False)


@pytest.fixture
def late(ana, stripe, worker):
    """Ana pays in the moment in which her time runs out: her page could not be closed any more."""
    session_id = ana.open_page()
    ana.payments[
        -1
    ].session_id = None  # Stripe cannot be asked about the page before the place is given up
    db.session.commit()
    let_time_run_out(ana, worker)
    stripe.account.pay(session_id)
    stripe.deliver()
    return ana


def test_paid_too_late_with_a_free_place(late, worker):
    # Nobody is told that it has arrived before it has.
    assert "has arrived" not in late.client.follow(late.come_back()).main
    worker()
    assert late.state == PAID
    assert "has arrived" in late.client.follow(late.come_back()).main
    assert late.accounts == IN_FULL
    assert late.refunds == []
    assert late.mails == ["pay", "expired", "confirmed"]


def test_paid_too_late_without_a_place(late, stripe, worker):
    event = db.session.get_one(type(make_event("other")), late.event_id)
    for number in range(2):
        register(event, f"other{number}@example.org")
    worker()
    assert late.state == ("expired", "refunded", False)
    assert late.refunds == [(FEE, "auto", "succeeded")]
    assert late.accounts == {}
    assert late.mails == ["pay", "expired", "refunded"]
    assert len(stripe.account.all("refund")) == 1


def test_paid_too_late_after_registering_anew(late, worker):
    event = db.session.get_one(type(make_event("other")), late.event_id)
    register(event)
    worker()
    assert late.state == ("expired", "refunded", False)
    assert late.refunds == [(FEE, "auto", "succeeded")]


@pytest.mark.parametrize("used_up", [False, True])
def test_paid_too_late_with_a_code(app, session, stripe, worker, used_up):
    event = make_event(capacity=5)
    make_plan(event, FEE)
    make_code(event, "HALF", "percent", value=50, most=1)
    ana = Payer(app, stripe, event, code="HALF")
    session_id = ana.open_page()
    ana.payments[-1].session_id = None
    db.session.commit()
    let_time_run_out(ana, worker)
    if used_up:
        register(event, "bea@example.org", code="HALF")
    stripe.account.pay(session_id)
    stripe.deliver()
    worker()
    assert ana.state == (("expired", "refunded", False) if used_up else PAID)
    assert ana.refunds == ([(FEE // 2, "auto", "succeeded")] if used_up else [])
    assert db.session.query(FeeCode).one().used == 1


def test_paid_after_cancelling(ana, stripe, worker):
    session_id = ana.open_page()
    cancel(ana.registration_id, window=None, actor=ANA, now=datetime.now(UTC))
    stripe.account.pay(session_id)
    stripe.lose()
    worker()
    assert ana.state == ("cancelled", "refunded", False)
    assert ana.refunds == [(FEE, "auto", "succeeded")]
    assert ana.accounts == {}
    assert ana.mails == ["pay", "cancelled", "refunded"]


def test_cancelling_after_paying_sends_the_fee_back(ana, stripe, worker):
    stripe.account.pay(ana.open_page())
    stripe.deliver()
    worker()
    cancel(ana.registration_id, window=None, actor=ANA, now=datetime.now(UTC))
    worker()
    assert ana.state == ("cancelled", "refunded", False)
    assert ana.refunds == [(FEE, "auto", "succeeded")]
    assert ana.accounts == {}


@pytest.mark.parametrize("lost", [False, True])
def test_paid_in_two_tabs_the_second_goes_back_by_itself(ana, stripe, worker, lost):
    first = ana.open_page()
    let_page_grow_old(ana)
    second = ana.open_page()
    assert second != first
    stripe.account.pay(first)
    stripe.account.pay(second)
    if lost:
        stripe.lose()
        make_due("payments.look_after")
    else:
        stripe.deliver()
    worker()
    assert ana.state == PAID
    assert ana.refunds == [(FEE, "auto", "succeeded")]
    assert ana.accounts == IN_FULL
    assert ana.mails == ["pay", "confirmed", "refunded"]
    assert sum(item["amount"] for item in stripe.account.all("refund")) == FEE
    # Whatever is told again changes nothing.
    stripe.deliver(stripe.account.events, times=2)
    worker()
    assert ana.refunds == [(FEE, "auto", "succeeded")]


def test_the_page_that_was_replaced_is_closed(ana, stripe, worker):
    first = ana.open_page()
    let_page_grow_old(ana)
    second = ana.open_page()
    worker()
    assert stripe.account.items[first]["status"] == "expired"
    stripe.account.pay(second)
    stripe.deliver()
    worker()
    assert ana.state == PAID


def test_whoever_owes_nothing_is_offered_no_page(ana, stripe, worker):
    stripe.account.pay(ana.open_page())
    stripe.deliver()
    worker()
    ana.press_pay()
    assert len(stripe.account.all("checkout.session")) == 1


@pytest.mark.parametrize(
    ("change", "suspense"),
    [
        ({"amount_total": FEE - 1}, FEE - 1),
        ({"amount_total": FEE + 1}, FEE + 1),
        ({"currency": "usd"}, 0),
        ({"livemode": True}, FEE),
    ],
)
def test_money_that_does_not_fit_is_held_for_a_person(ana, stripe, worker, change, suspense):
    session_id = ana.open_page()
    stripe.account.items[session_id].update(change)
    stripe.account.pay(session_id)
    for event in stripe.account.events:
        event["livemode"] = False
    stripe.deliver()
    worker()
    assert ana.state == ("submitted", "due", True)
    assert [row.status for row in ana.payments] == ["held"]
    assert cases() == ["mismatch"]
    held = {"stripe": suspense, "suspense": -suspense} if suspense else {}
    assert ana.accounts == {"receivable": FEE, "income": -FEE, **held}
    facts = db.session.query(Case).one().facts
    assert (facts["asked"], facts["came"]) == (FEE, change.get("amount_total", FEE))
    assert ana.mails == ["pay"]


def test_money_that_was_held_and_sent_back_from_stripes_dashboard(ana, stripe, worker):
    session_id = ana.open_page()
    stripe.account.items[session_id]["amount_total"] = FEE + 700
    intent = stripe.account.pay(session_id)["payment_intent"]
    stripe.deliver()
    worker()
    stripe.account.refund(intent)
    stripe.deliver()
    worker()
    assert ana.accounts == {"receivable": FEE, "income": -FEE}
    assert ana.refunds == [(FEE + 700, "dashboard", "succeeded")]
    assert cases() == ["mismatch"]


def test_a_second_page_for_one_try_is_seen_by_a_person(ana, stripe, worker):
    session_id = ana.open_page()
    stripe.account.pay(session_id)
    stripe.deliver()
    worker()
    strange = dict(stripe.account.items[session_id])
    strange.update(id="cs_test_copy", payment_intent=None, status="open", payment_status="unpaid")
    stripe.account.items["cs_test_copy"] = strange
    stripe.account.pay("cs_test_copy")
    stripe.deliver()
    worker()
    assert cases() == ["unknown_money"]
    assert ana.state == PAID
    assert jobs("queued") == []
