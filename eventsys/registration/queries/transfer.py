"""Whether somebody may pay by bank transfer, and how."""

from __future__ import annotations

from typing import TYPE_CHECKING

from eventsys.payments.queries.transfer import Transfer, find_transfer
from eventsys.registration.queries.fees import find_plan

if TYPE_CHECKING:
    from eventsys.payments.queries import Charge

__all__ = ["Transfer"]


def offered_transfer(charge: Charge) -> Transfer | None:
    """Say how a fee is paid by bank transfer, where the event offers it and something is owed."""
    plan = find_plan(charge.event_id)
    return find_transfer(charge) if plan is not None and "bank" in plan.methods else None
