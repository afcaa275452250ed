"""Keep in the log who took the ledger away."""

from __future__ import annotations

from typing import TYPE_CHECKING

from eventsys.audit.operations import record

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from eventsys.core.actor import Actor


def note_ledger_export(
    event_id: int | None, form: str, filters: Mapping[str, object], *, actor: Actor, now: datetime
) -> None:
    """Write that a part of the ledger was exported."""
    record(
        "payments.export", "event", event_id, actor=actor, now=now, event_id=event_id,
        facts={"form": form, "filters": dict(filters)},
    )  # fmt: skip
