"""Staff cancel somebody who has paid: finance sends the money back, a manager puts it before them."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from eventsys.core.db import db
from eventsys.mail.models import Message
from eventsys.payments.models import Case, Charge, Refund
from eventsys.registration.models import Registration
from eventsys.registration.operations.settle import settle
from eventsys.registration.queries.integrity import find_faults
from tests.factories.events import STAFF, make_event
from tests.factories.fees import make_plan
from tests.factories.registrations import register
from tests.web.office.test_payments import pay_by_card


@pytest.fixture
def ana(session):
    event = make_event()
    make_plan(event, 25_000)
    number = register(event).registration_id
    db.session.commit()
    pay_by_card(number)
    return number


def rows(model):
    db.session.rollback()
    return db.session.query(model).order_by(model.id).all()


def cancel_in(client, number):
    asked = client.get(f"/office/events/summit/participants/{number}/cancel")
    client.follow(client.submit(asked, {"reason": "Called off"}))
    return asked


@pytest.mark.parametrize(
    ("role", "refunds", "cases", "says"),
    [
        ("secretariat", [25_000], [], "Stripe sends back at once"),
        ("manager", [], ["pay_out"], "They become a case, and finance sends them back."),
    ],
)
def test_who_runs_an_event_sends_no_money_back(page, ana, role, refunds, cases, says):
    page.sign_in(role)
    asked = cancel_in(page, ana)
    assert says in asked.main
    assert [refund.amount for refund in rows(Refund)] == refunds
    assert [case.kind for case in rows(Case)] == cases
    (row,) = rows(Registration)
    assert (row.status, row.payment) == ("cancelled", "paid")
    assert rows(Charge)[0].billed == 0


def test_finance_finds_the_case_of_the_manager_and_sends_the_money_back(new_client, ana):
    manager, finance = new_client(), new_client()
    manager.sign_in("manager")
    cancel_in(manager, ana)
    assert [mail.template for mail in rows(Message)][-1] == "registration/cancelled"
    finance.sign_in("finance", email="fin@example.org")
    case = finance.get(f"/office/events/summit/payments/cases/{rows(Case)[0].id}")
    finance.submit(case, {"choice": "send_back", "note": "Called off"})
    assert [refund.amount for refund in rows(Refund)] == [25_000]
    assert [mail.template for mail in rows(Message)][-1] == "registration/refunded"
    assert finance.submit(case, {"choice": "send_back", "note": "Again"}).status in {303, 409}
    assert len(rows(Refund)) == 1


def test_what_finance_keeps_stays_kept(new_client, ana):
    manager, finance = new_client(), new_client()
    manager.sign_in("manager")
    cancel_in(manager, ana)
    finance.sign_in("finance", email="fin@example.org")
    case = finance.get(f"/office/events/summit/payments/cases/{rows(Case)[0].id}")
    finance.submit(case, {"choice": "keep", "note": "Agreed with the city"})
    # Whatever settles the registration later sends nothing back by itself.
    settle(ana, actor=STAFF, now=datetime.now(UTC))
    db.session.commit()
    assert rows(Refund) == []
    assert [(case.decision, case.closed_at is None) for case in rows(Case)] == [("keep", False)]
    assert find_faults() == []
