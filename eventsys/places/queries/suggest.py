"""Cities while a person types: for the combobox."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from eventsys.core.i18n import country_name
from eventsys.places.queries.countries import resolve_country
from eventsys.places.queries.index import Named, current_index
from eventsys.places.rules import fold

if TYPE_CHECKING:
    from collections.abc import Collection

SHOWN_FACTOR: Final = (
    30  # a city whose shown name begins as typed counts as that many times the people
)
POOL: Final = 60  # cities looked at before the best are chosen


@dataclass(frozen=True, slots=True)
class Suggestion:
    """One line of the list: ``label`` tells homonyms apart, ``name`` goes into the field."""

    id: int
    name: str
    label: str
    country: str
    member: bool

    @property
    def note(self) -> str:
        """Give ``member`` for a city of a member, else "" (a code, to be worded by the page)."""
        return "member" if self.member else ""


def _place_in_list(
    named: Named, prefix: str, language: str, members: Collection[int]
) -> tuple[bool, float, int]:
    """Order: members, then large cities, those first whose shown name begins as typed."""
    city = named.city
    shown = any(fold.key(name).startswith(prefix) for name in (city.name_in(language), city.name))
    return city.id not in members, -city.population * (SHOWN_FACTOR if shown else 1), city.id


def _label(named: Named, language: str, twins: Collection[str], *, with_country: bool) -> str:
    city = named.city
    name = city.name_in(language)
    beside = []
    if name in twins:
        beside.append(current_index().admin_name(city.country, city.admin1))
    if with_country:
        beside.append(country_name(city.country, language))
    return ", ".join([name, *(part for part in beside if part and part != name)])


def suggest(
    q: str,
    country: str | None = None,
    language: str = "en",
    limit: int = 8,
    members: Collection[int] = (),
) -> list[Suggestion]:
    """Give the cities one of whose names, in any language, begins with the text: members and large ones first."""
    prefix = fold.key(q[:80])
    code = resolve_country(country) if country else None
    if not prefix or (country and code is None):
        return []
    found = current_index().beginning(prefix, code, POOL)
    found.sort(key=lambda named: _place_in_list(named, prefix, language, members))
    shown = found[:limit]
    names = [named.city.name_in(language) for named in shown]
    twins = {name for name in names if names.count(name) > 1}
    return [
        Suggestion(
            id=named.city.id,
            name=named.city.name_in(language),
            label=_label(named, language, twins, with_country=code is None),
            country=named.city.country,
            member=named.city.id in members,
        )
        for named in shown
    ]
