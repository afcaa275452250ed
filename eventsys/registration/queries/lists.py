"""Lists of registrations: search, filters, pages, and the rows of an export.

Built for an event of 100,000: the identifiers of a page are found in an index, and only its rows are read.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import and_, func, literal, select, text
from sqlalchemy.orm import aliased

from eventsys.core.db import db
from eventsys.core.text import email_key, fold
from eventsys.core.tokens import find_short_code
from eventsys.events.models import Category
from eventsys.members.models import Organisation
from eventsys.payments.models import Charge
from eventsys.registration.models import LIVE, UNRESOLVED, Registration

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import datetime

    from sqlalchemy import ColumnElement

PAGE: Final = 50
EXPORT_BATCH: Final = 1_000
# What a search finds is looked up once when it is not more than this.
FEW: Final = 1_000
MOST_WORDS: Final = 8
# What may be asked for of the fee; to_refund: more came than is billed.
PAYMENTS: Final = ("due", "paid", "to_refund", "waived", "refunded", "not_due")
SORTS: Final = ("name", "-name", "registered", "-registered", "arrived", "-arrived")
_SORTED_BY: Final = {
    "name": Registration.sort_name,
    "registered": Registration.registered_at,
    "arrived": Registration.attended_at,
}


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a list is asked for; None and "" mean all."""

    q: str = ""
    status: str = ""
    category_id: int | None = None
    country: str = ""
    city_id: int | None = None
    organisation_id: int | None = None
    member: bool | None = None
    attended: bool | None = None
    unresolved: bool = False
    payment: str = ""
    sort: str = "name"


@dataclass(frozen=True, slots=True)
class Participant:
    """One line of the list. ``billed``, ``received``: minor units; 0 unless the sums were asked for."""

    id: int
    first_name: str
    last_name: str
    email: str
    status: str
    category_id: int
    country: str | None
    city_id: int | None
    city_typed: str
    city_status: str
    organisation: str
    organisation_id: int | None
    registered_at: datetime
    attended_at: datetime | None
    payment: str
    billed: int
    received: int


_EXPORTED: Final = tuple(
    getattr(Registration, name)
    for name in (
        "id",
        "first_name",
        "last_name",
        "email",
        "gender",
        "city_id",
        "city_typed",
        "country",
        "organisation",
        "job_title",
        "language",
        "registered_at",
        "status",
        "attended_at",
        "short_code",
        "note",
        "payment",
    )
)
_SUMS: Final = {
    name: func.coalesce(getattr(Charge, name), 0).label(name) for name in ("billed", "received")
}
_NO_SUMS: Final = tuple(literal(0).label(name) for name in _SUMS)
# Each country is found from the one before it, by the end of an index: some hundred steps instead of a pass over
# all rows of the event, which neither engine would take by itself.
_COUNTRIES: Final = text("""
    WITH RECURSIVE
    state(status) AS (
        SELECT min(r.status) FROM registration r WHERE r.event_id = :event_id
        UNION ALL
        SELECT (
            SELECT min(r.status) FROM registration r
            WHERE r.event_id = :event_id AND r.status > state.status
        ) FROM state WHERE state.status IS NOT NULL
    ),
    found(status, country) AS (
        SELECT state.status, (
            SELECT min(r.country) FROM registration r
            WHERE r.event_id = :event_id AND r.status = state.status
        ) FROM state
        UNION ALL
        SELECT found.status, (
            SELECT min(r.country) FROM registration r
            WHERE r.event_id = :event_id AND r.status = found.status AND r.country > found.country
        ) FROM found WHERE found.country IS NOT NULL
    )
    SELECT DISTINCT country FROM found WHERE country IS NOT NULL ORDER BY country
""")
_COLUMNS: Final = tuple(
    getattr(Registration, name) for name in Participant.__slots__ if name not in _SUMS
)


@dataclass(frozen=True, slots=True)
class Found:
    """One page of a list, and how long the whole list is."""

    total: int
    rows: Sequence[Participant]


def find_participants(
    event_id: int, wanted: Wanted, *, page: int = 1, size: int = PAGE, sums: bool = False
) -> Found:
    """Find one page of an event's registrations, in the order that is wanted, and count them all.

    With ``sums`` each row says what was billed and what came of it.
    """
    conditions = _conditions(event_id, wanted)
    total = (
        db.session.scalar(select(func.count()).select_from(Registration).where(*conditions)) or 0
    )
    if not total:
        return Found(0, ())
    ids = (
        _ordered(select(Registration.id).where(*conditions), wanted)
        .limit(size)
        .offset((page - 1) * size)
    )
    query = _ordered(_with(sums, *_COLUMNS).where(Registration.id.in_(ids)), wanted)
    return Found(total, [Participant(*row) for row in db.session.execute(query)])


def find_live_id(event_id: int, email: str) -> int | None:
    """Find the live registration of an address at an event."""
    return db.session.scalar(
        select(Registration.id).where(
            LIVE,
            Registration.event_id == event_id,
            Registration.email_key == email_key(email),
        )
    )


def list_countries_of(event_id: int) -> Sequence[str | None]:
    """List the countries that an event's registrations name."""
    return db.session.scalars(_COUNTRIES, {"event_id": event_id}).all()


def stream_participants(event_id: int, wanted: Wanted, *, sums: bool = False) -> Iterator[Any]:
    """Read the rows of an export: their columns, code of the category, name of the organisation represented.

    With ``sums`` also what was billed and what came of it.

    Ordered by id and read in steps of their own, so that neither engine has to hold the whole answer and
    memory stays flat. Rows, not objects: nothing is kept or watched.
    """
    query = (
        _with(sums, *_EXPORTED, Category.code.label("category"), Organisation.name.label("member"))
        .join(Category, Category.id == Registration.category_id)
        .outerjoin(Organisation, Organisation.id == Registration.organisation_id)
        .where(*_conditions(event_id, wanted))
        .order_by(Registration.id)
        .limit(EXPORT_BATCH)
    )
    last = 0
    while True:
        rows = db.session.execute(query.where(Registration.id > last)).all()
        yield from rows
        if len(rows) < EXPORT_BATCH:
            return
        last = rows[-1].id


def _with(sums: bool, *columns: Any) -> Any:  # noqa: ANN401 (a select of any columns)
    if not sums:
        return select(*columns, *_NO_SUMS).select_from(Registration)
    query = select(*columns, *_SUMS.values()).select_from(Registration)
    return query.outerjoin(Charge, Charge.registration_id == Registration.id)


def _ordered(query: Any, wanted: Wanted) -> Any:  # noqa: ANN401 (a select of any columns)
    name = wanted.sort.removeprefix("-")
    column = _SORTED_BY.get(name, Registration.sort_name)
    if name == "arrived":
        # Whoever has not come stands at the end, on both engines.
        query = query.order_by(column.is_(None))
    if wanted.sort.startswith("-"):
        return query.order_by(column.desc(), Registration.id.desc())
    return query.order_by(column, Registration.id)


def _conditions(event_id: int, wanted: Wanted) -> list[ColumnElement[bool]]:
    # Only conditions that are asked for: each one that is absent keeps an index usable.
    conditions: list[ColumnElement[bool]] = [Registration.event_id == event_id]
    equal = {
        Registration.status: wanted.status or None,
        Registration.category_id: wanted.category_id,
        Registration.country: wanted.country or None,
        Registration.city_id: wanted.city_id,
        Registration.organisation_id: wanted.organisation_id,
        Registration.payment: None if wanted.payment == "to_refund" else wanted.payment or None,
    }
    conditions += [column == value for column, value in equal.items() if value is not None]
    for column, value in (
        (Registration.organisation_id, wanted.member),
        (Registration.attended_at, wanted.attended),
    ):
        if value is not None:
            conditions.append(column.is_not(None) if value else column.is_(None))
    if wanted.payment == "to_refund":
        too_much = select(Charge.registration_id).where(
            Charge.event_id == event_id, Charge.received > Charge.billed
        )
        conditions.append(Registration.id.in_(too_much))
    if wanted.unresolved:
        waiting = select(Registration.id).where(UNRESOLVED)
        conditions.append(Registration.id.in_(waiting))
    if wanted.q.strip():
        conditions.append(_matching(event_id, wanted.q))
    return conditions


def _matching(event_id: int, q: str) -> ColumnElement[bool]:
    code = find_short_code(q)
    if code is not None:
        return Registration.short_code == code
    words = [_contains(word) for word in fold(q).split()[:MOST_WORDS]]
    # Answered from the index of search texts without reading a row. Of very many, a page is found sooner by
    # going through the list in its order.
    here = Registration.event_id == event_id
    found = select(Registration.id).where(here, *words)
    if _on_postgresql():
        # Its index holds no id: the texts are found in it alone, then the few rows that have them.
        texts = select(Registration.search_text).where(here, *words).limit(FEW + 1)
        same = aliased(Registration)
        found = select(same.id).where(same.event_id == event_id, same.search_text.in_(texts))
    few = db.session.scalars(found.limit(FEW + 1)).all()
    return Registration.id.in_(few) if len(few) <= FEW else and_(*words)


def _contains(word: str) -> ColumnElement[bool]:
    # Both are folded, so bytes may be compared: a fifth of what LIKE takes on PostgreSQL.
    if _on_postgresql():
        return func.strpos(Registration.search_text, word) > 0
    return Registration.search_text.contains(word, autoescape=True)


def _on_postgresql() -> bool:
    return db.engine.dialect.name == "postgresql"
