"""A fee in a real browser: register, look at the price, pay on the payment page, come back; decline, leave, two tabs."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from eventsys.core.db import db
from tests.factories.events import make_event
from tests.factories.fees import make_plan
from tests.support.browser import axe
from tests.support.payer import FEE, Payer, make_due


@pytest.fixture
def at_stripe(app, session, site, stripe, watch, worker):
    """Stripe whose messages arrive and are worked on at once."""
    watch.allow(stripe.url)
    post = stripe.post

    def post_and_work(body, signature):
        status = post(body, signature)
        worker()
        return status

    stripe.post = post_and_work
    stripe.at_once = True
    return stripe


@pytest.fixture
def event(session):
    made = make_event(capacity=2)
    make_plan(made, FEE)
    return made


def go_to_pay(page):
    """Press the button on the own page and arrive at Stripe."""
    page.get_by_role("button", name="Pay online").click()
    page.get_by_role("heading", name="Metropolitan Summit").wait_for()
    assert page.locator("#sum").inner_text() == "25000 EUR"


def press(page, name):
    page.get_by_role("button", name=name, exact=True).click()


def open_own_page(page, payer):
    page.goto(f"/en/registrations/{payer.link}")
    page.get_by_text("To pay: €250.00").wait_for()


@pytest.mark.parametrize("javascript", [True, False])
def test_ana_registers_looks_pays_and_is_confirmed(event, new_context, at_stripe, javascript):
    page = new_context(javascript=javascript, viewport={"width": 1280, "height": 800}).new_page()
    page.goto("/en/events/summit/register")
    page.get_by_label("Given names").fill("Ana")
    page.get_by_label("Family name").fill("Ñandú")
    page.get_by_label("Email address").fill("ana@example.org")
    page.get_by_text("Woman", exact=True).click()
    page.get_by_label("Country or territory").select_option("ES")
    page.get_by_label("City or metropolitan area").fill("Barcelona")
    page.get_by_text("Delegate", exact=True).click()
    page.get_by_label("I have read the privacy notice").check(force=True)
    page.locator("main form button[type=submit]").last.click()
    page.get_by_role("heading", name="Check your answers").wait_for()
    assert "€250.00" in page.locator("main").inner_text()
    press(page, "Send")
    page.get_by_text("To pay: €250.00").wait_for()
    if javascript:
        assert axe(page) == []
    go_to_pay(page)
    press(page, "Pay")
    page.get_by_text("Your payment has arrived. Thank you.").wait_for()
    page.get_by_text("Paid: €250.00").wait_for()
    assert page.get_by_role("button", name="Pay online").count() == 0
    if javascript:
        assert axe(page) == []


def test_the_page_waits_for_the_message_and_looks_again(event, browser_page, at_stripe, app):
    at_stripe.at_once = False
    ana = Payer(app, at_stripe, event)
    open_own_page(browser_page, ana)
    go_to_pay(browser_page)
    press(browser_page, "Pay")
    browser_page.get_by_role("heading", name="Waiting for the payment").wait_for()
    assert axe(browser_page) == []
    at_stripe.deliver()
    browser_page.get_by_text("Your payment has arrived. Thank you.").wait_for()
    assert browser_page.get_by_text("Your payment has arrived.").count() == 1


def test_without_scripts_one_looks_again_oneself(event, new_context, at_stripe, app):
    page = new_context(javascript=False).new_page()
    at_stripe.at_once = False
    open_own_page(page, Payer(app, at_stripe, event))
    go_to_pay(page)
    press(page, "Pay")
    page.get_by_role("heading", name="Waiting for the payment").wait_for()
    at_stripe.deliver()
    page.get_by_role("link", name="Look again").click()
    page.get_by_text("Your payment has arrived. Thank you.").wait_for()


def test_declined_left_and_paid_in_the_end(event, browser_page, at_stripe, app):
    page = browser_page
    ana = Payer(app, at_stripe, event)
    open_own_page(page, ana)
    go_to_pay(page)
    press(page, "Pay with a card that is declined")
    page.get_by_text("Your card was declined.").wait_for()
    page.get_by_role("link", name="Back").click()
    page.get_by_text("To pay: €250.00").wait_for()
    go_to_pay(page)
    press(page, "Pay")
    page.get_by_text("Your payment has arrived. Thank you.").wait_for()
    assert ana.state == ("confirmed", "paid", True)
    assert len(at_stripe.account.all("checkout.session")) == 1


def test_a_direct_debit_is_on_its_way(event, browser_page, at_stripe, app):
    page = browser_page
    ana = Payer(app, at_stripe, event)
    open_own_page(page, ana)
    go_to_pay(page)
    press(page, "Pay by direct debit")
    page.get_by_text("Your payment is on its way.").wait_for()
    assert axe(page) == []
    assert page.get_by_role("button", name="Pay online").count() == 0
    at_stripe.account.bank_decides(ana.payments[0].session_id, paid=True)
    at_stripe.deliver()
    page.reload()
    page.get_by_text("Paid: €250.00").wait_for()


def test_whoever_returns_after_the_time_was_over(event, browser_page, at_stripe, worker, app):
    page = browser_page
    ana = Payer(app, at_stripe, event)
    open_own_page(page, ana)
    go_to_pay(page)
    ana.registration.pay_until = datetime.now(UTC) - timedelta(minutes=1)
    db.session.commit()
    make_due("registration.expire")
    worker()
    press(page, "Pay")
    page.get_by_text("This page is no longer open.").wait_for()
    page.get_by_role("link", name="Back").click()
    page.get_by_role("heading", level=1).wait_for()
    assert ana.state == ("expired", "not_due", False)
    assert page.get_by_role("button", name="Pay online").count() == 0
    assert at_stripe.account.all("charge") == []


def test_paid_in_two_tabs(event, new_context, at_stripe, worker, app):
    """Her old page has a few minutes left when she opens another: both are paid, one goes back by itself."""
    ana = Payer(app, at_stripe, event)
    context = new_context()
    first, second = context.new_page(), context.new_page()
    at_stripe.at_once = False
    open_own_page(first, ana)
    go_to_pay(first)
    ana.payments[-1].expires_at = datetime.now(UTC) + timedelta(minutes=4)
    db.session.commit()
    open_own_page(second, ana)
    go_to_pay(second)
    assert first.url != second.url
    press(first, "Pay")
    press(second, "Pay")
    second.get_by_role("heading", name="Waiting for the payment").wait_for()
    at_stripe.deliver()
    worker()
    for page in (first, second):
        page.get_by_text("Your payment has arrived. Thank you.").wait_for()
    assert ana.state == ("confirmed", "paid", True)
    assert ana.refunds == [(FEE, "auto", "succeeded")]
    assert ana.mails == ["pay", "confirmed", "refunded"]


def test_two_tabs_share_one_page(event, new_context, at_stripe, app):
    ana = Payer(app, at_stripe, event)
    context = new_context()
    first, second = context.new_page(), context.new_page()
    for page in (first, second):
        open_own_page(page, ana)
        go_to_pay(page)
    press(first, "Pay")
    first.get_by_text("Your payment has arrived. Thank you.").wait_for()
    press(second, "Pay")
    second.get_by_text("Your payment has arrived. Thank you.").wait_for()
    assert len(at_stripe.account.all("charge")) == 1
    assert ana.refunds == []
