"""Movements on the association's account, whatever file of the bank they came in. Pure."""

from __future__ import annotations

import hashlib
from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from eventsys.core.text import clean

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

#: A file of more lines is cut by the bank's own export; a page could not show it either.
MOST_LINES: Final = 5_000
PAYER_LENGTH: Final = 200
TEXT_LENGTH: Final = 2_000
ACCOUNT_LENGTH: Final = 34


class UnreadError(Exception):
    """A file that is none of a bank, or that is refused: ``reason`` says which."""

    def __init__(self, reason: str, value: str = "") -> None:
        """Keep why, and what stood there."""
        super().__init__(reason)
        self.reason, self.value = reason, value


@dataclass(frozen=True, slots=True)
class Movement:
    """Money that came in. ``mark`` is the bank's own number of it, where the file has one.

    ``account`` is ours, as the file names it: IBAN or number, squeezed; empty where nobody says it.
    """

    booked_on: date
    amount: int
    currency: str
    payer: str = ""
    text: str = ""
    mark: str = ""
    account: str = ""


@dataclass(frozen=True, slots=True)
class Trouble:
    """A line that could not be read: its number, why, and what stood there."""

    line: int
    reason: str
    value: str = ""


@dataclass(slots=True)
class Statement:
    """What a file of the bank says: money that came, how many lines went out or are not booked, what is odd."""

    format: str
    movements: list[Movement] = field(default_factory=list)
    outgoing: int = 0
    pending: int = 0
    troubles: list[Trouble] = field(default_factory=list)
    columns: dict[str, str] = field(default_factory=dict)


def tidy(parts: Sequence[str], limit: int) -> str:
    """Join what the bank wrote, each part once, on one line."""
    seen: list[str] = []
    for part in parts:
        text = clean(" ".join(part.split()))
        if text and text not in seen:
            seen.append(text)
    return " · ".join(seen)[:limit]


def digests(movements: Sequence[Movement]) -> list[str]:
    """Give each line a mark by which it is known again.

    Two lines that are equal in everything are told apart by their order: the same file again gives the same
    marks, and a file with one more of them brings one more line.
    """
    seen: Counter[Movement] = Counter()
    made = []
    for movement in movements:
        seen[movement] += 1
        facts = [
            movement.booked_on.isoformat(), str(movement.amount), movement.currency, movement.payer,
            movement.text, movement.mark, str(seen[movement]),
        ]  # fmt: skip
        # The same on two accounts is two transfers.
        facts += [movement.account] if movement.account else []
        made.append(hashlib.sha256("\x1f".join(facts).encode()).hexdigest())
    return made
