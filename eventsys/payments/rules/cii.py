"""An invoice written as UN/CEFACT Cross Industry Invoice, the profile EN 16931 of Factur-X 1.0. Pure.

The order of the elements is that of the schema. Optional terms that are empty are left out.
"""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any, Final
from xml.etree.ElementTree import Element, tostring

from eventsys.core.money import currency_digits
from eventsys.payments.rules.einvoice import DECIMALS, Category, lack_of, read

if TYPE_CHECKING:
    from datetime import date

    from eventsys.payments.rules.einvoice import Account, EInvoice, Item, Party, Tax

#: The name under which readers look for it inside a PDF.
FILE_NAME: Final = "factur-x.xml"
PROFILE: Final = "urn:cen.eu:en16931:2017"
_SPACES: Final = {
    "rsm": "urn:un:unece:uncefact:data:standard:CrossIndustryInvoice:100",
    "ram": "urn:un:unece:uncefact:data:standard:ReusableAggregateBusinessInformationEntity:100",
    "qdt": "urn:un:unece:uncefact:data:standard:QualifiedDataType:100",
    "udt": "urn:un:unece:uncefact:data:standard:UnqualifiedDataType:100",
}
_INVOICE, _CREDIT_NOTE = "380", "381"
# Ways of paying (UNTDID 4461): a SEPA credit transfer, any credit transfer.
_SEPA, _TRANSFER = "58", "30"
# One piece (UN/ECE recommendation 20).
_PIECE: Final = "C62"


def xml_of(content: dict[str, Any]) -> bytes | None:
    """Write the invoice of a frozen document; the same bytes on any later day. None when it lacks something."""
    if lack_of(content) is not None:
        return None
    invoice = read(content)
    root = Element(
        "rsm:CrossIndustryInvoice", {f"xmlns:{name}": space for name, space in _SPACES.items()}
    )
    root.extend((_context(), _head(invoice), _transaction(invoice)))
    made: bytes = tostring(root, encoding="utf-8", xml_declaration=True)
    return made


def _node(name: str, *content: Element | None, **attributes: str) -> Element:
    """Give an element with what of its content there is."""
    element = Element(name if ":" in name else f"ram:{name}", attributes)
    element.extend(part for part in content if part is not None)
    return element


def _text(name: str, text: str, **attributes: str) -> Element | None:
    """Give an element with a text; none when there is no text."""
    if not text:
        return None
    element = _node(name, **attributes)
    element.text = text
    return element


def _if_any(name: str, *content: Element | None) -> Element | None:
    return _node(name, *content) if any(part is not None for part in content) else None


def _day(name: str, day: date | None, space: str = "udt") -> Element | None:
    if day is None:
        return None
    return _node(name, _text(f"{space}:DateTimeString", f"{day:%Y%m%d}", format="102"))


def amount_text(amount: int, currency: str) -> str:
    """Write an amount with the decimals of its currency, two at most: ``-1250.50``, ``500`` (JPY)."""
    digits = currency_digits(currency)
    return f"{Decimal(amount).scaleb(-digits):.{min(digits, DECIMALS)}f}"


def _context() -> Element:
    guideline = _node("GuidelineSpecifiedDocumentContextParameter", _text("ID", PROFILE))
    return _node("rsm:ExchangedDocumentContext", guideline)


def _head(invoice: EInvoice) -> Element:
    return _node(
        "rsm:ExchangedDocument",
        _text("ID", invoice.number),
        _text("TypeCode", _CREDIT_NOTE if invoice.credit else _INVOICE),
        _day("IssueDateTime", invoice.issued_on),
        *(_node("IncludedNote", _text("Content", note)) for note in invoice.notes),
    )


def _transaction(invoice: EInvoice) -> Element:
    return _node(
        "rsm:SupplyChainTradeTransaction",
        *(_item(invoice, place, item) for place, item in enumerate(invoice.items, start=1)),
        _node(
            "ApplicableHeaderTradeAgreement",
            _text("BuyerReference", invoice.reference),
            _seller(invoice.seller, invoice.tax),
            _buyer(invoice.buyer),
            _if_any("BuyerOrderReferencedDocument", _text("IssuerAssignedID", invoice.order)),
        ),
        _delivery(invoice.country),
        _settlement(invoice),
    )


def _delivery(country: str) -> Element:
    # Where the event takes place; the schema wants the element also where that is nowhere.
    address = _if_any("PostalTradeAddress", _text("CountryID", country))
    return _node("ApplicableHeaderTradeDelivery", _if_any("ShipToTradeParty", address))


def _item(invoice: EInvoice, place: int, item: Item) -> Element:
    # A price is never negative (BR-27): what is taken off is a negative number of pieces.
    pieces, currency = "-1" if item.net < 0 else "1", invoice.currency
    return _node(
        "IncludedSupplyChainTradeLineItem",
        _node("AssociatedDocumentLineDocument", _text("LineID", str(place))),
        _node("SpecifiedTradeProduct", _text("Name", item.text)),
        _node(
            "SpecifiedLineTradeAgreement",
            _node(
                "NetPriceProductTradePrice",
                _text("ChargeAmount", amount_text(abs(item.net), currency)),
            ),
        ),
        _node("SpecifiedLineTradeDelivery", _text("BilledQuantity", pieces, unitCode=_PIECE)),
        _node(
            "SpecifiedLineTradeSettlement",
            _node("ApplicableTradeTax", *_kind_of_tax(invoice.tax)),
            _node(
                "SpecifiedTradeSettlementLineMonetarySummation",
                _text("LineTotalAmount", amount_text(item.net, currency)),
            ),
        ),
    )


def _kind_of_tax(tax: Tax) -> tuple[Element | None, ...]:
    rate = "" if tax.rate is None else f"{Decimal(tax.rate).scaleb(-2):.2f}"
    return (
        _text("TypeCode", "VAT"),
        _text("CategoryCode", tax.category),
        _text("RateApplicablePercent", rate),
    )


def _seller(party: Party, tax: Tax) -> Element:
    # Outside the scope of the tax it is the number of no tax, and still tells who it is.
    number = "" if tax.category is Category.OUTSIDE else party.number
    return _node(
        "SellerTradeParty",
        # Something must tell who it is (BR-CO-26): the number of the tax office, where there is no VAT number.
        _text("ID", party.number),
        _text("Name", party.name),
        _text("Description", party.legal),
        _if_any(
            "DefinedTradeContact",
            _if_any("EmailURIUniversalCommunication", _text("URIID", party.email)),
        ),
        _address(party),
        _if_any("SpecifiedTaxRegistration", _text("ID", party.vat, schemeID="VA")),
        _if_any("SpecifiedTaxRegistration", _text("ID", number, schemeID="FC")),
    )


def _buyer(party: Party) -> Element:
    return _node(
        "BuyerTradeParty",
        _text("ID", party.number),
        _text("Name", party.name),
        _address(party),
        _if_any("URIUniversalCommunication", _text("URIID", party.email, schemeID="EM")),
        _if_any("SpecifiedTaxRegistration", _text("ID", party.vat, schemeID="VA")),
    )


def _address(party: Party) -> Element:
    names = ("LineOne", "LineTwo", "LineThree")
    lines = (_text(name, line) for name, line in zip(names, party.address, strict=False))
    return _node("PostalTradeAddress", *lines, _text("CountryID", party.country))


def _settlement(invoice: EInvoice) -> Element:
    account, currency, tax = invoice.account, invoice.currency, invoice.tax
    return _node(
        "ApplicableHeaderTradeSettlement",
        _text("PaymentReference", account.reference if account else ""),
        _text("InvoiceCurrencyCode", currency),
        _means(account) if account else None,
        _tax_sums(tax, currency),
        _if_any(
            "BillingSpecifiedPeriod",
            _day("StartDateTime", invoice.starts_on),
            _day("EndDateTime", invoice.ends_on),
        ),
        _if_any(
            "SpecifiedTradePaymentTerms",
            _text("Description", invoice.terms),
            _day("DueDateDateTime", invoice.due_on),
        ),
        _sums(invoice),
        _if_any(
            "InvoiceReferencedDocument",
            _text("IssuerAssignedID", invoice.corrects),
            _day("FormattedIssueDateTime", invoice.corrects_on, "qdt"),
        ),
    )


def _means(account: Account) -> Element:
    return _node(
        "SpecifiedTradeSettlementPaymentMeans",
        _text("TypeCode", _SEPA if account.sepa else _TRANSFER),
        _text("Information", account.means),
        _node(
            "PayeePartyCreditorFinancialAccount",
            _text("IBANID", account.iban),
            _text("AccountName", account.holder),
            _text("ProprietaryID", account.number),
        ),
        _if_any("PayeeSpecifiedCreditorFinancialInstitution", _text("BICID", account.bic)),
    )


def _tax_sums(tax: Tax, currency: str) -> Element:
    kind, category, rate = _kind_of_tax(tax)
    return _node(
        "ApplicableTradeTax",
        _text("CalculatedAmount", amount_text(tax.tax, currency)),
        kind,
        _text("ExemptionReason", tax.reason),
        _text("BasisAmount", amount_text(tax.net, currency)),
        category,
        rate,
    )


def _sums(invoice: EInvoice) -> Element:
    currency, tax = invoice.currency, invoice.tax
    return _node(
        "SpecifiedTradeSettlementHeaderMonetarySummation",
        _text("LineTotalAmount", amount_text(sum(item.net for item in invoice.items), currency)),
        _text("TaxBasisTotalAmount", amount_text(tax.net, currency)),
        _text("TaxTotalAmount", amount_text(tax.tax, currency), currencyID=currency),
        _text("GrandTotalAmount", amount_text(invoice.total, currency)),
        _text("TotalPrepaidAmount", amount_text(invoice.paid, currency)),
        _text("DuePayableAmount", amount_text(invoice.due, currency)),
    )
