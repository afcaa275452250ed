"""The script of a text: its direction, its language, the room its lines need.

Pure facts about writing, by Unicode block. Good enough for names and places; not a library of scripts.
"""

from __future__ import annotations

import unicodedata
from functools import lru_cache
from typing import Final, NamedTuple


class Script(NamedTuple):
    """One script: its blocks, its usual language, and the room of a line above and below, in em."""

    name: str
    blocks: tuple[range, ...]
    language: str
    above: float
    below: float


_LATIN: Final = Script("latin", (range(0x41, 0x370),), "", 0.78, 0.22)
_SCRIPTS: Final = (
    Script("greek", (range(0x370, 0x400), range(0x1F00, 0x2000)), "el", 0.8, 0.24),
    Script("cyrillic", (range(0x400, 0x530),), "ru", 0.8, 0.24),
    Script("armenian", (range(0x530, 0x590),), "hy", 0.8, 0.3),
    Script("hebrew", (range(0x590, 0x600), range(0xFB1D, 0xFB50)), "he", 0.82, 0.28),
    Script(
        "arabic",
        (range(0x600, 0x780), range(0x8A0, 0x900), range(0xFB50, 0xFF00)),
        "ar",
        0.95,
        0.45,
    ),
    Script("devanagari", (range(0x900, 0x980),), "hi", 1.0, 0.4),
    Script("bengali", (range(0x980, 0xA00),), "bn", 0.95, 0.4),
    Script("gurmukhi", (range(0xA00, 0xA80),), "pa", 0.95, 0.4),
    Script("gujarati", (range(0xA80, 0xB00),), "gu", 0.95, 0.4),
    Script("oriya", (range(0xB00, 0xB80),), "or", 0.95, 0.45),
    Script("tamil", (range(0xB80, 0xC00),), "ta", 0.95, 0.4),
    Script("telugu", (range(0xC00, 0xC80),), "te", 0.95, 0.5),
    Script("kannada", (range(0xC80, 0xD00),), "kn", 0.95, 0.5),
    Script("malayalam", (range(0xD00, 0xD80),), "ml", 0.95, 0.5),
    Script("sinhala", (range(0xD80, 0xE00),), "si", 0.95, 0.45),
    Script("thai", (range(0xE00, 0xE80),), "th", 1.05, 0.35),
    Script("lao", (range(0xE80, 0xF00),), "lo", 1.05, 0.4),
    Script(
        "myanmar",
        (range(0x1000, 0x10A0), range(0xA9E0, 0xAA00), range(0xAA60, 0xAA80)),
        "my",
        1.05,
        0.6,
    ),
    Script("georgian", (range(0x10A0, 0x1100), range(0x1C90, 0x1CC0)), "ka", 0.8, 0.3),
    Script("ethiopic", (range(0x1200, 0x13A0),), "am", 0.85, 0.25),
    Script("khmer", (range(0x1780, 0x1800),), "km", 1.05, 0.65),
    Script("tifinagh", (range(0x2D30, 0x2D80),), "zgh", 0.8, 0.22),
    Script(
        "hangul",
        (range(0xAC00, 0xD7A4), range(0x1100, 0x1200), range(0x3130, 0x3190)),
        "ko",
        0.9,
        0.18,
    ),
    Script(
        "kana",
        (range(0x3040, 0x3100), range(0x31F0, 0x3200), range(0x3005, 0x3006)),
        "ja",
        0.9,
        0.18,
    ),
    Script(
        "han",
        (range(0x3400, 0xA000), range(0xF900, 0xFB00), range(0x20000, 0x33480)),
        "zh",
        0.9,
        0.18,
    ),
)
_UNKNOWN: Final = Script("unknown", (), "", 1.05, 0.5)
# Two marks above one letter, as Vietnamese has them; marks set one by one; Arabic vowels.
_TALL: Final = (
    range(0x1EA0, 0x1EFA),
    range(0x300, 0x370),
    range(0x64B, 0x660),
    range(0x670, 0x671),
)
_BY_COUNTRY: Final = {
    "arabic": {"IR": "fa", "AF": "fa", "PK": "ur"},
    "cyrillic": {
        "UA": "uk",
        "RS": "sr",
        "ME": "sr",
        "BA": "sr",
        "BG": "bg",
        "MK": "mk",
        "BY": "be",
    },
    "devanagari": {"NP": "ne"},
}
EAST_ASIAN: Final = frozenset({"han", "kana", "hangul"})
# Scripts that put no space between words.
UNSPACED: Final = frozenset({"han", "kana", "thai", "lao", "khmer", "myanmar"})


@lru_cache(maxsize=8192)
def script_of(letter: str) -> Script | None:
    """Give the script of one character; None for signs, digits and spaces that all scripts share."""
    code = ord(letter)
    if code < 0x370 or code in range(0x1E00, 0x1F00):
        return _LATIN if letter.isalpha() else None
    for script in _SCRIPTS:
        if any(code in block for block in script.blocks):
            return script
    return _UNKNOWN if letter.isalpha() else None


def scripts_of(text: str) -> list[Script]:
    """List the scripts of a text, in the order in which they first occur."""
    found = (script_of(letter) for letter in dict.fromkeys(text))
    return list(dict.fromkeys(script for script in found if script is not None))


def language_of(text: str, fallback: str, country: str | None = None) -> str:
    """Choose the language that shaping should think of: by script and country; ``fallback`` for Latin.

    A text with kana is Japanese and one with Hangul Korean, whatever Han characters stand beside.
    """
    scripts = {script.name: script for script in scripts_of(text)}
    for name in ("kana", "hangul"):
        if name in scripts:
            return scripts[name].language
    first = next(iter(scripts.values()), _LATIN)
    if first.name == "han":
        return {"JP": "ja", "KR": "ko", "KP": "ko"}.get(country or "", "zh")
    return _BY_COUNTRY.get(first.name, {}).get(country or "") or first.language or fallback


def line_room(text: str) -> tuple[float, float]:
    """Give the room that lines of a text need above and below the base line, in em."""
    scripts = scripts_of(text) or [_LATIN]
    above = max(script.above for script in scripts)
    if any(ord(letter) in block for letter in text for block in _TALL):
        above = max(above, 1.0)
    return above, max(script.below for script in scripts)


def is_right_to_left(text: str) -> bool:
    """Tell the direction of a text by its first letter that has one."""
    for letter in text:
        direction = unicodedata.bidirectional(letter)
        if direction in {"R", "AL"}:
            return True
        if direction == "L":
            return False
    return False


def is_east_asian(text: str) -> bool:
    """Tell whether a text is written in Han characters, kana or Hangul, and in nothing else."""
    scripts = scripts_of(text)
    return bool(scripts) and all(script.name in EAST_ASIAN for script in scripts)
