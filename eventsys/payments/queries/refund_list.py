"""Read what went back: of an event, and of all of them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import func, select

from eventsys.core.db import db
from eventsys.payments.models import Charge, Payment, Refund
from eventsys.payments.rules.settling import RefundStatus

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime
    from typing import Any

    from sqlalchemy import ColumnElement

PAGE = 50


@dataclass(frozen=True, slots=True)
class RefundRow:
    """A refund, and of which payment and registration it is. ``amount`` in minor units of ``currency``."""

    registration_id: int
    amount: int
    currency: str
    method: str
    status: str
    origin: str
    reason: str
    error: str
    asked_at: datetime


@dataclass(frozen=True, slots=True)
class RefundFilter:
    """Which refunds: of an event or all; in a state or any."""

    event_id: int | None = None
    status: str = ""


def find_refunds(
    wanted: RefundFilter, *, page: int = 1, size: int = PAGE
) -> tuple[int, Sequence[RefundRow]]:
    """Find one page of the refunds, the newest first, and count them all."""
    total = db.session.scalar(_of(select(func.count(Refund.id)), wanted)) or 0
    columns = (
        Charge.registration_id, Refund.amount, Payment.currency, Payment.method, Refund.status, Refund.origin,
        Refund.reason, Refund.error, Refund.created_at,
    )  # fmt: skip
    query = _of(select(*columns), wanted).order_by(Refund.created_at.desc(), Refund.id.desc())
    rows = db.session.execute(query.limit(size).offset((page - 1) * size))
    return total, [RefundRow(*row) for row in rows]


def sum_refunds(event_id: int | None) -> dict[str, dict[str, tuple[int, int]]]:
    """Sum the refunds by currency and state: amount and number."""
    query = _of(
        select(Payment.currency, Refund.status, func.sum(Refund.amount), func.count(Refund.id)),
        RefundFilter(event_id),
    )
    found: dict[str, dict[str, tuple[int, int]]] = {}
    for currency, status, amount, count in db.session.execute(
        query.group_by(Payment.currency, Refund.status).order_by(Payment.currency)
    ):
        sums = found.setdefault(currency, {state.value: (0, 0) for state in RefundStatus})
        sums[status] = (int(amount), count)
    return found


def _of(query: Any, wanted: RefundFilter) -> Any:  # noqa: ANN401 (a select of any columns)
    conditions: list[ColumnElement[bool]] = []
    if wanted.event_id is not None:
        conditions.append(Charge.event_id == wanted.event_id)
    if wanted.status:
        conditions.append(Refund.status == wanted.status)
    return (
        query.select_from(Refund)
        .join(Payment, Payment.id == Refund.payment_id)
        .join(Charge, Charge.id == Payment.charge_id)
        .where(*conditions)
    )
