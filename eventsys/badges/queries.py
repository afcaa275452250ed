"""What is printed on badges, of many read in one statement; names of places come from the places index."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import select

from eventsys.badges.rules.face import Band, Heading, Person, printed_texts
from eventsys.core.db import db
from eventsys.core.i18n import country_name, format_date_range, in_language, text_in
from eventsys.events.models import Category, Event
from eventsys.files.glyphs import missing_glyphs
from eventsys.places.queries import City, city_name, find_city, get_cities
from eventsys.registration.models import Registration
from eventsys.registration.rules.names import full_name
from eventsys.registration.rules.states import Status

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from eventsys.registration.queries.detail import Detail


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


_PEOPLE: Final = select(
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
).join(Category, Category.id == Registration.category_id)


def badge_of(detail: Detail) -> BadgeFacts:
    """Give what one badge needs of a registration that was read already."""
    registration, category = detail.registration, detail.category
    band = _band(category.name, category.colour, registration.language)
    return _facts(registration, band, find_city(registration.city_id))


def list_badges(event_id: int, registration_ids: Collection[int] | None = None) -> list[BadgeFacts]:
    """List what the badges of an event need, by name: of all confirmed, or of those of them that are named."""
    query = _PEOPLE.where(
        Registration.event_id == event_id, Registration.status == Status.CONFIRMED
    )
    if registration_ids is not None:
        query = query.where(Registration.id.in_(registration_ids))
    rows: Sequence[Any] = db.session.execute(
        query.order_by(Registration.sort_name, Registration.id)
    ).all()
    cities = get_cities({row.city_id for row in rows})
    return [
        _facts(row, _band(row.category_name, row.colour, row.language), cities.get(row.city_id))
        for row in rows
    ]


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


def _band(name: dict[str, str], colour: str, language: str) -> Band:
    return Band(text_in(name, language), colour)


def _facts(row: Any, band: Band, city: City | None) -> BadgeFacts:  # noqa: ANN401 (a registration, or a row with its columns)
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
    return BadgeFacts(
        row.id, row.key, row.badge_generation, row.short_code, row.status, person, band
    )
