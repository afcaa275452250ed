"""Organisations and periods of membership for tests."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Any

from eventsys.core.actor import Actor
from eventsys.members.operations.edit import save_organisation, save_period
from eventsys.members.rules import MemberDraft, Period

if TYPE_CHECKING:
    from eventsys.members.models import Organisation

STAFF = Actor("staff", None, "Eva")
NOW = datetime(2026, 11, 21, 12, tzinfo=UTC)


def make_member(name: str, *periods: tuple[str, str | None], **more: Any) -> Organisation:
    """Store an organisation with periods of membership, written as ISO days."""
    made, _ = save_organisation(MemberDraft(name=name, **more), actor=STAFF, now=NOW)
    for since, until in periods:
        period = Period(date.fromisoformat(since), date.fromisoformat(until) if until else None)
        save_period(made.id, period, actor=STAFF, now=NOW)
    return made
