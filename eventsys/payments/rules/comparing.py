"""What is compared with Stripe."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from eventsys.payments.rules.settling import DisputeFacts, RefundFacts, SessionFacts

#: Longer than a direct debit takes.
USUAL_SPAN: Final = timedelta(days=30)
#: As many older payments are asked for one by one, when Stripe's fee of them is not known.
MOST_UNBOOKED: Final = 200


@dataclass(frozen=True, slots=True)
class Listed:
    """What Stripe has kept since a moment."""

    since: datetime
    livemode: bool
    sessions: Sequence[SessionFacts]
    refunds: Sequence[RefundFacts]
    disputes: Sequence[DisputeFacts]
    #: False when our key may not read what was booked on the account: fees stay unknown.
    sees_bookings: bool = True
