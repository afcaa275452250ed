"""Ask for documents about a registration: who gets them, pro forma, invoice, receipt, and the mail with each."""

from __future__ import annotations

from typing import TYPE_CHECKING

from eventsys.audit.operations import record
from eventsys.core.db import db
from eventsys.core.i18n import in_language
from eventsys.mail.operations import queue
from eventsys.payments.errors import InvoiceStands, NoIssuer, NothingToInvoice
from eventsys.payments.operations.credit import credit_all
from eventsys.payments.operations.issue import issue_invoice, issue_pro_forma
from eventsys.payments.operations.post import lock_charge
from eventsys.payments.operations.receipts import settle_receipt
from eventsys.payments.queries import find_charge_of, get_charge, registration_of
from eventsys.payments.queries import get_payment as _payment
from eventsys.payments.queries.documents import (
    find_issuer,
    get_document,
    get_issuer,
    invoiced,
    number_of,
)
from eventsys.payments.queries.paper import title_of
from eventsys.payments.rules.documents import DocumentKind
from eventsys.registration.models import Price
from eventsys.registration.queries.detail import get_detail
from eventsys.registration.queries.documents import list_papers, subject_of
from eventsys.registration.rules.names import full_name

if TYPE_CHECKING:
    from datetime import datetime

    from eventsys.core.actor import Actor
    from eventsys.payments.queries import Charge
    from eventsys.payments.queries.documents import Document

#: What is kept of whoever gets the documents.
BUYER = ("name", "address", "country", "tax_number", "purchase_order", "reference", "email")


def ask_document(
    registration_id: int,
    kind: DocumentKind,
    buyer: dict[str, str],
    *,
    actor: Actor,
    now: datetime,
    by_person: bool,
) -> Document:
    """Keep who gets the documents, and issue a pro forma or an invoice to them.

    Raises NothingToInvoice, NothingDue, NoIssuer; InvoiceStands when an invoice names somebody else.
    A person gets no invoice for a place that still waits for its fee; staff may give one.
    """
    get_issuer()
    charge = _lock(registration_id)
    _keep_buyer(charge, buyer, actor=actor, now=now)
    detail = get_detail(registration_id)
    subject = subject_of(detail)
    if kind is DocumentKind.PRO_FORMA:
        return issue_pro_forma(charge.id, subject, actor=actor, now=now)
    papers = list_papers(detail)
    if by_person and papers is not None and not (papers.invoice or papers.invoiced):
        raise NothingToInvoice
    return issue_invoice(charge.id, subject, actor=actor, now=now)


def issue_anew(
    registration_id: int, buyer: dict[str, str], *, actor: Actor, now: datetime
) -> Document:
    """Take the invoices back by credit notes and invoice all of it to somebody else, in one transaction.

    The same recipient again changes nothing. Raises NothingToInvoice, NoIssuer.
    """
    charge = _lock(registration_id)
    if _buyer_of(registration_id) != _cleaned(buyer):
        credit_all(charge.id, reason="buyer", actor=actor, now=now)
    _keep_buyer(charge, buyer, actor=actor, now=now)
    subject = subject_of(get_detail(registration_id))
    return issue_invoice(charge.id, subject, actor=actor, now=now)


def _lock(registration_id: int) -> Charge:
    charge = find_charge_of(registration_id)
    if charge is None:
        raise NothingToInvoice
    return lock_charge(charge.id)


def _cleaned(buyer: dict[str, str]) -> dict[str, str]:
    return {name: buyer[name] for name in BUYER if buyer.get(name)}


def _buyer_of(registration_id: int) -> dict[str, str]:
    price = db.session.get(Price, registration_id)
    return price.buyer if price else {}


def _keep_buyer(charge: Charge, buyer: dict[str, str], *, actor: Actor, now: datetime) -> None:
    wanted = _cleaned(buyer)
    price = db.session.get(Price, charge.registration_id)
    if price is None:
        price = Price(
            registration_id=charge.registration_id, currency=charge.currency, total=charge.billed, lines=[],
            code_id=None, buyer={}, frozen_at=now,
        )  # fmt: skip
        db.session.add(price)
    if price.buyer == wanted:
        return
    if invoiced(charge.id)[0] > 0:
        raise InvoiceStands
    price.buyer = wanted
    db.session.flush()
    # The names of the fields only: who it is stands in the row, and in the document.
    record(
        "payments.name_buyer", "registration", charge.registration_id, actor=actor, now=now,
        event_id=charge.event_id, facts={"fields": sorted(wanted)},
    )  # fmt: skip


def give_receipt(payment_id: int, *, actor: Actor, now: datetime) -> Document | None:
    """Issue the receipt of a payment and what followed it (see ``settle_receipt``); gives the receipt.

    None while nobody issues documents, or when all of the money went back before.
    """
    if find_issuer() is None:
        return None
    detail = get_detail(registration_of(_payment(payment_id).charge_id))
    try:
        return settle_receipt(payment_id, subject_of(detail), actor=actor, now=now)
    except NoIssuer:
        return None


def mail_document(document_id: int, *, now: datetime) -> None:
    """Queue the mail with a document: to the person, and to whoever pays, where that is another address."""
    document = get_document(document_id)
    charge = get_charge(document.charge_id)
    registration = get_detail(charge.registration_id).registration
    with in_language(document.language):
        title = title_of(DocumentKind(document.kind))
    context = {"kind": document.kind, "document": title, "paper_number": number_of(document)}
    buyer = document.content["facts"]["buyer"]
    name = full_name(registration.first_name, registration.last_name)
    receivers = {registration.email: (name, False)}
    if buyer.get("email"):
        receivers.setdefault(buyer["email"], (buyer["name"], True))
    for address, (to_name, other) in receivers.items():
        queue(
            "registration/document",
            (address, to_name),
            document.language,
            {**context, "to_buyer": other},
            now=now,
            event_id=charge.event_id,
            registration_id=registration.id,
            attachments=[{"kind": "document", "id": document.id}],
        )
