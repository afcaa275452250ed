"""People who registered before there was a fee: shown with what they would pay, billed once, told by mail."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from eventsys.core.db import db
from eventsys.events.queries import list_categories
from eventsys.mail.models import Message
from eventsys.payments.models import Charge
from eventsys.registration.models import Fee, Registration
from eventsys.registration.operations.bill_now import bill_now
from eventsys.registration.operations.cancel import cancel
from eventsys.registration.queries.integrity import find_faults
from tests.factories.events import STAFF, make_event
from tests.factories.fees import make_fee, make_plan
from tests.factories.registrations import register
from tests.support.race import together

PAYMENTS = "/office/events/summit/payments"


@pytest.fixture
def event(staff, session):
    """Give an event that asks for a fee after three people registered: one pays 250, one 400, one nothing."""
    event = make_event("summit")
    people = {
        "ana": register(event, "ana@example.org", language="es"),
        "bruno": register(event, "bruno@example.org", category="press"),
        "chad": register(event, "chad@example.org", country="NE"),
    }
    make_plan(event, 0)
    make_fee(event, 0, income_group="low", position=1)
    press = next(row.id for row in list_categories(event.id) if row.code == "press")
    make_fee(event, 40_000, category_id=press, position=2)
    # Early is decided by the day on which they registered.
    soon = datetime.now(UTC) + timedelta(seconds=1)
    make_fee(event, 25_000, position=3, until=soon, label={"en": "Early"})
    make_fee(event, 30_000, position=4)
    event.people = {name: outcome.registration_id for name, outcome in people.items()}
    yield event
    db.session.rollback()
    assert find_faults() == []


def billed():
    db.session.rollback()
    return {row.registration_id: row.billed for row in db.session.query(Charge)}


def mails():
    db.session.rollback()
    query = db.session.query(Message).filter_by(template="registration/billed")
    return [(row.registration_id, row.context["amount"]) for row in query.order_by(Message.id)]


def test_what_everybody_would_pay_is_shown_and_nothing_is_done(staff, event):
    page = staff.get(PAYMENTS)
    assert "2 persons with a place registered before there was a fee" in page.main
    page = staff.get(page.link("See what they would pay"))
    assert "Together they would pay €650.00." in page.main
    assert "Early" in page.main
    assert billed() == {}


def test_whoever_is_chosen_is_billed_once_and_told(staff, event, worker):
    ana, bruno = event.people["ana"], event.people["bruno"]
    page = staff.get(f"{PAYMENTS}/bill")
    answer = staff.submit(page, {"chosen": [f"{ana}:25000"]})
    assert "1 registration is billed" in staff.follow(answer).main
    again = staff.follow(staff.submit(page))
    assert "1 registration is billed" in again.main
    assert "1 was not billed" in again.main
    assert billed() == {ana: 25_000, bruno: 40_000}
    assert mails() == [(ana, 25_000), (bruno, 40_000)]
    row = db.session.get_one(Registration, ana)
    assert (row.status, row.payment, row.pay_until) == ("confirmed", "due", None)
    worker()
    text = (
        db.session.query(Message)
        .filter_by(registration_id=ana, template="registration/billed")
        .one()
        .body_text
    )
    assert "La suya es de 250,00" in text.replace("\xa0", " ")
    assert "registered before there was a fee" not in staff.get(PAYMENTS).main
    assert "Nobody is left to be billed" in staff.get(f"{PAYMENTS}/bill").main


def test_one_is_billed_from_the_page_of_their_fee(staff, event):
    bruno = event.people["bruno"]
    page = staff.get(staff.get(f"{PAYMENTS}/{bruno}").link("Bill now"))
    staff.submit(page)
    assert billed() == {bruno: 40_000}
    assert "Bill now" not in staff.get(f"{PAYMENTS}/{event.people['chad']}").main


def test_nobody_is_billed_what_was_not_shown(staff, event):
    page = staff.get(f"{PAYMENTS}/bill")
    db.session.query(Fee).filter_by(amount=40_000).update({"amount": 50_000})
    cancel(event.people["ana"], window=None, actor=STAFF, now=datetime.now(UTC))
    db.session.commit()
    answer = staff.follow(staff.submit(page))
    assert "2 were not billed" in answer.main
    assert billed() == {}


def test_strange_choices_bill_nobody(staff, event):
    page = staff.get(f"{PAYMENTS}/bill")
    other = make_event("other")
    make_plan(other, 10_000)
    for chosen in ([], ["x:y"], ["1"], ["999999:25000"]):
        assert staff.submit(page, {"chosen": chosen}).status == 303
    ana = event.people["ana"]
    done = bill_now(other.id, {ana: 25_000}, actor=STAFF, now=datetime.now(UTC))
    db.session.commit()
    assert done == (0, 1)
    assert billed() == {}


def test_two_who_press_at_once_bill_once(app, event):
    shown = {event.people["ana"]: 25_000, event.people["bruno"]: 40_000}
    number = event.id
    now = datetime.now(UTC)
    results = together(app, [lambda: bill_now(number, shown, actor=STAFF, now=now)] * 4)
    assert sorted(results) == [(0, 2)] * 3 + [(2, 0)]
    assert len(billed()) == len(mails()) == 2
