"""Words for what money is kept as: ways of paying, movements, accounts, cases, decisions."""

from __future__ import annotations

from typing import Any, Final

from eventsys.core.i18n import lazy

METHOD_WORDS: Final[dict[str, Any]] = {
    "stripe": lazy("Online (Stripe)"),
    "bank": lazy("Bank transfer"),
    "cash": lazy("Cash"),
}
CODE_KIND_WORDS: Final[dict[str, Any]] = {
    "free": lazy("Free place"),
    "percent": lazy("Per cent off"),
    "amount": lazy("An amount off"),
    "category": lazy("Opens a category, at its usual fee"),
}
INCOME_WORDS: Final[dict[str, Any]] = {
    "low": lazy("Low income"),
    "lower_middle": lazy("Lower middle income"),
    "upper_middle": lazy("Upper middle income"),
    "high": lazy("High income"),
}
PAYMENT_STATES: Final[dict[str, Any]] = {
    "due": lazy("Payment due"),
    "paid": lazy("Paid"),
    "waived": lazy("Fee waived"),
    "refunded": lazy("Refunded"),
    "not_due": lazy("No fee"),
}
MOVEMENTS: Final[dict[str, Any]] = {
    "charge": lazy("Billed"),
    "adjust": lazy("Fee changed"),
    "waive": lazy("Fee waived"),
    "cancel": lazy("Bill taken back"),
    "payment": lazy("Payment received"),
    "refund": lazy("Sent back"),
    "refund_failed": lazy("Sending back failed"),
    "dispute": lazy("Withdrawn by the payer’s bank"),
    "dispute_won": lazy("Dispute won"),
    "dispute_lost": lazy("Dispute lost"),
    "dispute_fee": lazy("Fee of Stripe for a dispute"),
    "stripe_fee": lazy("Fee of Stripe"),
    "held": lazy("Held for a decision"),
    "placed": lazy("Counted after a decision"),
    "undo": lazy("Payment taken back"),
}
ACCOUNTS: Final[dict[str, Any]] = {
    "receivable": lazy("Owed by participants"),
    "income": lazy("Income from registration"),
    "tax": lazy("Tax"),
    "waived": lazy("Fees waived"),
    "stripe": lazy("Money at Stripe"),
    "bank": lazy("Bank account"),
    "cash": lazy("Cash box"),
    "disputed": lazy("In dispute"),
    "suspense": lazy("Waiting for a decision"),
    "lost": lazy("Lost"),
    "fees": lazy("Fees of Stripe"),
}
# Where a movement came from, by the first word of what is kept.
SOURCES: Final[dict[str, Any]] = {
    "registration": lazy("by the registration"),
    "stripe": lazy("by Stripe"),
    "office": lazy("by the office"),
    "bank": lazy("by the bank’s file"),
    "payment": lazy("by a payment"),
    "refund": lazy("by a refund"),
    "dispute": lazy("by a dispute"),
    "case": lazy("by a decision"),
}
# What Stripe booked on its account.
BOOKINGS: Final[dict[str, Any]] = {
    "payment": lazy("Payment received"),
    "refund": lazy("Sent back"),
    "refund_failed": lazy("Sending back failed"),
    "dispute": lazy("Dispute"),
}
TRIES: Final[dict[str, tuple[Any, str]]] = {
    "open": (lazy("Begun, not paid"), ""),
    "processing": (lazy("On its way"), "info"),
    "succeeded": (lazy("Received"), "ok"),
    "failed": (lazy("Refused by the bank"), "bad"),
    "expired": (lazy("Abandoned"), ""),
    "held": (lazy("Held for a decision"), "warn"),
    "undone": (lazy("Payment taken back"), ""),
}
REFUND_STATES: Final[dict[str, tuple[Any, str]]] = {
    "requested": (lazy("Being sent"), "info"),
    "pending": (lazy("Accepted, on its way"), "info"),
    "succeeded": (lazy("Sent back"), "ok"),
    "failed": (lazy("Failed"), "bad"),
}
ORIGINS: Final[dict[str, Any]] = {
    "office": lazy("by the office"),
    "auto": lazy("by itself"),
    "dashboard": lazy("in Stripe’s dashboard"),
}
# What the system writes as the reason of a movement or refund.
REASONS: Final[dict[str, Any]] = {
    "cancelled": lazy("The registration was cancelled"),
    "change": lazy("Category, organisation or country changed"),
    "no place": lazy("There was no place left"),
    "not paid in time": lazy("It was not paid in time"),
    "paid after expiry": lazy("It was paid after the time was over, and a place was free"),
    "too much": lazy("More came than was owed"),
}


def reason_text(reason: str) -> str:
    """Give a reason in words: the system's in the reader's language, a person's as they wrote it."""
    return str(REASONS.get(reason, reason))


def source_text(source: str) -> str:
    """Say where a movement came from."""
    return str(SOURCES.get(source.partition(":")[0], source))


CASES: Final[dict[str, Any]] = {
    "mismatch": lazy("Money came that is not what was asked for"),
    "no_place": lazy("Paid, and on the waiting list"),
    "refund_failed": lazy("Money could not be sent back"),
    "refund_mismatch": lazy("Stripe sent back more than we know of"),
    "pay_out": lazy("Money is to be sent back"),
    "dispute": lazy("A payer disputes a payment"),
    "unknown_money": lazy("Money came that nobody here asked for"),
    "page_unknown": lazy("A direct debit that Stripe does not know"),
    "not_at_stripe": lazy("Counted as paid here, and not at Stripe"),
}
DECISIONS: Final[dict[str, Any]] = {
    "accept": lazy("Count it as paid"),
    "send_back": lazy("Send it back"),
    "place": lazy("Give a place"),
    "again": lazy("Try to send it once more"),
    "paid_out": lazy("Paid out by bank transfer"),
    "keep": lazy("Keep it as it is"),
    "other": lazy("Settled elsewhere"),
    "undone": lazy("The match was taken back"),
    "gone": lazy("Nothing is too much any more"),
}
