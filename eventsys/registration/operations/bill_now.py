"""Bill people who registered before the event asked for a fee. Their places stay theirs; the fee is due later."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from eventsys.audit.operations import record
from eventsys.core.db import db
from eventsys.core.i18n import format_date, in_language
from eventsys.events.queries import get_event_by_id
from eventsys.payments.queries import find_charge_of
from eventsys.registration.models import Registration
from eventsys.registration.operations.lock import lock_registrations
from eventsys.registration.operations.price import Priced, bill, freeze
from eventsys.registration.operations.tell import tell
from eventsys.registration.queries.fees import find_plan
from eventsys.registration.queries.unbilled import list_unbilled

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from eventsys.core.actor import Actor

#: At most this many at once, as for other things that are done to many.
MOST_AT_ONCE: Final = 500


def bill_now(
    event_id: int, shown: Mapping[int, int], *, actor: Actor, now: datetime
) -> tuple[int, int]:
    """Bill some registrations what was ``shown`` of each; gives how many were billed and how many not.

    Not billed is who was billed meanwhile, lost the place, or whose fee is another one by now: that must be
    looked at again. So it is safe to repeat. Whoever is billed gets a mail.
    """
    plan = find_plan(event_id)
    if plan is None:
        return 0, len(shown)
    wanted = sorted(shown)[:MOST_AT_ONCE]
    # Only those of this event are locked: the rest of what was sent is nobody's business here.
    lock_registrations([row.registration_id for row in list_unbilled(event_id, wanted)])
    zone, done = get_event_by_id(event_id).timezone, 0
    for row in list_unbilled(event_id, wanted):
        number, total = row.registration_id, row.quote.total
        if shown[number] != total:
            continue
        freeze(number, Priced(plan, row.quote, None), {}, now=now)
        bill(number, plan, total, zone, holds=False, actor=actor, now=now)
        facts = {"amount": total, "currency": plan.currency, "due": _due(number)}
        tell(number, "registration/billed", facts, now=now)
        record(
            "registration.bill", "registration", number, actor=actor, now=now, event_id=event_id,
            facts={"amount": total, "currency": plan.currency},
        )  # fmt: skip
        done += 1
    return done, len(shown) - done


def _due(registration_id: int) -> str:
    charge = find_charge_of(registration_id)
    language = db.session.get_one(Registration, registration_id).language
    with in_language(language):
        return format_date(charge.due_on) if charge and charge.due_on else ""
