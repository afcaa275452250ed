"""What is printed on badges, read in one statement; names of places come from the places index."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import select

from eventsys.badges.rules.face import Band, Heading, Person, printed_texts
from eventsys.core.db import db
from eventsys.core.errors import NotFound
from eventsys.core.i18n import country_name, format_date_range, in_language, text_in
from eventsys.events.models import Category, Event
from eventsys.files.glyphs import missing_glyphs
from eventsys.places.queries import city_name, get_cities
from eventsys.registration.models import Registration
from eventsys.registration.rules.names import full_name
from eventsys.registration.rules.states import Status

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence


@dataclass(frozen=True, slots=True)
class BadgeFacts:
    """One registration as its badge needs it."""

    registration_id: int
    key: str
    generation: int
    short_code: str
    status: str
    person: Person
    band: Band


@dataclass(frozen=True, slots=True)
class Unprintable:
    """A person whose badge would show boxes: the shipped fonts lack these characters."""

    registration_id: int
    name: str
    characters: tuple[str, ...]


def get_badge(registration_id: int) -> tuple[BadgeFacts, Event]:
    """Get what one badge needs, and its event; raises NotFound."""
    rows = db.session.execute(_select(Event).where(Registration.id == registration_id)).all()
    if not rows:
        raise NotFound(what="registration", id=registration_id)
    return _facts(rows)[0], rows[0][-1]


def list_badges(event_id: int, registration_ids: Collection[int] | None = None) -> list[BadgeFacts]:
    """List what the badges of an event need, by name: of all confirmed, or of those of them that are named."""
    query = _select().where(
        Registration.event_id == event_id, Registration.status == Status.CONFIRMED
    )
    if registration_ids is not None:
        query = query.where(Registration.id.in_(registration_ids))
    return _facts(db.session.execute(query.order_by(Registration.sort_name, Registration.id)).all())


def list_unprintable(event_id: int) -> list[Unprintable]:
    """List the confirmed whose badge the fonts cannot set, by name: to be asked before printing."""
    found = []
    for facts in list_badges(event_id):
        characters = missing_glyphs("".join(printed_texts(facts.person)))
        if characters:
            name = full_name(facts.person.first_name, facts.person.last_name)
            found.append(Unprintable(facts.registration_id, name, tuple(characters)))
    return found


def heading(event: Event, language: str) -> Heading:
    """Name the event as a badge of a language does: title, days and place."""
    with in_language(language):
        days = format_date_range(event.starts_at, event.ends_at, event.timezone)
        place = city_name(event.city_id, language)
        return Heading(
            text_in(event.title), " · ".join(part for part in (days, place) if part), event.hue
        )


def _select(*more: Any) -> Any:  # noqa: ANN401 (a select of columns and perhaps entities)
    return (
        select(
            Registration.id,
            Registration.key,
            Registration.badge_generation,
            Registration.short_code,
            Registration.status,
            Registration.first_name,
            Registration.last_name,
            Registration.job_title,
            Registration.organisation,
            Registration.city_id,
            Registration.city_typed,
            Registration.country,
            Registration.language,
            Registration.photo_consent,
            Category.name.label("category_name"),
            Category.colour,
            *more,
        )
        .join(Category, Category.id == Registration.category_id)
        .join(Event, Event.id == Registration.event_id)
    )


def _facts(rows: Sequence[Any]) -> list[BadgeFacts]:
    cities = get_cities({row.city_id for row in rows})
    found = []
    for row in rows:
        city = cities.get(row.city_id)
        person = Person(
            first_name=row.first_name,
            last_name=row.last_name,
            job_title=row.job_title,
            organisation=row.organisation,
            city=city.name_in(row.language) if city else row.city_typed,
            country=country_name(row.country, row.language),
            country_code=row.country,
            language=row.language,
            photo_consent=row.photo_consent,
        )
        band = Band(text_in(row.category_name, row.language), row.colour)
        found.append(
            BadgeFacts(
                row.id, row.key, row.badge_generation, row.short_code, row.status, person, band
            ),
        )
    return found
