"""What Stripe keeps, in the office: on the page of a payment, among the income, as a file for accounting."""

from __future__ import annotations

import io
from datetime import UTC, datetime

import pytest
from python_calamine import CalamineWorkbook

from eventsys.audit.models import AuditEntry
from eventsys.core.db import db
from tests.factories.events import make_event
from tests.factories.fees import make_plan
from tests.support.payer import FEE, Payer

LIST = "/office/events/summit/payments"
MONTH = f"{datetime.now(UTC):%b %Y}"


@pytest.fixture
def finance(page, session):
    page.sign_in("finance")
    return page


@pytest.fixture
def ana(app, session, stripe):
    event = make_event("summit")
    make_plan(event, FEE)
    stripe.account.fee, stripe.account.fee_tax = 475, 75
    return Payer(app, stripe, event)


def pay(payer, stripe, worker):
    intent = stripe.account.pay(payer.open_page())["payment_intent"]
    stripe.deliver()
    worker()
    return intent


def rows(page):
    return {row[0]: row[1:] for row in page.rows()}


def test_the_page_of_a_payment_has_gross_fee_and_net(finance, ana, stripe, worker):
    stripe.account.refund(pay(ana, stripe, worker), 5_000)
    stripe.deliver()
    worker()
    shown = finance.get(f"{LIST}/{ana.registration_id}")
    listed = shown.rows()
    assert ["Payment received", "€250.00", "€4.75of which tax: €0.75", "€245.25"] in [
        row[:4] for row in listed
    ]
    assert ["Sent back", "−€50.00", "€0.00", "−€50.00"] in [row[:4] for row in listed]
    assert ["TotalEUR", "€200.00", "€4.75", "€195.25"] in [row[:4] for row in listed]
    # Among the movements too, and it leaves what is owed alone.
    assert ["Fee of Stripe", "€4.75", "€0.00"] in [row[:3] for row in listed]
    assert "To be paid: €50.00" in shown.main
    assert "Enter them in your books by hand" not in shown.main


def test_a_fee_that_is_not_known_yet_is_named(finance, ana, stripe, worker):
    stripe.account.books_later = True
    pay(ana, stripe, worker)
    shown = finance.get(f"{LIST}/{ana.registration_id}")
    assert "Stripe has not told yet what it keeps of a payment." in shown.main
    assert (
        "Of 1 payment Stripe has not told yet what it keeps." in finance.get(f"{LIST}/income").main
    )
    assert "Of 1 payment Stripe has not told yet" in finance.get("/office/payments/stripe").main
    stripe.account.book()
    stripe.deliver()
    worker()
    assert "has not told" not in finance.get(f"{LIST}/{ana.registration_id}").main
    assert "has not told" not in finance.get("/office/payments/income").main


def test_another_currency_of_the_account_stands_as_it_is(finance, ana, stripe, worker):
    stripe.account.currency = "usd"
    pay(ana, stripe, worker)
    shown = finance.get(f"{LIST}/{ana.registration_id}")
    assert [
        "Payment receivedchanged at 1.085",
        "US$271.25",
        "US$4.75of which tax: US$0.75",
        "US$266.50",
    ] in [row[:4] for row in shown.rows()]
    assert "Your account at Stripe is in USD, and the ledger of this fee is in EUR" in shown.main
    income = finance.get(f"{LIST}/income")
    assert rows(income)["Money at StripeEUR"] == ["€250.00", "€0.00", "–", "€250.00"]
    assert rows(income)[f"{MONTH}USD"] == [
        "US$271.25", "US$0.00", "US$4.75of which tax: US$0.75", "US$266.50",
    ]  # fmt: skip
    assert "US$4.75 of these fees are of payments in another currency" in income.main


def test_income_has_gross_fees_and_net(finance, ana, stripe, worker):
    stripe.account.refund(pay(ana, stripe, worker), 5_000)
    stripe.deliver()
    worker()
    for path in (f"{LIST}/income", "/office/payments/income"):
        shown = finance.get(path)
        assert rows(shown)["Money at StripeEUR"] == ["€250.00", "€50.00", "€4.75", "€195.25"]
        booked = [row for row in shown.rows() if row[0] == f"{MONTH}EUR" and len(row) == 5]
        assert booked == [
            [f"{MONTH}EUR", "€250.00", "€50.00", "€4.75of which tax: €0.75", "€195.25"]
        ]
        # What people pay and owe is what it was.
        months = [row for row in shown.rows() if row[0] == f"{MONTH}EUR" and len(row) == 8]
        assert months[0][5:] == ["€250.00", "€50.00", "€50.00"]
    assert "On the account at Stripe" not in finance.get(f"{LIST}/income?until=2001-01-01").main


def test_events_without_stripe_show_no_trace_of_it(finance, session):
    make_plan(make_event("summit"))
    assert "On the account at Stripe" not in finance.get(f"{LIST}/income").main


def test_bookings_are_downloaded(finance, ana, stripe, worker):
    pay(ana, stripe, worker)
    stripe.account.currency = "usd"
    stripe.account.refund(stripe.account.all("payment_intent")[0]["id"], 5_000)
    stripe.deliver()
    worker()
    page = finance.get(f"{LIST}/income")
    answer = finance.submit(page, {"form": "stripe-csv"}, action="/payments/ledger")
    assert "summit-stripe.csv" in answer.headers["Content-Disposition"]
    head, first, second = answer.body.decode("utf-8-sig").splitlines()
    assert head.startswith("Number at Stripe,When,What happened,Kind")
    assert first.startswith("txn_test_")
    assert first.endswith(",EUR,250.00,4.75,0.75,245.25,EUR,,Yes")
    assert second.endswith(",USD,-54.25,0.00,0.00,-54.25,EUR,1.085,No")
    answer = finance.submit(page, {"form": "stripe-xlsx"}, action="/payments/ledger")
    sheet = (
        CalamineWorkbook.from_filelike(io.BytesIO(answer.body)).get_sheet_by_index(0).to_python()
    )
    assert sheet[1][8:12] == [250, 4.75, 0.75, 245.25]
    assert finance.post(f"{LIST}/ledger", {"form": "stripe-exe"}).status == 400
    assert finance.post(f"{LIST}/ledger", {"form": "other-csv"}).status == 400
    ledger = finance.submit(page, {"form": "csv"}, action="/payments/ledger").body.decode()
    assert ",Fee of Stripe,stripe_fee," in ledger
    assert ",Fees of Stripe,fees,EUR,4.75,," in ledger
    everything = finance.post(
        "/office/payments/ledger", {"form": "stripe-csv", "until": "2001-01-01"}
    )
    assert everything.body.decode("utf-8-sig").count("\n") == 1
    assert db.session.query(AuditEntry).filter_by(action="payments.export").count() == 4


def test_a_key_that_may_not_read_them_is_told_what_to_do(finance, ana, stripe, worker):
    stripe.account.hides_bookings = 403
    pay(ana, stripe, worker)
    finance.submit(finance.get("/office/payments/stripe"))
    worker()
    assert "Balance transaction sources" in finance.get("/office/payments/stripe").main
    stripe.account.hides_bookings = 0
    finance.submit(finance.get("/office/payments/stripe"))
    worker()
    shown = finance.get("/office/payments/stripe")
    assert "Balance transaction sources" not in shown.main
    assert "1 booking of Stripe with its fee entered." in shown.main


@pytest.mark.parametrize("language", ["es", "fr"])
def test_in_other_languages(finance, ana, stripe, worker, language):
    stripe.account.currency = "usd"
    pay(ana, stripe, worker)
    finance.language = language
    word = {"es": "Comisión de Stripe", "fr": "Frais Stripe"}[language]
    shown = finance.get(f"{LIST}/{ana.registration_id}").main
    assert word in shown
    # With a point it would be a thousand and eighty-five.
    assert "1,085" in shown
    assert {"es": "Comisiones de Stripe", "fr": "Frais Stripe"}[language] in finance.get(
        f"{LIST}/income"
    ).main
