"""Ask the worker to compare with Stripe: by hand, or in the night after somebody went to pay."""

from __future__ import annotations

from typing import TYPE_CHECKING

from eventsys.audit.operations import record
from eventsys.core.tokens import new_key
from eventsys.jobs.operations import enqueue

if TYPE_CHECKING:
    from datetime import datetime

    from eventsys.core.actor import Actor


def ask_reconcile(*, actor: Actor, now: datetime) -> None:
    """Queue a comparison with Stripe; its result is kept with the job."""
    key = f"reconcile:{new_key()}"
    enqueue("payments.reconcile", {"key": key}, now=now, unique_key=key)
    record("payments.reconcile", "payments", 0, actor=actor, now=now)
