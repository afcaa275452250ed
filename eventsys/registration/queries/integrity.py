"""Does the data agree with itself? Asked by ``flask check``; empty answers are good ones."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import and_, case, func, or_, select

from eventsys.core.db import db
from eventsys.core.fault import Fault
from eventsys.events.models import Category, Event
from eventsys.payments.queries.proof import find_wrong_money
from eventsys.people.models import Person
from eventsys.registration.models import Registration
from eventsys.registration.queries.fee_proof import find_wrong_fees

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqlalchemy import Select


def find_faults() -> list[Fault]:
    """List everything that does not agree, by rule."""
    return [
        *_counted_places(),
        *_counted_quotas(),
        *_states(),
        *_addresses(),
        *find_wrong_money(),
        *find_wrong_fees(),
    ]


def _held() -> Select[int, int, int]:
    return (
        select(Registration.event_id, Registration.category_id, func.count().label("held"))
        .where(Registration.holds_place)
        .group_by(Registration.event_id, Registration.category_id)
    )


def _counted_places() -> Iterator[Fault]:
    held = _held().subquery()
    query = (
        select(Event.slug, Event.places_taken, func.coalesce(func.sum(held.c.held), 0))
        .outerjoin(held, held.c.event_id == Event.id)
        .group_by(Event.id, Event.slug, Event.places_taken)
        .order_by(Event.id)
    )
    for slug, taken, count in db.session.execute(query):
        if taken != count:
            yield Fault(
                "places taken of the event = registrations that hold one", slug, count, taken
            )


def _counted_quotas() -> Iterator[Fault]:
    held = _held().subquery()
    query = (
        select(Event.slug, Category.code, Category.places_taken, func.coalesce(held.c.held, 0))
        .join(Category, Category.event_id == Event.id)
        .outerjoin(held, held.c.category_id == Category.id)
        .order_by(Category.id)
    )
    for slug, code, taken, count in db.session.execute(query):
        if taken != count:
            yield Fault(
                "places taken of the category = registrations that hold one",
                f"{slug}/{code}",
                count,
                taken,
            )


def _states() -> Iterator[Fault]:
    confirmed, held = Registration.status == "confirmed", Registration.status == "submitted"
    # Held: the place waits for its fee.
    holding = or_(confirmed, held)
    wrong = or_(
        and_(holding, Registration.holds_place.is_(False)),
        and_(~holding, Registration.holds_place),
        and_(held, Registration.pay_until.is_(None)),
        and_(confirmed, Registration.confirmed_at.is_(None)),
        and_(Registration.status == "waiting", Registration.waiting_since.is_(None)),
        and_(Registration.city_status == "resolved", Registration.city_id.is_(None)),
        and_(Registration.status == "cancelled", Registration.ended_at.is_(None)),
    )
    query = select(Registration.id, Registration.status, Registration.holds_place).where(wrong)
    for number, status, holds in db.session.execute(query.order_by(Registration.id).limit(100)):
        yield Fault(
            "states of a registration agree",
            f"registration {number}",
            status,
            f"holds a place: {holds}",
        )


def _addresses() -> Iterator[Fault]:
    changed = case((Person.email_key == Registration.email_key, 0), else_=1)
    query = select(Registration.id, Registration.email_key, Person.email_key).join(
        Person, Person.id == Registration.person_id
    )
    for number, key, person_key in db.session.execute(
        query.where(changed == 1).order_by(Registration.id).limit(100)
    ):
        yield Fault(
            "a registration's address is its person's", f"registration {number}", person_key, key
        )
