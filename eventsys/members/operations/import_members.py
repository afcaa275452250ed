"""Import a table of members: what can be read is stored, every other row is named with its reason."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, BinaryIO

from sqlalchemy import delete

from eventsys.audit.operations import record
from eventsys.core.db import db
from eventsys.members.errors import InvalidMember, MemberExists
from eventsys.members.models import Membership
from eventsys.members.operations.edit import save_organisation
from eventsys.members.queries.importing import ACTIONS, Plan, PlannedRow, list_accepted, plan_import

if TYPE_CHECKING:
    from datetime import datetime

    from eventsys.core.actor import Actor


def import_members(source: BinaryIO | bytes, *, actor: Actor, now: datetime) -> Plan:
    """Store what a table says and give what became of each row. The same table again changes nothing.

    An organisation is known again by its external id, else by its name whatever case and accents.
    Raises SheetError, MissingColumn and TooManyRows, with nothing stored.
    """
    plan = plan_import(source)
    for row in list_accepted(plan):
        _store(row, actor, now)
    record("members.import", "organisation", None, actor=actor, now=now, facts=totals(plan))
    return plan


def _store(row: PlannedRow, actor: Actor, now: datetime) -> None:
    if row.draft is None:
        return
    try:
        organisation, _ = save_organisation(
            row.draft, organisation_id=row.organisation_id, actor=actor, now=now
        )
    except InvalidMember as error:
        row.action, row.problems = "rejected", list(error.problems)
        return
    except MemberExists:
        row.action, row.problems = "rejected", [("name", "name_exists", {})]
        return
    if row.periods is not None:
        db.session.execute(delete(Membership).where(Membership.organisation_id == organisation.id))
        db.session.add_all(
            Membership(organisation_id=organisation.id, since=period.since, until=period.until)
            for period in row.periods
        )
        db.session.flush()


def totals(plan: Plan) -> dict[str, Any]:
    """Count what became of the rows."""
    return {"rows": len(plan.rows), **{action: plan.count(action) for action in ACTIONS}}
