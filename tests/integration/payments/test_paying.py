"""Paying by Stripe: what the person does, what Stripe says, and what the registration becomes of it."""

from __future__ import annotations

import pytest

from tests.support.payer import FEE, Payer, cases

PAID = ("confirmed", "paid", True)
WAITING = ("submitted", "due", True)
IN_FULL = {"stripe": FEE, "income": -FEE}


@pytest.fixture
def ana(app, session, stripe):
    return Payer(app, stripe)


def test_the_fee_is_asked_for_as_billed(ana, stripe):
    session_id = ana.open_page()
    asked = stripe.account.items[session_id]
    assert (asked["amount_total"], asked["currency"], asked["locale"]) == (FEE, "eur", "en-GB")
    assert asked["customer_email"] == "ana@example.org"
    assert asked["client_reference_id"] == ana.charge.reference
    assert asked["success_url"].endswith(f"/registrations/{ana.link}/paid")
    assert asked["cancel_url"].endswith(f"/registrations/{ana.link}")
    assert ana.open_page() == session_id
    assert len(stripe.account.all("checkout.session")) == 1


def test_a_paid_fee_confirms_the_place(ana, stripe, worker):
    session_id = ana.open_page()
    stripe.account.pay(session_id)
    assert set(stripe.deliver()) == {204}
    worker()
    assert ana.state == PAID
    assert ana.mails == ["pay", "confirmed"]
    assert ana.accounts == IN_FULL
    assert "Your payment has arrived." in ana.client.follow(ana.come_back()).main
    assert cases() == []


def test_whoever_comes_back_first_is_told_to_wait(ana, stripe, worker):
    stripe.account.pay(ana.open_page())
    assert ana.come_back().h1 == "Waiting for the payment"
    assert ana.state == WAITING


def test_declined_then_paid(ana, stripe, worker):
    session_id = ana.open_page()
    stripe.account.decline(session_id)
    stripe.deliver()
    worker()
    assert ana.state == WAITING
    assert ana.open_page() == session_id
    stripe.account.pay(session_id)
    stripe.deliver()
    worker()
    assert ana.state == PAID
    assert ana.accounts == IN_FULL


def test_an_abandoned_page_ends_and_a_new_one_is_made(ana, stripe, worker):
    first = ana.open_page()
    stripe.account.let_expire(first)
    stripe.deliver()
    worker()
    assert ana.state == WAITING
    assert [row.status for row in ana.payments] == ["expired"]
    second = ana.open_page()
    assert second != first
    stripe.account.pay(second)
    stripe.deliver()
    worker()
    assert ana.state == PAID


def test_a_direct_debit_keeps_the_place_until_the_bank_has_paid(ana, stripe, worker):
    session_id = ana.open_page()
    stripe.account.pay_later(session_id)
    stripe.deliver()
    worker()
    assert ana.state == WAITING
    assert [row.status for row in ana.payments] == ["processing"]
    assert "Your payment is on its way." in ana.client.follow(ana.come_back()).main
    stripe.account.bank_decides(session_id, paid=True)
    stripe.deliver()
    worker()
    assert ana.state == PAID
    assert ana.accounts == IN_FULL


def test_a_direct_debit_that_the_bank_refuses_can_be_paid_otherwise(ana, stripe, worker):
    session_id = ana.open_page()
    stripe.account.pay_later(session_id)
    stripe.account.bank_decides(session_id, paid=False)
    stripe.deliver()
    worker()
    assert [row.status for row in ana.payments] == ["failed"]
    second = ana.open_page()
    assert second != session_id
    stripe.account.pay(second)
    stripe.deliver()
    worker()
    assert ana.state == PAID


def test_an_address_with_other_letters_is_no_hindrance(app, session, stripe, worker):
    jose = Payer(app, stripe, email="josé@ñandú.example")
    stripe.account.pay(jose.open_page())
    stripe.deliver()
    worker()
    assert jose.state == ("confirmed", "paid", True)
