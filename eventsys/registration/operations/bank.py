"""What a transfer does to a registration: the fee is paid, in part or more than that; and taken back."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Final

from eventsys.audit.operations import record
from eventsys.core.actor import Actor
from eventsys.core.db import db
from eventsys.jobs.operations import enqueue
from eventsys.mail.operations import queue
from eventsys.payments.operations.bank import (
    leave_open,
    pay_by_line,
    put_excess_before_a_person,
    undo_line,
)
from eventsys.payments.queries import find_charge_of, registration_of
from eventsys.payments.queries.bank import charge_in, get_line, has_twin
from eventsys.registration.models import Registration
from eventsys.registration.operations.settle import settle
from eventsys.registration.rules.names import full_name
from eventsys.registration.rules.states import ENDED, Status

if TYPE_CHECKING:
    from datetime import datetime

    from eventsys.payments.operations.pay import Settled

BANK: Final = Actor.system("bank")
_SOON: Final = timedelta(days=1)


def match_new_line(line_id: int, *, now: datetime) -> bool:
    """Look at a line that a file brought: whoever's reference it bears has paid. Else a person must look.

    Safe to repeat. What looks like a movement that another file brought already is left to a person.
    """
    line = get_line(line_id)
    if line.status != "new":
        return False
    charge = charge_in(line.text, line.currency)
    if charge is None or has_twin(line, charge.id):
        leave_open(line_id)
        return False
    match_line(line_id, charge.id, actor=BANK, now=now)
    return True


def match_line(line_id: int, charge_id: int, *, actor: Actor, now: datetime) -> Settled:
    """Pay a fee by a line, and do what follows. Raises BankLineTaken, OtherCurrency."""
    settled = pay_by_line(line_id, charge_id, actor=actor, now=now)
    record(
        "payments.bank_match", "bank_line", line_id, actor=actor, now=now,
        facts={"payment": settled.payment_id, "registration": settled.registration_id, "amount": settled.amount},
    )  # fmt: skip
    settle(settled.registration_id, actor=actor, now=now)
    put_excess_before_a_person(charge_id, settled.payment_id, now=now)
    _tell_what_is_left(settled, now=now)
    return settled


def _tell_what_is_left(settled: Settled, *, now: datetime) -> None:
    charge = find_charge_of(settled.registration_id)
    registration = db.session.get_one(Registration, settled.registration_id)
    if charge is None or charge.received >= charge.billed or registration.status in ENDED:
        return
    _mail(
        registration,
        "registration/part_paid",
        {"came": settled.amount, "currency": charge.currency},
        now=now,
    )


def undo_match(line_id: int, *, reason: str, actor: Actor, now: datetime) -> int:
    """Take a wrong match back; the registration is owed for again. Gives the registration.

    Its place stays theirs: they did nothing wrong. They are told, because they were told of the payment, and
    reminded like anybody who has not paid.
    """
    line = get_line(line_id)
    came: dict[str, object] = {"came": line.amount, "currency": line.currency}
    registration_id = registration_of(undo_line(line_id, reason=reason, actor=actor, now=now))
    settle(registration_id, actor=actor, now=now)
    charge = find_charge_of(registration_id)
    if charge is not None and charge.received < charge.billed:
        registration = db.session.get_one(Registration, registration_id)
        _mail(registration, "registration/payment_undone", came, now=now)
        stamp = f"due:{registration_id}:undo:{line_id}:{now:%Y%m%d%H%M%S%f}"
        enqueue(
            "registration.remind_due", {"registration_id": registration_id}, now=now, due_at=now + _SOON,
            unique_key=stamp,
        )  # fmt: skip
    return registration_id


def remind_due(registration_id: int, *, actor: Actor, now: datetime) -> bool:
    """Remind somebody who has a place and whose fee is overdue; False when there is nothing to remind of."""
    registration = db.session.get_one(Registration, registration_id)
    charge = find_charge_of(registration_id)
    if registration.status != Status.CONFIRMED or charge is None:
        return False
    if charge.received >= charge.billed:
        return False
    _mail(registration, "registration/due_reminder", {}, now=now)
    record(
        "registration.remind_due", "registration", registration_id, actor=actor, now=now,
        event_id=registration.event_id, facts={"owed": charge.billed - charge.received},
    )  # fmt: skip
    return True


def _mail(
    registration: Registration, template: str, facts: dict[str, object], *, now: datetime
) -> None:
    queue(
        template,
        (registration.email, full_name(registration.first_name, registration.last_name)),
        registration.language,
        facts,
        now=now,
        event_id=registration.event_id,
        registration_id=registration.id,
    )
