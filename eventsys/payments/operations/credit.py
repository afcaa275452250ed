"""Take invoices back: a fee that falls after its invoice is corrected by a credit note, in the same transaction."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from eventsys.core.i18n import gettext, in_language
from eventsys.payments.operations.post import lock_charge
from eventsys.payments.operations.write import write
from eventsys.payments.queries.documents import (
    get_document,
    invoiced,
    number_of,
    standing_invoices,
    tax_billed,
)
from eventsys.payments.queries.paper import reason_words
from eventsys.payments.rules.documents import DocumentKind, Line, Subject, credits_for

if TYPE_CHECKING:
    from datetime import datetime

    from eventsys.core.actor import Actor
    from eventsys.payments.models import Charge, Document
    from eventsys.payments.rules.documents import Credit


def credit_difference(charge: Charge, *, reason: str, actor: Actor, now: datetime) -> int:
    """Issue credit notes for what is invoiced and no longer billed; gives how much.

    It compares sums under the lock of the charge, so that a second call finds nothing to credit.
    """
    total, tax = invoiced(charge.id)
    if total <= charge.billed:
        return 0
    less, less_tax = total - charge.billed, tax - tax_billed(charge.id)
    return _credit(charge, less, less_tax, reason=reason, actor=actor, now=now)


def credit_all(charge_id: int, *, reason: str, actor: Actor, now: datetime) -> int:
    """Take back all invoices of a charge, so that it can be invoiced anew to somebody else; gives how much."""
    charge = lock_charge(charge_id)
    total, tax = invoiced(charge_id)
    return _credit(charge, total, tax, reason=reason, actor=actor, now=now) if total > 0 else 0


def _credit(
    charge: Charge, total: int, tax: int, *, reason: str, actor: Actor, now: datetime
) -> int:
    made = credits_for(standing_invoices(charge.id), total, tax, charge.tax_rate)
    for credit in made:
        _write(charge, credit, reason, actor=actor, now=now)
    return sum(credit.total for credit in made)


def _write(charge: Charge, credit: Credit, reason: str, *, actor: Actor, now: datetime) -> Document:
    invoice = get_document(credit.invoice_id)
    facts: dict[str, Any] = invoice.content["facts"]
    with in_language(invoice.language):
        text = gettext("Credit to invoice %(number)s", number=number_of(invoice))
        words = reason_words(reason)
    subject = Subject(
        language=invoice.language,
        lines=(),
        buyer=facts["buyer"],
        tax_text=facts["tax_text"],
        tax_kind=facts.get("tax_kind", ""),
        **facts["subject"],
    )
    return write(
        charge, DocumentKind.CREDIT_NOTE, subject, (Line(text, -credit.total),), -credit.tax, actor=actor, now=now,
        corrects_id=invoice.id,
        more={"corrects": number_of(invoice), "corrects_on": facts["issued_on"], "reason": words},
    )  # fmt: skip
