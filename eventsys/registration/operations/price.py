"""Price a registration, freeze what was shown, and bill it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, Final
from zoneinfo import ZoneInfo

from sqlalchemy import or_, update

from eventsys.core.db import db
from eventsys.events.queries import get_event_by_id
from eventsys.jobs.operations import enqueue
from eventsys.payments.operations.bill import open_charge
from eventsys.registration.errors import CodeUnknown, CodeUsedUp, PriceChanged
from eventsys.registration.models import FeeCode, Price, Registration
from eventsys.registration.queries.fees import find_code, find_plan, quote_for
from eventsys.registration.rules.states import Status

if TYPE_CHECKING:
    from eventsys.core.actor import Actor
    from eventsys.events.queries import EventFacts
    from eventsys.registration.models import FeePlan
    from eventsys.registration.rules.price import Quote


# The reminder comes when this share of the time is left.
REMIND_BEFORE: Final = 1 / 3
# Days after the due day on which a fee that may be paid later is reminded of.
OVERDUE_REMINDERS: Final = (1, 14)


@dataclass(frozen=True, slots=True)
class Priced:
    """What somebody's registration costs, before it is theirs."""

    plan: FeePlan
    quote: Quote
    code: FeeCode | None

    @property
    def pay_first(self) -> bool:
        """Tell whether the place waits for the fee."""
        return self.quote.total > 0 and not self.plan.confirm_unpaid


@dataclass(frozen=True, slots=True)
class Asking:
    """Who asks for a price. ``shown``: the total that the person saw and agreed to, if any."""

    category_id: int
    organisation_id: int | None
    country: str | None
    code: str = ""
    shown: int | None = None


def find_priced(event: EventFacts, asking: Asking, *, now: datetime) -> Priced | None:
    """Price somebody; None where the event is free. Raises CodeUnknown, PriceChanged."""
    plan = find_plan(event.id)
    if plan is None:
        return None
    code = None
    if asking.code.strip():
        code = get_code(event.id, asking.code, asking.category_id, now=now)
    found = quote_for(
        event.id,
        category_id=asking.category_id,
        organisation_id=asking.organisation_id,
        country=asking.country,
        day=event.window.starts_at.astimezone(ZoneInfo(event.timezone)).date(),
        at=now,
        code=code,
    )
    if asking.shown is not None and asking.shown != found.total:
        raise PriceChanged(shown=asking.shown, now=found.total, currency=plan.currency)
    # A code that changes nothing for this person is not used up by them: others may need it.
    serves = code is not None and (code.kind == "category" or len(found.lines) > 1)
    return Priced(plan, found, code if serves else None)


def get_code(event_id: int, typed: str, category_id: int | None, *, now: datetime) -> FeeCode:
    """Get a code as somebody typed it; ``category_id`` is None while it is not known. Raises CodeUnknown."""
    code = find_code(event_id, typed, now=now)
    if code is None or (code.category_id and category_id and code.category_id != category_id):
        raise CodeUnknown
    return code


def redeem(code: FeeCode) -> None:
    """Use a code once; raises CodeUsedUp. One conditional UPDATE: never overdrawn in a race."""
    result = db.session.execute(
        update(FeeCode)
        .where(FeeCode.id == code.id, or_(FeeCode.most.is_(None), FeeCode.used < FeeCode.most))
        .values(used=FeeCode.used + 1),
        execution_options={"synchronize_session": False},
    )
    if result.rowcount != 1:  # type: ignore[attr-defined]  # CursorResult of an UPDATE
        raise CodeUsedUp


def give_back_code(registration_id: int) -> None:
    """Let a code be used once more: whoever had it has no place any more."""
    price = db.session.get(Price, registration_id)
    if price is None or price.code_id is None:
        return
    db.session.execute(
        update(FeeCode)
        .where(FeeCode.id == price.code_id, FeeCode.used > 0)
        .values(used=FeeCode.used - 1),
        execution_options={"synchronize_session": False},
    )


def take_code_again(registration_id: int) -> bool:
    """Use the code of a price once more, if there is one; False when others have used it up."""
    price = db.session.get(Price, registration_id)
    code = db.session.get(FeeCode, price.code_id) if price and price.code_id else None
    try:
        if code is not None:
            redeem(code)
    except CodeUsedUp:
        return False
    return True


def freeze(registration_id: int, priced: Priced, buyer: dict[str, str], *, now: datetime) -> None:
    """Keep the lines as they were shown. A registration that never cost anything leaves no trace of money."""
    if not priced.quote.lines and priced.code is None:
        return
    db.session.add(
        Price(
            registration_id=registration_id,
            currency=priced.plan.currency,
            total=priced.quote.total,
            lines=list(priced.quote.lines),
            code_id=priced.code.id if priced.code else None,
            buyer=buyer,
            frozen_at=now,
        )
    )


def bill(
    registration_id: int,
    plan: FeePlan,
    total: int,
    timezone: str,
    *,
    holds: bool,
    actor: Actor,
    now: datetime,
) -> None:
    """Bill a registration that has a place; with ``holds`` the place waits for the fee for some hours."""
    if total == 0:
        price = db.session.get(Price, registration_id)
        _set(registration_id, payment="waived" if price and price.lines else "not_due")
        return
    wait = timedelta(hours=plan.pay_hours) if holds else timedelta(days=plan.invoice_days)
    until = now + wait if holds else None
    open_charge(
        plan.event_id,
        registration_id,
        total,
        plan.currency,
        tax_rate=plan.tax_rate,
        due_on=(now + wait).astimezone(ZoneInfo(timezone)).date(),
        actor=actor,
        now=now,
    )
    _set(registration_id, payment="due", pay_until=until)
    if until is not None:
        await_fee(registration_id, until, now=now)
    else:
        _await_due(registration_id, (now + wait).astimezone(ZoneInfo(timezone)), now=now)


def bill_promoted(registration_id: int, *, actor: Actor, now: datetime) -> tuple[Status, bool]:
    """Bill somebody from the waiting list who gets a place, what they were shown.

    Who came before the event had fees is priced now, early or late as of the day of their registration. Gives
    the state they go to, and whether this is the first they hear of a fee.
    """
    registration = db.session.get_one(Registration, registration_id)
    plan = find_plan(registration.event_id)
    if plan is None:
        return Status.CONFIRMED, False
    shown = db.session.get(Price, registration_id)
    price = shown or _price_late(registration, plan, now=now)
    if price is None:
        return Status.CONFIRMED, False
    zone = get_event_by_id(registration.event_id).timezone
    waits = price.total > 0 and not plan.confirm_unpaid
    bill(registration_id, plan, price.total, zone, holds=waits, actor=actor, now=now)
    return Status.SUBMITTED if waits else Status.CONFIRMED, shown is None


def _price_late(registration: Registration, plan: FeePlan, *, now: datetime) -> Price | None:
    event = get_event_by_id(registration.event_id)
    found = quote_for(
        event.id,
        category_id=registration.category_id,
        organisation_id=registration.organisation_id,
        country=registration.country,
        day=event.starts_at.astimezone(ZoneInfo(event.timezone)).date(),
        at=registration.registered_at,
    )
    freeze(registration.id, Priced(plan, found, None), {}, now=now)
    db.session.flush()
    return db.session.get(Price, registration.id)


def await_fee(registration_id: int, until: datetime, *, now: datetime) -> None:
    """Remember to remind, and to give the place to others: work that is due later."""
    arguments = {"registration_id": registration_id}
    stamp = f"{registration_id}:{until:%Y%m%d%H%M%S}"
    enqueue("registration.expire", arguments, now=now, due_at=until, unique_key=f"expire:{stamp}")
    reminder = until - (until - now) * REMIND_BEFORE
    enqueue(
        "registration.remind_fee", arguments, now=now, due_at=reminder, unique_key=f"fee:{stamp}"
    )


def _await_due(registration_id: int, due: datetime, *, now: datetime) -> None:
    """Remember to remind of a fee that may be paid after the place is confirmed, in the morning, twice at most."""
    morning = due.replace(hour=9, minute=0, second=0, microsecond=0)
    for days in OVERDUE_REMINDERS:
        enqueue(
            "registration.remind_due", {"registration_id": registration_id}, now=now,
            due_at=morning + timedelta(days=days), unique_key=f"due:{registration_id}:{due:%Y%m%d}:{days}",
        )  # fmt: skip


def _set(registration_id: int, **values: Any) -> None:  # noqa: ANN401 (columns)
    db.session.flush()
    db.session.execute(
        update(Registration).where(Registration.id == registration_id).values(**values),
        execution_options={"synchronize_session": False},
    )
