"""Rounding, only for print and only downwards: 1,437 prints as "more than 1,400" (ACCEPTANCE A84, A90)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

# Below a number, round down to multiples of a step. The association's own reports do the same:
# "more than 90 speakers", "240+", "more than 2,450".
_STEPS: Final = ((20, 1), (1_000, 10), (10_000, 50), (100_000, 500))
_LARGEST_STEP: Final = 5_000


@dataclass(frozen=True, slots=True)
class Rounded:
    """A number for print. ``exact`` False: there are more than ``value``."""

    value: int
    exact: bool


def round_down(number: int) -> Rounded:
    """Round a count down for a sentence; a count that needs no rounding stays exact."""
    step = next((step for limit, step in _STEPS if number < limit), _LARGEST_STEP)
    value = number - number % step
    return Rounded(value, value == number)
