"""The accounts and the entries of the ledger: double entry, amounts in minor units, debit positive.

Each entry sums to zero. What a charge still owes is the sum of its ``receivable`` lines: positive is to be
paid, negative is to be refunded.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Final


class Account(StrEnum):
    """Where money is, or what it is for."""

    RECEIVABLE = "receivable"  # what people owe us
    INCOME = "income"  # fees without tax
    TAX = "tax"  # tax we owe the state
    WAIVED = "waived"  # fees that were let go, against income
    STRIPE = "stripe"  # money at the payment service
    BANK = "bank"
    CASH = "cash"
    DISPUTED = "disputed"  # withdrawn by the payment service until a dispute is decided
    SUSPENSE = "suspense"  # money that came and that a person must place
    LOST = "lost"  # charged back for good
    FEES = "fees"  # kept by the payment service for itself


class Kind(StrEnum):
    """What happened."""

    CHARGE = "charge"
    ADJUST = "adjust"
    WAIVE = "waive"
    CANCEL = "cancel"
    PAYMENT = "payment"
    REFUND = "refund"
    REFUND_FAILED = "refund_failed"
    DISPUTE = "dispute"
    DISPUTE_WON = "dispute_won"
    DISPUTE_LOST = "dispute_lost"
    DISPUTE_FEE = "dispute_fee"
    STRIPE_FEE = "stripe_fee"  # of a payment or a refund
    HELD = "held"
    PLACED = "placed"
    UNDO = "undo"  # a transfer was recorded for the wrong fee


#: What the payment service kept: nobody's payment, and owed by nobody.
FEES: Final = (Kind.STRIPE_FEE, Kind.DISPUTE_FEE)

#: How the keys of entries begin for what Stripe sent back beyond what was here.
BEYOND: Final = "refund_mismatch:"
#: Where the money of a method lies.
ACCOUNT_OF_METHOD = {
    "stripe": Account.STRIPE,
    "bank": Account.BANK,
    "cash": Account.CASH,
}


@dataclass(frozen=True, slots=True)
class Line:
    """One side of an entry."""

    account: Account
    amount: int


def billed(kind: Kind, gross: int, tax: int) -> tuple[Line, ...]:
    """Bill a gross amount (positive), or take it back (negative)."""
    lines = (
        Line(Account.RECEIVABLE, gross),
        Line(Account.INCOME, -(gross - tax)),
        Line(Account.TAX, -tax),
    )
    return balanced(kind, lines)


def waived(gross: int, tax: int) -> tuple[Line, ...]:
    """Let a fee go: the income stands, and beside it what was waived; no tax is owed on it."""
    return balanced(
        Kind.WAIVE,
        (
            Line(Account.RECEIVABLE, -gross),
            Line(Account.WAIVED, gross - tax),
            Line(Account.TAX, tax),
        ),
    )


def moved(kind: Kind, to: Account, source: Account, amount: int) -> tuple[Line, ...]:
    """Money that goes from one account to another: debit ``to``, credit ``source``."""
    return balanced(kind, (Line(to, amount), Line(source, -amount)))


def balanced(kind: Kind, lines: tuple[Line, ...]) -> tuple[Line, ...]:
    """Give the lines that say something; an entry that does not sum to zero is a programming error."""
    total = sum(line.amount for line in lines)
    if total:
        raise ValueError(f"an entry of kind {kind} is out of balance by {total}")
    return tuple(line for line in lines if line.amount)
