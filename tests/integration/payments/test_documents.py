"""Documents: what stands on them, that nothing changes them, and what corrects them."""

from __future__ import annotations

import unicodedata

import pypdfium2
import pytest
import sqlalchemy as sa

from eventsys.core.db import db
from eventsys.jobs.models import Job
from eventsys.payments.errors import InvoiceStands, NoIssuer, NothingDue, NothingToInvoice
from eventsys.payments.models import Document, Issuer
from eventsys.payments.operations.bill import change_bill, waive
from eventsys.payments.operations.refund import request_refund
from eventsys.payments.queries.documents import invoiced, number_of, pdf_of, tax_billed
from eventsys.payments.rules.documents import DocumentKind
from eventsys.payments.rules.ledger import Kind
from eventsys.registration.operations.cancel import cancel
from eventsys.registration.operations.documents import ask_document, give_receipt, issue_anew
from tests.factories.documents import (
    BUYER,
    STAFF,
    charge_of,
    make_due,
    make_issuer,
    make_payment,
    now,
)

YEAR = now().year


def ask(registration, kind=DocumentKind.INVOICE, buyer=BUYER, *, by_person=True):
    made = ask_document(registration.id, kind, buyer, actor=STAFF, now=now(), by_person=by_person)
    db.session.commit()
    return made


def lower(registration, total, reason="change"):
    charge = charge_of(registration)
    change_bill(charge.id, total, kind=Kind.ADJUST, actor=STAFF, now=now(), reason=reason)
    db.session.commit()


def documents(kind=None):
    db.session.expire_all()
    query = sa.select(Document).order_by(Document.id)
    rows = db.session.scalars(query).all()
    return [row for row in rows if kind in {None, row.kind}]


def agree(registration):
    """Tell whether documents and ledger say the same of what is billed, tax included."""
    charge = charge_of(registration)
    return invoiced(charge.id) == (charge.billed, tax_billed(charge.id))


def test_an_invoice_says_everything(session):
    make_issuer()
    registration = make_due()
    made = ask(registration)
    assert number_of(made) == f"MET-INV-{YEAR}-00001"
    assert (made.total, made.tax, made.currency) == (12_100, 2_100, "EUR")
    facts = made.content["facts"]
    assert facts["buyer"] == BUYER
    assert facts["taxes"] == [{"rate": 2100, "net": 10_000, "tax": 2_100}]
    assert facts["account"]["iban"] == "ES9121000418450200051332"
    assert facts["subject"]["person"] == "Ana Ñandú"
    paper = made.content["paper"]
    assert paper["kind"] == "Invoice"
    assert ["Without tax, at 21%", "€100.00", False] in paper["sums"]
    assert ["Your order", "PO-77"] in paper["meta"]
    assert agree(registration)


def test_without_an_issuer_there_is_no_document(session):
    registration = make_due()
    with pytest.raises(NoIssuer):
        ask(registration)
    db.session.rollback()
    payment_id = make_payment(registration, 12_100)
    assert give_receipt(payment_id, actor=STAFF, now=now()) is None


def test_a_second_click_makes_no_second_invoice(session):
    make_issuer()
    registration = make_due()
    assert ask(registration).id == ask(registration).id
    assert len(documents()) == 1


def test_an_invoice_is_not_turned_to_somebody_else(session):
    make_issuer()
    registration = make_due()
    ask(registration)
    with pytest.raises(InvoiceStands):
        ask(registration, buyer=BUYER | {"name": "Another"})


def test_the_same_person_is_invoiced_once_nothing_is_left(session):
    make_issuer()
    registration = make_due()
    lower(registration, 0)
    with pytest.raises(NothingToInvoice):
        ask(registration)


def test_a_place_that_waits_for_its_fee_gets_a_pro_forma_and_no_invoice(session):
    make_issuer()
    registration = make_due(plan={"confirm_unpaid": False})
    with pytest.raises(NothingToInvoice):
        ask(registration)
    db.session.rollback()
    made = ask(registration, DocumentKind.PRO_FORMA)
    assert number_of(made) == f"MET-PRO-{YEAR}-00001"
    transfer = made.content["paper"]["transfer"]
    assert ["IBAN", "ES91 2100 0418 4502 0005 1332"] in transfer["rows"]
    assert transfer["qr"].splitlines()[5:8] == [
        "Association",
        "ES9121000418450200051332",
        "EUR121.00",
    ]
    # Staff know why they give one before.
    assert number_of(ask(registration, by_person=False)) == f"MET-INV-{YEAR}-00001"


def test_a_pro_forma_is_given_again_until_something_else_is_true(session):
    make_issuer()
    registration = make_due()
    first = ask(registration, DocumentKind.PRO_FORMA)
    assert ask(registration, DocumentKind.PRO_FORMA).id == first.id
    make_payment(registration, 2_100)
    second = ask(registration, DocumentKind.PRO_FORMA)
    assert second.id != first.id
    assert ["To pay", "€100.00", True] in second.content["paper"]["sums"]
    make_payment(registration, 10_000)
    with pytest.raises(NothingDue):
        ask(registration, DocumentKind.PRO_FORMA)
    db.session.rollback()
    assert invoiced(charge_of(registration).id) == (0, 0)


def test_cancelling_after_an_invoice_credits_it_once(session):
    make_issuer()
    registration = make_due()
    invoice = ask(registration)
    assert cancel(registration.id, window=None, actor=STAFF, now=now())
    assert not cancel(registration.id, window=None, actor=STAFF, now=now())
    db.session.commit()
    (credit,) = documents("credit_note")
    assert (credit.total, credit.tax, credit.corrects_id) == (-12_100, -2_100, invoice.id)
    assert number_of(credit) == f"MET-CRN-{YEAR}-00001"
    facts = credit.content["facts"]
    assert facts["corrects"] == f"MET-INV-{YEAR}-00001"
    assert facts["buyer"] == BUYER
    assert ["Why", "Registration cancelled"] in credit.content["paper"]["meta"]
    assert agree(registration)


def test_a_lower_fee_is_credited_by_the_difference_and_a_higher_one_invoiced(session):
    make_issuer()
    registration = make_due()
    ask(registration)
    lower(registration, 9_999)
    lower(registration, 9_999)
    (credit,) = documents("credit_note")
    assert credit.total == -2_101
    assert agree(registration)
    lower(registration, 20_000)
    second = ask(registration)
    assert (second.total, documents()[-1].id) == (10_001, second.id)
    assert agree(registration)
    # What two invoices say is taken back of both, the newest first.
    lower(registration, 5_000)
    notes = documents("credit_note")[1:]
    assert [credit.corrects_id for credit in notes] == [second.id, documents("invoice")[0].id]
    assert agree(registration)


def test_a_fee_that_is_let_go_is_credited(session):
    make_issuer()
    registration = make_due(9_999)
    ask(registration)
    make_payment(registration, 3_333)
    waive(charge_of(registration).id, reason="speaker", actor=STAFF, now=now())
    db.session.commit()
    assert documents("credit_note")[0].total == -6_666
    assert agree(registration)


def test_lowering_without_an_invoice_credits_nothing(session):
    make_issuer()
    registration = make_due()
    ask(registration, DocumentKind.PRO_FORMA)
    lower(registration, 0)
    assert documents("credit_note") == []


def test_issued_anew_to_somebody_else(session):
    make_issuer()
    registration = make_due()
    first = ask(registration)
    other = BUYER | {"name": "Metropolitan Area"}
    made = issue_anew(registration.id, other, actor=STAFF, now=now())
    again = issue_anew(registration.id, other, actor=STAFF, now=now())
    db.session.commit()
    assert made.id == again.id
    assert made.content["facts"]["buyer"]["name"] == "Metropolitan Area"
    assert [row.corrects_id for row in documents("credit_note")] == [first.id]
    assert documents("credit_note")[0].content["facts"]["buyer"] == BUYER
    assert agree(registration)


def test_each_payment_has_one_receipt(session):
    make_issuer()
    registration = make_due()
    payment_id = make_payment(registration, 2_100)
    assert db.session.query(Job).filter_by(unique_key=f"receipt:{payment_id}").count() == 1
    first = give_receipt(payment_id, actor=STAFF, now=now())
    again = give_receipt(payment_id, actor=STAFF, now=now())
    assert first.id == again.id
    other = give_receipt(make_payment(registration, 10_000), actor=STAFF, now=now())
    db.session.commit()
    assert [row.total for row in documents("receipt")] == [2_100, 10_000]
    assert number_of(other) == f"MET-REC-{YEAR}-00002"
    assert "by bank transfer" in dict(other.content["paper"]["meta"])["Paid on"]


def test_money_that_went_back_has_no_receipt(session):
    make_issuer()
    registration = make_due()
    payment_id = make_payment(registration, 12_100)
    request_refund(payment_id, 12_100, origin="office", reason="", actor=STAFF, now=now())
    assert give_receipt(payment_id, actor=STAFF, now=now()) is None


@pytest.mark.parametrize("statement", ["UPDATE document SET total = 1", "DELETE FROM document"])
def test_the_database_refuses_to_change_what_was_issued(session, statement):
    make_issuer()
    ask(make_due())
    with pytest.raises(sa.exc.DBAPIError, match="only ever added to"):
        db.session.execute(sa.text(statement))
    db.session.rollback()
    assert documents()[0].total == 12_100


def test_a_new_address_of_the_issuer_changes_no_old_paper(session):
    make_issuer()
    made = ask(make_due())
    before = made.content
    db.session.query(Issuer).one().name = "Renamed"
    db.session.commit()
    assert documents()[0].content == before
    assert before["paper"]["issuer"]["name"] == "Association of City Governments"


@pytest.mark.parametrize(
    ("language", "kind", "tax"),
    [("es", "Factura", "Base imponible al 21 %"), ("fr", "Facture", "Base hors taxe à 21 %")],
)
def test_a_document_speaks_the_language_of_the_person(session, language, kind, tax):
    make_issuer()
    paper = ask(make_due(language=language)).content["paper"]
    assert paper["kind"] == kind
    assert tax in [label.replace("\u202f", " ").replace("\xa0", " ") for label, *_ in paper["sums"]]


def test_the_reason_for_no_tax_is_printed(session):
    make_issuer()
    text = {"en": "Exempt: art. 20.1.12 of Law 37/1992."}
    made = ask(make_due(50_000, plan={"tax_rate": 0, "tax_text": text, "currency": "JPY"}))
    paper = made.content["paper"]
    assert paper["tax_text"] == "Exempt: art. 20.1.12 of Law 37/1992."
    assert paper["sums"] == [["Total", "JP¥50,000", True]]
    assert paper["lines"]["columns"] == ["Description", "Amount"]


def test_what_the_organiser_says_of_the_tax_stands_there_with_a_rate_too(session):
    make_issuer()
    text = {"en": "VAT of Spain, art. 70."}
    made = ask(make_due(12_100, plan={"tax_rate": 2_100, "tax_text": text}))
    assert made.content["paper"]["tax_text"] == "VAT of Spain, art. 70."


@pytest.mark.parametrize(
    ("language", "currency", "rate", "buyer", "signs"),
    [
        ("en", "EUR", 2100, "جماعة الدار البيضاء", ("Invoice", "€100.00", "البيضاء")),
        ("fr", "JPY", 0, "广州市人民政府外事办公室", ("Facture", "12 100", "广州市")),
        ("es", "TND", 1900, "#panic() $x$ <b>", ("Factura", "12,100", "#panic() $x$ <b>")),
    ],
)
def test_the_paper_is_set_in_every_script_and_currency(
    session, language, currency, rate, buyer, signs
):
    make_issuer()
    registration = make_due(plan={"tax_rate": rate, "currency": currency}, language=language)
    made = ask(registration, buyer=BUYER | {"name": buyer})
    content = pdf_of(made)
    assert content == pdf_of(made)
    pages = pypdfium2.PdfDocument(content)
    printed = pages[0].get_textpage().get_text_bounded()
    printed = "".join(unicodedata.normalize("NFKC", printed).split())
    for sign in signs:
        # PDFium gives letters of Arabic in the order in which they are drawn.
        letters = set("".join(sign.split()))
        assert "".join(sign.split()) in printed or (sign[0] >= "\u0600" and letters <= set(printed))
