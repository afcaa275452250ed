"""Read what a bank sends, and the lines that are kept of it."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from sqlalchemy import exists, func, select

from eventsys.core.db import db
from eventsys.core.errors import NotFound
from eventsys.payments.errors import BankFileUnread
from eventsys.payments.models import BankLine, Charge, Payment
from eventsys.payments.rules.bank_csv import read_csv
from eventsys.payments.rules.camt import looks_like_xml, read_camt
from eventsys.payments.rules.movements import UnreadError, digests
from eventsys.payments.rules.norma43 import looks_like_norma43, read_norma43
from eventsys.payments.rules.reference import find_references

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence
    from datetime import datetime

    from sqlalchemy import ColumnElement

    from eventsys.payments.rules.movements import Movement, Statement

__all__ = ["BankLine"]

#: Lines that wait: not looked at by the worker yet, or for a person.
WAITING = ("new", "open")


def read_statement(data: bytes, currency: str, account: str = "") -> Statement:
    """Read a file of the bank: camt.053, Norma 43 or a table. Raises BankFileUnread with the fact ``reason``.

    ``currency`` and ``account`` count where the file itself names none.
    """
    try:
        statement = _read(data, currency)
    except UnreadError as error:
        raise BankFileUnread(reason=error.reason) from None
    if account:
        statement.movements = [
            movement if movement.account else replace(movement, account=account)
            for movement in statement.movements
        ]
    return statement


def _read(data: bytes, currency: str) -> Statement:
    if looks_like_xml(data):
        return read_camt(data)
    return read_norma43(data) if looks_like_norma43(data) else read_csv(data, currency)


@dataclass(frozen=True, slots=True)
class Planned:
    """What would become of one movement. ``state``: known, due (its charge is found), open."""

    movement: Movement
    digest: str
    state: str
    charge: Charge | None = None


@dataclass(slots=True)
class BankPlan:
    """What would become of a file."""

    statement: Statement
    rows: list[Planned] = field(default_factory=list)

    def count(self, state: str) -> int:
        """Count the rows of a state."""
        return sum(row.state == state for row in self.rows)


def plan_bank(statement: Statement) -> BankPlan:
    """Say what would become of every movement; nothing is stored."""
    marks = digests(statement.movements)
    unsaid = digests([replace(movement, account="") for movement in statement.movements])
    known = known_digests(marks) | _known_without_account(marks, unsaid)
    plan = BankPlan(statement)
    named = [
        find_references(f"{movement.text} {movement.mark}") for movement in statement.movements
    ]
    charges = _charges_by_reference({reference for some in named for reference in some})
    for movement, mark, references in zip(statement.movements, marks, named, strict=True):
        fitting = [charges[reference] for reference in references if reference in charges]
        fitting = [charge for charge in fitting if charge.currency == movement.currency]
        charge = fitting[0] if len({charge.id for charge in fitting}) == 1 else None
        state = "known" if mark in known else "due" if charge is not None else "open"
        plan.rows.append(Planned(movement, mark, state, charge))
    return plan


def _charges_by_reference(references: Collection[str]) -> dict[str, Charge]:
    """Find the charges of a whole file at once."""
    found: dict[str, Charge] = {}
    wanted = sorted(references)
    for start in range(0, len(wanted), 500):
        query = select(Charge).where(Charge.reference.in_(wanted[start : start + 500]))
        found.update({charge.reference or "": charge for charge in db.session.scalars(query)})
    return found


def known_digests(marks: Collection[str], *where: ColumnElement[bool]) -> set[str]:
    """Give those that are stored already."""
    found: set[str] = set()
    wanted = list(marks)
    # SQLite takes no more than some thousand values in one statement.
    for start in range(0, len(wanted), 500):
        some = BankLine.digest.in_(wanted[start : start + 500])
        found.update(db.session.scalars(select(BankLine.digest).where(some, *where)))
    return found


def _known_without_account(marks: Sequence[str], unsaid: Sequence[str]) -> set[str]:
    """Give those that were stored when nobody said of which account they were."""
    stored = known_digests(unsaid, BankLine.account == "")
    return {mark for mark, old in zip(marks, unsaid, strict=True) if old in stored}


def charge_in(text: str, currency: str) -> Charge | None:
    """Find the one charge in this currency that a text refers to; None when it names none or several."""
    references = find_references(text)
    if not references:
        return None
    query = select(Charge).where(Charge.reference.in_(references), Charge.currency == currency)
    found = db.session.scalars(query.limit(2)).all()
    return found[0] if len(found) == 1 else None


def find_charge_by_reference(text: str) -> Charge | None:
    """Find a charge by a reference as a person types it."""
    references = find_references(text)
    query = select(Charge).where(Charge.reference.in_(references[:1]))
    return db.session.scalar(query) if references else None


def get_line(line_id: int) -> BankLine:
    """Get a line; raises NotFound."""
    found = db.session.get(BankLine, line_id)
    if found is None:
        raise NotFound(what="bank_line")
    return found


def has_twin(line: BankLine, charge_id: int) -> bool:
    """Tell whether an earlier file brought a line of the same day and amount that paid the same charge.

    The same movement looks different in another kind of file: a person says whether it is a second one.
    """
    twin = (
        exists()
        .where(BankLine.booked_on == line.booked_on, BankLine.amount == line.amount)
        .where(BankLine.currency == line.currency, BankLine.status == "matched")
        .where(BankLine.brought_at < line.brought_at, BankLine.id != line.id)
        .where(Payment.id == BankLine.payment_id, Payment.charge_id == charge_id)
    )
    return bool(db.session.scalar(select(twin)))


def accounts_of_lines(line_ids: Collection[int]) -> dict[int, str]:
    """Say to which account of ours each line came, where that is known: IBAN or number, squeezed."""
    query = select(BankLine.id, BankLine.account).where(
        BankLine.id.in_(line_ids), BankLine.account != ""
    )
    return {line_id: account for line_id, account in db.session.execute(query)}


def count_lines() -> dict[str, int]:
    """Count the lines by state."""
    query = select(BankLine.status, func.count()).group_by(BankLine.status)
    return {status: int(n) for status, n in db.session.execute(query)}


@dataclass(frozen=True, slots=True)
class LineView:
    """A line, and the registration whose fee it paid."""

    line: BankLine
    registration_id: int | None


def list_lines(statuses: Sequence[str], *, limit: int, offset: int = 0) -> Sequence[LineView]:
    """List lines, the newest first; the page of what waits begins with the oldest."""
    order = (
        (BankLine.booked_on, BankLine.id)
        if set(statuses) <= set(WAITING)
        else (BankLine.booked_on.desc(), BankLine.id.desc())
    )
    query = (
        select(BankLine, Charge.registration_id)
        .outerjoin(Payment, Payment.id == BankLine.payment_id)
        .outerjoin(Charge, Charge.id == Payment.charge_id)
        .where(BankLine.status.in_(statuses))
        .order_by(*order)
        .limit(limit)
        .offset(offset)
    )
    return [LineView(line, registration_id) for line, registration_id in db.session.execute(query)]


def last_brought() -> datetime | None:
    """Say when a file of the bank was last brought."""
    return db.session.scalar(select(func.max(BankLine.brought_at)))


def registration_paid_by(line: BankLine) -> int | None:
    """Give the registration whose fee a line paid."""
    query = select(Charge.registration_id).join(Payment, Payment.charge_id == Charge.id)
    return db.session.scalar(query.where(Payment.id == line.payment_id))
