"""Registrations for figures, written as rows: hundreds of people with what a figure asks for."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from eventsys.core.db import db
from eventsys.events.models import Category
from eventsys.members.models import Membership, Organisation
from eventsys.people.models import Person
from eventsys.registration.models import Registration

if TYPE_CHECKING:
    from datetime import date

    from eventsys.events.models import Event

NOON = datetime(2026, 1, 10, 12, tzinfo=UTC)


def make_people(
    event: Event,
    count: int = 1,
    *,
    category: str = "delegate",
    came: datetime | bool = False,
    status: str = "confirmed",
    **more: Any,
) -> list[Registration]:
    """Store registrations of one kind; ``came``: the moment of arrival, or True for the start of the event."""
    category_id = next(
        item.id
        for item in db.session.query(Category).filter_by(event_id=event.id)
        if item.code == category
    )
    before = db.session.query(Registration).count()
    made = []
    for number in range(before + 1, before + count + 1):
        name = f"person-{number}"
        person = more.get("person_id") or _person(name)
        values: dict[str, Any] = {
            "gender": "woman",
            "country": "ES",
            "city_id": 3128760,
            "city_status": "resolved",
            "registered_at": NOON,
            **more,
            "person_id": person,
        }
        made.append(
            Registration(
                key=f"{number:032d}", event_id=event.id, category_id=category_id, status=status,
                attended_at=event.starts_at if came is True else came or None,
                first_name=name, email=f"{name}@example.org", email_key=f"{name}@example.org",
                language="en", sort_name=name, search_text=name, link_digest=f"l{number}",
                badge_digest=f"b{number}", short_code=f"{number:08d}", updated_at=NOON, **values,
            ),
        )  # fmt: skip
    db.session.add_all(made)
    db.session.commit()
    return made


def _person(name: str) -> int:
    address = f"{name}@example.org"
    person = Person(
        email=address, email_key=address, first_name=name, language="en", created_at=NOON
    )
    db.session.add(person)
    db.session.flush()
    return person.id


def make_member(
    name: str,
    *,
    since: date,
    until: date | None = None,
    region: str = "Europe",
    country: str = "ES",
    kind: str = "member",
) -> Organisation:
    """Store a member (or another kind of organisation) with one period of membership."""
    organisation = Organisation(
        name=name, name_key=name.casefold(), kind=kind, region=region, country=country,
        created_at=NOON, updated_at=NOON,
    )  # fmt: skip
    db.session.add(organisation)
    db.session.flush()
    db.session.add(Membership(organisation_id=organisation.id, since=since, until=until))
    db.session.commit()
    return organisation
