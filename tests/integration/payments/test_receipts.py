"""The papers of a payment after it was made: sent back, withdrawn, undone; and what was missed is made good."""

from __future__ import annotations

from datetime import timedelta

import pypdfium2
import pytest
import sqlalchemy as sa

from eventsys.core.db import db
from eventsys.mail.models import Message
from eventsys.payments.models import BankLine, Document, Refund
from eventsys.payments.operations.bank import pay_by_line
from eventsys.payments.operations.make_receipts import make_receipts
from eventsys.payments.operations.post import lock_charge
from eventsys.payments.operations.refund import refuse_refund
from eventsys.payments.operations.write import write
from eventsys.payments.queries.documents import number_of, pdf_of
from eventsys.payments.queries.receipts import count_unpapered
from eventsys.payments.rules.documents import DocumentKind, Line
from eventsys.registration.operations.bank import undo_match
from eventsys.registration.operations.documents import ask_document, give_receipt
from eventsys.registration.operations.office_fee import refund_fee
from eventsys.registration.operations.settle import settle
from eventsys.registration.queries.detail import get_detail
from eventsys.registration.queries.documents import subject_of
from eventsys.registration.queries.integrity import find_faults
from tests.factories.documents import (
    BUYER,
    STAFF,
    charge_of,
    make_due,
    make_issuer,
    make_payment,
    now,
)
from tests.support.payer import FEE, Payer
from tests.support.race import together

YEAR = now().year


@pytest.fixture(autouse=True)
def _agreeing(session, worker):
    yield
    db.session.rollback()
    worker()
    assert find_faults() == []


def papers():
    db.session.rollback()
    rows = db.session.scalars(sa.select(Document).order_by(Document.id)).all()
    return [(row.kind, row.total) for row in rows]


def newest():
    return db.session.scalars(sa.select(Document).order_by(Document.id.desc()).limit(1)).one()


def send_back(payment_id, amount, key="k", **more):
    values = {"owed_again": False, "reason": "Ill", "key": key, **more}
    refund_fee(payment_id, amount, actor=STAFF, now=now(), **values)
    db.session.commit()


def printed(document):
    page = pypdfium2.PdfDocument(pdf_of(document))[0].get_textpage().get_text_bounded()
    return " ".join(page.split())


def test_a_refund_has_a_confirmation_of_its_own_and_the_receipt_stays(session, worker):
    make_issuer()
    registration = make_due()
    ask_document(
        registration.id, DocumentKind.INVOICE, BUYER, actor=STAFF, now=now(), by_person=True
    )
    payment_id = make_payment(registration, 12_100)
    worker()
    before = newest().content
    send_back(payment_id, 2_100)
    worker()
    give_receipt(payment_id, actor=STAFF, now=now())
    db.session.commit()
    assert papers() == [
        ("invoice", 12_100), ("receipt", 12_100), ("credit_note", -2_100), ("repayment", -2_100),
    ]  # fmt: skip
    made = newest()
    assert number_of(made) == f"MET-RPY-{YEAR}-00001"
    assert made.tax == -364
    facts = made.content["facts"]
    assert facts["buyer"] == BUYER
    assert facts["corrects"] == f"MET-REC-{YEAR}-00001"
    text = printed(made)
    for words in (
        "Confirmation of repayment", "Paid back to", "€21.00", "Ill", "by bank transfer",
        f"receipt MET-REC-{YEAR}-00001 of",
    ):  # fmt: skip
        assert words in text
    assert "-€" not in text
    receipt = db.session.get_one(Document, made.corrects_id)
    assert receipt.content == before
    to = db.session.scalars(
        sa.select(Message.to_address).where(Message.template == "registration/document")
    ).all()
    # Whoever pays gets it as well, like every document.
    assert to.count(BUYER["email"]) == 4


def test_a_transfer_of_somebody_else_cancels_its_receipt(session, worker):
    make_issuer()
    registration = make_due()
    line = BankLine(
        digest="d", booked_on=now().date(), amount=12_100, currency="EUR", status="open", brought_at=now(),
    )  # fmt: skip
    db.session.add(line)
    db.session.flush()
    settled = pay_by_line(line.id, charge_of(registration).id, actor=STAFF, now=now())
    settle(registration.id, actor=STAFF, now=now())
    db.session.commit()
    worker()
    undo_match(line.id, reason="Of Lyon", actor=STAFF, now=now())
    db.session.commit()
    worker()
    give_receipt(settled.payment_id, actor=STAFF, now=now())
    db.session.commit()
    assert papers() == [("receipt", 12_100), ("cancellation", -12_100)]
    made = newest()
    assert number_of(made) == f"MET-CAN-{YEAR}-00001"
    text = printed(made)
    assert "Cancellation" in text
    assert "somebody else’s" in text
    # Matched again with the right fee, it is another payment with a receipt of its own.
    pay_by_line(line.id, charge_of(registration).id, actor=STAFF, now=now())
    settle(registration.id, actor=STAFF, now=now())
    db.session.commit()
    worker()
    assert papers()[2:] == [("receipt", 12_100)]


@pytest.fixture
def ana(app, session, stripe, worker):
    make_issuer()
    payer = Payer(app, stripe)
    payer.intent = stripe.account.pay(payer.open_page())["payment_intent"]
    stripe.deliver()
    worker()
    assert papers() == [("receipt", FEE)]
    return payer


def test_a_repayment_that_came_back_cancels_its_confirmation(ana, stripe, worker):
    send_back(ana.payments[0].id, FEE)
    worker()
    stripe.account.refund_becomes(stripe.account.all("refund")[0]["id"], "failed")
    stripe.deliver(times=2)
    worker()
    assert papers() == [("receipt", FEE), ("repayment", -FEE), ("cancellation", FEE)]
    assert "came back" in printed(newest())


def test_a_refund_that_never_left_has_no_paper(ana, session, worker):
    send_back(ana.payments[0].id, FEE)
    refuse_refund(db.session.query(Refund).one().id, "closed", actor=STAFF, now=now())
    db.session.commit()
    worker()
    assert papers() == [("receipt", FEE)]


def test_a_refund_in_the_dashboard_has_its_paper(ana, stripe, worker):
    stripe.account.refund(ana.intent, 7_000)
    stripe.deliver(times=2, backwards=True)
    worker()
    assert papers() == [("receipt", FEE), ("repayment", -7_000)]


def test_money_that_the_payers_bank_withdrew(ana, stripe, worker):
    dispute = stripe.account.dispute(ana.intent)
    stripe.deliver()
    worker()
    assert papers() == [("receipt", FEE)]
    stripe.account.dispute_becomes(dispute["id"], "lost")
    stripe.deliver(times=2)
    worker()
    assert papers() == [("receipt", FEE), ("repayment", -FEE)]
    assert "Withdrawn by the payer’s bank" in printed(newest())


def test_a_receipt_made_late_says_what_came_and_what_went_back(app, session, worker):
    registration = make_due()
    payment_id = make_payment(registration, 12_100)
    worker()
    send_back(payment_id, 2_100)
    worker()
    assert papers() == []
    make_issuer()
    assert count_unpapered() == 1
    assert make_receipts(None, actor=STAFF, now=now()) == 1
    # A job is at it: a second press queues nothing more.
    assert make_receipts(None, actor=STAFF, now=now()) == 0
    db.session.commit()
    worker()
    assert papers() == [("receipt", 12_100), ("repayment", -2_100)]
    assert count_unpapered() == 0


def test_what_went_back_as_a_whole_is_not_missed(session, worker):
    payment_id = make_payment(make_due(), 12_100)
    send_back(payment_id, 12_100)
    worker()
    make_issuer()
    assert count_unpapered() == 0


def test_an_old_receipt_had_what_went_back_before_taken_off(session, worker):
    """Receipts of earlier versions were issued for what was left; they are not corrected once more."""
    make_issuer()
    registration = make_due()
    payment_id = make_payment(registration, 12_100)
    send_back(payment_id, 2_100)
    subject = subject_of(get_detail(registration.id))
    more = {
        "payment_id": payment_id,
        "paid_on": now().date().isoformat(),
        "method": "bank",
        "invoice": "",
    }
    write(
        lock_charge(charge_of(registration).id), DocumentKind.RECEIPT, subject, (Line("Fee", 10_000),), 1_736,
        actor=STAFF, now=now(), more=more,
    )  # fmt: skip
    db.session.commit()
    worker()
    assert papers() == [("receipt", 10_000)]
    send_back(payment_id, 1_000, key="later")
    worker()
    assert papers() == [("receipt", 10_000), ("repayment", -1_000)]


def test_two_workers_make_one_paper(app, session, worker):
    make_issuer()
    payment_id = make_payment(make_due(), 12_100)
    worker()
    send_back(payment_id, 2_100)

    def work():
        give_receipt(payment_id, actor=STAFF, now=now() + timedelta(seconds=1))

    assert together(app, [work] * 4) == [None] * 4
    assert papers() == [("receipt", 12_100), ("repayment", -2_100)]


def test_a_paper_that_is_not_true_any_more_is_found(session, worker):
    make_issuer()
    payment_id = make_payment(make_due(), 12_100)
    worker()
    send_back(payment_id, 2_100)
    db.session.execute(sa.text("DELETE FROM job WHERE name = 'payments.receipt'"))
    db.session.commit()
    rules = {fault.rule for fault in find_faults()}
    assert rules == {"receipts - repayments - cancellations = what of a payment is here"}
    make_receipts(None, actor=STAFF, now=now())
    db.session.commit()
    worker()
    assert papers() == [("receipt", 12_100), ("repayment", -2_100)]
