"""Places that nobody has decided on yet: what was typed, grouped, for the review in the office."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import func, or_, select, tuple_

from eventsys.core.db import db
from eventsys.registration.models import UNRESOLVED, Registration

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from sqlalchemy import ColumnElement

    from eventsys.places.models import PlaceAlias

PAGE: Final = 25


@dataclass(frozen=True, slots=True)
class Undecided:
    """One typed text of one country: what the resolver said, registrations and events that bear it."""

    typed: str
    country: str
    status: str
    registrations: int
    events: int


def count_undecided() -> tuple[int, int]:
    """Count the texts and the registrations that wait for a decision."""
    texts = select(Registration.city_typed, Registration.country, func.count().label("n")).where(
        UNRESOLVED
    )
    grouped = texts.group_by(Registration.city_typed, Registration.country).subquery()
    row = db.session.execute(
        select(func.count(), func.coalesce(func.sum(grouped.c.n), 0)).select_from(grouped)
    ).one()
    return int(row[0]), int(row[1])


def list_undecided(
    *, country: str = "", page: int = 1, size: int | None = PAGE
) -> Sequence[Undecided]:
    """List typed texts without a decision, those of most registrations first; ``size`` None gives all."""
    number = func.count().label("n")
    query = (
        select(
            Registration.city_typed,
            func.coalesce(Registration.country, ""),
            func.min(Registration.city_status),
            number,
            func.count(Registration.event_id.distinct()),
        )
        .where(UNRESOLVED)
        .group_by(Registration.city_typed, Registration.country)
        .order_by(number.desc(), Registration.city_typed, Registration.country)
    )
    if country:
        query = query.where(Registration.country == country)
    if size is not None:
        query = query.limit(size).offset((page - 1) * size)
    return [Undecided(*row) for row in db.session.execute(query)]


def list_undecided_countries() -> Sequence[str]:
    """List the countries of the texts that wait for a decision."""
    query = select(Registration.country).where(UNRESOLVED, Registration.country.is_not(None))
    return [
        code for code in db.session.scalars(query.distinct().order_by(Registration.country)) if code
    ]


def list_texts(*conditions: Any) -> Sequence[tuple[str, str]]:  # noqa: ANN401 (SQL conditions)
    """List the typed texts (with their countries) of the registrations that meet some conditions."""
    country = func.coalesce(Registration.country, "").label("country")
    query = select(Registration.city_typed, country).where(*conditions).distinct()
    query = query.order_by(Registration.city_typed, country)
    return [(typed, code) for typed, code in db.session.execute(query)]


def of_decision(alias: PlaceAlias) -> Any:  # noqa: ANN401 (an SQL condition)
    """Give the condition for registrations whose city a decision set, at once or when they came in later."""
    same: ColumnElement[bool]
    if alias.city_id is None:
        same = (
            Registration.city_id.is_(None)
            & (Registration.city_status == "none")
            & (Registration.city_typed != "")
        )
    else:
        same = Registration.city_id == alias.city_id
    later = (
        same & Registration.city_alias_id.is_(None) & (Registration.updated_at >= alias.decided_at)
    )
    return or_(Registration.city_alias_id == alias.id, later)


def bearing(texts: Collection[tuple[str, str]]) -> Any:  # noqa: ANN401 (an SQL condition)
    """Give the condition for registrations that bear one of some texts."""
    return tuple_(Registration.city_typed, func.coalesce(Registration.country, "")).in_(list(texts))
