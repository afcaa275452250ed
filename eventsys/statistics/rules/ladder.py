"""The ladder: which registrations stand on which rung (DESIGN §2).

``registered``: everybody who sent a registration, whatever became of it; cancelled ones are shown
apart. ``approved``: a place was granted. ``confirmed``: the person has a place. ``attended``: confirmed
and checked in, or joined online. People who were only invited or nominated stand on no rung here.
"""

from __future__ import annotations

from enum import StrEnum
from typing import Final

from eventsys.registration.rules.states import Status

#: Raise it whenever the same facts give another number in any figure: frozen figures keep the version they were
#: made by. ``docs/figures.md`` lists the versions, and says what is a change and what is none.
RULE_VERSION: Final = 2


class Rung(StrEnum):
    """What a figure counts."""

    REGISTERED = "registered"
    APPROVED = "approved"
    CONFIRMED = "confirmed"
    ATTENDED = "attended"


REGISTERED: Final = (
    Status.SUBMITTED, Status.WAITING, Status.APPROVED, Status.CONFIRMED, Status.REJECTED, Status.CANCELLED,
    Status.EXPIRED,
)  # fmt: skip

NOT_REGISTERED: Final = tuple(str(status) for status in Status if status not in REGISTERED)

STATUSES: Final = {
    Rung.REGISTERED: REGISTERED,
    Rung.APPROVED: (Status.APPROVED, Status.CONFIRMED),
    Rung.CONFIRMED: (Status.CONFIRMED,),
    Rung.ATTENDED: (Status.CONFIRMED,),
}


def statuses(rung: Rung) -> tuple[str, ...]:
    """List the states of registration that stand on a rung, as the database keeps them."""
    return tuple(str(status) for status in STATUSES[rung])


def on_rung(rung: Rung, status: str, count: int, came: int) -> int:
    """Count, of registrations in one state of which some came, those on a rung."""
    if status not in STATUSES[rung]:
        return 0
    return came if rung is Rung.ATTENDED else count
