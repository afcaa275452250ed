"""The list of what went back: how much, to whom, by which way, and how far it has come."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from eventsys.core.db import db
from eventsys.payments.models import Refund
from eventsys.payments.operations.refund import refuse_refund
from eventsys.payments.queries import find_charge_of, list_payments
from eventsys.registration.operations.office_fee import HandPayment, record_by_hand, refund_fee
from tests.factories.events import STAFF, make_event
from tests.factories.fees import make_plan
from tests.factories.registrations import register
from tests.support.payer import FEE, Payer

NOW = datetime.now(UTC)
LIST = "/office/events/summit/payments/refunds"


@pytest.fixture
def event(session):
    event = make_event("summit")
    make_plan(event, FEE)
    return event


def send_back(number, amount, reason):
    payment = list_payments(find_charge_of(number).id)[-1]
    key = f"{number:032x}"
    refund_fee(payment.id, amount, owed_again=False, reason=reason, key=key, actor=STAFF, now=NOW)
    db.session.commit()


def pay_by_transfer(event, email):
    number = register(event, email, first_name=email.partition("@")[0].title()).registration_id
    money = HandPayment(FEE, "bank", f"{number + 100:032x}")
    record_by_hand(number, money, actor=STAFF, now=NOW)
    return number


@pytest.fixture
def two(app, event, stripe, worker):
    """Ana gets 100 of her transfer back; what Otto paid by card could not be sent back."""
    ana = pay_by_transfer(event, "ana@example.org")
    send_back(ana, 10_000, "One day only")
    otto = Payer(app, stripe, event, "otto@example.org", first_name="Otto")
    stripe.account.pay(otto.open_page())
    stripe.deliver()
    worker()
    send_back(otto.registration_id, FEE, "Ill")
    refund = db.session.query(Refund).filter_by(status="requested").one()
    refuse_refund(refund.id, "card closed", actor=STAFF, now=NOW)
    db.session.commit()


def test_before_anything_went_back(staff, event):
    assert "Nothing was sent back" in staff.get(LIST).main
    assert "Nothing was sent back" in staff.get("/office/payments/refunds").main


def test_each_refund_says_how_far_it_has_come(staff, two):
    page = staff.get(LIST)
    otto, ana = [row for row in page.rows() if "€" in "".join(row)]
    assert [ana[1], ana[2]] == ["€100.00", "Sent back"]
    assert "One day only" in ana[4]
    assert [otto[1], otto[2]] == ["€250.00", "Failed"]
    assert "card closed" in otto[4]
    assert staff.get(page.link("Otto")).status == 200


def test_one_state_and_the_sums_of_all(staff, two):
    page = staff.get(f"{LIST}?state=failed")
    assert "1 refund" in page.main
    assert "Ana" not in page.main
    assert "Sent back €100.00 1 refund" in page.main
    assert "No refund is in this state" in staff.get(f"{LIST}?state=pending").main
    assert "2 refunds" in staff.get(f"{LIST}?state=magic&page=9").main


def test_refunds_of_other_events_are_in_the_list_of_all_alone(staff, two):
    other = make_event("congress")
    make_plan(other, FEE, currency="USD")
    eva = pay_by_transfer(other, "eva@example.org")
    send_back(eva, 5_000, "x")
    assert "Eva" not in staff.get(LIST).main
    everything = staff.get("/office/payments/refunds").main
    assert "Eva" in everything
    assert "US$50.00" in everything


@pytest.mark.parametrize("language", ["en", "es", "fr"])
def test_it_reads_well_in_each_language(staff, two, language):
    staff.language = language
    assert staff.get(LIST).status == staff.get("/office/payments/refunds").status == 200


@pytest.mark.parametrize(
    ("role", "sees"), [("finance", 200), ("manager", 200), ("check-in", 403), ("viewer", 403)]
)
def test_who_sees_it(new_client, event, role, sees):
    client = new_client()
    client.sign_in(role, event_id=event.id, email="otto@example.org")
    assert client.get(LIST).status == sees
    assert client.get("/office/payments/refunds").status == 403
