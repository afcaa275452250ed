"""The words of the door: one for each result and reason of the rules, the same on phones and in the office."""

from __future__ import annotations

from typing import Any, Final

from eventsys.core.i18n import gettext, lazy

WORDS: Final[dict[str, Any]] = {
    "admitted": lazy("Come in"),
    "already_in": lazy("Already in"),
    "left": lazy("Goodbye"),
    "unknown": lazy("Unknown code"),
    "malformed": lazy("Not a badge"),
    "wrong_event": lazy("Other event"),
    "revoked": lazy("Replaced badge"),
    "cancelled": lazy("Cancelled"),
    "waiting_list": lazy("Waiting list"),
    "not_confirmed": lazy("Not confirmed"),
    "not_paid": lazy("Payment due"),
    "undone": lazy("Undone"),
}

# As the log says it afterwards.
LOGGED: Final[dict[str, Any]] = {
    **WORDS,
    "admitted": lazy("Admitted"),
    "left": lazy("Left"),
    "undone": lazy("Scan undone"),
}

# What a reason adds to its result; where the result says it all, nothing.
REASONS: Final[dict[str, Any]] = {
    "re_entry": lazy("Came back."),
    "override": lazy("Let in against the rules, with a reason."),
    "earlier_scan": lazy("This scan came late and counts as the first."),
    "no_entry": lazy("There was no entry before this exit."),
    "ambiguous_code": lazy("Two people share this short code: scan the square code."),
    "invited": lazy("Invited, but not registered yet."),
    "nominated": lazy("Nominated by the delegation, but not registered yet."),
    "submitted": lazy("The registration is still in review."),
    "approved": lazy("Approved, but not confirmed yet."),
    "rejected": lazy("The organisers declined this registration."),
    "expired": lazy("The registration expired before it was confirmed."),
}


def point_name(point: str) -> str:
    """Give the name of a point to show; the usual one is translated."""
    return gettext("Entrance") if point == "entrance" else point
