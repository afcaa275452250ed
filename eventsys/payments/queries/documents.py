"""Read documents: those of a charge, the register of an event or a year, and the PDF of each."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

from sqlalchemy import case, func, select

from eventsys.core.db import db
from eventsys.core.errors import NotFound
from eventsys.files import qr
from eventsys.files.hybrid import name_profile
from eventsys.files.pdf import PdfError, render
from eventsys.payments.errors import NoIssuer
from eventsys.payments.models import Charge, Document, Issuer, LedgerEntry, LedgerLine
from eventsys.payments.rules.cii import FILE_NAME, xml_of
from eventsys.payments.rules.documents import FISCAL, DocumentKind, Standing, number_text
from eventsys.payments.rules.ledger import Account

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from eventsys.files.pdf import Standard

__all__ = ["Document", "Issuer"]


def number_of(document: Document) -> str:
    """Write the number of a document."""
    return number_text(document.series, document.year, document.number)


def find_issuer() -> Issuer | None:
    """Find who issues documents; None until somebody has said it."""
    return db.session.scalar(select(Issuer).order_by(Issuer.id).limit(1))


def get_issuer() -> Issuer:
    """Get who issues documents; raises NoIssuer."""
    found = find_issuer()
    if found is None or not found.name:
        raise NoIssuer
    return found


def list_documents(charge_id: int) -> Sequence[Document]:
    """List the documents of a charge, in the order of issue."""
    query = select(Document).where(Document.charge_id == charge_id).order_by(Document.id)
    return db.session.scalars(query).all()


def get_document(document_id: int) -> Document:
    """Get a document; raises NotFound."""
    found = db.session.get(Document, document_id)
    if found is None:
        raise NotFound(what="document")
    return found


def get_document_of(key: str, registration_id: int) -> Document:
    """Get a document of one registration by its key; that of anybody else is not found."""
    return _get(Document.key == key, Charge.registration_id == registration_id)


def get_document_in(key: str, event_id: int) -> Document:
    """Get a document of one event by its key; that of another event is not found."""
    return _get(Document.key == key, Charge.event_id == event_id)


def _get(*conditions: Any) -> Document:  # noqa: ANN401 (SQL conditions)
    query = select(Document).join(Charge, Charge.id == Document.charge_id).where(*conditions)
    found = db.session.scalar(query)
    if found is None:
        raise NotFound(what="document")
    return found


def find_newest(charge_id: int, kind: DocumentKind) -> Document | None:
    """Find the newest document of a kind."""
    query = (
        select(Document)
        .where(Document.charge_id == charge_id, Document.kind == kind.value)
        .order_by(Document.id.desc())
        .limit(1)
    )
    return db.session.scalar(query)


def find_receipt(charge_id: int, payment_id: int) -> Document | None:
    """Find the receipt of a payment."""
    receipts = (row for row in list_documents(charge_id) if row.kind == DocumentKind.RECEIPT)
    return next((row for row in receipts if row.content["facts"]["payment_id"] == payment_id), None)


def invoiced(charge_id: int) -> tuple[int, int]:
    """Sum invoices less credit notes: the total, and the tax in it."""
    row = db.session.execute(
        select(
            func.coalesce(func.sum(Document.total), 0), func.coalesce(func.sum(Document.tax), 0)
        ).where(Document.charge_id == charge_id, Document.kind.in_([kind.value for kind in FISCAL]))
    ).one()
    return int(row[0]), int(row[1])


def standing_invoices(charge_id: int) -> list[Standing]:
    """List the invoices of a charge with what of each was not taken back, in the order of issue."""
    target = case((Document.kind == "invoice", Document.id), else_=Document.corrects_id)
    query = (
        select(target, func.sum(Document.total), func.sum(Document.tax))
        .where(Document.charge_id == charge_id, Document.kind.in_([kind.value for kind in FISCAL]))
        .group_by(target)
        .order_by(target)
    )
    return [Standing(row[0], int(row[1]), int(row[2])) for row in db.session.execute(query)]


def tax_billed(charge_id: int) -> int:
    """Sum the tax in what a charge bills, from the ledger."""
    query = (
        select(func.coalesce(func.sum(LedgerLine.amount), 0))
        .join(LedgerEntry, LedgerEntry.id == LedgerLine.entry_id)
        .where(LedgerEntry.charge_id == charge_id, LedgerLine.account == Account.TAX.value)
    )
    return -int(db.session.scalar(query) or 0)


@dataclass(frozen=True, slots=True)
class Wanted:
    """What of the register is asked for: an event or all of them; a year and a kind, or all."""

    event_id: int | None = None
    year: int | None = None
    kind: str = ""


@dataclass(frozen=True, slots=True)
class RegisterRow:
    """One line of the register, as it was issued."""

    id: int
    key: str
    kind: str
    number: str
    issued_on: date
    event_id: int
    registration_id: int
    buyer: str
    country: str
    tax_number: str
    title: str
    currency: str
    net: int
    tax: int
    total: int
    corrects: str


def count_register(wanted: Wanted) -> int:
    """Count the documents that are asked for."""
    return db.session.scalar(_register(wanted, func.count())) or 0


def stream_register(
    wanted: Wanted, *, page: int | None = None, size: int = 50
) -> Iterator[RegisterRow]:
    """Give the register in the order of the numbers; a page of it, the newest first, or all."""
    query = _register(wanted, Document, Charge)
    if page is None:
        query = query.order_by(Document.year, Document.series, Document.number)
    else:
        query = query.order_by(Document.id.desc()).limit(size).offset((page - 1) * size)
    for document, charge in db.session.execute(query.execution_options(yield_per=200)):
        yield _row(document, charge)


def _row(document: Document, charge: Charge) -> RegisterRow:
    facts = document.content["facts"]
    buyer = facts["buyer"]
    return RegisterRow(
        id=document.id,
        key=document.key,
        kind=document.kind,
        number=number_of(document),
        issued_on=date.fromisoformat(facts["issued_on"]),
        event_id=charge.event_id,
        registration_id=charge.registration_id,
        buyer=buyer.get("name", ""),
        country=buyer.get("country", ""),
        tax_number=buyer.get("tax_number", ""),
        title=facts["subject"]["title"],
        currency=document.currency,
        net=document.total - document.tax,
        tax=document.tax,
        total=document.total,
        corrects=facts.get("corrects", ""),
    )


def _register(wanted: Wanted, *columns: Any) -> Any:  # noqa: ANN401 (SQL)
    query = select(*columns).select_from(Document).join(Charge, Charge.id == Document.charge_id)
    if wanted.event_id is not None:
        query = query.where(Charge.event_id == wanted.event_id)
    if wanted.year is not None:
        query = query.where(Document.year == wanted.year)
    if wanted.kind:
        query = query.where(Document.kind == wanted.kind)
    return query


def list_years(event_id: int | None = None) -> list[int]:
    """List the years in which documents were issued, the newest first."""
    query = select(Document.year).join(Charge, Charge.id == Document.charge_id).distinct()
    if event_id is not None:
        query = query.where(Charge.event_id == event_id)
    return sorted(db.session.scalars(query), reverse=True)


def pdf_of(document: Document) -> bytes:
    """Set a document from what was frozen when it was issued: the same paper on any later day.

    Where there is an invoice for machines it is attached (Factur-X), and the PDF is PDF/A-3 instead of PDF/A-2.
    """
    paper = dict(document.content["paper"])
    if paper["transfer"] and paper["transfer"]["qr"]:
        paper["transfer"] = paper["transfer"] | {
            "qr": qr.svg(paper["transfer"]["qr"], "M", quiet=2)
        }
    template, data = f"paper-{document.content['layout']}", xml_of(document.content)
    if data is None:
        return _set(template, paper, "a-2u")
    note = f"{paper['kind']} {paper['number']}"
    paper["attachment"] = {"name": FILE_NAME, "text": data.decode(), "note": note}
    return name_profile(_set(template, paper, "a-3u"), FILE_NAME)


def _set(template: str, paper: dict[str, Any], standard: Standard) -> bytes:
    try:
        return render(template, paper, standard=standard)
    except PdfError:
        # A sign that no font has cannot be archived by the standard; it is printed as well as it can be.
        return render(template, paper)
