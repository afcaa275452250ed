"""How long something has been open, in the classes that accountants use. Pure."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from datetime import date

#: Not yet due; then days after the due date.
CLASSES: Final = ("not_due", "to_30", "to_60", "to_90", "over_90")
_LAST_DAYS: Final = ((30, "to_30"), (60, "to_60"), (90, "to_90"))


def age_class(due_on: date | None, today: date) -> str:
    """Give the class of an open item: day 0 to 30 after it fell due, 31 to 60, 61 to 90, more."""
    days = (today - due_on).days if due_on is not None else 0
    if days < 0:
        return "not_due"
    return next((name for last, name in _LAST_DAYS if days <= last), "over_90")
