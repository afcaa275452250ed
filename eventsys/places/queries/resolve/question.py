"""The typed text taken apart: the names it may be, the country, what stands beside the name."""

from __future__ import annotations

from dataclasses import dataclass

from eventsys.places.queries.countries import resolve_country
from eventsys.places.rules.fold import key
from eventsys.places.rules.variants import ARTICLES, parts


@dataclass(frozen=True, slots=True)
class Question:
    """What is asked. ``country`` is known from the form or from the end of the text."""

    names: tuple[str, ...]
    country: str | None
    beside: tuple[str, ...] = ()
    other_country: str | None = None  # stands beside the name and is not the one that was given
    named_country: str | None = None  # the text itself is the name of a country: "Luxembourg"

    @property
    def keys_beside(self) -> frozenset[str]:
        """Give the keys of what stands beside the name: a state, a province, a district."""
        return frozenset(key(piece) for piece in self.beside)


def _country_at_end(pieces: list[str]) -> tuple[str | None, int]:
    """Give the country that stands at the end, and how many pieces stand before it."""
    for start in range(1, len(pieces)):
        code = resolve_country(" ".join(pieces[start:]))
        if code is not None:
            return code, start
    return None, len(pieces)


def read_question(text: str, country: str | None) -> Question:
    """Take the country off the end; what else stands beside the name may tell homonyms apart."""
    pieces = parts(text)
    if len(pieces) == 2 and key(pieces[1]) in ARTICLES:  # "Caire, Le", as indexes write it
        pieces = [f"{pieces[1]} {pieces[0]}"]
    known = resolve_country(country.strip()) if country else None
    other = None
    while len(pieces) > 1:
        last, size = _country_at_end(pieces)
        if last is None or (known is not None and last != known):
            other = last
            break
        known = known or last
        del pieces[size:]
    whole = " ".join(pieces)
    return Question(
        names=(whole, pieces[0]) if len(pieces) > 1 else (whole,),
        country=known,
        beside=tuple(pieces[1:]),
        other_country=other,
        named_country=resolve_country(whole),
    )
