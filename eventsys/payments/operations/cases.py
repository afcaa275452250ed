"""Put something before a person, and keep what they decided."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import update
from sqlalchemy.dialects import postgresql, sqlite

from eventsys.audit.operations import record
from eventsys.core.db import db
from eventsys.payments.errors import CaseClosed
from eventsys.payments.models import Case

if TYPE_CHECKING:
    from datetime import datetime

    from eventsys.core.actor import Actor


def open_case(
    kind: str,
    unique_key: str,
    *,
    now: datetime,
    charge_id: int | None = None,
    payment_id: int | None = None,
    facts: dict[str, Any] | None = None,
) -> bool:
    """Open a case once; False when it was opened before."""
    dialect = db.engine.dialect.name
    statement = postgresql.insert(Case) if dialect == "postgresql" else sqlite.insert(Case)
    made = db.session.scalar(
        statement.values(
            unique_key=unique_key,
            kind=kind,
            charge_id=charge_id,
            payment_id=payment_id,
            facts=facts or {},
            opened_at=now,
            decision="",
            closed_by="",
        )
        .on_conflict_do_nothing(index_elements=["unique_key"])
        .returning(Case.id)
    )
    return made is not None


def close_case(case_id: int, decision: str, *, actor: Actor, now: datetime, note: str = "") -> None:
    """Keep a decision and why; raises CaseClosed when somebody was faster."""
    facts = {**db.session.get_one(Case, case_id).facts, **({"note": note} if note else {})}
    result = db.session.execute(
        update(Case)
        .where(Case.id == case_id, Case.closed_at.is_(None))
        .values(closed_at=now, decision=decision, closed_by=actor.label[:200], facts=facts),
        execution_options={"synchronize_session": False},
    )
    if result.rowcount != 1:  # type: ignore[attr-defined]  # CursorResult of an UPDATE
        raise CaseClosed
    record(
        "payments.decide",
        "payment_case",
        case_id,
        actor=actor,
        now=now,
        facts={"decision": decision, "reason": note},
    )
