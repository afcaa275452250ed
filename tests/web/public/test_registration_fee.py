"""Registration for an event that costs something: the price is seen before anything is sent."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from eventsys.core.db import db
from eventsys.events.queries import list_categories
from eventsys.jobs.models import Job
from eventsys.mail.models import Message
from eventsys.payments.models import Charge, LedgerLine
from eventsys.registration.models import Fee, FeeCode, Registration
from eventsys.registration.operations.amend import send_confirmation
from eventsys.registration.operations.office_fee import (
    HandPayment,
    change_fee,
    record_by_hand,
    waive_fee,
)
from tests.factories.events import STAFF, make_event
from tests.factories.fees import make_code, make_fee, make_plan
from tests.factories.registrations import register
from tests.web.public.test_registration import ANA, FORM


def check(page, **changes):
    """Fill in the form and send it: the page on which everything is looked at again."""
    return page.submit(page.get(FORM), {**ANA, **changes})


def send(page, **changes):
    """Go all the way to the own page."""
    return page.follow(page.submit(check(page, **changes), {"step": "send"}))


def only(model):
    db.session.rollback()
    return db.session.query(model).one()


def test_a_free_event_shows_no_trace_of_money(page, session):
    make_event()
    assert "Code" not in page.get(FORM).main
    assert "Fee" not in page.follow(check(page)).main


def test_the_fee_is_seen_before_it_is_sent(page, session):
    make_plan(make_event())
    answer = check(page)
    assert answer.status == 200
    assert answer.h1 == "Check your answers"
    assert "€250.00" in answer.main
    assert db.session.query(Registration).count() == 0


def test_the_place_is_held_until_the_fee_is_paid(page, session):
    make_plan(make_event(capacity=5))
    own = send(page)
    assert "Your place is held until the fee is paid." in own.main
    assert "To pay: €250.00" in own.main
    registration = only(Registration)
    assert (registration.status, registration.payment, registration.holds_place) == (
        "submitted",
        "due",
        True,
    )
    assert registration.pay_until - registration.registered_at == timedelta(hours=72)
    charge = only(Charge)
    assert (charge.billed, charge.received, charge.currency) == (25_000, 0, "EUR")
    assert db.session.query(Message).one().template == "registration/pay"
    assert {job.name for job in db.session.query(Job)} >= {
        "registration.expire",
        "registration.remind_fee",
    }


def test_confirmed_but_unpaid_where_the_organiser_says_so(page, session):
    make_plan(make_event(), confirm_unpaid=True)
    own = send(page)
    assert "You are registered." in own.main
    registration = only(Registration)
    assert (registration.status, registration.payment) == ("confirmed", "due")
    assert registration.pay_until is None


def test_the_ledger_balances_and_knows_the_tax(page, session):
    make_plan(make_event(), amount=12_100, tax_rate=2100)
    send(page)
    lines = {line.account: line.amount for line in db.session.query(LedgerLine)}
    assert lines == {"receivable": 12_100, "income": -10_000, "tax": -2_100}


def test_the_first_fee_that_fits_is_taken(page, session):
    event = make_event()
    make_plan(event)
    soon = datetime.now(UTC) + timedelta(days=1)
    make_fee(event, 10_000, position=1, until=soon, label={"en": "Early"})
    answer = check(page)
    assert "Early" in answer.main
    assert "€100.00" in answer.main


def test_a_fee_that_changed_meanwhile_is_shown_again(page, session):
    make_plan(make_event())
    answer = check(page)
    only(Fee).amount = 30_000
    db.session.commit()
    again = page.submit(answer, {"step": "send"})
    assert again.status == 409
    assert "it was €250.00 and is now €300.00" in again.main
    assert db.session.query(Registration).count() == 0
    page.follow(page.submit(again, {"step": "send"}))
    assert only(Charge).billed == 30_000


def test_a_code_for_a_free_place(page, session):
    event = make_event()
    make_plan(event)
    make_code(event, most=1)
    own = send(page, code=" gu est ")
    assert "You are registered." in own.main
    assert only(Registration).payment == "waived"
    assert only(FeeCode).used == 1
    assert db.session.query(Charge).count() == 0


@pytest.mark.parametrize(
    ("kind", "value", "total"), [("percent", 50, "€125.00"), ("amount", 5_000, "€200.00")]
)
def test_a_code_takes_something_off(page, session, kind, value, total):
    event = make_event()
    make_plan(event)
    make_code(event, kind=kind, value=value)
    assert total in check(page, code="GUEST").main


def test_an_unknown_code_is_told_beside_its_field(page, session):
    make_plan(make_event())
    answer = check(page, code="WRONG")
    assert answer.status == 422
    assert "We do not know this code" in answer.text_by_id("code-error")


def test_a_code_that_is_used_up_loses_nothing(page, session):
    event = make_event()
    make_plan(event)
    made = make_code(event, most=1)
    answer = check(page, code="GUEST")
    made = db.session.merge(made)
    made.used = 1
    db.session.commit()
    again = page.submit(answer, {"step": "send"})
    assert again.status == 409
    assert "has used it" in again.text_by_id("code-error")
    assert db.session.query(Registration).count() == 0


def test_who_waits_pays_only_when_there_is_a_place(page, session):
    make_plan(make_event(quotas={"delegate": 0}))
    own = send(page)
    assert "You are on the waiting list." in own.main
    assert db.session.query(Charge).count() == 0
    assert only(Registration).payment == "not_due"


def test_cancelling_takes_the_bill_back(page, session):
    make_plan(make_event())
    own = send(page)
    page.submit(page.get(own.link("Cancel my registration")), {})
    charge, registration = only(Charge), only(Registration)
    assert charge.billed == 0
    assert (registration.status, registration.payment) == ("cancelled", "not_due")


def test_the_page_of_the_event_says_what_it_costs(page, session):
    event = make_event()
    make_plan(event, tax_rate=2100)
    make_fee(event, 0, position=1, income_group="low", label={"en": "Solidarity place"})
    main = page.get("/events/summit").main
    assert "Solidarity place" in main
    assert "For people from low-income countries." in main
    assert "Everybody else" in main
    assert "€250.00" in main
    assert "Tax of 21% is included." in main


def test_a_free_event_names_no_fee(page, session):
    make_event()
    assert "What it costs" not in page.get("/events/summit").main


def test_the_mail_once_more_says_how_to_pay(page, session):
    make_plan(make_event())
    send(page)
    send_confirmation(only(Registration).id, actor=STAFF, now=datetime.now(UTC))
    db.session.commit()
    assert [mail.template for mail in db.session.query(Message)] == ["registration/pay"] * 2


def test_a_wrong_code_is_told_together_with_what_else_is_wrong(page, session):
    make_plan(make_event())
    answer = check(page, code="WRONG", email="nobody", category="")
    assert answer.status == 422
    assert "like name@example.org" in answer.text_by_id("email-error")
    assert "We do not know this code" in answer.text_by_id("code-error")
    # The summary names them in the order of the page.
    summary = answer.text_by_id("error-summary")
    assert summary.index("like name@") < summary.index("know this code")


def test_a_code_of_another_category_is_told_as_soon_as_the_category_is_known(page, session):
    event = make_event(quotas={"delegate": 9, "press": 9})
    make_plan(event)
    press = next(row for row in list_categories(event.id) if row.code == "press")
    make_code(event, category_id=press.id)
    assert "know this code" not in check(page, category="", code="GUEST", email="nobody").main
    answer = check(page, category="delegate", code="GUEST", email="nobody")
    assert "We do not know this code" in answer.text_by_id("code-error")


def test_a_code_that_others_have_used_up_is_told_before_the_answers_are_looked_at(page, session):
    event = make_event()
    make_plan(event)
    make_code(event, most=1, used=1)
    answer = check(page, code="GUEST")
    assert answer.status == 422
    assert "has used it" in answer.text_by_id("code-error")


def test_a_second_click_with_a_code_of_one_use_finds_the_place(page, session):
    event = make_event()
    make_plan(event)
    make_code(event, most=1)
    answer = check(page, code="GUEST")
    first = page.submit(answer, {"step": "send"})
    second = page.submit(answer, {"step": "send"})
    assert first.location == second.location
    assert db.session.query(Registration).count() == 1


@pytest.mark.parametrize(
    ("language", "hours", "text"),
    [
        ("en", 720, "held for 30 days."),
        ("es", 60, "durante 2 días y 12 horas."),
        ("fr", 24, "pendant 24 heures."),
    ],
)
def test_the_time_to_pay_is_told_in_days(page, session, language, hours, text):
    make_plan(make_event(), pay_hours=hours)
    assert (
        text in page.submit(page.get(f"/{language}{FORM}"), ANA, action=f"/{language}{FORM}").main
    )


def test_the_fee_stands_before_the_badge_as_long_as_it_is_not_paid(page, session):
    make_plan(make_event(), confirm_unpaid=True)
    own = send(page).main
    assert own.index("To pay: €250.00") < own.index("Show this code at the entrance")


def test_where_no_way_of_paying_works_yet_the_page_says_whom_to_ask(page, session):
    make_plan(make_event(contact_email="money@example.org"), methods=["bank"])
    assert "Ask the organisers how to pay: money@example.org" in send(page).main


def test_whoever_was_let_off_reads_that_nothing_is_left(page, session):
    make_plan(make_event(), confirm_unpaid=True)
    own = send(page)
    assert "Nothing is left to be paid." not in own.main
    waive_fee(only(Registration).id, reason="Guest", actor=STAFF, now=datetime.now(UTC))
    db.session.commit()
    again = page.get(own.url).main
    assert "Nothing is left to be paid." in again
    assert "To pay:" not in again


# ------------------------------------------------------------------------------------- what comes back

SOON, GONE = timedelta(days=9), timedelta(days=-1)


@pytest.mark.parametrize(
    ("share", "until", "rule", "told", "back"),
    [
        (100, None, "100% of the fee comes back", "All of it comes back to you", 25_000),
        (80, SOON, "80% of the fee comes back; later nothing", "€200.00 of it come back", 20_000),
        (80, GONE, "the fee does not come back", "it does not come back", 0),
        (0, None, "the fee does not come back", "it does not come back", 0),
    ],
)
def test_what_comes_back_is_told_before_and_is_what_comes_back(
    page, session, share, until, rule, told, back
):
    event = make_event()
    until = until and datetime.now(UTC) + until
    make_plan(event, refund_percent=share, refund_until=until)
    looked = check(page)
    assert rule in looked.main
    own = page.follow(page.submit(looked, {"step": "send"}))
    assert rule in own.main
    asked = page.get(own.link("Cancel my registration"))
    assert "You have paid" not in asked.main
    charge = db.session.query(Charge).one()
    money = HandPayment(25_000, "bank", "1" * 32)
    record_by_hand(charge.registration_id, money, actor=STAFF, now=datetime.now(UTC))
    db.session.commit()
    asked = page.get(asked.url)
    assert "You have paid €250.00." in asked.main
    assert told in asked.main
    page.submit(asked)
    db.session.rollback()
    charge = db.session.query(Charge).one()
    assert charge.received - charge.billed == back


def test_the_office_reads_what_goes_back_before_it_cancels(staff, session):
    event = make_event()
    make_plan(event, refund_percent=0)
    number = register(event).registration_id
    address = f"/office/events/summit/participants/{number}/cancel"
    assert "were paid" not in staff.get(address).main
    money = HandPayment(25_000, "bank", "1" * 32)
    record_by_hand(number, money, actor=STAFF, now=datetime.now(UTC))
    db.session.commit()
    assert "€250.00 were paid, and all of it goes back" in staff.get(address).main


def test_a_later_change_of_a_fee_is_named_on_the_own_page(page, session):
    event = make_event()
    make_plan(event)
    outcome = register(event)
    change_fee(outcome.registration_id, 10_000, reason="x", actor=STAFF, now=datetime.now(UTC))
    db.session.commit()
    own = page.get(f"/registrations/{outcome.link}")
    assert ["Change afterwards", "−€150.00"] in own.rows()


# ------------------------------------------------------------------------------------- what a change costs


@pytest.fixture
def own(page, session):
    """The own page of somebody who owes 250; a place for the press costs 400."""
    event = make_event()
    make_plan(event)
    press = next(row.id for row in list_categories(event.id) if row.code == "press")
    make_fee(event, 40_000, position=1, category_id=press)
    return page.get(f"/registrations/{register(event).link}")


def billed():
    db.session.rollback()
    return db.session.query(Charge).one().billed


def test_a_change_that_makes_the_fee_another_one_is_shown_first(page, own):
    form = page.get(own.link("Change"))
    shown = page.submit(form, {"category": "press", "job_title": "Editor"})
    assert shown.status == 409
    assert "With these changes the fee is €400.00 instead of €250.00." in shown.main
    assert (billed(), only(Registration).job_title) == (25_000, "Head of mobility")
    assert page.submit(shown).status == 303
    assert (billed(), only(Registration).job_title) == (40_000, "Editor")


def test_what_was_agreed_to_is_what_is_billed(page, own):
    shown = page.submit(page.get(own.link("Change")), {"category": "press"})
    db.session.query(Fee).filter_by(amount=40_000).one().amount = 45_000
    db.session.commit()
    again = page.submit(shown)
    assert "the fee is €450.00 instead of €250.00" in again.main
    assert billed() == 25_000
    for forged in ("", "-1", "4e4", "9" * 30):
        assert page.submit(again, {"agreed_total": forged}).status == 409
    assert page.submit(again).status == 303
    assert billed() == 45_000


def test_a_change_of_the_same_price_asks_nothing(page, own):
    assert page.submit(page.get(own.link("Change")), {"job_title": "Mayor"}).status == 303
    assert billed() == 25_000
