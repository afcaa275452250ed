"""What ``flask check`` finds."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Fault:
    """Something that does not agree: which rule, where, and the two values."""

    rule: str
    where: str
    expected: object
    found: object
