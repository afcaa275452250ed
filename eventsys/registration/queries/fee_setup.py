"""Read the fees of an event as the office sets them up."""

from __future__ import annotations

from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from sqlalchemy import exists, select

from eventsys.core.db import db
from eventsys.core.errors import NotFound
from eventsys.events.models import Event
from eventsys.events.queries import get_event_by_id
from eventsys.registration.models import Fee, FeeCode, FeePlan, Price, Registration
from eventsys.registration.queries.fees import quote_for

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime


def get_fee(event_id: int, fee_id: int) -> Fee:
    """Get a line of an event's fees; one of another event does not exist here."""
    found = db.session.scalar(select(Fee).where(Fee.event_id == event_id, Fee.id == fee_id))
    if found is None:
        raise NotFound(what="fee")
    return found


def get_code(event_id: int, code_id: int) -> FeeCode:
    """Get a code of an event; one of another event does not exist here."""
    query = select(FeeCode).where(FeeCode.event_id == event_id, FeeCode.id == code_id)
    found = db.session.scalar(query)
    if found is None:
        raise NotFound(what="code")
    return found


def was_priced(event_id: int) -> bool:
    """Tell whether anybody's fee of this event was ever frozen: its currency then stays."""
    query = (
        select(Price.registration_id)
        .join(Registration, Registration.id == Price.registration_id)
        .where(Registration.event_id == event_id)
    )
    return bool(db.session.scalar(select(query.exists())))


def currencies_by_transfer(now: datetime) -> set[str]:
    """Give the currencies in which events that are not over take bank transfers."""
    query = select(FeePlan.currency, FeePlan.methods).join(Event, Event.id == FeePlan.event_id)
    plans = db.session.execute(query.where(Event.ends_at > now))
    return {currency for currency, methods in plans if "bank" in methods}


def codes_in_use(event_id: int) -> set[int]:
    """List the codes that stand in somebody's frozen fee: they are never removed."""
    query = select(FeeCode.id).where(
        FeeCode.event_id == event_id, exists().where(Price.code_id == FeeCode.id)
    )
    return set(db.session.scalars(query))


def totals_by_category(registration: Registration, category_ids: Sequence[int]) -> dict[int, int]:
    """Give what a registration would cost in each category, by the lines of the day on which it was made."""
    event = get_event_by_id(registration.event_id)
    price = db.session.get(Price, registration.id)
    code = db.session.get(FeeCode, price.code_id) if price and price.code_id else None
    return {
        category_id: quote_for(
            event.id,
            category_id=category_id,
            organisation_id=registration.organisation_id,
            country=registration.country,
            day=event.starts_at.astimezone(ZoneInfo(event.timezone)).date(),
            at=registration.registered_at,
            code=code,
        ).total
        for category_id in category_ids
    }
