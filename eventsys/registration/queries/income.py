"""What came in, by event, category or month, and by the way it came: sums of the ledger, nothing else."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import func, literal_column, select

from eventsys.core.db import db
from eventsys.payments.models import Charge, LedgerEntry, LedgerLine
from eventsys.payments.rules.ledger import FEES, Account, Kind
from eventsys.registration.models import Registration

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

GROUPINGS: Final = ("event", "category", "month")
MONEY: Final = (Account.STRIPE, Account.BANK, Account.CASH)
_BILLING: Final = (Kind.CHARGE, Kind.ADJUST, Kind.CANCEL)
_COMING: Final = (Kind.PAYMENT, Kind.HELD)


_SUMS: Final = ("billed", "waived", "tax", "came", "back", "fees", "owed")


@dataclass(frozen=True, slots=True)
class IncomeFilter:
    """Which movements: of an event, from a moment on, before a moment."""

    event_id: int | None = None
    since: datetime | None = None
    until: datetime | None = None


@dataclass(slots=True)
class Income:
    """Sums of one row in one currency. ``owed`` is what its movements left to be paid, ``fees`` what Stripe kept."""

    key: Any
    currency: str
    billed: int = 0
    waived: int = 0
    tax: int = 0
    came: int = 0
    back: int = 0
    fees: int = 0
    owed: int = 0

    @property
    def net(self) -> int:
        """Give the fees without tax, after what was waived."""
        return self.billed - self.waived - self.tax

    @property
    def left(self) -> int:
        """Give what of the money is still there: less what went back, and what Stripe kept for itself."""
        return self.came - self.back - self.fees


def sum_income(wanted: IncomeFilter, grouping: str) -> Sequence[Income]:
    """Sum the ledger by event, category or month (of UTC), and by currency."""
    key = {
        "event": LedgerEntry.event_id,
        "category": Registration.category_id,
        "month": _month(),
    }[grouping]
    rows: dict[tuple[Any, str], Income] = {}
    for group, currency, kind, account, amount in _sums(wanted, key):
        row = rows.setdefault((group, currency), Income(group, currency))
        _add(row, kind, account, int(amount))
    return sorted(rows.values(), key=lambda row: (row.currency, str(row.key)))


def sum_up(rows: Sequence[Income]) -> Sequence[Income]:
    """Sum rows by currency; where a currency has one row only, that row is its sum."""
    by_currency: dict[str, list[Income]] = {}
    for row in rows:
        by_currency.setdefault(row.currency, []).append(row)
    return [
        Income(None, currency, **{name: sum(getattr(row, name) for row in part) for name in _SUMS})
        for currency, part in by_currency.items()
        if len(part) > 1
    ]


def sum_methods(wanted: IncomeFilter) -> Sequence[Income]:
    """Sum what came and went back by each way of paying, and by currency."""
    rows: dict[tuple[str, str], Income] = {}
    for account, currency, kind, _account, amount in _sums(wanted, LedgerLine.account):
        if account in MONEY:
            row = rows.setdefault((account, currency), Income(account, currency))
            _add(row, kind, account, int(amount))
    return sorted(rows.values(), key=lambda row: (row.currency, str(row.key)))


def _add(row: Income, kind: str, account: str, amount: int) -> None:
    if kind in FEES:
        # From nobody and to nobody: neither came nor went back.
        row.fees -= amount if account in MONEY else 0
    elif account == Account.RECEIVABLE:
        row.owed += amount
        if kind in _BILLING:
            row.billed += amount
        elif kind == Kind.WAIVE:
            row.waived -= amount
    elif account == Account.TAX:
        row.tax -= amount
    elif account in MONEY and kind in _COMING:
        row.came += amount
    elif account in MONEY:
        row.back -= amount


def _month() -> Any:  # noqa: ANN401 (an SQL expression)
    # Without parameters: PostgreSQL takes an expression with them for another one when it is grouped by.
    if db.engine.dialect.name == "postgresql":
        moment = func.timezone(literal_column("'UTC'"), LedgerEntry.at)
        return func.to_char(moment, literal_column("'YYYY-MM'"))
    return func.strftime(literal_column("'%Y-%m'"), LedgerEntry.at)


def _sums(wanted: IncomeFilter, key: Any) -> Any:  # noqa: ANN401 (rows of any shape)
    group = key.label("grouping")
    query = (
        select(
            group, LedgerEntry.currency, LedgerEntry.kind, LedgerLine.account, func.sum(LedgerLine.amount)
        )
        .join(LedgerEntry, LedgerEntry.id == LedgerLine.entry_id)
        .outerjoin(Charge, Charge.id == LedgerEntry.charge_id)
        .outerjoin(Registration, Registration.id == Charge.registration_id)
        .group_by(group, LedgerEntry.currency, LedgerEntry.kind, LedgerLine.account)
    )  # fmt: skip
    if wanted.event_id is not None:
        query = query.where(LedgerEntry.event_id == wanted.event_id)
    if wanted.since is not None:
        query = query.where(LedgerEntry.at >= wanted.since)
    if wanted.until is not None:
        query = query.where(LedgerEntry.at < wanted.until)
    return db.session.execute(query)
