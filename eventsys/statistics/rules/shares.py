"""Percentages over known answers (ACCEPTANCE, "Definitions that hold everywhere"; A60)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from eventsys.registration.rules.states import GENDERS as ANSWERS

if TYPE_CHECKING:
    from collections.abc import Mapping

#: A percentage of fewer known answers says more than is known.
FEWEST_KNOWN: Final = 20

NOT_STATED: Final = "not stated"
REFUSED: Final = "prefer not to say"
#: The order in which genders are printed and coloured, everywhere.
GENDERS: Final = (*ANSWERS, NOT_STATED)
KNOWN_GENDERS: Final = tuple(gender for gender in ANSWERS if gender != REFUSED)


@dataclass(frozen=True, slots=True)
class Composition:
    """Counts by gender with what is known of them.

    ``known`` answered with a gender; ``refused`` chose not to say; ``not_stated`` were not asked or
    did not answer.
    """

    counts: Mapping[str, int]

    @property
    def known(self) -> int:
        """The denominator of every percentage."""
        return sum(self.counts.get(gender, 0) for gender in KNOWN_GENDERS)

    @property
    def refused(self) -> int:
        """Those who chose not to say."""
        return self.counts.get(REFUSED, 0)

    @property
    def not_stated(self) -> int:
        """Those who did not answer or were not asked."""
        return self.counts.get(NOT_STATED, 0)

    @property
    def unknown(self) -> int:
        """Everybody whose gender is not known."""
        return self.refused + self.not_stated

    @property
    def total(self) -> int:
        """Everybody."""
        return self.known + self.unknown

    def share(self, gender: str) -> float | None:
        """Give the share (0 to 1) of a gender over known answers; None when too few are known."""
        return share(self.counts.get(gender, 0), self.known) if gender in KNOWN_GENDERS else None


def share(part: int, known: int) -> float | None:
    """Give a share of 1, or None when fewer than 20 answers are known."""
    return part / known if known >= FEWEST_KNOWN else None


def rate(part: int, whole: int) -> float | None:
    """Give a share of a count that is fully known (attended of confirmed); None of nothing."""
    return share(part, whole)
