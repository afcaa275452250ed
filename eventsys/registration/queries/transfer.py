"""Whether somebody may pay by bank transfer, and how."""

from __future__ import annotations

from typing import TYPE_CHECKING

from eventsys.payments.queries.transfer import Transfer, find_transfer
from eventsys.registration.queries.documents import buyer_of
from eventsys.registration.queries.fees import find_plan, find_price

if TYPE_CHECKING:
    from eventsys.payments.queries import Charge
    from eventsys.registration.models import Registration

__all__ = ["Transfer"]


def offered_transfer(charge: Charge, registration: Registration) -> Transfer | None:
    """Say how a fee is paid by bank transfer, where the event offers it and something is owed.

    Which account depends on the country of whoever pays: who was named for the documents, else the person.
    """
    plan = find_plan(charge.event_id)
    if plan is None or "bank" not in plan.methods:
        return None
    price = find_price(registration.id)
    buyer = buyer_of(registration, price.buyer if price else {})
    return find_transfer(charge, buyer.get("country"))
