"""A city of the index, found by a name, as a candidate for what was typed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from eventsys.places.rules import typos
from eventsys.places.rules.decide import Candidate
from eventsys.places.rules.fold import composed, key, words
from eventsys.places.rules.kinds import NameKind
from eventsys.places.rules.skeleton import skeletons

if TYPE_CHECKING:
    from eventsys.places.queries.index import City, Named
    from eventsys.places.rules.variants import Variant


def _own_names(city: City) -> set[str]:
    return {city.name, *city.names.values()}


def candidate_of(named: Named, variant: Variant, distance: int = 0) -> Candidate:
    """Compare a city that was found by a name with the reading of the text it was found for."""
    city = named.city
    own = _own_names(city)
    typed = variant.spaced.split()
    found = skeletons(named.key)
    return Candidate(
        city_id=city.id,
        country=city.country,
        population=city.population,
        lat=city.lat,
        lon=city.lon,
        kind=named.kind,
        admin1=city.admin1,
        cost=variant.cost,
        distance=distance,
        region=variant.region,
        same_sound=any(found & skeletons(key(name)) for name in own),
        same_words=any(words(name) == typed for name in own),
        same_accents=not variant.typed.isascii() and variant.typed in map(composed, own),
        same_start=named.key[:1] == variant.key[:1],
        slip=distance > 0 and typos.is_slip(variant.key, named.key),
        key=named.key,
        nearness=_nearness(named, variant) if distance == 1 else 0,
        one_word_errs=distance == 1 and _one_word_errs(named, typed),
    )


def _nearness(named: Named, variant: Variant) -> int:
    """Measure a slip by the spelling of the main name; of other names only the key is known."""
    if not typos.is_drop_or_swap(variant.key, named.key):
        return 0
    if named.kind != NameKind.MAIN:
        return typos.OTHER_SPACES
    own = [words(name) for name in _own_names(named.city)]
    if named.key not in map("".join, own):
        return typos.ONE_WORD  # a curated name
    typed = variant.spaced.split()
    return max(typos.slip_nearness(typed, name) for name in own)


def _one_word_errs(named: Named, typed: list[str]) -> bool:
    """Tell whether one word differs; where the spaces of a name are not known ("Juárez") it gets the benefit."""
    own = [words(name) for name in _own_names(named.city)]
    return named.key not in map("".join, own) or any(
        typos.errs_in_one_word(typed, name) for name in own
    )


def stands_as_typed(named: Named, variant: Variant) -> bool:
    """Tell whether the text is the main name of a city as it stands, with its spaces and accents."""
    if named.kind != NameKind.MAIN:
        return False
    own = _own_names(named.city)
    if variant.key not in map(key, own):
        return True  # a curated name, or one written without umlauts
    if not any(words(name) == variant.spaced.split() for name in own):
        return False
    return variant.typed.isascii() or variant.typed in map(composed, own)


def keeps_accents(city: City, variant: Variant) -> bool:
    """Tell whether a text is the slip of a name with its accents: ``Goiâna`` is Goiânia, not Goiana."""
    return any(typos.is_drop_or_swap(variant.typed, composed(name)) for name in _own_names(city))
