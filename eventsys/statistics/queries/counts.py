"""The counting itself: each statement is one pass over one covering index of ``registration``.

No statement returns a person, and the database does the counting: what comes back is a few groups,
whatever the size of the event.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, NamedTuple

from sqlalchemy import Integer, and_, bindparam, exists, func, select, text

from eventsys.core.db import UtcDateTime, db
from eventsys.members.models import Membership, Organisation
from eventsys.registration.models import Registration
from eventsys.statistics.rules.ladder import NOT_REGISTERED, Rung, statuses

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date, datetime

    from sqlalchemy import CTE, ColumnElement

COUNT = func.count().label("n")
# One for all edges: SQLAlchemy looks once into each type that it meets, and there are hundreds of edges.
_MOMENT: Final = UtcDateTime()
CAME = func.count(Registration.attended_at).label("came")


class Scope(NamedTuple):
    """One event, and the categories that are not counted."""

    event_id: int
    not_counted: tuple[int, ...]

    def where(self) -> list[ColumnElement[bool]]:
        """Give the conditions of the scope."""
        conditions: list[ColumnElement[bool]] = [Registration.event_id == self.event_id]
        if self.not_counted:
            conditions.append(Registration.category_id.not_in(self.not_counted))
        return conditions


def count_people(event_id: int) -> Sequence[Any]:
    """Count by status, category, gender and country: (status, category, gender, country, n, came)."""
    groups = (
        Registration.status,
        Registration.category_id,
        Registration.gender,
        Registration.country,
    )
    return db.session.execute(
        select(*groups, COUNT, CAME).where(Registration.event_id == event_id).group_by(*groups),
    ).all()


def count_places(scope: Scope, rung: Rung) -> Sequence[Any]:
    """Count by status, country, city and what the resolver said: (…, city_status, n, came)."""
    groups = (
        Registration.status,
        Registration.country,
        Registration.city_id,
        Registration.city_status,
    )
    return db.session.execute(
        select(*groups, COUNT, CAME)
        .where(*scope.where(), Registration.status.in_(statuses(rung)))
        .group_by(*groups),
    ).all()


def count_organisations(scope: Scope, rung: Rung, day: date) -> Sequence[Any]:
    """Count by represented organisation, with whether it was a member on a day: not a partner, since when ever."""
    counted = (
        select(Registration.organisation_id, Registration.status, COUNT, CAME)
        .where(
            *scope.where(),
            Registration.organisation_id.is_not(None),
            Registration.status.in_(statuses(rung)),
        )
        .group_by(Registration.organisation_id, Registration.status)
    )
    counts = counted.subquery()
    member = exists().where(
        Organisation.kind == "member",
        Membership.organisation_id == Organisation.id,
        Membership.since <= day,
        (Membership.until.is_(None)) | (Membership.until > day),
    )
    return db.session.execute(
        select(
            Organisation.id,
            Organisation.name,
            Organisation.names,
            Organisation.kind,
            Organisation.region,
            member.label("member"),
            counts.c.status,
            counts.c.n,
            counts.c.came,
        )
        .join(counts, counts.c.organisation_id == Organisation.id)
        .order_by(Organisation.name, Organisation.id),
    ).all()


def regions_of_members() -> dict[str, str]:
    """Give the region that the association gave to its members of each country, the commonest first."""
    rows = db.session.execute(
        select(Organisation.country, Organisation.region, func.count())
        .where(Organisation.region != "", Organisation.country.is_not(None))
        .group_by(Organisation.country, Organisation.region)
        .order_by(func.count(), Organisation.region.desc()),
    ).all()
    return {country: region for country, region, _ in rows if country}


def count_speakers(event_id: int, categories: Sequence[int], rung: Rung) -> dict[str | None, int]:
    """Count unique persons in the speakers' categories by gender."""
    conditions = [
        Registration.event_id == event_id,
        Registration.status.in_(statuses(rung)),
        Registration.category_id.in_(categories),
    ]
    if rung is Rung.ATTENDED:
        conditions.append(Registration.attended_at.is_not(None))
    rows = db.session.execute(
        select(Registration.gender, func.count(Registration.person_id.distinct()))
        .where(*conditions)
        .group_by(Registration.gender),
    ).all()
    return {gender: count for gender, count in rows}


class Span(NamedTuple):
    """The first and last registration, the first and last arrival; None when there was none."""

    first: datetime | None
    last: datetime | None
    first_arrival: datetime | None
    last_arrival: datetime | None


def span_of(event_id: int) -> Span:
    """Find the first and last moments, each by the end of an index."""

    def edge(moment: Any, *, last: bool = False) -> Any:  # noqa: ANN401 (a column)
        order = moment.desc() if last else moment
        return (
            select(moment)
            .where(Registration.event_id == event_id, moment.is_not(None))
            .order_by(order)
            .limit(1)
            .scalar_subquery()
        )

    registered, came = Registration.registered_at, Registration.attended_at
    row = db.session.execute(
        select(edge(registered), edge(registered, last=True), edge(came), edge(came, last=True)),
    ).one()
    return Span(*row)


def _standing_on(rung: Rung) -> ColumnElement[bool]:
    # Tested for each entry of an index range: comparing with one or two words is faster than with seven.
    if rung is Rung.REGISTERED:
        return Registration.status.not_in(NOT_REGISTERED)
    return Registration.status.in_(statuses(rung))


def count_between(
    scope: Scope,
    moment: Any,  # noqa: ANN401 (a column)
    bounds: Sequence[tuple[datetime, datetime]],
    rungs: Sequence[Rung],
) -> list[tuple[int, ...]]:
    """Count by periods (from inclusive, to exclusive), once for each rung; each is a range of an index."""
    if not bounds:
        return []
    periods = _periods(bounds)
    parts = [
        select(func.count())
        .where(
            *scope.where(),
            _standing_on(rung),
            and_(moment >= periods.c.column2, moment < periods.c.column3),
        )
        .correlate(periods)
        .scalar_subquery()
        for rung in rungs
    ]
    rows = db.session.execute(select(periods.c.column1, *parts).order_by(periods.c.column1)).all()
    return [tuple(row[1:]) for row in rows]


def _periods(bounds: Sequence[tuple[datetime, datetime]]) -> CTE:
    """Make a table of periods: number, from, to.

    As text, because SQLAlchemy compiles its own VALUES anew each time, which takes longer than the counting.
    Both engines name the columns column1, column2, column3.
    """
    rows = ", ".join(f"({number}, :low{number}, :high{number})" for number in range(len(bounds)))
    edges = [
        bindparam(f"{edge}{number}", moment, type_=_MOMENT)
        for number, (low, high) in enumerate(bounds)
        for edge, moment in (("low", low), ("high", high))
    ]
    return (
        text(f"VALUES {rows}")
        .bindparams(*edges)
        .columns(column1=Integer, column2=_MOMENT, column3=_MOMENT)
        .cte("periods")
    )
