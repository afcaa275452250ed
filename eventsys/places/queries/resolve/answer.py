"""The resolver: decisions of people first, then the index, then an answer that can be shown."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

from eventsys.places.queries.cities import find_city
from eventsys.places.queries.countries import resolve_country
from eventsys.places.queries.index import City, current_index
from eventsys.places.queries.learned import Learned, alias_key, learned_for
from eventsys.places.queries.resolve.question import Question, read_question
from eventsys.places.queries.resolve.search import Search

if TYPE_CHECKING:
    from eventsys.places.rules.decide import Status


@dataclass(frozen=True, slots=True)
class Alternative:
    """A city that may be meant; the region tells homonyms apart."""

    geonameid: int
    name: str
    country: str
    region: str
    population: int
    score: float


@dataclass(frozen=True, slots=True)
class Resolution:
    """The answer. Only ``resolved`` may be counted; the others go to a person."""

    status: Status
    geonameid: int | None
    name: str | None
    country: str | None
    score: float
    alternatives: tuple[Alternative, ...]
    # by a person: an "unknown" that is decided is no city, and is not asked again
    decided: bool = False


UNKNOWN: Final = Resolution("unknown", None, None, None, 0.0, ())


def resolve_city(text: str, country: str | None = None, language: str = "en") -> Resolution:
    """Say which city a typed name means.

    ``country`` is a name or code, as typed; an unknown one is an unknown city, never a guess. The
    language is the one in which the answer is named.
    """
    question = read_question(text, country)
    return resolve_typed(text, country, language, learned_for(_keys(text, question)))


def resolve_typed(text: str, country: str | None, language: str, learned: Learned) -> Resolution:
    """Do the same with the decisions of people handed in: for many rows at once."""
    if country and country.strip() and resolve_country(country) is None:
        return UNKNOWN
    question = read_question(text, country)
    decided = learned.find(_keys(text, question), question.country)
    if decided is not None:
        city = None if decided[0] is None else find_city(learned.counted_as(decided[0]))
        return _certain(city, language) if city else replace(UNKNOWN, decided=True)
    found = _without_contradiction(_searched(question, language), question, language)
    if found.geonameid in learned.merges and found.geonameid is not None:
        city = find_city(learned.counted_as(found.geonameid))
        return replace(_certain(city, language), decided=False) if city else found
    return found


def _keys(text: str, question: Question) -> list[str]:
    return list(dict.fromkeys(alias_key(name) for name in (text, *question.names)))


def _certain(city: City, language: str) -> Resolution:
    name = city.name_in(language)
    return Resolution("resolved", city.id, name, city.country, 1.0, (), decided=True)


def _searched(question: Question, language: str) -> Resolution:
    search = Search(current_index(), question)
    decision = search.decision()
    if decision is None:
        return UNKNOWN
    shown = tuple(
        _alternative(search.met[candidate.city_id], candidate.score, language)
        for candidate in decision.ranked
    )
    best = shown[0]
    if decision.status != "resolved":
        return Resolution(decision.status, None, None, None, best.score, shown)
    return Resolution("resolved", best.geonameid, best.name, best.country, best.score, shown[1:])


def _alternative(city: City, score: float, language: str) -> Alternative:
    region = current_index().admin_name(city.country, city.admin1)
    return Alternative(
        city.id, city.name_in(language), city.country, region, city.population, score
    )


def _without_contradiction(found: Resolution, question: Question, language: str) -> Resolution:
    """Leave it to a person when the country beside the name is not the one that was given.

    ``Atlanta, Georgia`` in the United States is no contradiction: there Georgia is a state.
    """
    if question.other_country is None:
        return found
    city = find_city(found.geonameid)
    if city and question.keys_beside & current_index().admin_keys(city.country, city.admin1):
        return found
    there = _searched(Question(question.names[-1:], question.other_country), language)
    shown = (*_shown(found, language), *_shown(there, language))
    unique = tuple({item.geonameid: item for item in reversed(shown)}.values())[::-1]
    return replace(UNKNOWN, status="ambiguous", alternatives=unique) if unique else UNKNOWN


def _shown(found: Resolution, language: str) -> tuple[Alternative, ...]:
    city = find_city(found.geonameid)
    best = (_alternative(city, found.score, language),) if city else ()
    return (*best, *found.alternatives)
