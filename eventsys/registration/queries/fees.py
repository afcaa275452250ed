"""Read what an event costs."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from sqlalchemy import exists, select

from eventsys.core.db import db
from eventsys.core.money import payable_step
from eventsys.events.queries import Category, Event, get_published_and, published_and
from eventsys.members.queries.lists import is_member_on
from eventsys.registration.models import Fee, FeeCode, FeePlan, Price
from eventsys.registration.rules.income import income_group
from eventsys.registration.rules.price import CodeRow, FeeRow, Payer, quote

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence
    from datetime import date, datetime

    from eventsys.registration.rules.price import Quote

__all__ = ["Fee", "FeeCode", "FeePlan", "Price"]


def find_plan(event_id: int) -> FeePlan | None:
    """Find how an event asks for money; None for a free one."""
    return db.session.get(FeePlan, event_id)


_FORM: Final = published_and(exists().where(FeePlan.event_id == Event.id))


def get_form_of(slug: str, *, now: datetime) -> tuple[Event, Sequence[Category], bool]:
    """Get a published event, its categories, and whether it asks for money, in one statement."""
    return get_published_and(_FORM, slug, now=now)


def list_fees(event_id: int) -> Sequence[Fee]:
    """List the lines of the fees in the organiser's order."""
    query = select(Fee).where(Fee.event_id == event_id).order_by(Fee.position, Fee.id)
    return db.session.scalars(query).all()


def list_codes(event_id: int) -> Sequence[FeeCode]:
    """List the codes of an event."""
    query = select(FeeCode).where(FeeCode.event_id == event_id).order_by(FeeCode.code)
    return db.session.scalars(query).all()


def find_code(event_id: int, typed: str, *, now: datetime) -> FeeCode | None:
    """Find a code as a person types it: blanks and case do not matter; None when its time is over."""
    code = db.session.scalar(
        select(FeeCode).where(FeeCode.event_id == event_id, FeeCode.code == fold_code(typed))
    )
    if code is None or (code.valid_until is not None and code.valid_until <= now):
        return None
    return code


def list_offered(event_id: int, categories: Collection[int], *, now: datetime) -> Sequence[Fee]:
    """List the fees that somebody who registers now or later may have, of the categories on offer."""
    return [
        fee
        for fee in list_fees(event_id)
        if (fee.category_id is None or fee.category_id in categories)
        and (fee.until is None or fee.until > now)
    ]


def fold_code(typed: str) -> str:
    """Give a code as it is stored."""
    return "".join(typed.split()).upper()[:40]


def find_price(registration_id: int) -> Price | None:
    """Find what a registration costs; None when it costs nothing."""
    return db.session.get(Price, registration_id)


def quote_for(
    event_id: int,
    *,
    category_id: int,
    organisation_id: int | None,
    country: str | None,
    day: date,
    at: datetime,
    code: FeeCode | None = None,
) -> Quote:
    """Price somebody: member or not as of the event's ``day``, early or late as of ``at``."""
    payer = Payer(
        category_id=category_id,
        member=organisation_id is not None and is_member_on(organisation_id, day),
        income_group=income_group(country),
        at=at,
    )
    return quote_payer(event_id, payer, code)


def quote_payer(event_id: int, payer: Payer, code: FeeCode | None = None) -> Quote:
    """Price whoever is described, by the event's lines as they stand."""
    rows = [
        FeeRow(
            amount=fee.amount,
            label=fee.label,
            category_id=fee.category_id,
            member=fee.member,
            income_group=fee.income_group,
            starts_at=fee.starts_at,
            until=fee.until,
        )
        for fee in list_fees(event_id)
    ]
    known = CodeRow(code.id, code.code, code.kind, code.value, code.category_id) if code else None
    plan = find_plan(event_id) if known is not None else None
    return quote(rows, payer, known, step=payable_step(plan.currency) if plan else 1)
