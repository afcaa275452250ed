"""Fees in currencies without decimals and with three, from the form to Stripe and back."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from eventsys.core.db import db
from eventsys.payments.errors import MethodNotOffered
from eventsys.payments.operations.pay import start_payment
from eventsys.registration.operations.office_fee import HandPayment, record_by_hand, refund_fee
from tests.factories.documents import make_issuer
from tests.factories.events import STAFF, make_event
from tests.factories.fees import make_plan
from tests.support.payer import Payer


@pytest.mark.parametrize(
    ("currency", "fee", "at_stripe"), [("JPY", 25_000, 25_000), ("KWD", 25_550, 25_550), ("ISK", 9_900, 990_000)]
)  # fmt: skip
def test_paid_and_sent_back(app, session, stripe, worker, currency, fee, at_stripe):
    event = make_event()
    make_plan(event, fee, currency=currency)
    ana = Payer(app, stripe, event)
    session_id = ana.open_page()
    assert stripe.account.items[session_id]["amount_total"] == at_stripe
    stripe.account.pay(session_id)
    stripe.deliver()
    worker()
    assert ana.state == ("confirmed", "paid", True)
    refund_fee(
        ana.payments[0].id, fee // 100 * 10, owed_again=False, reason="-", key="k", actor=STAFF,
        now=datetime.now(UTC),
    )  # fmt: skip
    db.session.commit()
    worker()
    assert ana.accounts["stripe"] == fee - fee // 100 * 10
    assert ana.refunds[0][2] == "succeeded"


def test_what_a_transfer_left_that_no_card_can_be_charged(app, session, stripe):
    make_issuer()
    event = make_event()
    make_plan(event, 25_550, currency="KWD")
    ana = Payer(app, stripe, event)
    money = HandPayment(10_003, "bank", key="m")
    record_by_hand(ana.registration_id, money, actor=STAFF, now=datetime.now(UTC))
    db.session.commit()
    page = ana.own_page()
    assert "15.547" in page.main
    assert "Pay online" not in page.main
    with pytest.raises(MethodNotOffered):
        start_payment(ana.charge.id, now=datetime.now(UTC))
