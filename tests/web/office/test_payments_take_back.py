"""A payment that the office recorded by mistake is taken back: nothing is sent, and the fee is owed again."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from eventsys.audit.models import AuditEntry
from eventsys.core.db import db
from eventsys.jobs.models import Job
from eventsys.mail.models import Message
from eventsys.payments.models import Charge, LedgerEntry, LedgerLine, Payment
from eventsys.registration.models import Registration
from eventsys.registration.queries.integrity import find_faults
from tests.factories.documents import make_issuer
from tests.factories.events import make_event
from tests.factories.fees import make_plan
from tests.factories.registrations import register
from tests.support.payer import Payer

NOW = datetime.now(UTC)
LIST = "/office/events/summit/payments"


@pytest.fixture
def event(session):
    event = make_event("summit")
    make_plan(event)
    yield event
    db.session.rollback()
    assert find_faults() == []


@pytest.fixture
def ana(staff, event):
    """Somebody for whom 250 in cash were recorded."""
    number = register(event).registration_id
    form = staff.get(f"{LIST}/{number}/record")
    assert staff.submit(form, {"method": "cash"}).status == 303
    return number


def only(model):
    db.session.rollback()
    return db.session.query(model).one()


def balances():
    db.session.rollback()
    found = {}
    for row in db.session.query(LedgerLine):
        found[row.account] = found.get(row.account, 0) + row.amount
    return {account: amount for account, amount in found.items() if amount}


def test_it_is_taken_off_the_fee_by_a_counter_entry(staff, ana):
    page = staff.get(f"{LIST}/{ana}")
    form = staff.get(page.link("Take back"))
    assert "Take back the payment of €250.00?" in form.h1
    assert staff.submit(form).status == 422
    done = staff.follow(staff.submit(form, {"reason": "It was Otto’s"}))
    assert "€250.00 is taken back." in done.main
    assert "Take back" not in done.texts("a")
    assert balances() == {"receivable": 25_000, "income": -25_000}
    assert (only(Payment).status, only(Charge).received) == ("undone", 0)
    assert (only(Registration).status, only(Registration).payment) == ("confirmed", "due")
    entry = db.session.query(LedgerEntry).filter_by(kind="undo").one()
    assert (entry.note, entry.actor_label) == ("It was Otto’s", "Eva")
    assert db.session.query(AuditEntry).filter_by(action="payments.take_back").count() == 1
    assert db.session.query(Message).filter_by(template="registration/payment_undone").count() == 1
    assert db.session.query(Job).filter_by(name="registration.remind_due").count() == 1
    # A second press of an old page changes nothing.
    again = staff.follow(staff.submit(form, {"reason": "x"}))
    assert "Nothing was changed." in again.main
    assert balances() == {"receivable": 25_000, "income": -25_000}


def test_nobody_is_told_where_the_office_says_so(staff, ana):
    form = staff.get(staff.get(f"{LIST}/{ana}").link("Take back"))
    staff.submit(form, {"reason": "x", "tell": None})
    db.session.rollback()
    assert db.session.query(Message).filter_by(template="registration/payment_undone").count() == 0


def test_its_receipt_is_cancelled(staff, ana, worker):
    make_issuer()
    worker()
    staff.submit(staff.get(staff.get(f"{LIST}/{ana}").link("Take back")), {"reason": "x"})
    worker()
    kinds = [row[1] for row in staff.get("/office/events/summit/documents").rows()[1:]]
    assert sorted(kinds) == ["Cancellation", "Receipt"]


def test_one_recorded_twice_leaves_the_place_paid_and_no_case(staff, ana):
    staff.submit(staff.get(f"{LIST}/{ana}/record"), {"amount": "250"})
    assert "(1)" in staff.get(LIST).main
    staff.submit(staff.get(staff.get(f"{LIST}/{ana}").link("Take back")), {"reason": "twice"})
    assert "(1)" not in staff.get(LIST).main
    assert (only(Registration).status, only(Registration).payment) == ("confirmed", "paid")


def test_what_went_back_in_part_is_refused(staff, ana):
    form = staff.get(staff.get(f"{LIST}/{ana}").link("Take back"))
    refund = staff.get(f"{LIST}/{ana}/refund/{only(Payment).id}")
    staff.submit(refund, {"amount": "10", "reason": "x"})
    refused = staff.submit(form, {"reason": "x"})
    assert refused.status == 422
    assert "Take back" not in staff.get(f"{LIST}/{ana}").texts("a")


def test_what_came_by_stripe_is_not_taken_back(app, staff, event, stripe, worker):
    otto = Payer(app, stripe, event)
    stripe.account.pay(otto.open_page())
    stripe.deliver()
    worker()
    address = f"{LIST}/{otto.registration_id}"
    assert "Take back" not in staff.get(address).texts("a")
    assert staff.get(f"{address}/take-back/{otto.payments[0].id}").status == 404


@pytest.mark.parametrize(
    ("role", "status"), [("finance", 200), ("manager", 403), ("check-in", 403)]
)
def test_who_may(new_client, event, ana, role, status):
    client = new_client()
    client.sign_in(role, event_id=event.id, email="otto@example.org")
    assert client.get(f"{LIST}/{ana}/take-back/{only(Payment).id}").status == status


@pytest.mark.parametrize("language", ["es", "fr"])
def test_in_other_languages(staff, ana, language):
    staff.language = language
    assert staff.get(f"{LIST}/{ana}/take-back/{only(Payment).id}").status == 200
