"""What an organiser enters of the fees of an event, and what is wrong with it. Pure."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

from eventsys.core.money import LARGEST, is_currency, payable_step
from eventsys.registration.rules.income import GROUPS

if TYPE_CHECKING:
    from datetime import datetime

Problem = tuple[str, str, dict[str, Any]]

METHODS: Final = ("stripe", "bank")
TAX_KINDS: Final = ("exempt", "outside", "zero")
CODE_KINDS: Final = ("free", "percent", "amount", "category")
TEXT_LENGTH: Final = 500
LABEL_LENGTH: Final = 120
NOTE_LENGTH: Final = 200
MOST_HOURS: Final = 24 * 90
MOST_DAYS: Final = 365
MOST_FEES: Final = 100
MOST_CODES: Final = 500
MOST_USES: Final = 100_000
# 99.99 per cent; in hundredths of a per cent.
MOST_TAX: Final = 9_999
_CODE: Final = re.compile(r"[A-Z0-9-]{3,40}")


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanDraft:
    """How an event asks for money."""

    currency: str
    tax_rate: int = 0
    tax_text: dict[str, str] = field(default_factory=dict)
    tax_kind: str = "exempt"
    methods: tuple[str, ...] = METHODS
    pay_hours: int | None = 72
    confirm_unpaid: bool = False
    invoice_days: int | None = 30
    refund_until: datetime | None = None
    refund_percent: int | None = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class FeeDraft:
    """One line of the fees; None: does not matter."""

    label: dict[str, str]
    amount: int | None
    category_id: int | None = None
    member: bool | None = None
    income_group: str | None = None
    starts_at: datetime | None = None
    until: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class CodeDraft:
    """A code. ``value``: per cent, or minor units; nothing for the other kinds."""

    kind: str
    value: int | None = None
    category_id: int | None = None
    most: int | None = 1
    valid_until: datetime | None = None
    note: str = ""


def plan_problems(draft: PlanDraft) -> list[Problem]:
    """List what is wrong with a plan."""
    found: list[Problem] = []
    if not is_currency(draft.currency):
        found.append(("currency", "unknown", {}))
    if not 0 <= draft.tax_rate <= MOST_TAX:
        found.append(("tax_rate", "bad_rate", {}))
    if any(len(text) > TEXT_LENGTH for text in draft.tax_text.values()):
        found.append(("tax_text", "too_long", {"limit": TEXT_LENGTH}))
    if draft.tax_kind not in TAX_KINDS:
        found.append(("tax_kind", "unknown", {}))
    if not draft.methods or set(draft.methods) - set(METHODS):
        found.append(("methods", "no_method", {}))
    for name, value, lowest, limit in (
        ("pay_hours", draft.pay_hours, 1, MOST_HOURS),
        ("invoice_days", draft.invoice_days, 1, MOST_DAYS),
        ("refund_percent", draft.refund_percent, 0, 100),
    ):
        if value is None or not lowest <= value <= limit:
            found.append((name, "from_to", {"low": lowest, "high": limit}))
    return found


def fee_problems(draft: FeeDraft, currency: str) -> list[Problem]:
    """List what is wrong with a line of the fees."""
    found: list[Problem] = []
    if not draft.label:
        found.append(("label", "missing", {}))
    if any(len(text) > LABEL_LENGTH for text in draft.label.values()):
        found.append(("label", "too_long", {"limit": LABEL_LENGTH}))
    if draft.amount is None or not 0 <= draft.amount <= LARGEST:
        found.append(("amount", "bad_amount", {}))
    elif draft.amount % payable_step(currency):
        found.append(("amount", "odd_amount", {"currency": currency}))
    if draft.income_group is not None and draft.income_group not in GROUPS:
        found.append(("income_group", "unknown", {}))
    if draft.starts_at and draft.until and draft.until <= draft.starts_at:
        found.append(("until", "until_before_from", {}))
    return found


def code_problems(draft: CodeDraft, currency: str) -> list[Problem]:
    """List what is wrong with what a code does."""
    found: list[Problem] = []
    if draft.kind not in CODE_KINDS:
        found.append(("kind", "unknown", {}))
    if draft.kind == "percent" and not 1 <= (draft.value or 0) <= 100:
        found.append(("value", "from_to", {"low": 1, "high": 100}))
    if draft.kind == "amount" and not 1 <= (draft.value or 0) <= LARGEST:
        found.append(("value", "bad_amount", {}))
    elif draft.kind == "amount" and (draft.value or 0) % payable_step(currency):
        found.append(("value", "odd_amount", {"currency": currency}))
    if draft.kind == "category" and draft.category_id is None:
        found.append(("category", "unknown", {}))
    if draft.most is not None and not 1 <= draft.most <= MOST_USES:
        found.append(("most", "from_to", {"low": 1, "high": MOST_USES}))
    if len(draft.note) > NOTE_LENGTH:
        found.append(("note", "too_long", {"limit": NOTE_LENGTH}))
    return found


def is_code(text: str) -> bool:
    """Tell whether a text can be a code: letters, digits and dashes, so that it can be read aloud."""
    return bool(_CODE.fullmatch(text))
