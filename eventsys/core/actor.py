"""Who does something: passed by keyword to every operation and written to the audit log."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

ActorKind = Literal["staff", "person", "device", "system"]


@dataclass(frozen=True, slots=True)
class Actor:
    """A staff account, a registered person acting by link, a check-in device, or the system itself."""

    kind: ActorKind
    id: int | None
    label: str

    @classmethod
    def system(cls, label: str) -> Actor:
        """Name the part of the system that acts by itself, such as ``import`` or ``worker``."""
        return cls("system", None, label)
