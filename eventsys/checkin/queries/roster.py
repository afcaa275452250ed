"""Search people at the desk, and count them. Always from the rows, never from a cache."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from sqlalchemy import case, exists, func, or_, select

from eventsys.checkin.errors import SearchNotAllowed, SearchTooShort
from eventsys.checkin.models import Presence, Scan
from eventsys.checkin.rules import MIN_SEARCH, may_search
from eventsys.core.db import db
from eventsys.core.i18n import current_language
from eventsys.core.text import fold
from eventsys.events.models import Category, Event
from eventsys.places.queries import get_cities
from eventsys.registration.models import ENDED, Registration

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from eventsys.checkin.queries.devices import Caller
    from eventsys.checkin.rules import Days
    from eventsys.places.queries import City

LIMIT: Final = 20


@dataclass(frozen=True, slots=True)
class Candidate:
    """A person that a search found. ``code`` lets the desk scan them without a badge."""

    code: str
    name: str
    organisation: str
    city: str
    country: str | None
    category: str
    status: str
    payment: str
    attended_at: datetime | None


@dataclass(frozen=True, slots=True)
class Counters:
    """Persons at an event. ``inside`` is per point key: who came and has not left."""

    registered: int
    confirmed: int
    attended: int
    inside: dict[str, int]


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What a device must know of its event to speak about it: names in all languages."""

    slug: str
    title: dict[str, str]
    timezone: str
    starts_at: datetime
    ends_at: datetime
    categories: Sequence[tuple[str, dict[str, str], str]]


def search_people(caller: Caller, text: str) -> Sequence[Candidate]:
    """Search the event's people, blind to accents and case; every word must occur.

    Raises SearchNotAllowed for a door-only device, SearchTooShort below three letters.
    """
    if not may_search(caller.profile):
        raise SearchNotAllowed
    folded = fold(text)
    if len(folded.replace(" ", "")) < MIN_SEARCH:
        raise SearchTooShort
    query = (
        select(Registration, Category.code)
        .join(Category, Category.id == Registration.category_id)
        .where(Registration.event_id == caller.event_id)
        .order_by(Registration.status.in_(ENDED), Registration.sort_name, Registration.id)
        .limit(LIMIT)
    )
    for word in folded.split():
        query = query.where(Registration.search_text.contains(word, autoescape=True))
    rows = db.session.execute(query).all()
    cities = get_cities(row.city_id for row, _ in rows)
    return [
        Candidate(
            code=row.short_code,
            name=f"{row.first_name} {row.last_name}".strip(),
            organisation=row.organisation,
            city=_city(cities.get(row.city_id or 0), row.city_typed),
            country=row.country,
            category=category,
            status=row.status,
            payment=row.payment,
            attended_at=row.attended_at,
        )
        for row, category in rows
    ]


def _city(city: City | None, typed: str) -> str:
    return city.name_in(current_language()) if city else typed


def count_people(event_id: int) -> Counters:
    """Count the people of an event: registered (not ended), confirmed, attended, inside."""
    confirmed = Registration.status == "confirmed"
    query = select(
        func.count(case((Registration.status.not_in(ENDED), 1))),
        func.count(case((confirmed, 1))),
        func.count(case((confirmed & Registration.attended_at.is_not(None), 1))),
    ).where(Registration.event_id == event_id)
    registered, confirmed_count, attended = db.session.execute(query).one()
    inside = select(Presence.point_key, func.count()).where(
        Presence.event_id == event_id, Presence.inside
    )
    rows = db.session.execute(inside.group_by(Presence.point_key).order_by(Presence.point_key))
    return Counters(registered, confirmed_count, attended, {key: count for key, count in rows})


def count_outside(event_id: int, days: Days) -> int:
    """Count who came, by a scan, at a moment that is not in the days of the event. What a table brought is its own."""
    came = Registration.attended_at
    by_scan = exists().where(
        Scan.registration_id == Registration.id, Scan.result == "admitted", Scan.at == came
    )
    query = select(func.count()).where(
        Registration.event_id == event_id, or_(came < days.begin, came >= days.end), by_scan
    )
    return db.session.scalar(query) or 0


def get_surroundings(event_id: int) -> Surroundings:
    """Get what a device shows of its event."""
    event = db.session.get_one(Event, event_id)
    query = (
        select(Category)
        .where(Category.event_id == event_id)
        .order_by(Category.position, Category.id)
    )
    return Surroundings(
        slug=event.slug,
        title=event.title,
        timezone=event.timezone,
        starts_at=event.starts_at,
        ends_at=event.ends_at,
        categories=[(row.code, row.name, row.colour) for row in db.session.scalars(query)],
    )
