"""Lines of the bank: stored once, each paid into one charge, ignored, or taken back. Nothing is rewritten.

The charge is locked first, then the line is taken by one conditional UPDATE: of two people who match one line
only one succeeds, on whichever charge.
"""

from __future__ import annotations

from datetime import datetime, time
from typing import TYPE_CHECKING, Any, Final
from zoneinfo import ZoneInfo

from sqlalchemy import select, update
from sqlalchemy.dialects import postgresql, sqlite

from eventsys.audit.operations import record
from eventsys.core.db import db
from eventsys.jobs.operations import enqueue
from eventsys.payments.errors import BankLineTaken, OtherCurrency, PartlyRefunded
from eventsys.payments.models import BankLine, Case, Payment
from eventsys.payments.operations.cases import close_case, open_case
from eventsys.payments.operations.pay import queue_receipt, record_payment
from eventsys.payments.operations.post import lock_charge, post
from eventsys.payments.queries import refunds_on_their_way
from eventsys.payments.queries.bank import WAITING, get_line
from eventsys.payments.rules.ledger import Account, Kind, moved
from eventsys.payments.rules.settling import PaymentStatus

if TYPE_CHECKING:
    from eventsys.core.actor import Actor
    from eventsys.payments.operations.pay import Settled
    from eventsys.payments.queries.bank import BankPlan, Planned

# Lines in one statement: SQLite takes no more than some thousand values.
AT_ONCE: Final = 200


def store_lines(plan: BankPlan, *, actor: Actor, now: datetime) -> int:
    """Store the lines that are new and have each looked at by the worker; gives how many.

    One transaction a line, later: a line whose settling fails leaves the others alone.
    """
    dialect = db.engine.dialect.name
    insert = postgresql.insert(BankLine) if dialect == "postgresql" else sqlite.insert(BankLine)
    stored = 0
    new = [_values(row, now=now) for row in plan.rows if row.state != "known"]
    for start in range(0, len(new), AT_ONCE):
        made = insert.values(new[start : start + AT_ONCE]).on_conflict_do_nothing(
            index_elements=["digest"]
        )
        for line_id in sorted(db.session.scalars(made.returning(BankLine.id))):
            stored += 1
            enqueue(
                "payments.match_line", {"line_id": line_id}, now=now, unique_key=f"bank:{line_id}"
            )
    record(
        "payments.bank_file", "bank_line", None, actor=actor, now=now,
        facts={"lines": len(plan.rows), "stored": stored, "format": plan.statement.format},
    )  # fmt: skip
    return stored


def _values(row: Planned, *, now: datetime) -> dict[str, Any]:
    movement = row.movement
    return {
        "digest": row.digest,
        "booked_on": movement.booked_on,
        "amount": movement.amount,
        "currency": movement.currency,
        "payer": movement.payer,
        "text": _with_mark(movement.text, movement.mark),
        "account": movement.account,
        "status": "new",
        "brought_at": now,
    }


def _with_mark(text: str, mark: str) -> str:
    return text if not mark or mark in text else f"{text} · {mark}".removeprefix(" · ")


def leave_open(line_id: int) -> None:
    """Leave a line that the worker has looked at to a person."""
    db.session.execute(
        update(BankLine)
        .where(BankLine.id == line_id, BankLine.status == "new")
        .values(status="open"),
        execution_options={"synchronize_session": False},
    )


def pay_by_line(line_id: int, charge_id: int, *, actor: Actor, now: datetime) -> Settled:
    """Pay a charge by a line. Raises BankLineTaken when somebody was faster, OtherCurrency."""
    charge = lock_charge(charge_id)
    line = get_line(line_id)
    if line.currency != charge.currency:
        raise OtherCurrency(line=line.currency, charge=charge.currency)
    _take(line_id, "matched", WAITING)
    settled = record_payment(
        charge_id,
        line.amount,
        "bank",
        actor=actor,
        now=now,
        source=f"bank:{line_id}",
        note=line.text,
        # A day is all that a bank tells; noon is that day wherever the event is held.
        received_at=datetime.combine(line.booked_on, time(12), ZoneInfo("UTC")),
    )
    db.session.execute(
        update(BankLine).where(BankLine.id == line_id).values(payment_id=settled.payment_id),
        execution_options={"synchronize_session": False},
    )
    db.session.expire(line)
    return settled


def put_excess_before_a_person(charge_id: int, payment_id: int, *, now: datetime) -> int:
    """Open a case for what a transfer brought too much; gives how much it is."""
    charge = lock_charge(charge_id)
    excess = charge.received - charge.billed - refunds_on_their_way(charge_id)
    if excess <= 0:
        return 0
    if not _open_cases(charge_id):
        open_case(
            "pay_out", f"pay_out:payment:{payment_id}", now=now, charge_id=charge_id, payment_id=payment_id,
            facts={"amount": excess, "currency": charge.currency},
        )  # fmt: skip
    return excess


def ignore_line(line_id: int, *, reason: str, actor: Actor, now: datetime) -> None:
    """Leave out a line that is nobody's fee. Raises BankLineTaken."""
    _take(line_id, "ignored", WAITING)
    record(
        "payments.bank_ignore", "bank_line", line_id, actor=actor, now=now, facts={"reason": reason}
    )


def bring_back_line(line_id: int, *, actor: Actor, now: datetime) -> None:
    """Look at a line again that was left out. Raises BankLineTaken."""
    _take(line_id, "open", ("ignored",))
    record("payments.bank_reopen", "bank_line", line_id, actor=actor, now=now)


def undo_line(line_id: int, *, reason: str, actor: Actor, now: datetime) -> int:
    """Take a wrong match back by a counter-entry; gives the charge. The line waits again.

    Raises BankLineTaken when it is not matched (any more), PartlyRefunded when money of it has gone back.
    """
    line = get_line(line_id)
    if line.payment_id is None:
        raise BankLineTaken
    payment = db.session.get_one(Payment, line.payment_id)
    charge = lock_charge(payment.charge_id)
    db.session.refresh(payment)
    if payment.refunded:
        raise PartlyRefunded
    _take(line_id, "open", ("matched",), payment_id=payment.id)
    payment.status, payment.updated_at = PaymentStatus.UNDONE.value, now
    post(
        charge,
        Kind.UNDO,
        moved(Kind.UNDO, Account.RECEIVABLE, Account.BANK, payment.amount),
        unique_key=f"undo:{payment.id}",
        source=f"bank:{line_id}",
        actor=actor,
        now=now,
        note=reason,
    )
    queue_receipt(payment.id, now=now, after="undo")
    if charge.received <= charge.billed:
        for case_id in _open_cases(charge.id):
            close_case(case_id, "undone", actor=actor, now=now)
    record(
        "payments.bank_undo", "charge", charge.id, actor=actor, now=now, event_id=charge.event_id,
        facts={"payment": payment.id, "amount": payment.amount, "line": line_id, "reason": reason},
    )  # fmt: skip
    return charge.id


def _open_cases(charge_id: int) -> list[int]:
    query = select(Case.id).where(
        Case.charge_id == charge_id, Case.kind == "pay_out", Case.closed_at.is_(None)
    )
    return list(db.session.scalars(query))


def _take(
    line_id: int, after: str, before: tuple[str, ...], *, payment_id: int | None = None
) -> None:
    statement = update(BankLine).where(BankLine.id == line_id, BankLine.status.in_(before))
    if payment_id is not None:
        # Undone and matched anew meanwhile: that match is not the one that was looked at.
        statement = statement.where(BankLine.payment_id == payment_id)
    result = db.session.execute(
        statement.values(status=after, payment_id=None),
        execution_options={"synchronize_session": False},
    )
    if result.rowcount != 1:  # type: ignore[attr-defined]  # CursorResult of an UPDATE
        raise BankLineTaken
