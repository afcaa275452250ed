"""The consonants of a name, alike in Latin, Cyrillic, Greek, Arabic and Hebrew letters.

A name that no source has in the script it is typed in is found by them: ``زغرب`` and ``Zagreb`` are
both ``zgrb``. Used last, only inside a country, and only where one city fits.
"""

from __future__ import annotations

import re
from typing import Final

LETTERS: Final = 3  # fewer consonants say nothing

_ARABIC: Final = {
    "ب": "b", "پ": "b", "ت": "t", "ط": "t", "ث": "s", "چ": "c", "ح": "h", "خ": "k", "د": "d", "ض": "d",
    "ذ": "z", "ر": "r", "ز": "z", "ظ": "z", "ژ": "z", "س": "s", "ص": "s", "ش": "c", "غ": "g", "ف": "f",
    "ق": "k", "ك": "k", "گ": "g", "ل": "l", "م": "m", "ن": "n", "ه": "", "ا": "", "و": "", "ي": "", "ع": "",
}  # fmt: skip
_CYRILLIC: Final = {
    "б": "b", "в": "b", "г": "g", "д": "d", "ж": "z", "з": "z", "к": "k", "л": "l", "м": "m", "н": "n",
    "п": "b", "р": "r", "с": "s", "т": "t", "ф": "f", "х": "k", "ц": "s", "ч": "c", "ш": "c", "щ": "c",
    "џ": "z", "ћ": "c", "ђ": "z", "љ": "l", "њ": "n", "қ": "k", "ғ": "g", "ң": "n", "һ": "k",
}  # fmt: skip
_LATIN: Final = {
    "b": "b", "p": "b", "v": "b", "w": "", "d": "d", "t": "t", "g": "g", "j": "z", "k": "k", "q": "k", "c": "k",
    "h": "", "x": "ks", "f": "f", "l": "l", "m": "m", "n": "n", "r": "r", "s": "s", "z": "z", "y": "",
}  # fmt: skip
_PAIRS: Final = (
    ("tsch", "c"), ("sch", "c"), ("shch", "c"), ("tch", "c"), ("sh", "c"), ("ch", "c"), ("zh", "z"),
    ("dj", "z"), ("kh", "k"), ("gh", "g"), ("ph", "f"), ("ts", "s"), ("tz", "s"), ("ck", "k"),
    ("ce", "s"), ("ci", "s"), ("qu", "k"), ("th", "t"),
)  # fmt: skip
_HEBREW: Final = {
    "ב": "b", "ג": "g", "ד": "d", "ז": "z", "ח": "k", "ט": "t", "כ": "k", "ך": "k", "ל": "l", "מ": "m", "ם": "m",
    "נ": "n", "ן": "n", "ס": "s", "פ": "f", "ף": "f", "צ": "s", "ץ": "s", "ק": "k", "ר": "r", "ש": "c", "ת": "t",
}  # fmt: skip
_VOWELS: Final = dict.fromkeys("аеиоуыэюяіїєүұөәאהועי", "")
_JIM: Final = "ج"
_TABLE: Final = str.maketrans({**_ARABIC, **_CYRILLIC, **_HEBREW, **_VOWELS})
_DOUBLED: Final = re.compile(r"(.)\1+")
_LATIN_LETTER: Final = re.compile("[a-z]")


def _of_latin(text: str) -> str:
    for pair, sound in _PAIRS:
        text = text.replace(pair, sound.upper())
    return "".join(_LATIN.get(c, c.lower() if c.isupper() else "") for c in text)


def skeletons(key: str) -> frozenset[str]:
    """Give the consonants of a folded name; none when there are too few or the script has none.

    Arabic writes one letter for j and for the hard g of other languages: then there are two.
    """
    if key.isascii():
        readings = {_of_latin(key)}
        if "x" in key:  # as in English, and as Catalan, Basque and Portuguese write sh and ch
            readings.add(_of_latin(key.replace("tx", "ch").replace("x", "sh")))
    else:
        bones = key.translate(_TABLE)
        readings = {bones.replace(_JIM, "z"), bones.replace(_JIM, "g")}
    plain = {_DOUBLED.sub(r"\1", bones) for bones in readings}
    return frozenset(b for b in plain if len(b) >= LETTERS and b.isascii() and b.isalpha())
