"""Read the papers of payments, and find the payments whose papers and money do not agree."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import String, and_, case, cast, exists, func, literal, or_, select

from eventsys.core.db import db
from eventsys.jobs.models import Job
from eventsys.payments.models import Charge, Dispute, Document, Payment, Refund
from eventsys.payments.queries.documents import list_documents
from eventsys.payments.rules.documents import OF_PAYMENT

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy import ColumnElement


def list_papers_of_payment(charge_id: int, payment_id: int) -> list[Document]:
    """List the receipt of a payment and what followed it, in the order of issue."""
    papers = (row for row in list_documents(charge_id) if row.kind in OF_PAYMENT)
    return [row for row in papers if row.content["facts"]["payment_id"] == payment_id]


@dataclass(frozen=True, slots=True)
class Unpapered:
    """A payment whose papers do not say what of it is here; ``said`` None: it has none."""

    payment_id: int
    said: int | None
    here: int


def list_unpapered(event_id: int | None = None, *, most: int) -> Sequence[Unpapered]:
    """List the payments that lack a paper, and at which no job is: the oldest first."""
    query, said, here = _compared()
    query = query.add_columns(Payment.id, said, here).order_by(Payment.id).limit(most)
    rows = db.session.execute(_of_event(query, event_id))
    return [Unpapered(number, None if s is None else int(s), int(h)) for number, s, h in rows]


def count_unpapered(event_id: int | None = None) -> int:
    """Count the payments that lack a paper: their receipts were due before anybody issued documents."""
    query, _said, _here = _compared()
    query = query.add_columns(func.count(Payment.id))
    return int(db.session.scalar(_of_event(query, event_id)) or 0)


def _of_event(query: Any, event_id: int | None) -> Any:  # noqa: ANN401 (a select of any columns)
    if event_id is None:
        return query
    return query.join(Charge, Charge.id == Payment.charge_id).where(Charge.event_id == event_id)


def _compared() -> tuple[Any, ColumnElement[int], ColumnElement[int]]:
    """Compare what papers say of each payment with what of it is here."""
    about = Document.content["facts"]["payment_id"].as_integer()
    papers = (
        select(about.label("payment_id"), func.sum(Document.total).label("said"))
        .where(Document.kind.in_([kind.value for kind in OF_PAYMENT]))
        .group_by(about)
        .subquery()
    )
    back = (
        select(func.coalesce(func.sum(Refund.amount), 0))
        .where(Refund.payment_id == Payment.id, Refund.status.in_(("pending", "succeeded")))
        .scalar_subquery()
    )
    lost = (
        select(func.coalesce(func.sum(Dispute.amount), 0))
        .where(Dispute.payment_id == Payment.id, Dispute.status == "lost")
        .scalar_subquery()
    )
    here = case((Payment.status == "succeeded", Payment.amount - back - lost), else_=0)
    # What was asked to go back as a whole gets no receipt any more.
    on_its_way = Payment.amount <= Payment.refunded
    lacks = or_(
        and_(papers.c.said.is_(None), here > 0, ~on_its_way),
        and_(papers.c.said.is_not(None), papers.c.said != here),
    )
    query = (
        select()
        .select_from(Payment)
        .outerjoin(papers, papers.c.payment_id == Payment.id)
        .where(Payment.status.in_(("succeeded", "undone")), lacks, ~_at_work())
    )
    return query, papers.c.said, here


def _at_work() -> ColumnElement[bool]:
    key = literal("receipt:") + cast(Payment.id, String)
    return exists().where(
        Job.name == "payments.receipt",
        Job.status.in_(("queued", "running")),
        or_(Job.unique_key == key, Job.unique_key.like(key + ":%")),
    )
