"""Read what a person must decide about money."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import func, select

from eventsys.core.db import db
from eventsys.core.errors import NotFound
from eventsys.payments.models import Case, Charge

if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import Any

PAGE = 50

__all__ = ["Case"]


@dataclass(frozen=True, slots=True)
class CaseRow:
    """A case and the charge that it is about, if it is about one."""

    case: Case
    charge: Charge | None


def get_case(case_id: int) -> Case:
    """Get a case; raises NotFound."""
    found = db.session.get(Case, case_id)
    if found is None:
        raise NotFound(what="case")
    return found


def list_cases(
    *, is_open: bool, event_id: int | None = None, page: int = 1, size: int = PAGE
) -> tuple[int, Sequence[CaseRow]]:
    """List the open cases, oldest first, or the decided ones, newest first; gives their number as well."""
    query = select(Case, Charge).outerjoin(Charge, Charge.id == Case.charge_id)
    query = _narrowed(query, is_open=is_open, event_id=event_id)
    order = (Case.opened_at, Case.id) if is_open else (Case.closed_at.desc(), Case.id.desc())
    total = db.session.scalar(select(func.count()).select_from(query.subquery())) or 0
    rows = db.session.execute(query.order_by(*order).limit(size).offset((page - 1) * size))
    return total, [CaseRow(case, charge) for case, charge in rows]


def count_open_cases(event_id: int | None = None) -> int:
    """Count what waits for a decision."""
    query = select(func.count(Case.id)).outerjoin(Charge, Charge.id == Case.charge_id)
    return db.session.scalar(_narrowed(query, is_open=True, event_id=event_id)) or 0


def list_open_cases(charge_id: int, kind: str) -> Sequence[Case]:
    """List the cases of one charge and kind that wait for a decision."""
    query = select(Case).where(
        Case.charge_id == charge_id, Case.kind == kind, Case.closed_at.is_(None)
    )
    return db.session.scalars(query.order_by(Case.id)).all()


def list_cases_of(charge_id: int) -> Sequence[Case]:
    """List the cases of one charge, open and decided."""
    query = select(Case).where(Case.charge_id == charge_id).order_by(Case.id)
    return db.session.scalars(query).all()


def _narrowed(query: Any, *, is_open: bool, event_id: int | None) -> Any:  # noqa: ANN401 (a select of any columns)
    query = query.where(Case.closed_at.is_(None) if is_open else Case.closed_at.is_not(None))
    return query if event_id is None else query.where(Charge.event_id == event_id)
