"""The office corrects a country: whoever sees payments is told at once what it did to the fee."""

from __future__ import annotations

import pytest

from eventsys.core.db import db
from eventsys.payments.models import Charge
from tests.factories.events import make_event
from tests.factories.fees import make_fee, make_plan
from tests.factories.registrations import register


@pytest.fixture
def ana(session):
    event = make_event()
    make_plan(event, 25_000, confirm_unpaid=True)
    make_fee(event, 10_000, position=0, income_group="low")
    number = register(event).registration_id
    db.session.commit()
    return number


def save(client, number, **fields):
    form = client.get(f"/office/events/summit/participants/{number}/edit")
    return client.follow(client.submit(form, fields))


@pytest.mark.parametrize("language", ["en", "es", "fr"])
def test_another_country_is_another_fee_and_the_office_reads_which(page, ana, language):
    page.sign_in("secretariat")
    page.language = language
    shown = save(page, ana, country="ET", city="Addis Ababa")
    db.session.rollback()
    assert db.session.query(Charge).one().billed == 10_000
    for amount in ("100", "250"):
        assert amount in shown.main
    assert ("With it the fee is another one: €100.00 instead of €250.00." in shown.main) == (language == "en")  # fmt: skip


def test_what_changes_no_fee_says_nothing_of_one(page, ana):
    page.sign_in("secretariat")
    assert "the fee is another one" not in save(page, ana, job_title="Mayor").main
