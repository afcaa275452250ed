"""Invoices for machines: valid by the public schema, right by the rules of EN 16931, or not made at all."""

from __future__ import annotations

from dataclasses import asdict

import pytest
from hypothesis import given
from hypothesis import strategies as st

from eventsys.core.money import tax_included
from eventsys.payments.rules.cii import amount_text, xml_of
from eventsys.payments.rules.documents import Line, Standing, credits_for, taxed
from eventsys.payments.rules.einvoice import Lack, lack_of, vat_number
from tests.support.en16931 import Invoice, faults

ISSUER = {
    "name": "Association of City Governments", "address": "Carrer d'Avinyó 15\n08002 Barcelona", "country": "ES",
    "tax_number": "ES G-00000000", "email": "finance@example.org", "account_holder": "", "iban": "ES9121000418450200051332",
    "bic": "CAIXESBBXXX", "bank_name": "CaixaBank", "transfer_note": "Costs are the payer's.", "footer": "Register 12.",
}  # fmt: skip
BUYER = {
    "name": "Ville de Genève",
    "address": "Rue 1\n1204 Genève",
    "country": "CH",
    "tax_number": "CHE-123.456.788 TVA",
}
SUBJECT = {"title": "Summit", "dates": "1-3 May 2027", "place": "Bonn", "person": "Ana"} | {
    "starts_on": "2027-05-01",
    "ends_on": "2027-05-03",
    "country": "DE",
}
AMOUNTS = st.lists(st.integers(-(10**8), 10**8), min_size=1, max_size=6)
RATES = st.sampled_from([0, 210, 550, 700, 1_000, 1_900, 2_000, 2_100, 2_550, 2_700])


def content(amounts=(12_100,), rate=2_100, *, tax=None, **more):
    """Freeze a document as it is issued."""
    total = sum(amounts)
    tax = tax_included(total, rate) if tax is None else tax
    lines = taxed(
        [Line(f"Line {place}", amount) for place, amount in enumerate(amounts)], rate, tax
    )
    facts = {
        "kind": "invoice", "number": "MET-INV-2026-00012", "issued_on": "2026-11-21", "issuer": ISSUER, "currency": "EUR",
        "rate": rate, "reference": "RF4700000012", "due_on": "2026-12-21", "language": "en", "buyer": BUYER,
        "tax_text": "" if rate else "Exempt: article 20.", "by_bank": True, "lines": [asdict(line) for line in lines],
        "taxes": [{"rate": rate, "net": total - tax, "tax": tax}], "total": total, "tax": tax, "received": 0, "subject": SUBJECT, **more,
    }  # fmt: skip
    return {
        "facts": facts,
        "paper": {"subject": ["Summit", "1-3 May 2027 · Bonn", "Participant: Ana"]},
    }


def credit(amount, rate, tax, **more):
    more = {
        "kind": "credit_note",
        "corrects": "MET-INV-2026-00012",
        "corrects_on": "2026-11-21",
        "reason": "Registration cancelled",
        **more,
    }
    made = content((-amount,), rate, tax=-tax, **more)
    del made["facts"]["received"]
    return made


def read(made) -> Invoice:
    data = xml_of(made)
    assert data is not None, lack_of(made)
    assert faults(data) == []
    return Invoice(data)


def test_an_invoice_says_everything_in_the_terms_of_the_standard():
    buyer = BUYER | {
        "purchase_order": "PO-77",
        "reference": "04011000-12345-03",
        "email": "in@example.org",
    }
    invoice = read(content((15_000, -2_900), received=2_100, buyer=buyer))
    assert (
        invoice.text("//ram:GuidelineSpecifiedDocumentContextParameter/ram:ID")
        == "urn:cen.eu:en16931:2017"
    )
    assert invoice.texts("//rsm:ExchangedDocument/*[not(*)]") == ["MET-INV-2026-00012", "380"]
    assert invoice.text("//ram:IssueDateTime/udt:DateTimeString") == "20261121"
    assert invoice.text("//ram:BuyerReference") == "04011000-12345-03"
    assert invoice.text("//ram:BuyerOrderReferencedDocument/*") == "PO-77"
    assert invoice.texts("{agreement}//ram:SpecifiedTaxRegistration/ram:ID[@schemeID='VA']") == [
        "ESG00000000",
        "CHE123456788TVA",
    ]
    assert invoice.texts("//ram:SellerTradeParty/ram:PostalTradeAddress/*") == [
        "Carrer d'Avinyó 15",
        "08002 Barcelona",
        "ES",
    ]
    assert invoice.text("//ram:BuyerTradeParty//ram:URIID") == "in@example.org"
    assert invoice.texts("{lines}//ram:BilledQuantity") == ["1", "-1"]
    assert invoice.nodes("{lines}//ram:BilledQuantity")[0].get("unitCode") == "C62"
    assert invoice.text("{settlement}/ram:PaymentReference") == "RF4700000012"
    assert invoice.texts("//ram:SpecifiedTradeSettlementPaymentMeans//*[not(*)]") == [
        "58", "ES9121000418450200051332", "Association of City Governments", "CAIXESBBXXX",
    ]  # fmt: skip
    assert invoice.texts("//ram:BillingSpecifiedPeriod//udt:DateTimeString") == [
        "20270501",
        "20270503",
    ]
    assert invoice.texts("//ram:ApplicableHeaderTradeDelivery//ram:CountryID") == ["DE"]
    assert invoice.text("//ram:DueDateDateTime/udt:DateTimeString") == "20261221"
    assert invoice.texts("{settlement}/ram:ApplicableTradeTax/*") == [
        "21.00",
        "VAT",
        "100.00",
        "S",
        "21.00",
    ]
    assert invoice.texts("{sums}/*") == ["100.00", "100.00", "21.00", "121.00", "21.00", "100.00"]


def test_a_credit_note_has_its_type_its_invoice_and_positive_amounts():
    invoice = read(credit(12_100, 2_100, 2_100))
    assert invoice.text("//rsm:ExchangedDocument/ram:TypeCode") == "381"
    assert (
        invoice.text("{settlement}/ram:InvoiceReferencedDocument/ram:IssuerAssignedID")
        == "MET-INV-2026-00012"
    )
    assert invoice.text("//ram:FormattedIssueDateTime/*") == "20261121"
    assert invoice.texts("{sums}/*") == ["100.00", "100.00", "21.00", "121.00", "0.00", "121.00"]
    assert invoice.texts("//ram:IncludedNote/ram:Content")[1] == "Registration cancelled"
    assert not invoice.nodes("//ram:SpecifiedTradeSettlementPaymentMeans")


@given(AMOUNTS.filter(lambda amounts: sum(amounts) > 0), RATES, st.data())
def test_sums_hold_whatever_the_fees(amounts, rate, data):
    received = data.draw(st.integers(-1_000, sum(amounts) + 1_000))
    made = content(amounts, rate, received=received)
    invoice = read(made)
    # The same as on the paper and in the ledger, to the last unit.
    assert invoice.text("{sums}/ram:GrandTotalAmount") == amount_text(made["facts"]["total"], "EUR")
    assert invoice.text("{sums}/ram:TaxTotalAmount") == amount_text(made["facts"]["tax"], "EUR")
    due = sum(amounts) - min(max(received, 0), sum(amounts))
    assert invoice.text("{sums}/ram:DuePayableAmount") == amount_text(due, "EUR")


@given(st.lists(st.integers(1, 10**7), min_size=1, max_size=5), RATES, st.data())
def test_what_was_changed_and_taken_back_holds_as_well(totals, rate, data):
    # A second invoice carries the difference of two taxes, each to the nearest unit.
    billed = tax = 0
    standing = []
    for number, amount in enumerate(totals):
        billed, before = billed + amount, tax
        tax = tax_included(billed, rate)
        standing.append(Standing(number, amount, tax - before))
        read(content((amount,), rate, tax=tax - before))
    less = data.draw(st.integers(1, billed))
    for part in credits_for(standing, less, tax - tax_included(billed - less, rate), rate):
        read(credit(part.total, rate, part.tax))


@pytest.mark.parametrize(
    ("currency", "amounts", "expected"),
    [
        ("JPY", (50_000,), "50000"),
        ("TND", (12_100, 20), "12.12"),
        ("XOF", (7,), "7"),
        ("USD", (5,), "0.05"),
    ],
)
def test_amounts_have_the_decimals_of_their_currency(currency, amounts, expected):
    invoice = read(content(amounts, 0, currency=currency))
    assert invoice.text("{sums}/ram:GrandTotalAmount") == expected
    # Only euros go through SEPA.
    assert invoice.text("//ram:SpecifiedTradeSettlementPaymentMeans/ram:TypeCode") == "30"


@pytest.mark.parametrize(
    ("more", "category", "rate", "reason"),
    [
        ({}, "E", "0.00", "Exempt: article 20."),
        ({"tax_kind": ""}, "E", "0.00", "Exempt: article 20."),
        ({"tax_kind": "exempt"}, "E", "0.00", "Exempt: article 20."),
        ({"tax_kind": "outside"}, "O", "", "Exempt: article 20."),
        ({"tax_kind": "zero"}, "Z", "0.00", ""),
        ({"tax_kind": "zero", "tax_text": ""}, "Z", "0.00", ""),
    ],
)
def test_why_there_is_no_tax(more, category, rate, reason):
    invoice = read(content(rate=0, **more))
    at = "{settlement}/ram:ApplicableTradeTax/ram:"
    assert invoice.text(f"{at}CategoryCode") == category
    assert invoice.text(f"{at}RateApplicablePercent") == rate
    assert invoice.text(f"{at}ExemptionReason") == reason


@pytest.mark.parametrize(
    ("more", "lack"),
    [
        ({"kind": "pro_forma"}, Lack.NOT_FISCAL),
        ({"kind": "receipt"}, Lack.NOT_FISCAL),
        ({"issuer": ISSUER | {"country": ""}}, Lack.SELLER_COUNTRY),
        ({"issuer": ISSUER | {"tax_number": ""}}, Lack.SELLER_NUMBER),
        ({"buyer": {"name": "Ana"}}, Lack.BUYER_COUNTRY),
        ({"due_on": ""}, Lack.DUE_DATE),
        ({"currency": "TND", "amounts": (12_101,)}, Lack.DECIMALS),
        ({"rate": 0, "tax_text": ""}, Lack.TAX_REASON),
        ({"rate": 0, "tax_text": "", "tax_kind": "outside"}, Lack.TAX_REASON),
        ({"currency": "JPY", "amounts": (110,), "rate": 1_000, "tax": 11}, Lack.TAX_ROUNDING),
    ],
)
def test_what_is_missing_is_not_made_up(more, lack):
    made = content(**more)
    assert lack_of(made) is lack
    assert xml_of(made) is None


def test_nothing_that_is_paid_needs_a_date_or_an_account():
    invoice = read(content(received=12_100, due_on=""))
    assert not invoice.nodes("{settlement}/ram:SpecifiedTradePaymentTerms")
    assert not invoice.nodes("//ram:SpecifiedTradeSettlementPaymentMeans")
    assert invoice.text("{sums}/ram:DuePayableAmount") == "0.00"


def test_a_document_of_before_knows_neither_days_nor_country():
    subject = {name: SUBJECT[name] for name in ("title", "dates", "place", "person")}
    invoice = read(content(subject=subject))
    assert not invoice.nodes("//ram:BillingSpecifiedPeriod")
    assert not invoice.nodes("//ram:ApplicableHeaderTradeDelivery/*")


@pytest.mark.parametrize(
    ("number", "country", "expected"),
    [
        ("es g-0000 0000", "ES", "ESG00000000"),
        ("G00000000", "ES", ""),
        ("EL123456789", "GR", "EL123456789"),
        ("GR123456789", "GR", ""),
        ("DE123456789", "ES", ""),
        ("12/345/67890", "DE", ""),
        ("ESPERANTO", "ES", ""),
        ("", "ES", ""),
    ],
)
def test_only_a_number_with_the_letters_of_its_country_is_a_vat_number(number, country, expected):
    assert vat_number(number, country) == expected


def test_another_tax_number_tells_who_sells_all_the_same():
    invoice = read(
        content(
            issuer=ISSUER | {"tax_number": "12/345/67890", "country": "DE"},
            buyer=BUYER | {"tax_number": "771", "country": "XK"},
        )
    )
    assert invoice.texts("//ram:SellerTradeParty/ram:ID") == ["12/345/67890"]
    assert invoice.text("//ram:SellerTradeParty//ram:ID[@schemeID='FC']") == "12/345/67890"
    assert invoice.text("//ram:BuyerTradeParty/ram:ID") == "771"
    assert invoice.text("//ram:BuyerTradeParty//ram:CountryID") == "1A"


@given(st.text(max_size=40), st.text(max_size=40))
def test_whatever_people_type_the_file_can_be_read(name, address):
    made = content(buyer=BUYER | {"name": f"City {name}", "address": address})
    assert read(made).text("//ram:BuyerTradeParty/ram:Name").startswith("City")
    assert xml_of(made) == xml_of(made)


ABROAD = {
    "holder": "Association", "iban": "", "number": "000123456789", "code_kind": "aba", "code": "021000021", "bic": "CITIUS33",
    "bank_name": "Citibank", "bank_address": "New York", "intermediary": "Chase, CHASUS33", "note": "All costs are yours.",
}  # fmt: skip


def test_an_account_without_iban_is_named_by_its_number():
    data = xml_of(content(currency="USD", account=ABROAD))
    assert faults(data) == []
    invoice = Invoice(data)
    means = "//ram:SpecifiedTradeSettlementPaymentMeans/ram:"
    assert invoice.text(f"{means}TypeCode") == "30"
    account = f"{means}PayeePartyCreditorFinancialAccount/ram:"
    assert invoice.text(f"{account}ProprietaryID") == "000123456789"
    assert invoice.texts(f"{account}IBANID") == []
    assert (
        invoice.text(f"{means}PayeeSpecifiedCreditorFinancialInstitution/ram:BICID") == "CITIUS33"
    )
    assert (
        invoice.text(f"{means}Information") == "ABA 021000021; Citibank; New York; Chase, CHASUS33"
    )
    assert "All costs are yours." in invoice.text(
        "//ram:SpecifiedTradePaymentTerms/ram:Description"
    )


def test_the_account_of_a_paper_is_its_own_and_says_nothing_new_of_an_older_one():
    older = content()
    told = {
        **dict.fromkeys(ABROAD, ""), "holder": ISSUER["name"], "iban": ISSUER["iban"], "bic": ISSUER["bic"],
        "bank_name": ISSUER["bank_name"], "note": ISSUER["transfer_note"],
    }  # fmt: skip
    assert xml_of(content(account=told)) == xml_of(older)
    assert (
        Invoice(xml_of(content(account=None))).nodes("//ram:SpecifiedTradeSettlementPaymentMeans")
        == []
    )
