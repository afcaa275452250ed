"""How many members there are on a day, and who is new in a year (ACCEPTANCE A01, A02)."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from sqlalchemy import and_, distinct, exists, func, or_, select
from sqlalchemy.orm import aliased

from eventsys.core.db import db
from eventsys.members.models import Membership, Organisation

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy import ColumnElement


def members_on(day: date) -> int:
    """Count the organisations of kind *member* with a period of membership that covers a day.

    The first day of a period counts, its last (``until``) does not.
    """
    query = (
        select(func.count(distinct(Organisation.id)))
        .join(Membership, Membership.organisation_id == Organisation.id)
        .where(Organisation.kind == "member", _covers(day))
    )
    return db.session.scalar(query) or 0


def members_by_region(day: date) -> dict[str, int]:
    """Count the members of a day by the association's own region; "" where none was set. They add up to all."""
    query = (
        select(Organisation.region, func.count(distinct(Organisation.id)))
        .join(Membership, Membership.organisation_id == Organisation.id)
        .where(Organisation.kind == "member", _covers(day))
        .group_by(Organisation.region)
    )
    found = {region: count for region, count in db.session.execute(query)}
    return dict(sorted(found.items(), key=lambda item: (-item[1], item[0])))


def _covers(day: date) -> ColumnElement[bool]:
    return and_(Membership.since <= day, or_(Membership.until.is_(None), Membership.until > day))


def list_new_members(year: int) -> Sequence[Organisation]:
    """List the members that joined in a year, by name.

    New is whose membership began in the year and did not merely go on: a period that begins on the day
    another one ended is the same membership. Who left years ago and comes back is new again.
    """
    before = aliased(Membership)
    goes_on = exists().where(
        before.organisation_id == Membership.organisation_id,
        before.since < Membership.since,
        or_(before.until.is_(None), before.until >= Membership.since),
    )
    joined = exists().where(
        Membership.organisation_id == Organisation.id,
        Membership.since >= date(year, 1, 1),
        Membership.since < date(year + 1, 1, 1),
        ~goes_on,
    )
    query = select(Organisation).where(Organisation.kind == "member", joined)
    return db.session.scalars(query.order_by(Organisation.name_key, Organisation.id)).all()
