"""Say what an event costs. Whatever was frozen for somebody stays as it was shown to them."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import delete, func, select

from eventsys.audit.operations import record
from eventsys.core.db import db
from eventsys.core.money import USUAL, currency_digits
from eventsys.core.order import move_one_step
from eventsys.registration.errors import FeesInUse, InvalidFees
from eventsys.registration.models import Fee, FeeCode, FeePlan
from eventsys.registration.queries.fee_setup import get_fee, was_priced
from eventsys.registration.queries.fees import find_plan, list_fees
from eventsys.registration.rules.fee_setup import MOST_FEES, fee_problems, plan_problems

if TYPE_CHECKING:
    from datetime import datetime

    from eventsys.core.actor import Actor
    from eventsys.core.order import Step
    from eventsys.registration.rules.fee_setup import FeeDraft, PlanDraft


# Currencies have from 0 to 4 decimals.
_TENS: Final = (1, 10, 100, 1_000, 10_000)


def save_plan(event_id: int, draft: PlanDraft, *, actor: Actor, now: datetime) -> bool:
    """Make or change how an event asks for money; tells whether anything was different. Raises InvalidFees.

    The currency stays once somebody's fee was frozen in it; before that, the amounts of the lines keep the
    figures that the organiser typed.
    """
    problems = plan_problems(draft)
    plan = find_plan(event_id)
    moved = plan is not None and plan.currency != draft.currency
    if moved and was_priced(event_id):
        problems.append(("currency", "currency_stays", {}))
    if problems:
        raise InvalidFees(problems)
    wanted: dict[str, Any] = {**asdict(draft), "methods": list(draft.methods)}
    before = plan.currency if plan is not None else None
    if plan is None:
        plan = FeePlan(event_id=event_id, updated_at=now, **wanted)
        db.session.add(plan)
        changed = sorted(wanted)
    else:
        changed = sorted(name for name, value in wanted.items() if getattr(plan, name) != value)
        for name in changed:
            setattr(plan, name, wanted[name])
    if not changed:
        return False
    plan.updated_at = now
    if moved and before is not None:
        _rescale(event_id, currency_digits(draft.currency) - currency_digits(before))
    record(
        "fees.plan", "event", event_id, actor=actor, now=now, event_id=event_id,
        facts={name: _plain(wanted[name]) for name in changed},
    )  # fmt: skip
    return True


def _rescale(event_id: int, digits: int) -> None:
    # 250.00 EUR becomes 250 JPY, never 25,000: the organiser typed 250.
    codes = db.session.scalars(
        select(FeeCode).where(FeeCode.event_id == event_id, FeeCode.kind == "amount")
    ).all()
    for fee in list_fees(event_id):
        fee.amount = _scaled(fee.amount, digits)
    for code in codes:
        code.value = _scaled(code.value, digits)


def _scaled(amount: int, digits: int) -> int:
    if digits >= 0:
        return amount * _TENS[digits]
    part = _TENS[-digits]
    return (2 * amount + part) // (2 * part)


def remove_plan(event_id: int, *, actor: Actor, now: datetime) -> None:
    """Make an event free again, with its lines and codes. Raises FeesInUse once anybody has a frozen fee."""
    if find_plan(event_id) is None:
        return
    if was_priced(event_id):
        raise FeesInUse
    for table in (FeeCode, Fee, FeePlan):
        db.session.execute(delete(table).where(table.event_id == event_id))
    record("fees.remove_plan", "event", event_id, actor=actor, now=now, event_id=event_id)


def add_fee(event_id: int, draft: FeeDraft, *, actor: Actor, now: datetime) -> Fee:
    """Add a line at the end. Raises InvalidFees."""
    problems = fee_problems(draft, _currency(event_id))
    count, last = db.session.execute(
        select(func.count(), func.max(Fee.position)).where(Fee.event_id == event_id)
    ).one()
    if count >= MOST_FEES:
        problems.append(("label", "too_many", {"limit": MOST_FEES}))
    if problems:
        raise InvalidFees(problems)
    fee = Fee(event_id=event_id, position=(last or 0) + 1, **asdict(draft))
    db.session.add(fee)
    db.session.flush()
    _record("add_fee", fee, actor, now, _facts(draft))
    return fee


def _currency(event_id: int) -> str:
    plan = find_plan(event_id)
    return plan.currency if plan is not None else USUAL[0]


def edit_fee(event_id: int, fee_id: int, draft: FeeDraft, *, actor: Actor, now: datetime) -> bool:
    """Change a line for whoever registers from now on; tells whether anything was different. Raises InvalidFees."""
    fee = get_fee(event_id, fee_id)
    problems = fee_problems(draft, _currency(event_id))
    if problems:
        raise InvalidFees(problems)
    wanted = asdict(draft)
    changed = {
        name: (getattr(fee, name), value)
        for name, value in wanted.items()
        if getattr(fee, name) != value
    }
    for name in changed:
        setattr(fee, name, wanted[name])
    if changed:
        facts = {
            name: {"from": _plain(before), "to": _plain(after)}
            for name, (before, after) in changed.items()
        }
        _record("edit_fee", fee, actor, now, facts)
    return bool(changed)


def move_fee(event_id: int, fee_id: int, step: Step, *, actor: Actor, now: datetime) -> None:
    """Move a line one place: the first that fits is a person's fee, so the order counts."""
    fee = get_fee(event_id, fee_id)
    if move_one_step(list_fees(event_id), fee, step):
        _record("move_fee", fee, actor, now, {"step": step})


def remove_fee(event_id: int, fee_id: int, *, actor: Actor, now: datetime) -> None:
    """Remove a line; whoever was priced by it keeps what they were shown."""
    fee = get_fee(event_id, fee_id)
    _record("remove_fee", fee, actor, now, {"label": fee.label, "amount": fee.amount})
    db.session.delete(fee)
    db.session.flush()


def _facts(draft: FeeDraft) -> dict[str, Any]:
    return {
        name: _plain(value)
        for name, value in asdict(draft).items()
        if value is not None and value != {}
    }


def _plain(value: Any) -> Any:  # noqa: ANN401 (any column)
    return value.isoformat() if hasattr(value, "isoformat") else value


def _record(verb: str, fee: Fee, actor: Actor, now: datetime, facts: dict[str, Any]) -> None:
    plan = find_plan(fee.event_id)
    if plan is not None and "amount" in facts:
        facts = {**facts, "currency": plan.currency}
    record(
        f"fees.{verb}", "fee", fee.id, actor=actor, now=now, event_id=fee.event_id, facts=facts,
    )  # fmt: skip
