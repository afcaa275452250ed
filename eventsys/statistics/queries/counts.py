"""The counting itself: each statement is one pass over one covering index of ``registration``.

No statement returns a person, and the database does the counting: what comes back is a few groups,
whatever the size of the event.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, NamedTuple

from sqlalchemy import (
    Integer,
    and_,
    bindparam,
    exists,
    func,
    literal_column,
    select,
    text,
    union_all,
)

from eventsys.core.db import UtcDateTime, db
from eventsys.members.models import Membership, Organisation
from eventsys.registration.models import Registration
from eventsys.statistics.rules.ladder import NOT_REGISTERED, Rung, statuses

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date, datetime

    from sqlalchemy import CTE, ColumnElement, Select

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


class Series(NamedTuple):
    """A moment of registrations, the periods (from inclusive, to exclusive) to count it by, and the rungs."""

    moment: Any
    bounds: Sequence[tuple[datetime, datetime]]
    rungs: Sequence[Rung]


def count_series(scope: Scope, wanted: Sequence[Series]) -> list[list[tuple[int, ...]]]:
    """Count each series by its periods, once for each rung: one statement, each count a range of an index."""
    widest = max((len(series.rungs) for series in wanted), default=0)
    found: list[list[tuple[int, ...]]] = [[] for _ in wanted]
    selects = [
        _counted(scope, number, series, widest)
        for number, series in enumerate(wanted)
        if series.bounds
    ]
    if selects:
        rows = db.session.execute(union_all(*selects).order_by("series", "period")).all()
        for number, _period, *counted in rows:
            found[number].append(tuple(counted[: len(wanted[number].rungs)]))
    return found


def _counted(scope: Scope, number: int, series: Series, widest: int) -> Select[Any]:
    periods, moment = _periods(number, series.bounds), series.moment
    parts: list[Any] = [
        select(func.count())
        .where(
            *scope.where(),
            _standing_on(rung),
            and_(moment >= periods.c.column2, moment < periods.c.column3),
        )
        .correlate(periods)
        .scalar_subquery()
        for rung in series.rungs
    ]
    parts += [literal_column("0")] * (widest - len(parts))
    columns = [part.label(f"rung{place}") for place, part in enumerate(parts)]
    return select(
        literal_column(str(number)).label("series"), periods.c.column1.label("period"), *columns
    )


def _periods(series: int, bounds: Sequence[tuple[datetime, datetime]]) -> CTE:
    """Make a table of the periods of a series: number, from, to.

    As text, because SQLAlchemy compiles its own VALUES anew each time, which takes longer than the counting.
    Both engines name the columns column1, column2, column3.
    """
    names = [(f"low{series}_{number}", f"high{series}_{number}") for number in range(len(bounds))]
    rows = ", ".join(f"({number}, :{low}, :{high})" for number, (low, high) in enumerate(names))
    edges = [
        bindparam(name, moment, type_=_MOMENT)
        for pair, bound in zip(names, bounds, strict=True)
        for name, moment in zip(pair, bound, strict=True)
    ]
    return (
        text(f"VALUES {rows}")
        .bindparams(*edges)
        .columns(column1=Integer, column2=_MOMENT, column3=_MOMENT)
        .cte(f"periods{series}")
    )
