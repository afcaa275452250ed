"""The forms in which people write a country: with an article, in full style, turned round, abbreviated.

``The Gambia``, ``Gambia, The``, ``Republic of the Gambia``, ``Rep. of Gambia`` and ``Gambia (Gambie)`` are one country.
"""

from __future__ import annotations

from itertools import product
from typing import TYPE_CHECKING, Final

from eventsys.places.rules import fold

if TYPE_CHECKING:
    from collections.abc import Iterator

MOST_FORMS: Final = 60
SHORTEST_AFTER_ARTICLE: Final = 4  # letters: "la mar" is not Morocco (MAR)
_ARTICLES: Final = frozenset("the el la los las le les l o a os as der die das il lo".split())
_CONNECTORS: Final = frozenset("and y et e und en i of".split())
_SHORT: Final = {
    "rep": ("republic", "republica", "republique"),
    "dem": ("democratic", "democratica", "democratique"),
    "pop": ("popular", "populaire"),
    "fed": ("federal", "federated"),
    "is": ("islands",),
    "isl": ("islands",),
    "st": ("saint",),
    "ste": ("sainte",),
    "sta": ("santa",),
    "s": ("south",),
    "n": ("north",),
}
# A style with "democratic" or "people's" is no form of the plain name: there are two Congos and two Koreas.
_STATES: Final = frozenset(
    "republic kingdom sultanate principality commonwealth duchy union federation "
    "republica reino sultanato principado ducado federacion mancomunidad "
    "republique royaume sultanat principaute duche republik".split(),
)
_BEFORE_STATE: Final = frozenset(
    "the la el le federal federative islamic arab oriental cooperative co operative grand gran independent bolivarian hashemite".split(),
)
_AFTER_STATE: Final = frozenset(
    "federal federative islamica arabe oriental cooperativa federale islamique unida bolivariana of the de del la las los des du d l der".split(),
)


def _unarticled(words: list[str]) -> list[str]:
    rest = words[1:]
    kept = words[0] == "the" or len("".join(rest)) >= SHORTEST_AFTER_ARTICLE
    return rest if rest and words[0] in _ARTICLES and kept else words


def _unstyled(words: list[str]) -> list[str]:
    """Take ``Federal Republic of`` off the beginning."""
    start = 0
    while start < len(words) and words[start] in _BEFORE_STATE:
        start += 1
    if start >= len(words) or words[start] not in _STATES:
        return words
    start += 1
    after = start
    while after < len(words) and words[after] in _AFTER_STATE:
        after += 1
    return words[after:] if start < after < len(words) else words


def _spelt_out(words: list[str]) -> Iterator[list[str]]:
    """Give the words with their abbreviations spelt out, in each language."""
    for chosen in product(*((word, *_SHORT.get(word, ())) for word in words)):
        yield list(chosen)


def country_keys(text: str) -> list[str]:
    """Give the keys under which a country may be known, the text as it stands first."""
    orders = [fold.words(text)]
    name, comma, style = text.partition(",")
    if comma:
        orders.append([*fold.words(style), *fold.words(name)])
    found = {"".join(orders[0]): None}
    for words in orders:
        if not words:
            continue
        for spelt in _spelt_out(words[:10]):
            plain = _unarticled(spelt)
            for form in (spelt, plain, _unstyled(spelt), _unarticled(_unstyled(spelt))):
                found["".join(form)] = None
                found["".join(word for word in form if word not in _CONNECTORS)] = None
            if len(found) > MOST_FORMS:
                break
    return [key for key in found if key]
