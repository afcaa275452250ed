"""A person's documents by link: who gets them, the PDF, and nobody else's."""

from __future__ import annotations

import io

import pikepdf
import pypdfium2

from eventsys.core.db import db
from eventsys.payments.models import Document
from eventsys.registration.models import Price
from tests.factories.documents import BUYER, make_issuer
from tests.factories.events import make_event
from tests.factories.fees import make_plan
from tests.factories.registrations import register


def own(event, email="ana@example.org", **person):
    return f"/registrations/{register(event, email, **person).link}"


def priced(slug="summit", **plan):
    event = make_event(slug)
    make_plan(event, 12_100, **{"tax_rate": 2100, "confirm_unpaid": True, **plan})
    return event


def text_of(content: bytes) -> str:
    pages = pypdfium2.PdfDocument(content)
    return "\n".join(page.get_textpage().get_text_bounded() for page in pages)


def test_an_invoice_is_asked_for_and_given(page, session):
    make_issuer()
    mine = own(priced())
    asked = page.get(page.get(mine).link("Invoice and other documents"))
    assert asked.h1 == "Documents"
    assert asked.by_id("name").get("value") == "Ana Ñandú"
    answer = page.submit(asked, {**BUYER, "kind": "invoice"})
    assert answer.status == 303
    listed = page.follow(answer)
    assert "-INV-" in listed.main
    assert "The invoice stands as it was issued" in listed.main
    document = db.session.query(Document).one()
    given = page.get(f"{mine}/documents/{document.key}.pdf")
    assert given.headers["Content-Type"] == "application/pdf"
    assert given.headers["Cache-Control"] == "private, no-store"
    printed = text_of(given.body)
    for text in ("Invoice", "MET-INV-", "Ajuntament de Barcelona", "P0801900B", "PO-77", "€100.00", "€21.00", "€121.00"):  # fmt: skip
        assert text in printed
    with pikepdf.open(io.BytesIO(given.body)) as pdf:
        assert b"pdfaid:part" in pdf.Root.Metadata.read_bytes()
    assert db.session.query(Price).one().buyer == BUYER


def test_before_the_fee_is_paid_there_is_a_pro_forma(page, session):
    make_issuer()
    mine = own(priced(confirm_unpaid=False))
    asked = page.get(f"{mine}/documents")
    assert "Issue the invoice" not in asked.main
    page.follow(page.submit(asked, {**BUYER, "kind": "pro_forma"}))
    assert db.session.query(Document).one().kind == "pro_forma"
    # Somebody who asks for the invoice anyway, by hand, is told why not.
    refused = page.submit(page.get(f"{mine}/documents"), {**BUYER, "kind": "invoice"})
    assert refused.status == 422
    assert "There is nothing to invoice at the moment" in refused.main
    assert db.session.query(Document).count() == 1


def test_what_is_missing_is_said_beside_its_field(page, session):
    make_issuer()
    mine = own(priced())
    wrong = {"name": " ", "address": "", "country": "", "email": "no address", "kind": "invoice"}
    answer = page.submit(page.get(f"{mine}/documents"), wrong)
    assert answer.status == 422
    for field in ("name", "address", "country", "email"):
        assert answer.text_by_id(f"{field}-error")
    assert db.session.query(Document).count() == 0


def test_another_persons_document_is_not_found(page, session):
    make_issuer()
    event = priced()
    mine, other = own(event), own(event, "joan@example.org")
    page.submit(page.get(f"{mine}/documents"), {**BUYER, "kind": "invoice"})
    key = db.session.query(Document).one().key
    assert page.get(f"{mine}/documents/{key}.pdf").status == 200
    assert page.get(f"{other}/documents/{key}.pdf").status == 404
    assert page.get(f"{mine}/documents/{'0' * 32}.pdf").status == 404


def test_a_free_event_knows_no_documents(page, session):
    make_issuer()
    mine = own(make_event())
    assert "documents" not in page.get(mine).main
    assert page.get(f"{mine}/documents").status == 404


def test_without_an_issuer_nothing_is_offered(page, session):
    mine = own(priced())
    assert "Invoice and other documents" not in page.get(mine).main
    assert page.get(f"{mine}/documents").status == 404
