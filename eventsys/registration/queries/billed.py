"""Who has a fee: what was frozen for them, or billed. A table that is imported moves no money."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import exists, or_, select

from eventsys.core.db import db
from eventsys.events.models import Category
from eventsys.payments.models import Charge
from eventsys.registration.models import ENDED, Price, Registration
from eventsys.registration.queries.fees import find_plan

if TYPE_CHECKING:
    from collections.abc import Collection

_HAS_A_FEE = or_(
    exists().where(Price.registration_id == Registration.id),
    exists().where(Charge.registration_id == Registration.id),
)


def billed_of(event_id: int) -> dict[str, tuple[str, str]]:
    """Give status and category of everybody with a fee, by address; of several the live one, else the newest."""
    if find_plan(event_id) is None:
        return {}
    query = (
        select(Registration.email_key, Registration.status, Category.code)
        .join(Category, Category.id == Registration.category_id)
        .where(Registration.event_id == event_id, _HAS_A_FEE)
        .order_by(Registration.status.not_in(ENDED), Registration.id)
    )
    return {key: (status, code) for key, status, code in db.session.execute(query)}


def which_have_a_fee(registration_ids: Collection[int]) -> set[int]:
    """Tell which of some registrations have a fee."""
    query = select(Registration.id).where(Registration.id.in_(registration_ids), _HAS_A_FEE)
    return set(db.session.scalars(query))
