"""Receipts come by themselves after a payment, and every document by mail, with the PDF."""

from __future__ import annotations

import pypdfium2

from eventsys.core.db import db
from eventsys.mail.models import Message
from eventsys.payments.models import Document
from eventsys.payments.operations.pay import record_payment
from eventsys.payments.rules.documents import DocumentKind
from eventsys.registration.operations.cancel import cancel
from eventsys.registration.operations.documents import ask_document
from tests.factories.documents import (
    BUYER,
    STAFF,
    charge_of,
    make_due,
    make_issuer,
    make_payment,
    now,
)


def kinds():
    db.session.expire_all()
    return [row.kind for row in db.session.query(Document).order_by(Document.id)]


def pdf_in(mail):
    (part,) = (part for part in mail.walk() if part.get_content_type() == "application/pdf")
    pages = pypdfium2.PdfDocument(part.get_content())
    return part.get_filename(), "".join(page.get_textpage().get_text_bounded() for page in pages)


def about_money(smtp, address):
    return [mail for mail in smtp.to(address) if "MET-" in str(mail["Subject"])]


def test_a_payment_brings_its_receipt_by_mail_in_the_persons_language(session, smtp, worker):
    make_issuer()
    registration = make_due(language="es")
    make_payment(registration, 12_100)
    while worker():
        pass
    assert kinds() == ["receipt"]
    (mail,) = about_money(smtp, "ana@example.org")
    number = f"MET-REC-{now().year}-00001"
    assert str(mail["Subject"]) == f"Recibo {number}: Cumbre Metropolitana"
    name, printed = pdf_in(mail)
    assert name == f"{number}.pdf"
    assert "Importe recibido" in printed
    assert "121,00" in printed
    # Looked at again, nothing comes twice.
    while worker():
        pass
    assert kinds() == ["receipt"]


def test_a_payment_that_is_not_kept_brings_no_receipt(session, smtp, worker):
    make_issuer()
    registration = make_due()
    charge = charge_of(registration)
    record_payment(charge.id, 12_100, "bank", actor=STAFF, now=now(), source="test")
    db.session.rollback()
    while worker():
        pass
    assert kinds() == []


def test_without_an_issuer_a_payment_is_settled_all_the_same(session, smtp, worker):
    registration = make_due()
    make_payment(registration, 12_100)
    while worker():
        pass
    assert kinds() == []
    db.session.refresh(registration)
    assert registration.payment == "paid"


def test_whoever_pays_gets_a_copy_without_the_key_to_the_registration(session, smtp, worker):
    make_issuer()
    registration = make_due()
    ask_document(
        registration.id, DocumentKind.INVOICE, BUYER, actor=STAFF, now=now(), by_person=True
    )
    while worker():
        pass
    (own,) = about_money(smtp, "ana@example.org")
    (copy,) = about_money(smtp, "factures@example.org")
    assert pdf_in(own) == pdf_in(copy)
    assert "/registrations/" in own.as_string()
    for part in copy.walk():
        if part.get_content_maintype() == "text":
            assert "/registrations/" not in part.get_content()


def test_the_credit_note_of_a_cancelled_registration_is_still_sent(session, smtp, worker):
    make_issuer()
    registration = make_due()
    ask_document(
        registration.id, DocumentKind.INVOICE, BUYER, actor=STAFF, now=now(), by_person=True
    )
    cancel(registration.id, window=None, actor=STAFF, now=now())
    while worker():
        pass
    subjects = [str(mail["Subject"]) for mail in about_money(smtp, "ana@example.org")]
    assert len(subjects) == 2
    credit = about_money(smtp, "ana@example.org")[-1]
    assert "Credit to invoice" in pdf_in(credit)[1]
    states = {row.status for row in db.session.query(Message)}
    assert states == {"sent"}
