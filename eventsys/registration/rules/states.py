"""The states of a registration and the moves between them (DESIGN §2: three states, never mixed)."""

from __future__ import annotations

from enum import StrEnum
from typing import Final


class Status(StrEnum):
    """Where a registration stands."""

    INVITED = "invited"
    NOMINATED = "nominated"
    SUBMITTED = "submitted"
    WAITING = "waiting"
    APPROVED = "approved"
    CONFIRMED = "confirmed"
    REJECTED = "rejected"
    CANCELLED = "cancelled"
    EXPIRED = "expired"


ENDED: Final = frozenset({Status.REJECTED, Status.CANCELLED, Status.EXPIRED})

GENDERS: Final = ("woman", "man", "non-binary", "prefer not to say")

_MOVES: Final = {
    Status.INVITED: {
        Status.SUBMITTED,
        Status.CONFIRMED,
        Status.WAITING,
        Status.CANCELLED,
        Status.EXPIRED,
    },
    Status.NOMINATED: {
        Status.SUBMITTED,
        Status.CONFIRMED,
        Status.WAITING,
        Status.REJECTED,
        Status.CANCELLED,
    },
    Status.SUBMITTED: {
        Status.APPROVED,
        Status.CONFIRMED,
        Status.WAITING,
        Status.REJECTED,
        Status.CANCELLED,
    },
    Status.WAITING: {Status.CONFIRMED, Status.CANCELLED, Status.EXPIRED, Status.REJECTED},
    Status.APPROVED: {Status.CONFIRMED, Status.WAITING, Status.CANCELLED, Status.EXPIRED},
    Status.CONFIRMED: {Status.CANCELLED, Status.EXPIRED},
}


def may_move(before: Status, after: Status) -> bool:
    """Tell whether a registration may go from one state to another. Ended ones stay ended."""
    return after in _MOVES.get(before, set())


def has_badge(status: str) -> bool:
    """Tell whether a badge may be given out: only to the confirmed."""
    return status == Status.CONFIRMED
