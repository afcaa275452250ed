"""Who owes, has paid, or gets back: the list of an event's payments and its totals."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import case, func, or_, select

from eventsys.core.db import db
from eventsys.core.text import fold
from eventsys.payments.models import Charge
from eventsys.payments.rules.reference import find_references
from eventsys.registration.models import Registration

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import date

    from sqlalchemy.sql.elements import ColumnElement

PAGE: Final = 50
MOST_WORDS: Final = 6
STATES: Final = ("due", "overdue", "paid", "to_refund", "waived")


@dataclass(frozen=True, slots=True)
class MoneyRow:
    """One registration that was billed, or whose fee was let go from the beginning."""

    registration_id: int
    event_id: int
    first_name: str
    last_name: str
    email: str
    organisation: str
    status: str
    payment: str
    category_id: int
    currency: str | None
    billed: int
    received: int
    reference: str | None
    due_on: date | None

    @property
    def owed(self) -> int:
        """Give what is still to be paid; negative: what goes back."""
        return self.billed - self.received


@dataclass(frozen=True, slots=True)
class Totals:
    """Sums of a currency."""

    currency: str
    people: int
    billed: int
    received: int
    owed: int
    owing: int
    to_refund: int


@dataclass(frozen=True, slots=True)
class MoneyFilter:
    """What the list is asked for; ``today`` decides what is overdue."""

    today: date
    q: str = ""
    state: str = ""


_COLUMNS: Final = (
    Registration.id, Registration.event_id, Registration.first_name, Registration.last_name, Registration.email,
    Registration.organisation, Registration.status, Registration.payment, Registration.category_id,
    Charge.currency, func.coalesce(Charge.billed, 0), func.coalesce(Charge.received, 0), Charge.reference,
    Charge.due_on,
)  # fmt: skip


def find_money(
    event_id: int, wanted: MoneyFilter, *, page: int = 1, size: int = PAGE
) -> tuple[int, Sequence[MoneyRow]]:
    """Find one page of the people with a fee, by name, and count them all."""
    conditions = _conditions(event_id, wanted)
    total = db.session.scalar(_joined(select(func.count(Registration.id))).where(*conditions)) or 0
    query = (
        _joined(select(*_COLUMNS))
        .where(*conditions)
        .order_by(Registration.sort_name, Registration.id)
        .limit(size)
        .offset((page - 1) * size)
    )
    return total, [MoneyRow(*row) for row in db.session.execute(query)]


def sum_money(event_id: int) -> Sequence[Totals]:
    """Sum what was billed, came, is owed and goes back, for each currency."""
    left = Charge.billed - Charge.received
    query = (
        select(
            Charge.currency, func.count(Charge.id), func.sum(Charge.billed), func.sum(Charge.received),
            func.sum(case((left > 0, left), else_=0)), func.sum(case((left > 0, 1), else_=0)),
            func.sum(case((left < 0, -left), else_=0)),
        )
        .where(Charge.event_id == event_id)
        .group_by(Charge.currency)
        .order_by(Charge.currency)
    )  # fmt: skip
    return [
        Totals(currency, *(int(value) for value in sums))
        for currency, *sums in db.session.execute(query)
    ]


def list_open_items(event_id: int | None) -> Iterator[MoneyRow]:
    """List everybody who still owes something, the longest overdue first."""
    query = (
        select(*_COLUMNS)
        .join(Charge, Charge.registration_id == Registration.id)
        .where(Charge.received < Charge.billed)
        .order_by(Charge.due_on, Registration.sort_name, Registration.id)
    )
    if event_id is not None:
        query = query.where(Charge.event_id == event_id)
    rows: Any = db.session.execute(query)
    for row in rows:
        yield MoneyRow(*row)


def names_of(registration_ids: Sequence[int]) -> dict[int, tuple[str, int]]:
    """Give name and event of some registrations, for lists of cases and movements."""
    query = select(
        Registration.id, Registration.first_name, Registration.last_name, Registration.event_id
    ).where(Registration.id.in_(registration_ids))
    return {
        number: (f"{first} {last}".strip(), event_id)
        for number, first, last, event_id in db.session.execute(query)
    }


def _joined(query: Any) -> Any:  # noqa: ANN401 (a select of any columns)
    return query.select_from(Registration).outerjoin(
        Charge, Charge.registration_id == Registration.id
    )


def _conditions(event_id: int, wanted: MoneyFilter) -> list[ColumnElement[bool]]:
    conditions: list[ColumnElement[bool]] = [
        Registration.event_id == event_id,
        or_(Charge.id.is_not(None), Registration.payment == "waived"),
    ]
    state: dict[str, ColumnElement[bool]] = {
        "due": Charge.received < Charge.billed,
        "overdue": (Charge.received < Charge.billed) & (Charge.due_on < wanted.today),
        "paid": Registration.payment == "paid",
        "to_refund": Charge.received > Charge.billed,
        "waived": Registration.payment == "waived",
    }
    if wanted.state in state:
        conditions.append(state[wanted.state])
    if wanted.q.strip():
        conditions.append(_matching(wanted.q))
    return conditions


def _matching(q: str) -> ColumnElement[bool]:
    # A reference as it stands on a statement of the bank, in groups of four or not.
    references = find_references(q)
    if references:
        return Charge.reference.in_(references)
    words = fold(q).split()[:MOST_WORDS]
    found: ColumnElement[bool] = Registration.id.is_not(None)
    for word in words:
        found &= Registration.search_text.contains(word, autoescape=True)
    return found
