"""Texts fitted to boxes, before they are set.

The engine can measure, but a measurement costs as much as the page (1,400 badges: 10 s instead of 2 s).
So sizes are chosen here from the fonts' own widths. The widths are those of the heaviest weight without
kerning, thus never too small, and lines are broken only where the engine may break too: what fits
here fits on paper (``tests/integration/badges`` checks it on the printed page).
"""

from __future__ import annotations

import math
import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Any, Final

from eventsys.files.glyphs import font_stack, missing_glyphs, text_width, tradition
from eventsys.files.scripts import (
    UNSPACED,
    is_right_to_left,
    language_of,
    line_room,
    script_of,
    scripts_of,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

MILLIMETRE: Final = 72 / 25.4
_SLACK: Final = 1.02
# Joined letters are narrower than the single ones that the table measures: in Arabic names by 8 to 30 %.
_JOINED: Final = {"arabic": 0.93}
_SPACES: Final = re.compile(r"[ \t\r\n]+")
_AFTER_HYPHEN: Final = re.compile(r"(?<=[^\W\d_]-)(?=[^\W\d_])|\u200b")
# The longest words of real names have under 40 letters; what is longer may be broken anywhere.
_ENDLESS: Final = re.compile(r"[^\s\u200b-]{41,}")
_BREAK_EVERY: Final = 20
_REGIONS: Final = {"sc": "CN", "tc": "TW", "jp": "JP", "kr": "KR"}


@dataclass(frozen=True, slots=True)
class Text:
    """A text with all that its setting needs. Widths in em; ``words`` are (width, space before)."""

    text: str
    fonts: tuple[str, ...]
    language: str
    region: str | None
    right_to_left: bool
    above: float
    below: float
    words: tuple[tuple[float, float], ...]

    @property
    def widest(self) -> float:
        """Give the width of the widest word: it cannot be broken."""
        return max((width for width, _ in self.words), default=0.0)

    @property
    def length(self) -> float:
        """Give the width of the whole text on one line."""
        return sum(width + space for width, space in self.words) - (
            self.words[0][1] if self.words else 0
        )


@dataclass(frozen=True, slots=True)
class Piece:
    """A paragraph of a block: its share of the block's size, and distances in em of its own size."""

    text: Text
    share: float = 1.0
    leading: float = 0.2
    gap: float = 0.0
    style: str = ""


@lru_cache(maxsize=2048)
def prepare(
    text: str, *, language: str, country: str | None = None, unbroken: bool = False
) -> Text:
    """Find out fonts, language, direction and widths of a text.

    ``language`` is that of Latin texts; ``country`` (alpha-2) chooses the forms of Han characters.
    ``unbroken`` keeps names that are written without spaces on one line. Signs (not letters) that no
    font has are left out.
    """
    text = _SPACES.sub(" ", unicodedata.normalize("NFC", text)).strip()
    signs = {letter for letter in missing_glyphs(text) if unicodedata.category(letter)[0] in "SPC"}
    text = (
        _SPACES.sub(" ", "".join(letter for letter in text if letter not in signs)).strip() or text
    )
    stack = font_stack(text, country)
    above, below = line_room(text)
    scripts = {script.name for script in scripts_of(text)}
    if not scripts & UNSPACED:
        text = _ENDLESS.sub(_with_breaks, text)
    return Text(
        text=text,
        fonts=stack,
        language=language_of(text, language, country),
        region=_REGIONS[tradition(text, country)] if "han" in scripts else None,
        right_to_left=is_right_to_left(text),
        above=above,
        below=below,
        words=tuple(_words(text, stack, unbroken=unbroken or not scripts & UNSPACED)),
    )


def _with_breaks(word: re.Match[str]) -> str:
    letters = word.group()
    starts = range(0, len(letters), _BREAK_EVERY)
    return "\u200b".join(letters[start : start + _BREAK_EVERY] for start in starts)


def _words(text: str, stack: tuple[str, ...], *, unbroken: bool) -> list[tuple[float, float]]:
    space = text_width(" ", stack)
    scripts = scripts_of(text)
    slack = _SLACK * (_JOINED.get(scripts[0].name, 1.0) if len(scripts) == 1 else 1.0)
    words: list[tuple[float, float]] = []
    for word in text.split(" "):
        parts = _AFTER_HYPHEN.split(word) if unbroken else _clusters(word)
        for number, part in enumerate(parts):
            words.append((text_width(part, stack) * slack, 0.0 if number else space))
    return words


def _clusters(word: str) -> list[str]:
    """Cut where a script without spaces may break: between Han characters, roughly by syllable elsewhere."""
    clusters: list[str] = []
    for letter in word:
        script = script_of(letter)
        joins = (
            unicodedata.category(letter)[0] == "M" or script is None or script.name not in UNSPACED
        )
        if clusters and joins:
            clusters[-1] += letter
        else:
            clusters.append(letter)
    return clusters


def count_lines(text: Text, size: float, width: float) -> int:
    """Count the lines of a text of a size in a box of a width, both in points; first fit, as the engine does."""
    lines, used = 1, 0.0
    for word, space in text.words:
        needed = word * size
        if used and used + space * size + needed > width:
            lines += 1
            used = needed
        else:
            used += (space * size if used else 0.0) + needed
    return lines


def sizes_at(pieces: Sequence[Piece], size: float, width: float) -> list[float]:
    """Give the size of each piece: its share, or what its widest word allows."""
    return [
        min(size * piece.share, width / piece.text.widest if piece.text.widest else size)
        for piece in pieces
    ]


def height_at(pieces: Sequence[Piece], sizes: Sequence[float], width: float) -> float:
    """Give the height of a block in points."""
    height = 0.0
    for number, (piece, size) in enumerate(zip(pieces, sizes, strict=True)):
        lines = count_lines(piece.text, size, width)
        height += (
            lines * (piece.text.above + piece.text.below) * size
            + (lines - 1) * piece.leading * size
        )
        height += piece.gap * size if number else 0.0
    return height


def fit(
    pieces: Sequence[Piece], largest: float, smallest: float, width: float, height: float
) -> list[dict[str, Any]]:
    """Choose the largest size at which a block fits its box (points); give it as templates take it.

    Below ``smallest`` it goes on shrinking only if nothing else helps.
    """
    size = largest
    sizes = sizes_at(pieces, size, width)
    while height_at(pieces, sizes, width) > height and size > 1:
        size *= 0.96 if size > smallest else 0.9
        sizes = sizes_at(pieces, size, width)
    return [
        {
            "text": piece.text.text,
            "fonts": piece.text.fonts,
            "lang": piece.text.language,
            "region": piece.text.region,
            "size": math.floor(used * 100) / 100,
            "above": piece.text.above,
            "below": piece.text.below,
            "leading": piece.leading,
            "gap": piece.gap if number else 0,
            "style": piece.style,
        }
        for number, (piece, used) in enumerate(zip(pieces, sizes, strict=True))
    ]
