"""The comparison with Stripe in the office: asked for, done by the worker, shown; and every night by itself."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from eventsys.core.db import db
from eventsys.jobs.models import Job
from tests.support.payer import Payer, make_due

PATH = "/office/payments/stripe"
TABLE_HEAD = ["When", "State", "Compared", "Put right", "To be decided"]


@pytest.fixture
def ana(app, session, stripe):
    return Payer(app, stripe)


def test_finance_compares_and_sees_what_was_put_right(page, ana, stripe, worker):
    page.sign_in("finance")
    stripe.account.pay(ana.open_page())
    stripe.lose()
    shown = page.get(PATH)
    assert "Nothing was compared yet" in shown.main
    shown = page.follow(page.submit(shown))
    assert "Stripe is asked now." in shown.main
    assert shown.rows()[1][1:] == ["Waiting", "–", "–", "–"]
    worker()
    assert ana.state == ("confirmed", "paid", True)
    assert page.get(PATH).rows()[0] == TABLE_HEAD
    assert page.get(PATH).rows()[1][1:] == ["Done", "2", "1", "0"]


def test_stripe_away_is_seen(page, session, stripe, worker):
    page.sign_in("finance")
    stripe.trouble = "503"
    page.submit(page.get(PATH))
    worker()
    assert "gateway_away" in page.get(PATH).main
    stripe.trouble = ""
    make_due("payments.reconcile")
    worker()
    assert page.get(PATH).rows()[1][1:] == ["Done", "0", "0", "0"]


def test_every_night_after_a_day_with_payments(page, ana, stripe, worker):
    page.sign_in("finance")
    ana.open_page()
    job = db.session.query(Job).filter_by(name="payments.reconcile").one()
    assert job.due_at.hour == 3
    assert timedelta(hours=2) < job.due_at - job.created_at < timedelta(hours=28)
    assert "Nothing was compared yet" in page.get(PATH).main
    stripe.lose()
    make_due("payments.reconcile")
    worker()
    assert page.get(PATH).rows()[1][1] == "Done"


def test_without_a_key(page, session):
    page.sign_in("finance")
    shown = page.get(PATH)
    assert "No key of Stripe is set" in shown.main
    assert page.post(PATH).status == 404


@pytest.mark.parametrize(
    ("role", "looks", "asks"),
    [
        ("secretariat", 200, 303),
        ("manager", 200, 403),
        ("check-in", 403, 403),
        ("viewer", 403, 403),
    ],
)
def test_who_may(page, session, stripe, role, looks, asks):
    page.sign_in(role)
    assert page.get(PATH).status == looks
    assert page.post(PATH).status == asks


@pytest.mark.parametrize("language", ["es", "fr"])
def test_in_other_languages(page, session, stripe, language):
    page.language = language
    page.sign_in("finance")
    assert "Stripe" in page.get(PATH).h1


def test_what_could_not_be_applied_is_told(staff, session, stripe):
    now = datetime.now(UTC)
    progress = {"checked": {"sessions": 3}, "mended": [], "undecided": 0, "failed": 1}
    db.session.add(
        Job(
            name="payments.reconcile", arguments={"key": "k"}, unique_key="k", status="queued", due_at=now,
            attempts=1, error="NotAllApplied: 1; cs_1", progress=progress, created_at=now,
        )
    )  # fmt: skip
    db.session.commit()
    assert "1 could not be applied and is tried again." in staff.get("/office/payments/stripe").main
