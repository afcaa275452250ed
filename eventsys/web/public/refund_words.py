"""What comes back of a fee when somebody cancels: the rule beforehand, and what it comes to."""

from __future__ import annotations

from typing import TYPE_CHECKING

from eventsys.core.hours import format_moment
from eventsys.core.i18n import format_percent, gettext
from eventsys.core.money import format_money

if TYPE_CHECKING:
    from datetime import datetime

    from eventsys.registration.queries.after_cancelling import AfterCancelling
    from eventsys.registration.queries.fees import FeePlan

ALL = 100


def refund_rule(plan: FeePlan, zone: str, *, at: datetime) -> str:
    """Say what comes back of a fee, before it is paid."""
    until, share = plan.refund_until, format_percent(plan.refund_percent / ALL)
    if plan.refund_percent == 0 or (until is not None and until <= at):
        return gettext("If you cancel, the fee does not come back.")
    if until is None:
        return gettext("If you cancel, %(share)s of the fee comes back.", share=share)
    return gettext(
        "If you cancel before %(when)s, %(share)s of the fee comes back; later nothing.",
        when=format_moment(until, zone), share=share,
    )  # fmt: skip


def cancel_words(after: AfterCancelling | None) -> str:
    """Say what comes back to a person who is about to cancel; empty where nothing was paid."""
    if after is None:
        return ""
    paid, back = (format_money(amount, after.currency) for amount in (after.paid, after.back))
    if after.back == 0:
        return gettext(
            "You have paid %(paid)s. By the rule of this event it does not come back.", paid=paid
        )
    if after.back < after.paid:
        return gettext(
            "You have paid %(paid)s. By the rule of this event %(back)s of it come back to you.",
            paid=paid, back=back,
        )  # fmt: skip
    return gettext("You have paid %(paid)s. All of it comes back to you.", paid=paid)
