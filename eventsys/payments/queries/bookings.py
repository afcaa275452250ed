"""Read what Stripe booked on its account: gross, fee and net, in the currency of the account, by Stripe's dates."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import and_, case, exists, func, literal_column, select

from eventsys.core.db import db
from eventsys.payments.models import Charge, Payment, StripeBooking

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import datetime

    from sqlalchemy import ColumnElement

    from eventsys.payments.queries.movements import LedgerFilter

BATCH = 2_000


@dataclass(frozen=True, slots=True)
class Booked:
    """One booking, and the charge that it belongs to. ``counted``: its fee stands in the ledger."""

    id: int
    stripe_id: str
    kind: str
    booked_at: datetime
    currency: str
    amount: int
    fee: int
    tax: int
    rate: str
    event_id: int
    registration_id: int
    reference: str | None
    charge_currency: str

    @property
    def net(self) -> int:
        """Give what it added to the account at Stripe."""
        return self.amount - self.fee

    @property
    def counted(self) -> bool:
        """Tell whether its fee stands in the ledger, which counts in the charge's currency only."""
        return self.currency == self.charge_currency


@dataclass(frozen=True, slots=True)
class BookedSum:
    """Sums of a month in one currency of the account. ``went`` is positive: refunds and disputes."""

    month: str
    currency: str
    came: int
    went: int
    fee: int
    tax: int
    uncounted: int

    @property
    def net(self) -> int:
        """Give what the month added to the account at Stripe."""
        return self.came - self.went - self.fee


_COLUMNS = (
    StripeBooking.id, StripeBooking.stripe_id, StripeBooking.kind, StripeBooking.booked_at, StripeBooking.currency,
    StripeBooking.amount, StripeBooking.fee, StripeBooking.tax, StripeBooking.rate, Charge.event_id,
    Charge.registration_id, Charge.reference, Charge.currency,
)  # fmt: skip


def is_booked(stripe_id: str) -> bool:
    """Tell whether a booking of Stripe's was recorded."""
    return bool(db.session.scalar(select(exists().where(StripeBooking.stripe_id == stripe_id))))


def list_booked(charge_id: int) -> Sequence[Booked]:
    """List what Stripe booked for a charge, by Stripe's clock."""
    query = _joined(select(*_COLUMNS)).where(Payment.charge_id == charge_id)
    query = query.order_by(StripeBooking.booked_at, StripeBooking.id)
    return [Booked(*row) for row in db.session.execute(query)]


def stream_booked(wanted: LedgerFilter) -> Iterator[Booked]:
    """Give every booking of an event and a period in the order of its recording, in batches."""
    last = 0
    while True:
        query = (
            _narrowed(_joined(select(*_COLUMNS)), wanted)
            .where(StripeBooking.id > last)
            .order_by(StripeBooking.id)
            .limit(BATCH)
        )
        rows = [Booked(*row) for row in db.session.execute(query)]
        yield from rows
        if len(rows) < BATCH:
            return
        last = rows[-1].id


def sum_booked(wanted: LedgerFilter) -> Sequence[BookedSum]:
    """Sum what Stripe booked by currency and month (of UTC, as Stripe's reports)."""
    month, amount, fee = _month(), StripeBooking.amount, StripeBooking.fee
    came = StripeBooking.kind == "payment"
    query = _joined(
        select(
            month.label("month"),
            StripeBooking.currency,
            func.sum(case((came, amount), else_=0)),
            func.sum(case((came, 0), else_=-amount)),
            func.sum(fee),
            func.sum(StripeBooking.tax),
            func.sum(case((StripeBooking.currency != Charge.currency, fee), else_=0)),
        )
    )
    query = _narrowed(query, wanted).group_by("month", StripeBooking.currency)
    rows = [BookedSum(*row[:2], *map(int, row[2:])) for row in db.session.execute(query)]
    return sorted(rows, key=lambda row: (row.currency, row.month))


def count_unbooked(event_id: int | None = None) -> int:
    """Count the payments of which Stripe's fee is not known yet."""
    query = select(func.count(Payment.id)).where(_unbooked())
    if event_id is not None:
        query = query.join(Charge, Charge.id == Payment.charge_id).where(
            Charge.event_id == event_id
        )
    return db.session.scalar(query) or 0


def list_unbooked_pages(before: datetime, most: int) -> Sequence[str]:
    """List the newest payment pages made before a moment that were paid and of which Stripe's fee is not known."""
    query = (
        select(Payment.session_id)
        .where(_unbooked(), Payment.created_at < before)
        .order_by(Payment.id.desc())
        .limit(most)
    )
    return [page for page in db.session.scalars(query) if page]


def unbooked_of(charge_id: int) -> bool:
    """Tell whether Stripe's fee of any payment of a charge is not known yet."""
    condition = exists().where(_unbooked(), Payment.charge_id == charge_id)
    return bool(db.session.scalar(select(condition)))


def _unbooked() -> ColumnElement[bool]:
    known = exists().where(StripeBooking.payment_id == Payment.id, StripeBooking.kind == "payment")
    return and_(
        Payment.method == "stripe",
        Payment.status.in_(("succeeded", "held")),
        Payment.session_id.is_not(None),
        ~known,
    )


def _month() -> Any:  # noqa: ANN401 (an SQL expression)
    if db.engine.dialect.name == "postgresql":
        moment = func.timezone(literal_column("'UTC'"), StripeBooking.booked_at)
        return func.to_char(moment, literal_column("'YYYY-MM'"))
    return func.strftime(literal_column("'%Y-%m'"), StripeBooking.booked_at)


def _joined(query: Any) -> Any:  # noqa: ANN401 (a select of any columns)
    return (
        query.select_from(StripeBooking)
        .join(Payment, Payment.id == StripeBooking.payment_id)
        .join(Charge, Charge.id == Payment.charge_id)
    )


def _narrowed(query: Any, wanted: LedgerFilter) -> Any:  # noqa: ANN401 (a select of any columns)
    if wanted.event_id is not None:
        query = query.where(Charge.event_id == wanted.event_id)
    if wanted.since is not None:
        query = query.where(StripeBooking.booked_at >= wanted.since)
    if wanted.until is not None:
        query = query.where(StripeBooking.booked_at < wanted.until)
    return query
