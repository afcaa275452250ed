"""Issue what is asked for: pro forma, invoice, receipt. Safe to ask twice: the second gets the first's paper."""

from __future__ import annotations

from typing import TYPE_CHECKING

from eventsys.core.i18n import country_zone, gettext, in_language
from eventsys.core.money import tax_included
from eventsys.payments.errors import NothingDue, NothingToInvoice
from eventsys.payments.operations.post import lock_charge
from eventsys.payments.operations.write import write
from eventsys.payments.queries import get_payment
from eventsys.payments.queries.documents import (
    find_newest,
    find_receipt,
    get_issuer,
    invoiced,
    number_of,
    tax_billed,
)
from eventsys.payments.rules.documents import DocumentKind, Line, fitted

if TYPE_CHECKING:
    from datetime import datetime

    from eventsys.core.actor import Actor
    from eventsys.payments.models import Charge, Document
    from eventsys.payments.rules.documents import Subject


def issue_pro_forma(charge_id: int, subject: Subject, *, actor: Actor, now: datetime) -> Document:
    """Say what is to be paid, and how; not in the fiscal series. Raises NothingDue, NoIssuer.

    The newest one is given again while it still says what is true.
    """
    charge = lock_charge(charge_id)
    if charge.billed <= charge.received:
        raise NothingDue
    lines = _whole(charge, subject)
    newest = find_newest(charge_id, DocumentKind.PRO_FORMA)
    if newest is not None and _says(newest, charge, subject):
        return newest
    return write(
        charge, DocumentKind.PRO_FORMA, subject, lines, tax_billed(charge_id), actor=actor, now=now,
        more={"received": charge.received},
    )  # fmt: skip


def _says(document: Document, charge: Charge, subject: Subject) -> bool:
    facts = document.content["facts"]
    issued, now = (facts["total"], facts["received"]), (charge.billed, charge.received)
    return (
        issued == now
        and facts["buyer"] == subject.buyer
        and document.language == subject.language
        and facts["issuer"]["iban"] == get_issuer().iban
    )


def issue_invoice(charge_id: int, subject: Subject, *, actor: Actor, now: datetime) -> Document:
    """Invoice what is billed and stands on no invoice yet. Raises NothingToInvoice, NoIssuer.

    When all of it is invoiced, the newest invoice is given again: a second click makes no second one.
    """
    charge = lock_charge(charge_id)
    before, tax_before = invoiced(charge_id)
    newest = find_newest(charge_id, DocumentKind.INVOICE)
    if charge.billed <= before:
        if newest is None or before == 0:
            raise NothingToInvoice
        return newest
    if before and newest is not None:
        with in_language(subject.language):
            text = gettext("Change since invoice %(number)s", number=number_of(newest))
        lines: tuple[Line, ...] = (Line(text, charge.billed - before),)
    else:
        lines = _whole(charge, subject)
    paid = max(0, min(charge.received - before, charge.billed - before))
    return write(
        charge, DocumentKind.INVOICE, subject, lines, tax_billed(charge_id) - tax_before, actor=actor, now=now,
        more={"received": paid},
    )  # fmt: skip


def issue_receipt(
    payment_id: int, subject: Subject, *, actor: Actor, now: datetime
) -> Document | None:
    """Confirm money that came; None when it has gone back. One for each payment. Raises NoIssuer."""
    charge = lock_charge(get_payment(payment_id).charge_id)
    payment = get_payment(payment_id)
    known = find_receipt(charge.id, payment_id)
    amount = payment.amount - payment.refunded
    if known is not None or payment.status != "succeeded" or amount <= 0:
        return known
    invoice = find_newest(charge.id, DocumentKind.INVOICE) if invoiced(charge.id)[0] else None
    with in_language(subject.language):
        text = subject.lines[0].text if subject.lines else gettext("Registration fee")
    more = {
        "payment_id": payment_id,
        "paid_on": _day_of(payment.received_at or now),
        "method": payment.method,
        "invoice": number_of(invoice) if invoice else "",
    }
    return write(
        charge, DocumentKind.RECEIPT, subject, (Line(text, amount),), tax_included(amount, charge.tax_rate),
        actor=actor, now=now, more=more,
    )  # fmt: skip


def _day_of(moment: datetime) -> str:
    return moment.astimezone(country_zone(get_issuer().country)).date().isoformat()


def _whole(charge: Charge, subject: Subject) -> tuple[Line, ...]:
    with in_language(subject.language):
        if not subject.lines:
            return (Line(gettext("Registration fee"), charge.billed),)
        return fitted(subject.lines, charge.billed, gettext("Adjustment"))
