"""Who has a place and was never billed, as there were no fees when they registered; and what they would pay."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from sqlalchemy import exists, select

from eventsys.core.db import db
from eventsys.events.queries import get_event_by_id
from eventsys.members.queries.lists import is_member_on
from eventsys.payments.models import Charge
from eventsys.registration.models import Price, Registration
from eventsys.registration.queries.fees import find_plan, list_fees
from eventsys.registration.rules.income import income_group
from eventsys.registration.rules.names import full_name
from eventsys.registration.rules.price import FeeRow, Payer, quote

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date, datetime

    from eventsys.registration.rules.price import Quote


@dataclass(frozen=True, slots=True)
class Unbilled:
    """A registration with a place and no bill, and its fee by the lines as they stand now."""

    registration_id: int
    name: str
    organisation: str
    category_id: int
    registered_at: datetime
    quote: Quote


def list_unbilled(event_id: int, only: Sequence[int] | None = None) -> list[Unbilled]:
    """List them by name, those whose fee is nothing left out; ``only`` some registrations.

    Early or late is decided by the moment of registration. Whoever was priced, be it at nothing by a code, keeps that.
    """
    if find_plan(event_id) is None:
        return []
    query = (
        select(
            Registration.id, Registration.first_name, Registration.last_name, Registration.organisation,
            Registration.category_id, Registration.organisation_id, Registration.country,
            Registration.registered_at,
        )
        .where(
            Registration.event_id == event_id,
            Registration.status == "confirmed",
            Registration.holds_place,
            ~exists().where(Charge.registration_id == Registration.id),
            ~exists().where(Price.registration_id == Registration.id),
        )
        .order_by(Registration.sort_name, Registration.id)
    )  # fmt: skip
    if only is not None:
        query = query.where(Registration.id.in_(only))
    rows = db.session.execute(query).all()
    if not rows:
        return []
    fees, members, day = _fees(event_id), {}, _day(event_id)
    found = []
    for row in rows:
        organisation = row.organisation_id
        if organisation not in members:
            members[organisation] = organisation is not None and is_member_on(organisation, day)
        payer = Payer(
            category_id=row.category_id,
            member=members[organisation],
            income_group=income_group(row.country),
            at=row.registered_at,
        )
        priced = quote(fees, payer)
        if priced.total > 0:
            name = full_name(row.first_name, row.last_name)
            found.append(
                Unbilled(row.id, name, row.organisation, row.category_id, row.registered_at, priced)
            )
    return found


def _day(event_id: int) -> date:
    event = get_event_by_id(event_id)
    return event.starts_at.astimezone(ZoneInfo(event.timezone)).date()


def _fees(event_id: int) -> list[FeeRow]:
    return [
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
