"""Paid or not, in the list of participants: who sees what of it, and in which words.

Whoever sees the participants sees paid or not, the helper at the door included; that a part came or too much
is for those who see payments. Amounts stand under *Payments* alone, and a free event says nothing.
"""

from __future__ import annotations

from enum import IntEnum
from typing import TYPE_CHECKING, Any, Final

from eventsys.accounts.rules import Permission
from eventsys.core.i18n import gettext
from eventsys.registration.queries.fees import find_plan
from eventsys.registration.queries.lists import PAYMENTS
from eventsys.web.office.money_words import PAYMENT_STATES
from eventsys.web.shared.access import may

if TYPE_CHECKING:
    from collections.abc import Sequence

    from eventsys.events.queries import Event

_KINDS: Final = {"due": "warn", "paid": "ok", "refunded": "info", "waived": "info"}


class Sight(IntEnum):
    """How much of the money of an event somebody sees: nothing, paid or not, also a part or too much."""

    NOTHING = 0
    STATE = 1
    SUMS = 2


def sight(event: Event) -> Sight:
    """Say how much the present member of staff, who sees the participants, sees of their fees."""
    if find_plan(event.id) is None:
        return Sight.NOTHING
    return Sight.SUMS if may(Permission.PAYMENTS_VIEW, event.id) else Sight.STATE


def payments_to_ask(seen: Sight) -> Sequence[str]:
    """List what the list may be filtered by."""
    if seen is Sight.NOTHING:
        return ()
    return [state for state in PAYMENTS if state != "to_refund" or seen is Sight.SUMS]


def payment_options(seen: Sight) -> list[tuple[str, str]]:
    """Give the choices of the filter."""
    words = {
        **PAYMENT_STATES,
        "to_refund": gettext("To send back"),
        # Also who waits, or registered before there was a fee: nobody asked them for anything.
        "not_due": gettext("Nothing billed"),
    }
    return [("", gettext("Any")), *((state, str(words[state])) for state in payments_to_ask(seen))]


def payment_tags(row: Any) -> list[tuple[str, str]]:  # noqa: ANN401 (a row of the list or of the export)
    """Give the words, and the colours that repeat them, for a row with payment, billed and received."""
    if row.received > row.billed:
        back = (gettext("To send back"), "warn")
        return [(str(PAYMENT_STATES["paid"]), "ok"), back] if row.billed > 0 else [back]
    if 0 < row.received < row.billed:
        return [(gettext("Paid in part"), "warn")]
    if row.payment not in _KINDS:
        return []
    return [(str(PAYMENT_STATES[row.payment]), _KINDS[row.payment])]
