"""Read the ledger: the movements of one charge, and all of them for accounting."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import func, select

from eventsys.core.db import db
from eventsys.payments.models import Charge, LedgerEntry, LedgerLine
from eventsys.payments.rules.ledger import Account

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import datetime

BATCH = 2_000


@dataclass(frozen=True, slots=True)
class Movement:
    """One entry of a charge. ``owed``: what it adds to what is owed, after it ``left`` is."""

    at: datetime
    kind: str
    owed: int
    left: int
    source: str
    actor_kind: str
    actor_label: str
    note: str
    amount: int


def list_movements(charge_id: int) -> Sequence[Movement]:
    """List what happened to a charge, in order, with what was left to pay after each."""
    query = (
        select(LedgerEntry, LedgerLine.account, LedgerLine.amount)
        .join(LedgerLine, LedgerLine.entry_id == LedgerEntry.id)
        .where(LedgerEntry.charge_id == charge_id)
        .order_by(LedgerEntry.id)
    )
    entries: dict[int, LedgerEntry] = {}
    owed: dict[int, int] = {}
    moved: dict[int, int] = {}
    for entry, account, amount in db.session.execute(query):
        entries[entry.id] = entry
        owed[entry.id] = owed.get(entry.id, 0) + (amount if account == Account.RECEIVABLE else 0)
        moved[entry.id] = max(moved.get(entry.id, 0), abs(amount))
    left, found = 0, []
    for number, entry in entries.items():
        left += owed[number]
        found.append(
            Movement(
                entry.at, entry.kind, owed[number], left, entry.source,
                entry.actor_kind, entry.actor_label, entry.note, moved[number],
            )
        )  # fmt: skip
    return found


def newest_of_receivable(charge_id: int) -> int:
    """Give the number of the last entry by which a charge owes more or less; 0 when there is none."""
    query = (
        select(func.max(LedgerEntry.id))
        .join(LedgerLine, LedgerLine.entry_id == LedgerEntry.id)
        .where(LedgerEntry.charge_id == charge_id, LedgerLine.account == Account.RECEIVABLE.value)
    )
    return int(db.session.scalar(query) or 0)


@dataclass(frozen=True, slots=True)
class LedgerFilter:
    """Which part of the ledger: an event, from a moment on, before a moment."""

    event_id: int | None = None
    since: datetime | None = None
    until: datetime | None = None


@dataclass(frozen=True, slots=True)
class Posting:
    """One line of the ledger with its entry and the reference of its charge."""

    line_id: int
    entry_id: int
    at: datetime
    kind: str
    event_id: int | None
    registration_id: int | None
    reference: str | None
    currency: str
    account: str
    amount: int
    source: str
    actor: str
    note: str


def stream_postings(wanted: LedgerFilter) -> Iterator[Posting]:
    """Give every line of a part of the ledger in its order, in batches, so that memory does not grow."""
    last = 0
    while True:
        query = (
            select(
                LedgerLine.id, LedgerEntry.id, LedgerEntry.at, LedgerEntry.kind, LedgerEntry.event_id,
                Charge.registration_id, Charge.reference, LedgerEntry.currency, LedgerLine.account,
                LedgerLine.amount, LedgerEntry.source, LedgerEntry.actor_label, LedgerEntry.note,
            )
            .join(LedgerEntry, LedgerEntry.id == LedgerLine.entry_id)
            .outerjoin(Charge, Charge.id == LedgerEntry.charge_id)
            .where(LedgerLine.id > last)
            .order_by(LedgerLine.id)
            .limit(BATCH)
        )  # fmt: skip
        if wanted.event_id is not None:
            query = query.where(LedgerEntry.event_id == wanted.event_id)
        if wanted.since is not None:
            query = query.where(LedgerEntry.at >= wanted.since)
        if wanted.until is not None:
            query = query.where(LedgerEntry.at < wanted.until)
        found: Any = db.session.execute(query)
        rows = [Posting(*row) for row in found]
        yield from rows
        if len(rows) < BATCH:
            return
        last = rows[-1].line_id
