"""An examiner of invoices for machines: the published schema of Factur-X, and the rules of EN 16931 in our own words.

The rules that the standard's committee publishes need XSLT 2; those that our invoices can break are written here, each under
its number, with the tolerances of the published ones.
"""

from __future__ import annotations

import re
from decimal import ROUND_HALF_UP, Decimal
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from lxml import etree

if TYPE_CHECKING:
    from collections.abc import Iterator

SCHEMA = Path(__file__).parent.parent / "data" / "factur-x" / "Factur-X_EN16931.xsd"
UNECE = "urn:un:unece:uncefact:data:standard:"
NAMES = {
    "rsm": f"{UNECE}CrossIndustryInvoice:100",
    "ram": f"{UNECE}ReusableAggregateBusinessInformationEntity:100",
    "udt": f"{UNECE}UnqualifiedDataType:100",
    "qdt": f"{UNECE}QualifiedDataType:100",
}
SHORT = {
    "agreement": "//ram:ApplicableHeaderTradeAgreement",
    "settlement": "//ram:ApplicableHeaderTradeSettlement",
    "sums": "//ram:SpecifiedTradeSettlementHeaderMonetarySummation",
    "lines": "//ram:IncludedSupplyChainTradeLineItem",
}


@cache
def _schema() -> etree.XMLSchema:
    return etree.XMLSchema(etree.parse(SCHEMA))


class Invoice:
    """An invoice that can be asked by path; ``{sums}`` and the like stand for long beginnings."""

    def __init__(self, data: bytes) -> None:
        self.root = etree.fromstring(data)

    def nodes(self, path: str) -> list[etree._Element]:
        return self.root.xpath(path.format(**SHORT), namespaces=NAMES)

    def texts(self, path: str) -> list[str]:
        return [node.text for node in self.nodes(path)]

    def text(self, path: str) -> str:
        found = self.texts(path)
        assert len(found) < 2, (path, found)
        return found[0] if found else ""

    def amount(self, path: str) -> Decimal:
        return Decimal(self.text(path) or 0)

    def amounts(self, path: str) -> list[Decimal]:
        return [Decimal(text) for text in self.texts(path)]


def faults(data: bytes) -> list[str]:
    """List what is wrong with an invoice: what the schema says, else the numbers of the rules that it breaks."""
    schema = _schema()
    if not schema.validate(etree.fromstring(data)):
        return [str(entry) for entry in schema.error_log]
    invoice = Invoice(data)
    rules = (_sums, _tax, _parties, _paying, _form)
    return [rule for part in rules for rule, holds in part(invoice) if not holds]


def _sums(invoice: Invoice) -> Iterator[tuple[str, bool]]:
    lines = invoice.amounts("{lines}//ram:LineTotalAmount")
    net, tax = (
        invoice.amount("{sums}/ram:TaxBasisTotalAmount"),
        invoice.amount("{sums}/ram:TaxTotalAmount"),
    )
    total = invoice.amount("{sums}/ram:GrandTotalAmount")
    paid = invoice.amount("{sums}/ram:TotalPrepaidAmount")
    yield "BR-CO-10", invoice.amount("{sums}/ram:LineTotalAmount") == sum(lines)
    yield "BR-CO-11, BR-CO-12", not invoice.nodes("//ram:SpecifiedTradeAllowanceCharge")
    yield "BR-CO-13", net == invoice.amount("{sums}/ram:LineTotalAmount")
    parts = invoice.amounts("{settlement}/ram:ApplicableTradeTax/ram:CalculatedAmount")
    yield "BR-CO-14", tax == sum(parts)
    yield "BR-CO-15", total == net + tax
    yield "BR-CO-16", invoice.amount("{sums}/ram:DuePayableAmount") == total - paid
    for line in invoice.nodes("{lines}"):
        price, pieces, amount = (
            Decimal(line.find(f".//ram:{name}", NAMES).text)
            for name in ("ChargeAmount", "BilledQuantity", "LineTotalAmount")
        )
        yield "BR-27", price >= 0
        yield "BT-131", amount == price * pieces


def _tax(invoice: Invoice) -> Iterator[tuple[str, bool]]:
    at = "{settlement}/ram:ApplicableTradeTax/ram:"
    category, rate = invoice.text(f"{at}CategoryCode"), invoice.text(f"{at}RateApplicablePercent")
    net, tax = invoice.amount(f"{at}BasisAmount"), invoice.amount(f"{at}CalculatedAmount")
    exact = (net * Decimal(rate or 0) / 100).quantize(Decimal("0.01"), ROUND_HALF_UP)
    # Both are allowed to be less than one whole unit apart by the published rules.
    yield "BR-CO-17, BR-S-09", abs(exact - tax) < 1
    yield (
        "BR-S-08, BR-E-08, BR-Z-08, BR-O-08",
        net == sum(invoice.amounts("{lines}//ram:LineTotalAmount")),
    )
    lines = "{lines}//ram:ApplicableTradeTax/ram:"
    yield "BR-CO-18", set(invoice.texts(f"{lines}CategoryCode")) == {category}
    yield "BT-152", set(invoice.texts(f"{lines}RateApplicablePercent")) == ({rate} - {""})
    seller = set(invoice.nodes("{agreement}/ram:SellerTradeParty/ram:SpecifiedTaxRegistration"))
    vat = invoice.nodes("//ram:SpecifiedTaxRegistration/ram:ID[@schemeID='VA']")
    reason = invoice.text(f"{at}ExemptionReason")
    zero = bool(rate) and Decimal(rate) == tax == 0
    rules = {
        "S": ("BR-S-02, BR-S-05, BR-S-10", seller and Decimal(rate or 0) > 0 and not reason),
        "Z": ("BR-Z-02, BR-Z-05, BR-Z-10", seller and zero and not reason),
        "E": ("BR-E-02, BR-E-05, BR-E-10", seller and zero and reason),
        "O": ("BR-O-02, BR-O-05, BR-O-10", not vat and not rate and tax == 0 and reason),
    }
    number, holds = rules[category]
    yield number, bool(holds)


def _parties(invoice: Invoice) -> Iterator[tuple[str, bool]]:
    seller, buyer = (
        "{agreement}/ram:SellerTradeParty/ram:",
        "{agreement}/ram:BuyerTradeParty/ram:",
    )
    country = "PostalTradeAddress/ram:CountryID"
    yield "BR-6, BR-7", bool(invoice.text(f"{seller}Name") and invoice.text(f"{buyer}Name"))
    yield (
        "BR-9, BR-11",
        all(
            re.fullmatch("[A-Z]{2}|1A", invoice.text(party + country)) for party in (seller, buyer)
        ),
    )
    vat = invoice.texts("//ram:SpecifiedTaxRegistration/ram:ID[@schemeID='VA']")
    yield "BR-CO-9", all(re.match("[A-Z]{2}", number) for number in vat)
    known = invoice.nodes(f"{seller}ID") or invoice.nodes(
        f"{seller}SpecifiedTaxRegistration/ram:ID[@schemeID='VA']"
    )
    yield "BR-CO-26", bool(known)


def _paying(invoice: Invoice) -> Iterator[tuple[str, bool]]:
    terms = invoice.nodes("{settlement}/ram:SpecifiedTradePaymentTerms/*")
    yield "BR-CO-25", bool(terms) or invoice.amount("{sums}/ram:DuePayableAmount") <= 0
    for means in invoice.nodes("{settlement}/ram:SpecifiedTradeSettlementPaymentMeans"):
        yield "BR-49", means.find("ram:TypeCode", NAMES).text in {"30", "58"}
        account = means.find("ram:PayeePartyCreditorFinancialAccount", NAMES)
        names = [account.findtext(f"ram:{name}", "", NAMES) for name in ("IBANID", "ProprietaryID")]
        yield "BR-50, BR-61", sum(bool(name) for name in names) == 1
    credit = invoice.text("//rsm:ExchangedDocument/ram:TypeCode") == "381"
    preceding = invoice.text("{settlement}/ram:InvoiceReferencedDocument/ram:IssuerAssignedID")
    yield "BR-55", bool(preceding) == credit


def _form(invoice: Invoice) -> Iterator[tuple[str, bool]]:
    amounts = [
        node.text for node in invoice.root.iter() if etree.QName(node).localname.endswith("Amount")
    ]
    yield "BR-DEC", all(re.fullmatch(r"-?[0-9]+(\.[0-9]{1,2})?", text) for text in amounts)
    empty = [
        node for node in invoice.root.iter() if not len(node) and not (node.text or "").strip()
    ]
    # The schema wants this one also where there is no place to stand in it.
    names = {etree.QName(node).localname for node in empty}
    yield "PEPPOL-EN16931-R008", names <= {"ApplicableHeaderTradeDelivery"}
    days = invoice.texts("//ram:BillingSpecifiedPeriod//udt:DateTimeString")
    yield "BR-29", days == sorted(days)
    yield "BR-16", len(invoice.nodes("{lines}")) > 0
