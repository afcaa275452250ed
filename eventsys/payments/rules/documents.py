"""What stands on a document: series and number, lines with their tax, what a credit note takes back. Pure."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING, Final

from eventsys.core.money import tax_included

if TYPE_CHECKING:
    from collections.abc import Sequence


class DocumentKind(StrEnum):
    """Which paper it is. Only invoices and credit notes are fiscal: they sum to what is billed.

    Receipts, repayments and cancellations sum to what of a payment is still here.
    """

    PRO_FORMA = "pro_forma"
    INVOICE = "invoice"
    RECEIPT = "receipt"
    CREDIT_NOTE = "credit_note"
    REPAYMENT = "repayment"
    CANCELLATION = "cancellation"


#: How documents issued from now on are set: ``templates/documents/paper-N.typ``. Another look is another number:
#: what was issued is set again on any later day and must stay as it was, down to the place of a line.
LAYOUT: Final = 1
#: Those that ask for money, and say how to pay it.
ASKING: Final = (DocumentKind.PRO_FORMA, DocumentKind.INVOICE)
FISCAL: Final = (DocumentKind.INVOICE, DocumentKind.CREDIT_NOTE)
OF_PAYMENT: Final = (DocumentKind.RECEIPT, DocumentKind.REPAYMENT, DocumentKind.CANCELLATION)
#: The same in every language, because a number is quoted and searched for.
_ENDINGS: Final = {
    DocumentKind.PRO_FORMA: "PRO",
    DocumentKind.INVOICE: "INV",
    DocumentKind.RECEIPT: "REC",
    DocumentKind.CREDIT_NOTE: "CRN",
    DocumentKind.REPAYMENT: "RPY",
    DocumentKind.CANCELLATION: "CAN",
}


@dataclass(frozen=True, slots=True)
class Line:
    """One line as it is handed in: its text in the document's language, its amount with tax."""

    text: str
    amount: int


@dataclass(frozen=True, slots=True)
class Taxed:
    """A line with what of it is tax."""

    text: str
    net: int
    tax: int

    @property
    def amount(self) -> int:
        """Give the amount with tax."""
        return self.net + self.tax


@dataclass(frozen=True, slots=True)
class Subject:
    """What a document is about, in words of its own language, and who gets it.

    ``buyer``: name, address, country, tax_number, purchase_order, reference, email; all but the name may be empty.
    The days (ISO 8601) and the country of the event are for machines.
    """

    language: str
    title: str
    dates: str
    place: str
    person: str
    lines: tuple[Line, ...]
    buyer: dict[str, str] = field(default_factory=dict)
    tax_text: str = ""
    # What it is when the rate is 0: exempt, outside (the scope of the tax), zero.
    tax_kind: str = ""
    # Whether the event takes transfers: only then the account is printed.
    by_bank: bool = False
    starts_on: str = ""
    ends_on: str = ""
    country: str = ""


@dataclass(frozen=True, slots=True)
class Standing:
    """A fiscal document and what of it still stands: its sums less those of the credit notes to it."""

    id: int
    total: int
    tax: int


@dataclass(frozen=True, slots=True)
class Credit:
    """What a credit note takes back of one invoice; both are positive."""

    invoice_id: int
    total: int
    tax: int


def series_of(prefix: str, kind: DocumentKind) -> str:
    """Give the series of a kind of document: each has its own numbers."""
    ending = _ENDINGS[kind]
    return f"{prefix}-{ending}" if prefix else ending


def number_text(series: str, year: int, number: int) -> str:
    """Write the number of a document: ``MET-INV-2026-00012``."""
    return f"{series}-{year}-{number:05d}"


def fitted(lines: Sequence[Line], total: int, rest: str) -> tuple[Line, ...]:
    """Give the lines, and one more with the text ``rest`` when they do not sum to the total."""
    missing = total - sum(line.amount for line in lines)
    return (*lines, Line(rest, missing)) if missing else tuple(lines)


def taxed(lines: Sequence[Line], rate: int, tax: int) -> list[Taxed]:
    """Split the tax of a document over its lines so that they sum to it, to the last unit."""
    split: list[Taxed] = []
    so_far = before = 0
    for position, line in enumerate(lines):
        so_far += line.amount
        upto = tax if position == len(lines) - 1 else tax_included(so_far, rate)
        split.append(Taxed(line.text, line.amount - (upto - before), upto - before))
        before = upto
    return split


def credits_for(
    standing: Sequence[Standing], total: int, tax: int, rate: int
) -> tuple[Credit, ...]:
    """Say what to take back of which invoice, the newest first, to take back ``total`` of which ``tax`` is tax.

    ``standing`` is in the order of issue. More than what stands is never taken back.
    """
    made: list[Credit] = []
    for invoice in reversed(standing):
        amount = min(total, invoice.total)
        if amount <= 0:
            continue
        part = tax if amount == total else min(tax_included(amount, rate), invoice.tax)
        made.append(Credit(invoice.id, amount, part))
        total, tax = total - amount, tax - part
    return tuple(made)
