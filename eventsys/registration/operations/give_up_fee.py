"""What becomes of a fee when its registration is cancelled."""

from __future__ import annotations

from typing import TYPE_CHECKING

from eventsys.payments.operations.bill import change_bill
from eventsys.payments.operations.give_back import give_back_all, watch_excess
from eventsys.payments.operations.pay import close_page
from eventsys.payments.queries import find_charge_of
from eventsys.payments.rules.ledger import Kind
from eventsys.registration.operations.price import give_back_code
from eventsys.registration.operations.settle import settle
from eventsys.registration.queries.after_cancelling import kept_if_cancelled
from eventsys.registration.queries.fees import find_plan

if TYPE_CHECKING:
    from datetime import datetime

    from eventsys.core.actor import Actor


def give_up_fee(
    registration_id: int, *, by_person: bool, pays_back: bool, actor: Actor, now: datetime
) -> int:
    """Take the bill back and send back what was paid.

    Of a person who cancels, the event keeps what its rule for refunds says; when staff cancel, nothing. Gives
    how much Stripe is asked to send back; what came by bank or in cash waits for a person, and so does all of it
    without ``pays_back``.
    """
    give_back_code(registration_id)
    charge = find_charge_of(registration_id)
    if charge is None:
        return 0
    plan = find_plan(charge.event_id)
    kept = kept_if_cancelled(charge, plan, by_person=by_person, now=now)
    change_bill(charge.id, kept, kind=Kind.CANCEL, actor=actor, now=now, reason="cancelled")
    close_page(charge.id, now=now)
    if pays_back:
        back = give_back_all(charge.id, reason="cancelled", actor=actor, now=now)
    else:
        watch_excess(charge.id, actor=actor, now=now, finance=True)
        back = 0
    settle(registration_id, actor=actor, now=now)
    return back
