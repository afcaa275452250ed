"""The year's book: each event, and all of them together.

Participations count a person once for each event, unique persons once for the year; both are printed
and labelled (ACCEPTANCE A34). A person is an address, or several after a reviewed merge.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import asdict, dataclass, field, fields
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from sqlalchemy import and_, case, exists, false, func, or_, select

from eventsys.core.db import db
from eventsys.events.models import Category, Event
from eventsys.members.models import Membership, Organisation
from eventsys.members.queries import list_new_members, members_by_region
from eventsys.registration.models import Registration
from eventsys.statistics.rules.ladder import RULE_VERSION, Rung, on_rung, statuses
from eventsys.statistics.rules.shares import GENDERS, NOT_STATED, Composition

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from sqlalchemy import ColumnElement


@dataclass(frozen=True, slots=True)
class YearFigures:
    """Exact figures of all events that began in one year, each in its own time zone."""

    year: int
    rung: str
    data_at: str
    #: slug, title, kind, starts_at, ends_at, timezone, the ladder, participations, persons, members, cities …
    events: list[dict[str, Any]]
    participations: int
    unique_persons: int
    registrations: int
    confirmed: int
    attended: int
    cancelled: int
    cities: int
    countries: int
    members: int
    gender: dict[str, int]
    by_kind: dict[str, dict[str, int]]
    by_country: dict[str, int]
    rule_version: int = RULE_VERSION
    #: Participations whose typed city is not resolved, and those without a country.
    unresolved_cities: int = 0
    country_not_stated: int = 0
    #: The last day of the year, or the day of the data while the year still runs; "" in older frozen figures.
    members_day: str = ""
    members_total: int = 0
    members_by_region: dict[str, int] = field(default_factory=dict)
    #: Who joined in the year: id, name, names, country.
    new_members: list[dict[str, Any]] = field(default_factory=list)

    @property
    def composition(self) -> Composition:
        """All participations by gender."""
        return Composition(self.gender)

    @property
    def on(self) -> Rung:
        """The rung of these figures."""
        return Rung(self.rung)

    def as_dict(self) -> dict[str, Any]:
        """Give the figures as JSON has them."""
        return asdict(self)

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> YearFigures:
        """Read frozen figures."""
        known = {item.name for item in fields(cls)}
        return cls(**{name: value for name, value in data.items() if name in known})


def years_with_events() -> list[int]:
    """List the years in which events begin (UTC), the latest first; empty before the first event."""
    begins = db.session.scalars(select(Event.starts_at).distinct()).all()
    return sorted({moment.year for moment in begins}, reverse=True)


def year_figures(year: int, rung: Rung, *, now: datetime) -> YearFigures:
    """Count all events that began in a year, and the members of the year, in ten statements."""
    events = _events_of(year)
    scope = _scope([event.id for event in events], rung)
    ladder = _ladder([event.id for event in events])
    distinct = _distinct_by_event(scope)
    members = _members_by_event(scope, events)
    rows = [
        _row(event, ladder[event.id], distinct.get(event.id), members.get(event.id, 0))
        for event in events
    ]
    gender, by_country = _by_gender_and_country(scope)
    persons, cities, unresolved, total_members = _distinct(scope, events)
    participations = sum(_here(ladder[event.id], rung) for event in events)
    totals = {
        name: sum(row[name] for row in rows)
        for name in ("registrations", "confirmed", "attended", "cancelled")
    }
    return YearFigures(
        year=year,
        rung=rung.value,
        data_at=now.isoformat(),
        events=[row | {"participations": _here(ladder[row["id"]], rung)} for row in rows],
        participations=participations,
        unique_persons=persons,
        cities=cities,
        countries=len(by_country),
        members=total_members,
        gender=gender,
        by_kind=_by_kind(rows, ladder, rung),
        by_country=by_country,
        unresolved_cities=unresolved,
        country_not_stated=participations - sum(by_country.values()),
        **totals,
        **_membership(year, now.date()),
    )


def _membership(year: int, today: date) -> dict[str, Any]:
    """Count the members at the end of a year and list who joined in it (ACCEPTANCE A01, A02, A10)."""
    day = min(date(year, 12, 31), today)
    regions = members_by_region(day)
    return {
        "members_day": day.isoformat(),
        "members_total": sum(regions.values()),
        "members_by_region": regions,
        "new_members": [
            {"id": row.id, "name": row.name, "names": row.names, "country": row.country}
            for row in list_new_members(year)
        ],
    }


def _events_of(year: int) -> list[Event]:
    low, high = datetime(year, 1, 1, tzinfo=UTC), datetime(year + 1, 1, 1, tzinfo=UTC)
    day = timedelta(days=1)
    found = db.session.scalars(
        select(Event)
        .where(Event.starts_at >= low - day, Event.starts_at < high + day)
        .order_by(Event.starts_at, Event.id),
    ).all()
    return [event for event in found if _first_day(event).year == year]


def _counted() -> ColumnElement[bool]:
    return Registration.category_id.not_in(select(Category.id).where(Category.counted.is_(False)))


def _scope(event_ids: Sequence[int], rung: Rung) -> ColumnElement[bool]:
    conditions = [
        Registration.event_id.in_(event_ids),
        Registration.status.in_(statuses(rung)),
        _counted(),
    ]
    if rung is Rung.ATTENDED:
        conditions.append(Registration.attended_at.is_not(None))
    return and_(*conditions)


Counts = dict[str, tuple[int, int]]


def _ladder(event_ids: Sequence[int]) -> dict[int, Counts]:
    found: dict[int, Counts] = {event_id: {} for event_id in event_ids}
    rows = db.session.execute(
        select(
            Registration.event_id,
            Registration.status,
            func.count(),
            func.count(Registration.attended_at),
        )
        .where(Registration.event_id.in_(event_ids), _counted())
        .group_by(Registration.event_id, Registration.status),
    )
    for event_id, status, n, came in rows:
        found[event_id][status] = (n, came)
    return found


def _here(counts: Counts, rung: Rung) -> int:
    return sum(on_rung(rung, status, n, came) for status, (n, came) in counts.items())


def _row(event: Event, counts: Counts, distinct: Any, members: int) -> dict[str, Any]:  # noqa: ANN401 (a row)
    return {
        "id": event.id,
        "slug": event.slug,
        "title": event.title,
        "kind": event.kind,
        "format": event.format,
        "starts_at": event.starts_at.isoformat(),
        "ends_at": event.ends_at.isoformat(),
        "timezone": event.timezone,
        "registrations": _here(counts, Rung.REGISTERED),
        "confirmed": _here(counts, Rung.CONFIRMED),
        "attended": _here(counts, Rung.ATTENDED),
        "cancelled": counts.get("cancelled", (0, 0))[0],
        "unique_persons": distinct.persons if distinct else 0,
        "cities": distinct.cities if distinct else 0,
        "countries": distinct.countries if distinct else 0,
        "members": members,
    }


def _distinct_by_event(scope: ColumnElement[bool]) -> dict[int, Any]:
    rows = db.session.execute(
        select(
            Registration.event_id,
            func.count(Registration.person_id.distinct()).label("persons"),
            func.count(Registration.city_id.distinct()).label("cities"),
            func.count(Registration.country.distinct()).label("countries"),
        )
        .where(scope)
        .group_by(Registration.event_id),
    ).all()
    return {row.event_id: row for row in rows}


def _is_member(events: Sequence[Event]) -> ColumnElement[bool]:
    """Say whether the represented organisation was a member on the event's first day, on its own clock."""
    if not events:
        return false()
    day = case({event.id: _first_day(event) for event in events}, value=Registration.event_id)
    return exists().where(
        Organisation.id == Registration.organisation_id,
        Organisation.kind == "member",
        Membership.organisation_id == Organisation.id,
        Membership.since <= day,
        or_(Membership.until.is_(None), Membership.until > day),
    )


def _first_day(event: Event) -> date:
    return event.starts_at.astimezone(ZoneInfo(event.timezone)).date()


def _members_by_event(scope: ColumnElement[bool], events: Sequence[Event]) -> dict[int, int]:
    rows = db.session.execute(
        select(Registration.event_id, func.count(Registration.organisation_id.distinct()))
        .where(scope, Registration.organisation_id.is_not(None), _is_member(events))
        .group_by(Registration.event_id),
    ).all()
    return {event_id: count for event_id, count in rows}


def _distinct(scope: ColumnElement[bool], events: Sequence[Event]) -> tuple[int, int, int, int]:
    persons, cities, unresolved = db.session.execute(
        select(
            func.count(Registration.person_id.distinct()),
            func.count(Registration.city_id.distinct()),
            func.count(case((Registration.city_status.in_(("ambiguous", "unknown")), 1))),
        ).where(scope),
    ).one()
    members = db.session.scalar(
        select(func.count(Registration.organisation_id.distinct())).where(
            scope, Registration.organisation_id.is_not(None), _is_member(events)
        ),
    )
    return persons, cities, unresolved, members or 0


def _by_gender_and_country(scope: ColumnElement[bool]) -> tuple[dict[str, int], dict[str, int]]:
    gender = dict.fromkeys(GENDERS, 0)
    countries: dict[str, int] = defaultdict(int)
    rows = db.session.execute(
        select(Registration.gender, Registration.country, func.count())
        .where(scope)
        .group_by(Registration.gender, Registration.country),
    )
    for answer, country, n in rows:
        gender[answer or NOT_STATED] += n
        if country:
            countries[country] += n
    return gender, dict(sorted(countries.items(), key=lambda item: (-item[1], item[0])))


def _by_kind(
    rows: Sequence[dict[str, Any]], ladder: Mapping[int, Counts], rung: Rung
) -> dict[str, dict[str, int]]:
    kinds: dict[str, dict[str, int]] = {}
    for row in rows:
        entry = kinds.setdefault(row["kind"], {"events": 0, "participations": 0})
        entry["events"] += 1
        entry["participations"] += _here(ladder[row["id"]], rung)
    return kinds
