"""Make the papers that payments lack: money came before anybody had said who issues documents."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from eventsys.audit.operations import record
from eventsys.payments.operations.pay import queue_receipt
from eventsys.payments.queries.documents import get_issuer
from eventsys.payments.queries.receipts import list_unpapered

if TYPE_CHECKING:
    from datetime import datetime

    from eventsys.core.actor import Actor

#: At most this many with one press of the button; the page then tells of the rest.
AT_ONCE: Final = 2_000


def make_receipts(event_id: int | None, *, actor: Actor, now: datetime) -> int:
    """Have the worker make what is missing, of an event or of all; gives for how many payments.

    Safe to repeat: a payment at which a job is already is not counted again, and a job finds what is issued.
    Raises NoIssuer.
    """
    get_issuer()
    lacking = list_unpapered(event_id, most=AT_ONCE)
    for row in lacking:
        queue_receipt(row.payment_id, now=now, after=f"asked:{now:%Y%m%d%H%M%S%f}")
    if lacking:
        record(
            "payments.make_receipts", "event", event_id, actor=actor, now=now, event_id=event_id,
            facts={"payments": len(lacking)},
        )  # fmt: skip
    return len(lacking)
