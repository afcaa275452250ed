"""What codes mean: registrations, their state, and where they have been."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from sqlalchemy import bindparam, select

from eventsys.checkin.models import Presence
from eventsys.checkin.rules import Code, Holder, Stay, read_code
from eventsys.core.db import db
from eventsys.core.i18n import current_language
from eventsys.events.models import Category, Event
from eventsys.places.queries import get_cities
from eventsys.registration.models import Registration, RetiredBadge

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator
    from datetime import datetime

    from sqlalchemy import Row

    from eventsys.places.queries import City

    _Row = Row[*tuple[Any, ...]]
    # A row, and the code that led to it where that is not its own at this event.
    _Match = tuple[_Row, Code | None]


@dataclass(frozen=True, slots=True)
class Presented:
    """A stay together with the scan and the door that count as the arrival."""

    stay: Stay
    first_scan: str
    first_where: str


@dataclass(frozen=True, slots=True)
class Found:
    """A registration that a code may mean. ``stays`` is by point key."""

    registration_id: int
    holder: Holder
    person: dict[str, str | None]
    attended_at: datetime | None
    stays: dict[str, Presented] = field(default_factory=dict)


_FACTS = (
    Registration.id,
    Registration.event_id,
    Registration.status,
    Registration.payment,
    Registration.attended_at,
    Registration.badge_digest,
    Registration.short_code,
    Registration.first_name,
    Registration.last_name,
    Registration.organisation,
    Registration.city_id,
    Registration.city_typed,
    Registration.country,
    Category.code.label("category"),
)
_STAY = (
    Presence.point_key,
    Presence.first_scan,
    Presence.first_where,
    Presence.first_at,
    Presence.inside,
    Presence.moved_at,
)


_PEOPLE = (
    select(*_FACTS, *_STAY)
    .join(Category, Category.id == Registration.category_id)
    .outerjoin(Presence, Presence.registration_id == Registration.id)
    .order_by(Registration.id, Presence.id)
)
# Built once: building a statement costs more than running it.
_BY_BADGE = _PEOPLE.where(Registration.badge_digest.in_(bindparam("values", expanding=True)))
_BY_SHORT_CODE = _PEOPLE.where(
    Registration.event_id == bindparam("event_id"),
    Registration.short_code.in_(bindparam("values", expanding=True)),
)
_BY_OLD_BADGE = (
    _PEOPLE.add_columns(RetiredBadge.digest)
    .join(RetiredBadge, RetiredBadge.registration_id == Registration.id)
    .where(RetiredBadge.digest.in_(bindparam("values", expanding=True)))
)
# Typed where another event is: each event's index is asked, as no index holds the codes of all.
_BY_SHORT_CODE_ELSEWHERE = _PEOPLE.join(Event, Event.id == Registration.event_id).where(
    Event.id != bindparam("event_id"),
    Registration.short_code.in_(bindparam("values", expanding=True)),
)


def find_holders(event_id: int, codes: Iterable[Code]) -> dict[Code, tuple[Found, ...]]:
    """Find whom codes mean: one query per kind of code, one more for those that mean nobody here.

    That a code is of another event is all that may be told of it; of several such holders one is given.
    """
    wanted = set(codes)
    badges = [code.value for code in wanted if code.kind == "badge"]
    shorts = [code.value for code in wanted if code.kind == "short"]
    rows: list[_Match] = []
    if badges:
        rows += [(row, None) for row in db.session.execute(_BY_BADGE, {"values": badges})]
        current = {row.badge_digest for row, _ in rows}
        missing = [value for value in badges if value not in current]
        if missing:
            replaced = db.session.execute(_BY_OLD_BADGE, {"values": missing})
            rows += [(row, Code("badge", row.digest)) for row in replaced]
    if shorts:
        asked = {"event_id": event_id, "values": shorts}
        here = db.session.execute(_BY_SHORT_CODE, asked).all()
        rows += [(row, None) for row in here]
        rows += _elsewhere(event_id, set(shorts) - {row.short_code for row in here})
    return _gather(event_id, wanted, rows)


def _elsewhere(event_id: int, shorts: set[str]) -> Iterator[_Match]:
    if not shorts:
        return
    asked = {"event_id": event_id, "values": sorted(shorts)}
    told: dict[str, int] = {}
    for row in db.session.execute(_BY_SHORT_CODE_ELSEWHERE, asked):
        if told.setdefault(row.short_code, row.id) == row.id:
            yield row, Code("short", row.short_code)


def _codes_of(row: _Row, event_id: int) -> tuple[Code, ...]:
    """Give the codes that mean a person; a short code does so at its own event only."""
    badge = Code("badge", row.badge_digest)
    return (badge, Code("short", row.short_code)) if row.event_id == event_id else (badge,)


def _gather(event_id: int, wanted: set[Code], rows: list[_Match]) -> dict[Code, tuple[Found, ...]]:
    """Put the rows (one per presence) together, by code and person."""
    cities = get_cities({row.city_id for row, _ in rows})
    found: dict[Code, dict[int, Found]] = {code: {} for code in wanted}
    for row, by in rows:
        for code in (by,) if by else _codes_of(row, event_id):
            if code not in found:
                continue
            holder = found[code].get(row.id)
            if holder is None:
                holder = found[code][row.id] = _found(
                    row, cities.get(row.city_id), retired=by is not None and by.kind == "badge"
                )
            if row.point_key is not None:
                holder.stays[row.point_key] = presented(row)
    return {code: tuple(holders.values()) for code, holders in found.items()}


def _found(row: _Row, city: City | None, *, retired: bool) -> Found:
    return Found(
        row.id,
        Holder(row.event_id, row.status, row.payment, retired),
        {
            "name": f"{row.first_name} {row.last_name}".strip(),
            "organisation": row.organisation,
            "city": city.name_in(current_language()) if city else row.city_typed,
            "country": row.country,
            "category": row.category,
        },
        row.attended_at,
    )


def presented(row: _Row) -> Presented:
    """Read the columns of a presence."""
    return Presented(Stay(row.first_at, row.inside, row.moved_at), row.first_scan, row.first_where)


def list_stays(keys: Collection[tuple[int, str]]) -> dict[tuple[int, str], Presented]:
    """List what is known now about some (registration, point key)."""
    query = select(Presence.registration_id, *_STAY).where(
        Presence.registration_id.in_({registration_id for registration_id, _ in keys}),
    )
    rows = db.session.execute(query.order_by(Presence.id))
    stays = {(row.registration_id, row.point_key): presented(row) for row in rows}
    return {key: stays[key] for key in keys if key in stays}


@dataclass(frozen=True, slots=True)
class Badge:
    """Where the office shows the holder of a badge."""

    event_id: int
    slug: str
    registration_id: int


def find_badge(raw: str) -> Badge | None:
    """Find the holder of a current badge by what its code says."""
    code = read_code(raw)
    if code.kind != "badge":
        return None
    query = (
        select(Registration.event_id, Event.slug, Registration.id)
        .join(Event, Event.id == Registration.event_id)
        .where(Registration.badge_digest == code.value)
    )
    row = db.session.execute(query).one_or_none()
    return Badge(row.event_id, row.slug, row.id) if row else None
