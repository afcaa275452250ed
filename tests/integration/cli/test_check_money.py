"""``flask check`` finds money that does not agree: each rule is broken once, and is named."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
import sqlalchemy as sa

from eventsys.core.db import db
from eventsys.payments.models import Charge, StripeEvent
from eventsys.payments.operations.bill import change_bill
from eventsys.payments.operations.pay import record_payment
from eventsys.payments.rules.ledger import Kind
from eventsys.registration.operations.cancel import cancel
from eventsys.registration.operations.settle import settle
from eventsys.registration.queries.integrity import find_faults
from tests.factories.events import STAFF, facts_of, make_event
from tests.factories.fees import make_code, make_plan
from tests.factories.registrations import ANA, register

FEE = 25_000


def now():
    return datetime.now(UTC)


def pay(registration_id, amount=FEE):
    charge = db.session.scalars(
        sa.select(Charge).where(Charge.registration_id == registration_id)
    ).one()
    record_payment(charge.id, amount, "bank", actor=STAFF, now=now(), source="office")
    settle(registration_id, actor=STAFF, now=now())
    db.session.commit()


@pytest.fixture
def people(session):
    """Ana has paid, Bea is asked to, Cem had a code, Dia paid and cancelled."""
    event = make_event()
    make_plan(event, FEE)
    make_code(event, "GIFT", most=2)
    ana = register(event, "ana@example.org").registration_id
    register(event, "bea@example.org")
    register(event, "cem@example.org", code="gift")
    dia = register(event, "dia@example.org").registration_id
    pay(ana)
    pay(dia)
    cancel(dia, window=None, actor=STAFF, now=now())
    db.session.commit()
    return {"ana": ana, "dia": dia}


def rules():
    db.session.expire_all()
    return {fault.rule for fault in find_faults()}


def spoil(*statements):
    """Change what nobody may change, past the triggers that forbid it."""
    for statement in statements:
        db.session.execute(sa.text(statement))
    db.session.commit()


def test_what_agrees_is_not_told(people):
    assert rules() == set()


BROKEN = {
    "UPDATE charge SET billed = billed + 1 WHERE id = 1": "billed and received of a charge = its ledger",
    "UPDATE payment SET amount = amount + 1 WHERE id = 1": "money in the ledger = payments - refunds - disputes",
    "UPDATE payment SET refunded = 1 WHERE id = 1": "refunded of a payment = its refunds",
    "UPDATE registration SET payment = 'due' WHERE id = 1": "the payment of a registration is its charge's",
    "DELETE FROM payment_case": "money without a place is kept by a rule, on its way back, or a case",
    "UPDATE fee_code SET used = 2": "uses of a code = live registrations with it",
    "UPDATE registration SET pay_until = NULL WHERE id = 2": "states of a registration agree",
    "UPDATE registration SET status = 'confirmed', confirmed_at = '2099-01-01 00:00:00', pay_until = NULL "
    "WHERE id = 2": "a place that must be paid first is paid",
    "INSERT INTO ledger_line (entry_id, account, amount) SELECT max(id), 'income', 5 FROM ledger_entry":
        "the lines of an entry sum to zero",
    "INSERT INTO document_counter (series, year, last) VALUES ('R', 2030, 3)": "documents are numbered without gaps",
}  # fmt: skip


@pytest.mark.parametrize(("statement", "rule"), BROKEN.items())
def test_what_is_broken_is_named(people, statement, rule):
    spoil(statement)
    assert rule in rules()


def test_a_place_that_was_never_billed_is_found(people):
    spoil(
        "UPDATE registration SET status = 'confirmed', holds_place = (1 = 1), confirmed_at = registered_at "
        "WHERE id = 3",
        "UPDATE price SET total = 1 WHERE registration_id = 3",
    )
    assert rules() == {"who has a place is billed its price"}


def test_a_message_that_nobody_looks_at_is_found(people):
    db.session.add(
        StripeEvent(
            id="evt_1", type="charge.x", object_id="ch_1", livemode=False, created_at=now(), received_at=now(),
        )
    )  # fmt: skip
    db.session.commit()
    assert rules() == {"a message of Stripe is handled or queued"}


def test_an_invoice_for_more_than_is_billed_is_found(people):
    spoil(
        "INSERT INTO document (key, kind, series, year, number, charge_id, language, currency, total, tax, content, "
        "issued_at) VALUES ('k', 'invoice', 'F', 2030, 1, 3, 'en', 'EUR', 25000, 0, '{}', '2030-01-01 00:00:00')"
    )
    assert rules() == {"invoices - credit notes are at most what is billed"}


def test_what_a_rule_keeps_is_no_fault(session):
    event = make_event()
    make_plan(event, FEE, refund_percent=0)
    number = register(event).registration_id
    pay(number)
    window = facts_of(event).window
    cancel(number, window=window, actor=ANA, now=now())
    db.session.commit()
    assert db.session.scalars(sa.select(Charge.received)).one() == FEE
    assert rules() == set()


def test_whoever_asked_for_an_upgrade_may_owe(people):
    change_bill(people["ana"], FEE + 500, kind=Kind.ADJUST, actor=STAFF, now=now())
    settle(people["ana"], actor=STAFF, now=now())
    db.session.commit()
    assert rules() == set()
