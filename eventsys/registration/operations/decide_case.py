"""Decide a case about money: the decision is kept, and done, in one transaction."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from eventsys.core.errors import NotFound
from eventsys.payments.errors import RefundTooLarge
from eventsys.payments.operations.cases import close_case
from eventsys.payments.operations.pay_out import pay_out_by_bank
from eventsys.payments.operations.place import accept_held, send_back_held
from eventsys.payments.operations.post import lock_charge
from eventsys.payments.operations.refund import request_refund
from eventsys.payments.queries import (
    list_payments,
    refunds_on_their_way,
    registration_of,
    withdrawn,
)
from eventsys.payments.queries.cases import get_case
from eventsys.payments.rules.cases import choices_of
from eventsys.registration.operations.cancel import cancel
from eventsys.registration.operations.promote import confirm_waiting
from eventsys.registration.operations.settle import settle
from eventsys.registration.operations.tell import tell_of_refund

if TYPE_CHECKING:
    from datetime import datetime

    from eventsys.core.actor import Actor
    from eventsys.payments.queries.cases import Case


@dataclass(frozen=True, slots=True)
class Decision:
    """Who decided what, when and why."""

    choice: str
    note: str
    actor: Actor
    now: datetime


def decide_case(case_id: int, choice: str, *, note: str, actor: Actor, now: datetime) -> None:
    """Keep a decision and do what it says. Raises CaseClosed when somebody was faster, NotFound, RefundTooLarge."""
    case = get_case(case_id)
    if choice not in choices_of(case.kind, case.facts):
        raise NotFound(what="decision")
    if case.charge_id is not None:
        # Charge, then everything else: the order of whoever settles.
        lock_charge(case.charge_id)
    close_case(case_id, choice, actor=actor, now=now, note=note)
    decision = Decision(choice, note, actor, now)
    do = {
        "mismatch": _decide_mismatch,
        "no_place": _decide_no_place,
        "refund_failed": _decide_failed_refund,
        "pay_out": _decide_pay_out,
    }.get(case.kind)
    if do is not None and choice not in {"other", "keep"}:
        do(case, decision)
    if case.charge_id is not None:
        settle(registration_of(case.charge_id), actor=actor, now=now)


def _decide_mismatch(case: Case, decision: Decision) -> None:
    came, currency = int(case.facts["came"]), str(case.facts["came_currency"])
    if decision.choice == "accept":
        accept_held(_payment(case), came, currency, actor=decision.actor, now=decision.now)
    else:
        send_back_held(
            _payment(case), came, currency, reason=decision.note, actor=decision.actor, now=decision.now,
        )  # fmt: skip
        tell_of_refund(_payment(case), came, why="office", now=decision.now)


def _decide_no_place(case: Case, decision: Decision) -> None:
    registration_id = registration_of(_charge(case))
    if decision.choice == "place":
        confirm_waiting(registration_id, actor=decision.actor, now=decision.now)
    else:
        cancel(
            registration_id, window=None, actor=decision.actor, now=decision.now, reason=decision.note,
        )  # fmt: skip


def _decide_failed_refund(case: Case, decision: Decision) -> None:
    amount, way = int(case.facts["amount"]), ""
    if decision.choice == "again":
        request_refund(
            _payment(case), amount, origin="office", reason=decision.note, actor=decision.actor, now=decision.now,
        )  # fmt: skip
    else:
        pay_out_by_bank(
            _payment(case), amount, reason=decision.note, actor=decision.actor, now=decision.now
        )
        way = "bank"
    # They were told before that it comes, and it did not.
    tell_of_refund(_payment(case), amount, why="office", way=way, now=decision.now)


def _decide_pay_out(case: Case, decision: Decision) -> None:
    """Send back what is still too much: the case may be days old, and some of it may be gone already."""
    charge = lock_charge(_charge(case))
    left = charge.received - charge.billed - refunds_on_their_way(charge.id)
    wanted = left = min(left, int(case.facts["amount"]))
    for payment in reversed(list_payments(charge.id)):
        amount = min(left, payment.amount - payment.refunded - withdrawn(payment.id))
        if payment.status == "succeeded" and amount > 0:
            request_refund(
                payment.id, amount, origin="office", reason=decision.note, actor=decision.actor, now=decision.now,
            )  # fmt: skip
            tell_of_refund(payment.id, amount, why="office", now=decision.now)
            left -= amount
    if left > 0:
        # The payer's bank has taken it, or has not decided: the case stays, nothing is said to be sent that is not.
        raise RefundTooLarge(most=wanted - left, currency=charge.currency)


def _charge(case: Case) -> int:
    if case.charge_id is None:
        raise NotFound(what="charge")
    return case.charge_id


def _payment(case: Case) -> int:
    if case.payment_id is None:
        raise NotFound(what="payment")
    return case.payment_id
