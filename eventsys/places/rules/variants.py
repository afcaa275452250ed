"""The names that a typed text may mean, the surest first.

``Ayuntamiento de Viña del Mar, Chile (sede central)`` may be the whole text, the part before the
comma, and that part without the institution.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from typing import Final

from eventsys.places.rules import affixes, fold

LONGEST_TEXT: Final = 200  # letters; what is longer is no name of a city
MOST_VARIANTS: Final = 40
ARTICLES: Final = frozenset(
    (
        "el",
        "la",
        "le",
        "les",
        "los",
        "las",
        "l",
        "the",
        "il",
        "lo",
        "o",
        "a",
        "al",
        "de",
        "den",
        "die",
        "der",
        "das",
        "het",
        "els",
    )
)
_PARTS: Final = re.compile(r"\s*[,;，、،|\n]\s*|\s+[-–—/]\s+|\s*/\s*|\s*[(\[（]\s*|\s*[)\]）]\s*")
_ACRONYM: Final = re.compile(r"^[A-Z]{2,6}\s+(?=\w)|(?<=\w)\s+[A-Z]{3,6}$")
_NUMBERS: Final = re.compile(r"\b[a-z]{0,2}-?\d[\w-]*\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Variant:
    """One reading of a text. ``cost`` counts what was taken away; ``region`` needs a confirmation."""

    key: str
    cost: int
    region: bool = False
    spaced: str = ""
    typed: str = ""


def parts(text: str) -> list[str]:
    """Split a text at commas, brackets and dashes: the name, then what stands beside it."""
    text = unicodedata.normalize("NFKC", text[:LONGEST_TEXT])
    return [
        part for part in (p.strip(" .\t") for p in _PARTS.split(text)) if part and fold.key(part)
    ]


def _stripped(words: list[str]) -> list[tuple[list[str], int, bool]]:
    """Give what remains without institutions, how many of them were taken away, and if one is a region."""
    found = [(rest, 1, False) for rest in (*affixes.after_head(words), *affixes.before_tail(words))]
    for rest in affixes.after_head(words):
        found += [
            (both, 2, False) for both in (*affixes.before_tail(rest), *affixes.after_head(rest))
        ]
    found += [(rest, 1, True) for rest in affixes.after_region(words)]
    return found


class _Readings:
    """Collects readings, each key once: the surer one stays."""

    def __init__(self, name: str) -> None:
        self.accented = fold.composed(name)
        self.found: dict[str, Variant] = {}

    def add(self, rest: list[str], cost: int, *, region: bool = False) -> None:
        text_key = "".join(rest)
        known = self.found.get(text_key)
        if text_key and (known is None or (known.region and not region)):
            typed = self.accented if cost == 0 else ""
            self.found[text_key] = Variant(text_key, cost, region, " ".join(rest), typed)

    def add_with_stripped(self, words: list[str], cost: int) -> None:
        self.add(words, cost)
        for rest, taken, region in _stripped(words):
            self.add(rest, cost + taken, region=region)

    def add_with_mended(self, words: list[str]) -> None:
        """Add what remains when the institution is misspelt: ``Ayuntamineto de Bilbao``."""
        put_right = affixes.mended(words)
        if put_right != words:
            for rest, taken, region in _stripped(put_right):
                self.add(rest, 1 + taken, region=region)


def variants(name: str) -> list[Variant]:
    """Give the readings of one name (without its country), the surest first, each key once."""
    readings = _Readings(name)
    typed = fold.words(name)
    readings.add(typed, 0)
    readings.add([fold.digraph_key(name)], 0)
    readings.add_with_stripped(typed, 0)
    if len(typed) > 1 and typed[0] in ARTICLES:
        readings.add(typed[1:], 1)
    unnumbered = fold.words(_NUMBERS.sub(" ", name))
    if unnumbered != typed:
        readings.add_with_stripped(unnumbered, 1)
    readings.add_with_mended(typed)
    if not name.isupper() and (without := _ACRONYM.sub("", name)) != name:
        readings.add(fold.words(without), 3, region=True)  # "AMB Barcelona": a person confirms it
    for reading in [v for v in readings.found.values() if fold.is_logographic(v.key)]:
        for shorter in affixes.without_joined_tail(reading.key):
            readings.add([shorter], reading.cost + 1)
    return sorted(readings.found.values(), key=lambda v: (v.cost, v.region))[:MOST_VARIANTS]
