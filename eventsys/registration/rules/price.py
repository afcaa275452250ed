"""What a registration costs. Pure: fees, codes and what is known of the person in; lines and a total out."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

from eventsys.core.money import in_steps, share_of

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime


@dataclass(frozen=True, slots=True)
class FeeRow:
    """One line of the fees; None means that it does not matter."""

    amount: int
    label: dict[str, str] = field(default_factory=dict)
    category_id: int | None = None
    member: bool | None = None
    income_group: str | None = None
    starts_at: datetime | None = None
    until: datetime | None = None


@dataclass(frozen=True, slots=True)
class CodeRow:
    """A code as it stands now. ``kind``: free, percent, amount, category."""

    id: int
    code: str
    kind: str
    value: int = 0
    category_id: int | None = None


@dataclass(frozen=True, slots=True)
class Payer:
    """What decides about the fee: the category, a member's representative or not, the country, the moment."""

    category_id: int
    member: bool
    income_group: str | None
    at: datetime


#: Who wrote a line of a price beside what was shown: the office, by a decision of its own.
OFFICE: Final = "office"


@dataclass(frozen=True, slots=True)
class Quote:
    """The lines as shown and their sum, in minor units. ``label`` is the organiser's, per language."""

    lines: tuple[dict[str, Any], ...]
    total: int


def fits(fee: FeeRow, payer: Payer) -> bool:
    """Tell whether a fee is for this person at this moment; ``until`` is the first moment it no longer is."""
    return (
        fee.category_id in {None, payer.category_id}
        and fee.member in {None, payer.member}
        and fee.income_group in {None, payer.income_group}
        and (fee.starts_at is None or fee.starts_at <= payer.at)
        and (fee.until is None or payer.at < fee.until)
    )


def quote(
    fees: Sequence[FeeRow], payer: Payer, code: CodeRow | None = None, *, step: int = 1
) -> Quote:
    """Price a registration: the first fee, in the organiser's order, that fits; nobody's fee is nothing.

    A code takes off at most what there is, in amounts that can be paid (``step``, in minor units); one that is for
    another category takes off nothing.
    """
    fee = next((fee for fee in fees if fits(fee, payer)), None)
    if fee is None or fee.amount == 0:
        return Quote((), 0)
    lines: list[dict[str, Any]] = [{"kind": "fee", "label": fee.label, "amount": fee.amount}]
    if code is not None and code.category_id not in {None, payer.category_id}:
        code = None
    off = reduction(fee.amount, code, step=step)
    if off and code is not None:
        lines.append({"kind": "code", "label": {"en": code.code}, "amount": -off})
    return Quote(tuple(lines), fee.amount - off)


def reduction(amount: int, code: CodeRow | None, *, step: int = 1) -> int:
    """Give what a code takes off an amount, in steps of what can be paid."""
    if code is None or code.kind == "category":
        return 0
    if code.kind == "free":
        return amount
    off = in_steps(share_of(amount, code.value), step) if code.kind == "percent" else code.value
    return max(0, min(amount, off))


def agreed(lines: Sequence[dict[str, Any]]) -> int:
    """Sum what the office has added to a price, or taken off: it is not asked for, or let go, a second time."""
    return sum(int(line["amount"]) for line in lines if line.get("by") == OFFICE)


def kept_after_cancelling(billed: int, percent_back: int, *, in_time: bool, step: int = 1) -> int:
    """Give what stays billed when a person cancels: all of it after the deadline for refunds.

    What goes back is an amount that can be paid: in steps of ``step`` minor units.
    """
    return billed - in_steps(share_of(billed, percent_back), step) if in_time else billed
