"""Invoices for machines inside the papers: attached, described, valid, and the same on any later day."""

from __future__ import annotations

import io

import pikepdf
import pypdfium2
import pytest
from lxml import etree

from eventsys.core.db import db
from eventsys.payments.models import Document, Issuer
from eventsys.payments.queries.documents import number_of, pdf_of
from eventsys.payments.rules.cii import FILE_NAME, xml_of
from eventsys.payments.rules.documents import DocumentKind
from eventsys.payments.rules.einvoice import Lack, lack_of
from eventsys.registration.models import FeePlan
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
from tests.support.en16931 import Invoice, faults

FX = "{urn:factur-x:pdfa:CrossIndustryDocument:invoice:1p0#}"


def ask(registration, kind=DocumentKind.INVOICE, buyer=BUYER):
    made = ask_document(registration.id, kind, buyer, actor=STAFF, now=now(), by_person=False)
    db.session.commit()
    return made


def attached(content: bytes) -> dict[str, bytes]:
    with pikepdf.open(io.BytesIO(content)) as pdf:
        return {name: spec.get_file().read_bytes() for name, spec in pdf.attachments.items()}


def texts(content: bytes) -> list[str]:
    return [page.get_textpage().get_text_bounded() for page in pypdfium2.PdfDocument(content)]


def test_an_invoice_carries_itself_for_machines(session):
    make_issuer(tax_number="ESG00000000")
    registration = make_due(language="fr")
    make_payment(registration, 2_100)
    made = ask(registration)
    content = pdf_of(made)
    assert content == pdf_of(made)
    (data,) = attached(content).values()
    assert data == xml_of(made.content)
    assert faults(data) == []
    invoice = Invoice(data)
    assert invoice.text("//rsm:ExchangedDocument/ram:ID") == number_of(made)
    assert invoice.text("//ram:BuyerOrderReferencedDocument/*") == "PO-77"
    assert invoice.text("//ram:BuyerReference") == BUYER["reference"]
    assert invoice.text("//ram:ApplicableHeaderTradeDelivery//ram:CountryID") == "ES"
    assert len(invoice.nodes("//ram:BillingSpecifiedPeriod/*")) == 2
    assert invoice.text("{settlement}/ram:PaymentReference") == charge_of(registration).reference
    assert invoice.texts("{sums}/*") == ["100.00", "100.00", "21.00", "121.00", "21.00", "100.00"]


def test_readers_find_it_by_what_the_pdf_says_of_itself(session):
    make_issuer()
    with pikepdf.open(io.BytesIO(pdf_of(ask(make_due())))) as pdf:
        (file,) = pdf.Root.AF
        assert (file.AFRelationship, str(file.UF)) == ("/Alternative", FILE_NAME)
        assert file.EF.F.Subtype == "/text/xml"
        metadata = etree.fromstring(pdf.Root.Metadata.read_bytes())
    said = {node.tag.removeprefix(FX): node.text for node in metadata.iter(f"{FX}*")}
    assert said == {
        "DocumentFileName": FILE_NAME,
        "DocumentType": "INVOICE",
        "Version": "1.0",
        "ConformanceLevel": "EN 16931",
    }
    words = [node.text for node in metadata.iter() if node.text]
    # PDF/A-3, and the properties that are not its own are explained.
    assert words[words.index("U") - 1] == "3"
    assert set(said) <= set(words)
    assert words.count("Factur-X PDFA Extension Schema") == 1


def test_the_page_looks_as_it_did_without_the_file(session):
    make_issuer()
    made = ask(make_due())
    bare = Document(content={**made.content, "facts": made.content["facts"] | {"kind": "receipt"}})
    with_file, without = pdf_of(made), pdf_of(bare)
    assert (list(attached(with_file)), list(attached(without))) == ([FILE_NAME], [])
    assert texts(with_file) == texts(without)
    drawn, plain = (
        pypdfium2.PdfDocument(content)[0].render(scale=1).to_pil().tobytes()
        for content in (with_file, without)
    )
    assert drawn == plain


def test_a_name_that_no_font_has_still_comes_with_the_file(session):
    make_issuer()
    content = pdf_of(ask(make_due(), buyer=BUYER | {"name": "City \N{UGARITIC LETTER ALPA}"}))
    (data,) = attached(content).values()
    assert Invoice(data).text("//ram:BuyerTradeParty/ram:Name") == "City \N{UGARITIC LETTER ALPA}"
    with pikepdf.open(io.BytesIO(content)) as pdf:
        assert pdf.Root.AF[0].AFRelationship == "/Alternative"


def test_a_credit_note_names_its_invoice(session):
    make_issuer()
    registration = make_due()
    first = ask(registration)
    cancel(registration.id, window=None, actor=STAFF, now=now())
    db.session.commit()
    note = db.session.query(Document).filter_by(kind="credit_note").one()
    (data,) = attached(pdf_of(note)).values()
    assert faults(data) == []
    invoice = Invoice(data)
    assert invoice.text("{settlement}/ram:InvoiceReferencedDocument/ram:IssuerAssignedID") == (
        number_of(first)
    )
    assert invoice.text("{sums}/ram:GrandTotalAmount") == "121.00"


def test_a_later_change_of_the_issuer_changes_no_file(session):
    make_issuer()
    made = ask(make_due())
    before = xml_of(made.content)
    db.session.query(Issuer).one().name = "Renamed"
    db.session.commit()
    assert xml_of(db.session.query(Document).one().content) == before


@pytest.mark.parametrize(
    ("issuer", "plan", "lack"),
    [
        ({"tax_number": ""}, {}, Lack.SELLER_NUMBER),
        ({}, {"tax_rate": 0}, Lack.TAX_REASON),
    ],
)
def test_what_nobody_entered_is_not_made_up(session, issuer, plan, lack):
    make_issuer(**issuer)
    made = ask(make_due(plan=plan))
    assert lack_of(made.content) is lack
    assert attached(pdf_of(made)) == {}


def test_what_there_is_instead_of_tax_is_frozen_and_credited(session):
    make_issuer()
    text = {"en": "Subsidised: outside the scope."}
    registration = make_due(plan={"tax_rate": 0, "tax_kind": "outside", "tax_text": text})
    ask(registration)
    db.session.query(FeePlan).one().tax_kind = "exempt"
    cancel(registration.id, window=None, actor=STAFF, now=now())
    db.session.commit()
    for document in db.session.query(Document):
        data = xml_of(document.content)
        assert faults(data) == []
        at = "{settlement}/ram:ApplicableTradeTax/ram:"
        assert Invoice(data).text(f"{at}CategoryCode") == "O"
        assert Invoice(data).text(f"{at}ExemptionReason") == text["en"]


def test_a_pro_forma_is_for_people_only(session):
    make_issuer()
    assert attached(pdf_of(ask(make_due(), DocumentKind.PRO_FORMA))) == {}
