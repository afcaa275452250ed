"""What can be decided of a case. Pure.

``accept``: count the money as paid. ``send_back``: the way it came. ``place``: give a place. ``again``: try the
refund once more. ``paid_out``: a person transferred it. ``keep``: it stays with us. ``other``: settled elsewhere.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Mapping

_CHOICES: Final = {
    "mismatch": ("accept", "send_back", "other"),
    "no_place": ("place", "send_back", "other"),
    "refund_failed": ("again", "paid_out", "other"),
    "refund_mismatch": ("other",),
    "pay_out": ("send_back", "keep"),
    "dispute": ("other",),
    "unknown_money": ("other",),
}


def choices_of(kind: str, facts: Mapping[str, Any]) -> tuple[str, ...]:
    """List what can be decided; money of another currency, or of the test mode, is never counted as paid."""
    choices = _CHOICES.get(kind, ("other",))
    came = (facts.get("came"), facts.get("came_currency"))
    other_money = facts.get("asked_currency") != facts.get("came_currency")
    if came == (facts.get("asked"), facts.get("asked_currency")):
        other_money = True  # what was asked for, and held all the same: it came in the other mode
    if kind == "mismatch" and other_money:
        return tuple(choice for choice in choices if choice != "accept")
    return choices
