"""Income, open items by age, and the ledger for accounting: sums of the ledger and nothing else."""

from __future__ import annotations

import io
from datetime import UTC, datetime, timedelta

import pytest
from python_calamine import CalamineWorkbook

from eventsys.audit.models import AuditEntry
from eventsys.core.db import db
from eventsys.payments.queries import find_charge_of
from eventsys.web.office import income
from tests.factories.events import make_event
from tests.factories.fees import make_plan
from tests.factories.registrations import register

NOW = datetime.now(UTC)
LIST = "/office/events/summit/payments"


@pytest.fixture
def event(staff, session):
    event = make_event("summit")
    make_plan(event)
    return event


@pytest.fixture
def ana(event):
    """Give the number of a registration that owes 250 euros."""
    return register(event).registration_id


def test_income_is_the_sum_of_the_ledger(staff, event, ana):
    staff.submit(staff.get(f"{LIST}/{ana}/record"), {"amount": "100", "method": "bank"})
    register(event, "bruno@example.org", category="press")
    staff.submit(staff.get(f"{LIST}/{ana}/waive"), {"reason": "Rest"})
    rows = {row[0]: row[1:] for row in staff.get(f"{LIST}/income").rows()}
    assert rows["DelegateEUR"] == ["€250.00", "€150.00", "€0.00", "€100.00", "€100.00", "€0.00", "€0.00"]  # fmt: skip
    assert rows["PressEUR"][0] == "€250.00"
    assert rows["TotalEUR"] == ["€500.00", "€150.00", "€0.00", "€350.00", "€100.00", "€0.00", "€250.00"]  # fmt: skip
    assert rows["Bank accountEUR"] == ["€100.00", "€0.00", "–", "€100.00"]
    everywhere = staff.get("/office/payments/income").rows()
    assert ["€500.00", "€150.00"] in [row[1:3] for row in everywhere]
    assert "No money has moved" in staff.get(f"{LIST}/income?until=2001-01-01").main
    assert staff.get(f"{LIST}/income?since=nonsense").status == 200


def test_open_items_stand_in_classes_of_age(staff, event, session):
    for number, days in enumerate((-5, 0, 30, 31, 90, 91)):
        made = register(event, f"p{number}@example.org", last_name=f"P{number}").registration_id
        find_charge_of(made).due_on = NOW.date() - timedelta(days=days)
        db.session.commit()
    page = staff.get(f"{LIST}/open")
    ages = {row[0].partition("Ajuntament")[0]: row[3] for row in page.rows()[1:]}
    assert ages == {
        "Ana P5": "more than 90 days", "Ana P4": "61 to 90 days", "Ana P3": "31 to 60 days",
        "Ana P2": "0 to 30 days", "Ana P1": "0 to 30 days", "Ana P0": "Not due yet",
    }  # fmt: skip
    assert "€500.00" in page.main
    assert "Ana P5" in staff.get("/office/payments/open").main


def test_a_list_that_is_cut_says_so(staff, event, monkeypatch):
    for number in range(3):
        register(event, f"p{number}@example.org")
    assert "due longest" not in staff.get(f"{LIST}/open").main
    monkeypatch.setattr(income, "MOST_SHOWN", 2)
    page = staff.get(f"{LIST}/open")
    assert "The 2 that have been due longest are listed; the sums count all 3." in page.main


def test_the_ledger_is_downloaded_without_formulas(staff, event):
    register(event, first_name="=HYPERLINK(1)", last_name="")
    page = staff.get(f"{LIST}/income")
    answer = staff.submit(page, {"form": "csv"}, action="/payments/ledger")
    text = answer.body.decode("utf-8-sig")
    assert "'=HYPERLINK(1)" in text
    head, first, second = text.splitlines()
    assert head.startswith("Number,When,What happened")
    assert ",receivable,EUR,250.00,," in first
    assert ",income,EUR,,250.00," in second
    answer = staff.submit(page, {"form": "xlsx"}, action="/payments/ledger")
    rows = CalamineWorkbook.from_filelike(io.BytesIO(answer.body)).get_sheet_by_index(0).to_python()
    assert rows[1][10] == 250
    assert staff.post(f"{LIST}/ledger", {"form": "exe"}).status == 400
    everything = staff.post("/office/payments/ledger", {"form": "csv", "until": "2001-01-01"})
    assert everything.body.decode("utf-8-sig").count("\n") == 1
    assert db.session.query(AuditEntry).filter_by(action="payments.export").count() == 3


def test_the_address_of_the_download_leads_finance_of_one_event_back(new_client, event):
    client = new_client()
    client.sign_in("finance", event_id=event.id, email="otto@example.org")
    assert client.get(f"{LIST}/ledger").h1 == client.get(f"{LIST}/income").h1 == "Income"


def test_totals_are_of_one_currency_each(staff, event, ana):
    other = make_event("congress")
    make_plan(other, 1_000_000, currency="MXN")
    register(other)
    register(other, "bruno@example.org")
    rows = [
        row for row in staff.get("/office/payments/income").rows() if row[0].startswith("Total")
    ]
    # Each currency has one event and one month: nothing to add up, and never euros to pesos.
    assert rows == []
    register(event, "bruno@example.org", category="press")
    listed = staff.get(f"{LIST}/income").rows()
    assert [row[:2] for row in listed if row[0].startswith("Total")] == [["TotalEUR", "€500.00"]]


def test_a_period_is_named(staff, event, ana):
    page = staff.get(f"{LIST}/income?since=2026-01-01&until=2026-12-31")
    assert "Period: 1 January 2026 – 31 December 2026" in page.main
    assert "Period:" not in staff.get(f"{LIST}/income").main
