"""Which characters the shipped fonts can set, how wide they are, and which fonts a text needs.

The table ``fonts/coverage.txt`` is made from the fonts by ``tools/build_fonts.py``. A PDF engine prints a box
for a character that no font has, without a word: so names are asked here before they are printed.
"""

from __future__ import annotations

import unicodedata
from bisect import bisect_right
from functools import cache, lru_cache
from pathlib import Path
from typing import Final, NamedTuple

from eventsys.files.scripts import EAST_ASIAN, scripts_of

FOLDER: Final = Path(__file__).parent / "fonts"
DISPLAY: Final = "Public Sans"
TEXT: Final = "Noto Sans"

# One Han character is drawn differently in each tradition; the first font that has it wins.
_HAN: Final = {
    "sc": ("Noto Sans SC", "Noto Sans TC", "Noto Sans JP"),
    "tc": ("Noto Sans TC", "Noto Sans SC", "Noto Sans JP"),
    "jp": ("Noto Sans JP", "Noto Sans TC", "Noto Sans SC"),
    # The Korean font is cut to Hangul; Korean Hanja keep the traditional forms.
    "kr": ("Noto Sans KR", "Noto Sans TC", "Noto Sans JP", "Noto Sans SC"),
}
_TRADITION: Final = {"TW": "tc", "HK": "tc", "MO": "tc", "JP": "jp", "KR": "kr", "KP": "kr"}
# Joiners, direction marks and variation selectors have no picture: they steer the shaping.
_NO_PICTURE: Final = frozenset({"Cf", "Zs", "Zl", "Zp"})
_SELECTORS: Final = (range(0xFE00, 0xFE10), range(0xE0100, 0xE01F0))
_MISSING_WIDTH: Final = 1000


class _Family(NamedTuple):
    first: list[int]
    last: list[int]
    width: list[int]

    def find(self, code: int) -> int | None:
        """Give the width of a character in thousandths of an em; None when the family lacks it."""
        place = bisect_right(self.first, code) - 1
        return self.width[place] if place >= 0 and code <= self.last[place] else None


@cache
def _families() -> dict[str, _Family]:
    table = {}
    for line in (FOLDER / "coverage.txt").read_text().splitlines():
        name, _, ranges = line.partition(": ")
        family = _Family([], [], [])
        for part in ranges.split():
            span, _, width = part.partition(":")
            first, _, last = span.partition("-")
            family.first.append(int(first, 16))
            family.last.append(int(last or first, 16))
            family.width.append(int(width))
        table[name] = family
    return table


def families() -> tuple[str, ...]:
    """List the families that are shipped."""
    return tuple(_families())


def covers(family: str, text: str) -> bool:
    """Tell whether one family has all the characters of a text."""
    table = _families()[family]
    return all(table.find(ord(letter)) is not None for letter in text if not _steers(letter))


@lru_cache(maxsize=8192)
def _known(letter: str) -> bool:
    return _steers(letter) or any(
        table.find(ord(letter)) is not None for table in _families().values()
    )


def missing_glyphs(text: str) -> list[str]:
    """List the characters of a text, each once, that none of the shipped fonts can set."""
    return [
        letter for letter in dict.fromkeys(unicodedata.normalize("NFC", text)) if not _known(letter)
    ]


@lru_cache(maxsize=4096)
def font_stack(text: str, country: str | None = None) -> tuple[str, ...]:
    """Give the families that a text needs, the best first; never none.

    Latin goes to the display face when it has every character of the text, so that no name mixes two
    faces. Han characters take the forms of the country (ISO 3166 alpha-2).
    """
    if covers(DISPLAY, text):
        return (DISPLAY,)
    names = {script.name for script in scripts_of(text)}
    han = _HAN[tradition(text, country)] if names & EAST_ASIAN else ()
    order = dict.fromkeys((*(() if "latin" in names else han), TEXT, *han, *_families()))
    stack: list[str] = []
    # Letters first: the font of a text's letters also draws its spaces and signs, when it has them.
    for wanted in (str.isalpha, str.isprintable):
        left = {letter for letter in text if wanted(letter) and not _steers(letter)}
        for family in (*stack, *order):
            found = {letter for letter in left if _families()[family].find(ord(letter)) is not None}
            if found and family not in stack:
                stack.append(family)
            left -= found
    return tuple(stack) or (TEXT,)


def text_width(text: str, stack: tuple[str, ...]) -> float:
    """Add up the widths of a text's characters in em, in the heaviest weight.

    Kerning and the joining of letters make the printed text narrower, hardly ever wider.
    """
    tables = [_families()[family] for family in stack]
    total = 0
    for letter in text:
        if unicodedata.category(letter) == "Cf":
            continue
        widths = (table.find(ord(letter)) for table in tables)
        total += next((width for width in widths if width is not None), _MISSING_WIDTH)
    return total / 1000


def tradition(text: str, country: str | None = None) -> str:
    """Choose the forms of Han characters: ``sc``, ``tc``, ``jp`` or ``kr``."""
    names = {script.name for script in scripts_of(text)}
    if "kana" in names:
        return "jp"
    if "hangul" in names:
        return "kr"
    known = _TRADITION.get((country or "").upper())
    if known:
        return known
    han = "".join(letter for letter in text if letter.isalpha() and not letter.isascii())
    # What the simplified font lacks and the traditional one has was not written in simplified characters.
    return "tc" if not covers("Noto Sans SC", han) and covers("Noto Sans TC", han) else "sc"


@lru_cache(maxsize=8192)
def _steers(letter: str) -> bool:
    return unicodedata.category(letter) in _NO_PICTURE or any(
        ord(letter) in block for block in _SELECTORS
    )
