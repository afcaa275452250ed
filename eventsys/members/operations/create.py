"""Add an organisation by hand."""

from __future__ import annotations

from typing import TYPE_CHECKING

from eventsys.members.errors import InvalidMember
from eventsys.members.operations.edit import save_organisation, save_period

if TYPE_CHECKING:
    from datetime import datetime

    from eventsys.core.actor import Actor
    from eventsys.members.models import Organisation
    from eventsys.members.rules import MemberDraft, Period


def create_member(
    draft: MemberDraft, period: Period | None, *, actor: Actor, now: datetime
) -> Organisation:
    """Add an organisation with its first period of membership; a member needs one.

    Raises InvalidMember and MemberExists. Audit lines are written by the two steps.
    """
    if draft.kind == "member" and period is None:
        raise InvalidMember([("since", "missing_since", {})])
    organisation, _ = save_organisation(draft, actor=actor, now=now)
    if period is not None:
        save_period(organisation.id, period, actor=actor, now=now)
    return organisation
