"""Does the money agree with itself? Ledger, charges, payments, documents and messages; no answer is a good one."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Final

from sqlalchemy import String, and_, case, cast, func, literal, or_, select

from eventsys.core.db import db
from eventsys.core.fault import Fault
from eventsys.jobs.models import Job
from eventsys.payments.models import (
    BankLine,
    Charge,
    Dispute,
    Document,
    DocumentCounter,
    LedgerEntry,
    LedgerLine,
    Payment,
    Refund,
    StripeEvent,
)
from eventsys.payments.queries.booking_proof import find_wrong_bookings
from eventsys.payments.queries.receipts import list_unpapered
from eventsys.payments.rules.ledger import ACCOUNT_OF_METHOD, BEYOND, FEES, Account, Kind

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqlalchemy import ColumnElement

# Movements of what is owed; all others are of money. (The operation that posts has the same two halves.)
_BILLING: Final = (Kind.CHARGE, Kind.ADJUST, Kind.WAIVE, Kind.CANCEL)
_MONEY: Final = tuple(account.value for account in ACCOUNT_OF_METHOD.values())
# A refund counts from the moment in which Stripe took it.
_LEFT: Final = ("pending", "succeeded")
MOST: Final = 100


def find_wrong_money() -> Iterator[Fault]:
    """List what of the money does not agree, by rule."""
    yield from _entries()
    yield from _charges()
    yield from _payments()
    yield from _refunded()
    yield from _documents()
    yield from _receipts()
    yield from _numbers()
    yield from _messages()
    yield from _transfers()
    yield from find_wrong_bookings()


def _entries() -> Iterator[Fault]:
    total = func.sum(LedgerLine.amount)
    query = (
        select(LedgerEntry.id, LedgerEntry.kind, func.coalesce(total, 0), func.count(LedgerLine.id))
        .outerjoin(LedgerLine, LedgerLine.entry_id == LedgerEntry.id)
        .group_by(LedgerEntry.id, LedgerEntry.kind)
        .having(or_(func.coalesce(total, 0) != 0, func.count(LedgerLine.id) < 2))
        .order_by(LedgerEntry.id)
        .limit(MOST)
    )
    for number, kind, amount, lines in db.session.execute(query):
        yield Fault(
            "the lines of an entry sum to zero",
            f"entry {number} ({kind})",
            0,
            f"{amount} in {lines} lines",
        )


def _charges() -> Iterator[Fault]:
    billing = LedgerEntry.kind.in_([kind.value for kind in _BILLING])
    sums = (
        select(
            LedgerEntry.charge_id,
            func.sum(case((billing, LedgerLine.amount), else_=0)).label("billed"),
            func.sum(case((billing, 0), else_=-LedgerLine.amount)).label("received"),
        )
        .join(LedgerLine, LedgerLine.entry_id == LedgerEntry.id)
        .where(LedgerLine.account == Account.RECEIVABLE.value)
        .group_by(LedgerEntry.charge_id)
        .subquery()
    )
    billed, received = func.coalesce(sums.c.billed, 0), func.coalesce(sums.c.received, 0)
    query = (
        select(Charge.id, Charge.billed, Charge.received, billed, received)
        .outerjoin(sums, sums.c.charge_id == Charge.id)
        .where(or_(Charge.billed != billed, Charge.received != received))
        .order_by(Charge.id)
        .limit(MOST)
    )
    for number, kept, kept_received, summed, summed_received in db.session.execute(query):
        yield Fault(
            "billed and received of a charge = its ledger",
            f"charge {number}",
            (int(summed), int(summed_received)),
            (kept, kept_received),
        )


def _payments() -> Iterator[Fault]:
    """Compare where money is, by charge, with payments less refunds less what payers' banks withdrew."""
    expected: Counter[int] = Counter()
    held = (
        select(LedgerEntry.id)
        .where(LedgerEntry.unique_key == literal("held:") + cast(Payment.id, String))
        .exists()
    )
    came = or_(Payment.status == "succeeded", and_(Payment.status == "held", held))
    ours = Payment.currency == Charge.currency
    for charge_id, amount in _by_charge(func.sum(Payment.amount), came & ours):
        expected[charge_id] += int(amount)
    for charge_id, amount in db.session.execute(
        select(Charge.id, func.sum(Refund.amount))
        .select_from(Refund)
        .join(Payment, Payment.id == Refund.payment_id)
        .join(Charge, Charge.id == Payment.charge_id)
        .where(Refund.status.in_(_LEFT), came, ours)
        .group_by(Charge.id)
    ):
        expected[charge_id] -= int(amount)
    for charge_id, amount in db.session.execute(
        select(Payment.charge_id, func.sum(Dispute.amount))
        .join(Payment, Payment.id == Dispute.payment_id)
        .join(Charge, Charge.id == Payment.charge_id)
        .where(Dispute.status != "won", came, ours)
        .group_by(Payment.charge_id)
    ):
        expected[charge_id] -= int(amount)
    found: Counter[int] = Counter()
    for number, amount in db.session.execute(
        select(LedgerEntry.charge_id, func.sum(LedgerLine.amount))
        .join(LedgerLine, LedgerLine.entry_id == LedgerEntry.id)
        .where(
            LedgerLine.account.in_(_MONEY),
            LedgerEntry.charge_id.is_not(None),
            # What Stripe keeps is money as well, and nobody's payment.
            LedgerEntry.kind.not_in([kind.value for kind in FEES]),
            # Sent back twice, once by a person: a case says so, and it lies beside the charge.
            LedgerEntry.unique_key.not_like(f"{BEYOND}%"),
        )
        .group_by(LedgerEntry.charge_id)
    ):
        found[number or 0] += int(amount)
    for charge_id in sorted(expected.keys() | found.keys()):
        if expected[charge_id] != found[charge_id]:
            yield Fault(
                "money in the ledger = payments - refunds - disputes", f"charge {charge_id}",
                expected[charge_id], found[charge_id],
            )  # fmt: skip


def _by_charge(
    total: ColumnElement[int], condition: ColumnElement[bool]
) -> Iterator[tuple[int, int]]:
    query = (
        select(Charge.id, total)
        .select_from(Payment)
        .join(Charge, Charge.id == Payment.charge_id)
        .where(condition)
        .group_by(Charge.id)
    )
    yield from db.session.execute(query)


def _refunded() -> Iterator[Fault]:
    counted = (
        select(Refund.payment_id, func.sum(Refund.amount).label("amount"))
        .where(Refund.status != "failed")
        .group_by(Refund.payment_id)
        .subquery()
    )
    amount = func.coalesce(counted.c.amount, 0)
    query = (
        select(Payment.id, amount, Payment.refunded)
        .outerjoin(counted, counted.c.payment_id == Payment.id)
        .where(Payment.refunded != amount)
        .order_by(Payment.id)
        .limit(MOST)
    )
    for number, expected, found in db.session.execute(query):
        yield Fault(
            "refunded of a payment = its refunds", f"payment {number}", int(expected), found
        )


def _documents() -> Iterator[Fault]:
    """Find what is invoiced beyond what is billed: what was taken off a bill has a credit note."""
    invoiced = func.sum(Document.total)
    query = (
        select(Charge.id, Charge.billed, invoiced)
        .join(Document, Document.charge_id == Charge.id)
        .where(Document.kind.in_(("invoice", "credit_note")))
        .group_by(Charge.id, Charge.billed)
        .having(or_(invoiced > Charge.billed, invoiced < 0))
        .order_by(Charge.id)
        .limit(MOST)
    )
    for number, billed, found in db.session.execute(query):
        yield Fault(
            "invoices - credit notes are at most what is billed",
            f"charge {number}",
            billed,
            int(found),
        )


def _receipts() -> Iterator[Fault]:
    """Find papers of payments that are not true any more; a payment without any waits for the office."""
    for row in list_unpapered(most=MOST):
        if row.said is not None:
            yield Fault(
                "receipts - repayments - cancellations = what of a payment is here",
                f"payment {row.payment_id}", row.here, row.said,
            )  # fmt: skip


def _numbers() -> Iterator[Fault]:
    issued = (
        select(
            Document.series,
            Document.year,
            func.count().label("count"),
            func.max(Document.number).label("last"),
        )
        .group_by(Document.series, Document.year)
        .subquery()
    )
    query = (
        select(DocumentCounter.series, DocumentCounter.year, DocumentCounter.last, issued.c.count, issued.c.last)
        .outerjoin(
            issued,
            and_(issued.c.series == DocumentCounter.series, issued.c.year == DocumentCounter.year),
        )
        .order_by(DocumentCounter.series, DocumentCounter.year)
    )  # fmt: skip
    for series, year, last, count, highest in db.session.execute(query):
        if (count or 0, highest or 0) != (last, last):
            yield Fault(
                "documents are numbered without gaps",
                f"{series} {year}",
                last,
                f"{count or 0} documents up to {highest or 0}",
            )


def _messages() -> Iterator[Fault]:
    queued = (
        select(Job.id)
        .where(Job.unique_key == literal("stripe:") + StripeEvent.id, Job.status != "done")
        .exists()
    )
    query = (
        select(StripeEvent.id, StripeEvent.type)
        .where(StripeEvent.handled_at.is_(None), ~queued)
        .order_by(StripeEvent.received_at)
        .limit(MOST)
    )
    for number, kind in db.session.execute(query):
        yield Fault(
            "a message of Stripe is handled or queued",
            f"{number} ({kind})",
            "handled",
            "not handled",
        )


def _transfers() -> Iterator[Fault]:
    """Find lines of the bank whose payment is not theirs: a matched one pays its amount, another pays nothing."""
    paid = and_(Payment.status == "succeeded", Payment.method == "bank")
    same = and_(Payment.amount == BankLine.amount, Payment.currency == BankLine.currency)
    query = (
        select(BankLine.id, BankLine.status, BankLine.amount, Payment.amount)
        .outerjoin(Payment, and_(Payment.id == BankLine.payment_id, paid, same))
        .where(
            or_(
                and_(BankLine.status == "matched", Payment.id.is_(None)),
                and_(BankLine.status != "matched", BankLine.payment_id.is_not(None)),
            )
        )
        .order_by(BankLine.id)
        .limit(MOST)
    )  # fmt: skip
    for number, status, amount, found in db.session.execute(query):
        yield Fault("a matched transfer has its payment", f"transfer {number} ({status})", amount, found)  # fmt: skip
