"""Money at one moment: several pay, use a code, ask for a refund or press twice, and nothing is given twice."""

from __future__ import annotations

import threading
from collections import Counter
from datetime import UTC, datetime, timedelta

import pytest
import sqlalchemy as sa

from eventsys.core.db import db, transaction_mode
from eventsys.events.models import Category, Event
from eventsys.payments.errors import RefundTooLarge
from eventsys.payments.models import Charge, Payment, Refund
from eventsys.payments.operations import pay
from eventsys.payments.operations.pay import keep_session, settle_session, start_payment
from eventsys.payments.operations.refund import request_refund
from eventsys.payments.rules.settling import SessionFacts
from eventsys.registration.models import FeeCode, Price, Registration
from eventsys.registration.operations import settle as settle_module
from eventsys.registration.operations import submit as submit_module
from eventsys.registration.operations.amend import move_to_category
from eventsys.registration.operations.expire import expire
from eventsys.registration.operations.settle import settle_payment
from eventsys.registration.operations.submit import submit
from eventsys.registration.queries.integrity import find_faults
from eventsys.worker.payments import GRACE, STRIPE, WORKER
from tests.factories.events import STAFF, facts_of, make_event
from tests.factories.fees import make_code, make_plan
from tests.factories.registrations import ANA, register, submission
from tests.support.database import SECRET
from tests.support.race import together

FEE = 25_000
LATER = timedelta(hours=100)


def now():
    return datetime.now(UTC)


def at_the_page(registration_id):
    """Somebody is on the payment page: give what Stripe will say once they have paid."""
    charge = db.session.scalars(
        sa.select(Charge).where(Charge.registration_id == registration_id)
    ).one()
    payment = start_payment(charge.id, now=now())
    page = SessionFacts(
        f"cs_{registration_id}", "complete", "paid", FEE, "EUR", livemode=False, payment_key=payment.key,
        intent_id=f"pi_{registration_id}",
    )  # fmt: skip
    keep_session(payment.id, page, now=now())
    db.session.commit()
    return page


def payer(page):
    """Give the work of the job that learns of the payment."""

    def work():
        settled = settle_session(page, livemode=False, actor=STRIPE, now=now())
        settle_payment(settled.registration_id, settled.payment_id, actor=STRIPE, now=now())

    return work


def ending(registration_id):
    """Give the work of the job that gives an unpaid place to others."""
    return lambda: expire(registration_id, grace=GRACE, actor=WORKER, now=now() + LATER)


def people():
    db.session.expire_all()
    return [
        (row.status, row.payment, row.holds_place)
        for row in db.session.scalars(sa.select(Registration).order_by(Registration.id))
    ]


def sent_back():
    return db.session.scalars(sa.select(Refund.amount)).all()


@pytest.fixture
def event(session):
    made = make_event(capacity=1)
    make_plan(made, FEE)
    return made


def two_who_came_too_late(event):
    pages = []
    for name in ("ana", "bea"):
        number = register(event, f"{name}@example.org").registration_id
        pages.append(at_the_page(number))
        ending(number)()
        db.session.commit()
    return pages


def test_the_last_place_by_two_who_pay_too_late(app, event):
    pages = two_who_came_too_late(event)
    assert together(app, [payer(page) for page in pages]) == [None, None]
    assert Counter(row[0] for row in people()) == {"confirmed": 1, "expired": 1}
    assert sent_back() == [FEE]
    assert find_faults() == []


def test_without_the_guard_both_get_the_last_place(app, event, monkeypatch):
    """Look, then take, as others do: the race is real, so the test above can fail."""
    pages, looked = two_who_came_too_late(event), threading.Barrier(2)
    event_id = event.id
    monkeypatch.setattr(settle_module, "take_place", lambda *_: True)

    def careless(page):
        def work():
            with transaction_mode("plain"):
                free = db.session.get_one(Event, event_id).places_taken < 1
                db.session.rollback()
            looked.wait(60)
            assert free
            payer(page)()

        return work

    together(app, [careless(page) for page in pages])
    assert people() == [("confirmed", "paid", True)] * 2


def test_a_code_for_one_person_used_by_twenty(app, session):
    event = make_event(capacity=50)
    make_plan(event, FEE)
    make_code(event, "GIFT", most=1)
    facts = facts_of(event)
    everybody = [submission(event, f"p{number}@example.org", code="gift") for number in range(20)]

    def press(wanted):
        return lambda: submit(facts, wanted, actor=ANA, now=now(), secret=SECRET).status

    works = [press(wanted) for wanted in everybody]
    results = Counter(getattr(result, "code", result) for result in together(app, works))
    assert results == {"confirmed": 1, "code_used_up": 19}
    assert db.session.scalars(sa.select(FeeCode.used)).one() == 1
    assert people() == [("confirmed", "waived", True)]
    assert find_faults() == []


def test_without_the_guard_the_code_is_overdrawn(app, session, monkeypatch):
    event = make_event(capacity=50)
    make_plan(event, FEE)
    code_id = make_code(event, "GIFT", most=1).id
    facts, looked = facts_of(event), threading.Barrier(20)
    monkeypatch.setattr(submit_module, "redeem", lambda _code: None)

    def careless(number):
        wanted = submission(event, f"p{number}@example.org", code="gift")

        def work():
            with transaction_mode("plain"):
                free = db.session.get_one(FeeCode, code_id).used < 1
                db.session.rollback()
            looked.wait(60)
            return submit(facts, wanted, actor=ANA, now=now(), secret=SECRET) if free else None

        return work

    together(app, [careless(number) for number in range(20)])
    assert len(db.session.scalars(sa.select(Price).where(Price.code_id == code_id)).all()) > 1


@pytest.mark.parametrize("waiting", [0, 1])
def test_paid_and_over_at_the_same_moment(app, session, waiting):
    """Charge, registration, event: both lock in this order, so neither waits for the other for ever."""
    event = make_event(capacity=8)
    make_plan(event, FEE)
    numbers = [register(event, f"p{number}@example.org").registration_id for number in range(8)]
    pages = [at_the_page(number) for number in numbers]
    for number in range(waiting * 8):
        register(event, f"w{number}@example.org")
    works = [payer(page) for page in pages] + [ending(number) for number in numbers]
    assert [result for result in together(app, works) if isinstance(result, Exception)] == []
    assert find_faults() == []
    states = Counter(people()[:8])
    assert states[("confirmed", "paid", True)] + len(sent_back()) == 8
    assert sum(1 for row in people() if row[2]) == 8


def test_a_full_refund_pressed_by_six(app, event):
    page = at_the_page(register(event).registration_id)
    payer(page)()
    db.session.commit()
    payment_id = db.session.scalars(sa.select(Payment.id)).one()

    def press():
        return request_refund(
            payment_id, FEE, origin="office", reason="asked", actor=STAFF, now=now()
        ).amount

    results = together(app, [press] * 6)
    assert [result for result in results if result == FEE] == [FEE]
    assert [type(result) for result in results if result != FEE] == [RefundTooLarge] * 5
    assert sent_back() == [FEE]


def test_refunded_by_hand_while_the_payment_is_settled(app, event):
    """A refund locks its charge before its payment, as settling does."""
    page = at_the_page(register(event).registration_id)
    payer(page)()
    db.session.commit()
    payment_id = db.session.scalars(sa.select(Payment.id)).one()

    def refund():
        request_refund(payment_id, 100, origin="office", reason="asked", actor=STAFF, now=now())

    def look():
        settle_session(page, livemode=False, actor=STRIPE, now=now())

    assert together(app, [refund, look] * 6) == [None] * 12
    assert sent_back() == [100] * 6


def test_two_tabs_share_one_page(app, event):
    register(event)
    charge_id = db.session.scalars(sa.select(Charge.id)).one()
    pressed = together(app, [lambda: start_payment(charge_id, now=now()).id] * 8)
    assert len(set(pressed)) == 1
    assert all(isinstance(number, int) for number in pressed)


def test_without_the_guard_each_tab_has_a_page_of_its_own(app, event, monkeypatch):
    register(event)
    charge_id, looked = db.session.scalars(sa.select(Charge.id)).one(), threading.Barrier(4)
    find = pay.find_open_payment
    seen = threading.local()
    monkeypatch.setattr(pay, "find_open_payment", lambda *_: seen.found)

    def careless():
        with transaction_mode("plain"):
            seen.found = find(charge_id, "stripe")
            db.session.rollback()
        looked.wait(60)
        return start_payment(charge_id, now=now()).id

    assert len(set(together(app, [careless] * 4))) == 4


def test_places_go_on_while_those_who_wait_change_their_category(app, session):
    event = make_event(capacity=6, quotas={"delegate": None, "press": None})
    make_plan(event, FEE)
    held = [register(event, f"h{number}@example.org").registration_id for number in range(6)]
    waiting = [register(event, f"w{number}@example.org").registration_id for number in range(6)]
    press = db.session.scalars(sa.select(Category.id).where(Category.code == "press")).one()

    def change(number):
        return lambda: move_to_category(number, press, actor=STAFF, now=now())

    works = [ending(number) for number in held] + [change(number) for number in waiting]
    results = together(app, works)
    assert [result for result in results if isinstance(result, Exception)] == []
    assert find_faults() == []
    assert sum(1 for row in people() if row[2]) == 6
