"""The papers of a payment: its receipt, what confirms that money went back, what cancels a paper that is not true.

Nothing issued is changed. A receipt says what came; each repayment has a confirmation of its own, also when the
payer's bank withdrew the money; a receipt of somebody else's transfer, and a confirmation of a repayment that
came back, are cancelled by a paper that says so. All of a payment's papers sum to what of it is still here.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import select

from eventsys.core.db import db
from eventsys.core.i18n import country_zone, gettext, in_language
from eventsys.core.money import tax_included
from eventsys.payments.models import Dispute, Payment, Refund
from eventsys.payments.operations.post import lock_charge
from eventsys.payments.operations.write import write
from eventsys.payments.queries import get_payment
from eventsys.payments.queries.documents import (
    find_newest,
    get_issuer,
    invoiced,
    number_of,
)
from eventsys.payments.queries.paper import reason_words
from eventsys.payments.queries.receipts import list_papers_of_payment
from eventsys.payments.rules.documents import DocumentKind, Line, Subject
from eventsys.payments.rules.settling import PaymentStatus

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from eventsys.core.actor import Actor
    from eventsys.payments.models import Charge, Document


@dataclass(frozen=True, slots=True)
class _Gone:
    """Money of a payment that went back, or was withdrawn. ``name`` is the field that names it on the paper."""

    name: str
    id: int
    amount: int
    at: datetime
    way: str
    reason: str


def settle_receipt(
    payment_id: int, subject: Subject, *, actor: Actor, now: datetime
) -> Document | None:
    """Issue what is missing among the papers of a payment; gives its receipt, None where it has none.

    Safe to repeat: it compares the papers with the money under the lock of the charge. Money that has gone back
    as a whole before there was a receipt gets none. Raises NoIssuer.
    """
    charge = lock_charge(get_payment(payment_id).charge_id)
    payment = db.session.get_one(Payment, payment_id, populate_existing=True)
    papers = list_papers_of_payment(charge.id, payment_id)
    receipt = next((paper for paper in papers if paper.kind == DocumentKind.RECEIPT), None)
    if payment.status == PaymentStatus.UNDONE:
        if receipt is not None:
            _cancel(charge, papers, receipt, "undone", actor=actor, now=now)
        return receipt
    if payment.status != PaymentStatus.SUCCEEDED:
        return receipt
    gone = _gone(payment)
    if receipt is None:
        withdrawn = sum(item.amount for item in gone if item.name == "dispute_id")
        if payment.amount - payment.refunded - withdrawn <= 0:
            return None
        receipt = _write_receipt(charge, payment, subject, actor=actor, now=now)
        papers = [receipt]
    _cancel_untrue(charge, papers, gone, actor=actor, now=now)
    papers = list_papers_of_payment(charge.id, payment_id)
    for item in _unconfirmed(payment, papers, gone):
        _confirm(charge, receipt, item, actor=actor, now=now)
    return receipt


def _gone(payment: Payment) -> list[_Gone]:
    """List what of a payment has left, in the order in which it did."""
    refunds = db.session.scalars(
        select(Refund)
        .where(Refund.payment_id == payment.id, Refund.status.in_(("pending", "succeeded")))
        .order_by(Refund.id)
        .execution_options(populate_existing=True)
    )
    lost = db.session.scalars(
        select(Dispute)
        .where(Dispute.payment_id == payment.id, Dispute.status == "lost")
        .order_by(Dispute.id)
        .execution_options(populate_existing=True)
    )
    found = []
    for refund in refunds:
        # What Stripe has no number of, a person has transferred.
        by_hand = payment.method == "stripe" and refund.stripe_id is None
        found.append(
            _Gone(
                "refund_id", refund.id, refund.amount, refund.settled_at or refund.created_at,
                "bank" if by_hand else payment.method, refund.reason,
            )
        )  # fmt: skip
    for dispute in lost:
        at = dispute.closed_at or dispute.opened_at
        found.append(_Gone("dispute_id", dispute.id, dispute.amount, at, "", "dispute"))
    return sorted(found, key=lambda item: (item.at, item.id))


def _unconfirmed(
    payment: Payment, papers: Sequence[Document], gone: Sequence[_Gone]
) -> list[_Gone]:
    """List what went back and stands on no paper.

    An old receipt may have been issued for what was left at that time: what it had taken off stands on it.
    """
    standing = {paper.id: paper for paper in papers} | {}
    for paper in papers:
        if paper.kind == DocumentKind.CANCELLATION:
            standing.pop(paper.corrects_id or 0, None)
    facts = [paper.content["facts"] for paper in standing.values()]
    said = {
        (name, one[name]) for one in facts for name in ("refund_id", "dispute_id") if name in one
    }
    left = payment.amount - sum(item.amount for item in gone)
    missing = sum(paper.total for paper in papers) - left
    found = []
    for item in reversed(gone):
        if (item.name, item.id) not in said and item.amount <= missing:
            found.append(item)
            missing -= item.amount
    return found[::-1]


def _cancel_untrue(
    charge: Charge,
    papers: Sequence[Document],
    gone: Sequence[_Gone],
    *,
    actor: Actor,
    now: datetime,
) -> None:
    true = {(item.name, item.id) for item in gone}
    for paper in papers:
        facts = paper.content["facts"]
        about = [(name, facts[name]) for name in ("refund_id", "dispute_id") if name in facts]
        if paper.kind == DocumentKind.REPAYMENT and not true.intersection(about):
            _cancel(charge, papers, paper, "came back", actor=actor, now=now)


def _write_receipt(
    charge: Charge, payment: Payment, subject: Subject, *, actor: Actor, now: datetime
) -> Document:
    invoice = find_newest(charge.id, DocumentKind.INVOICE) if invoiced(charge.id)[0] else None
    with in_language(subject.language):
        text = subject.lines[0].text if subject.lines else gettext("Registration fee")
    more = {
        "payment_id": payment.id,
        "paid_on": _day_of(payment.received_at or now),
        "method": payment.method,
        "invoice": number_of(invoice) if invoice else "",
    }
    tax = tax_included(payment.amount, charge.tax_rate)
    lines = (Line(text, payment.amount),)
    return write(charge, DocumentKind.RECEIPT, subject, lines, tax, actor=actor, now=now, more=more)


def _confirm(
    charge: Charge, receipt: Document, item: _Gone, *, actor: Actor, now: datetime
) -> Document:
    with in_language(receipt.language):
        text = gettext("Repayment to receipt %(number)s", number=number_of(receipt))
        more = {item.name: item.id, "method": item.way, "paid_on": _day_of(item.at)}
        more["reason"] = reason_words(item.reason)
    return _after(
        charge, DocumentKind.REPAYMENT, receipt, Line(text, -item.amount), more, actor=actor, now=now
    )  # fmt: skip


def _cancel(
    charge: Charge,
    papers: Sequence[Document],
    paper: Document,
    reason: str,
    *,
    actor: Actor,
    now: datetime,
) -> None:
    if any(one.corrects_id == paper.id for one in papers if one.kind == DocumentKind.CANCELLATION):
        return
    with in_language(paper.language):
        text = gettext("Cancels %(number)s", number=number_of(paper))
        more = {"reason": reason_words(reason)}
    line = Line(text, -paper.total)
    _after(charge, DocumentKind.CANCELLATION, paper, line, more, actor=actor, now=now)


def _after(
    charge: Charge,
    kind: DocumentKind,
    before: Document,
    line: Line,
    more: dict[str, Any],
    *,
    actor: Actor,
    now: datetime,
) -> Document:
    """Issue a paper that follows another one: to the same recipient, about the same, in the same language."""
    facts: dict[str, Any] = before.content["facts"]
    subject = Subject(
        language=before.language,
        lines=(),
        buyer=facts["buyer"],
        tax_text=facts["tax_text"],
        **facts["subject"],
    )
    more |= {
        "payment_id": facts["payment_id"],
        "corrects": number_of(before),
        "corrects_on": facts["issued_on"],
        "corrects_kind": before.kind,
    }
    tax = tax_included(line.amount, charge.tax_rate)
    return write(
        charge, kind, subject, (line,), tax, actor=actor, now=now, corrects_id=before.id, more=more
    )


def _day_of(moment: datetime) -> str:
    return moment.astimezone(country_zone(get_issuer().country)).date().isoformat()
