"""Keys of names: two spellings of one name that differ in case, accents or punctuation are one key."""

from __future__ import annotations

import re
import unicodedata
from typing import Final

from eventsys.places.rules.han import SIMPLIFIED, TRADITIONAL

# Marks that people leave out or that print alike. Marks of Indic, Thai and kana are part of the word.
_DROPPED_MARKS: Final = re.compile(
    "[\u0300-\u036f\u0483-\u0487\u0591-\u05bd\u05bf\u05c1\u05c2\u05c4\u05c5\u05c7"
    "\u0610-\u061a\u0640\u064b-\u065f\u0670\u06d6-\u06ed\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff]",
)
_LATIN: Final = {
    "ß": "ss", "ø": "o", "đ": "d", "ð": "d", "ł": "l", "æ": "ae", "œ": "oe", "þ": "th", "ħ": "h",
    "ı": "i", "ŋ": "n", "ə": "e", "ɓ": "b", "ɗ": "d", "ƙ": "k", "ƴ": "y", "ɛ": "e", "ɔ": "o",
    "ɣ": "g", "ʋ": "v", "ŧ": "t", "ɖ": "d", "ǀ": "", "ƒ": "f", "ɨ": "i", "ʉ": "u",
}  # fmt: skip
_CYRILLIC: Final = {"ё": "е", "ґ": "г", "ў": "у", "ѣ": "е", "ъ": "", "ь": ""}
# Letters that Arabic, Persian, Urdu and Kurdish keyboards write differently for the same name.
_ARABIC: Final = {
    "ٱ": "ا", "ى": "ي", "ی": "ي", "ې": "ي", "ے": "ي", "ۍ": "ي", "ێ": "ي", "ک": "ك", "ڪ": "ك", "ۀ": "ه",
    "ة": "ه", "ہ": "ه", "ھ": "ه", "ە": "ه", "ۃ": "ه", "ء": "", "ؤ": "و", "ئ": "ي", "ۆ": "و", "ۇ": "و",
    "ۋ": "و", "ۈ": "و", "ڤ": "ف", "ں": "ن", "ٲ": "ا", "ٵ": "ا", "ٴ": "",
}  # fmt: skip
_GREEK: Final = {"ς": "σ"}
_LETTERS: Final = str.maketrans(
    _LATIN | _CYRILLIC | _ARABIC | _GREEK | dict(zip(TRADITIONAL, SIMPLIFIED, strict=True)),
)
_QUOTES: Final = re.compile("['’‘ʼʻʹʺ`´ʿʾ′·・.\u200b-\u200f\u2060\ufeff]")
# "Ville d'Abidjan", "dell'Aquila": the article is a word of its own.
_ELISION: Final = re.compile(r"\b([dl]|dell|all|nell|sant)['’ʼ`´]")
# What German, the Nordic languages and Turkish write when the keyboard has no such letter.
_DIGRAPHS: Final = str.maketrans(
    {
        "ä": "ae",
        "ö": "oe",
        "ü": "ue",
        "å": "aa",
        "ø": "oe",
        "Ä": "Ae",
        "Ö": "Oe",
        "Ü": "Ue",
        "Å": "Aa",
        "Ø": "Oe",
    },
)


def words(text: str) -> list[str]:
    """Give the words of a text without case, accents and punctuation, in any script."""
    text = unicodedata.normalize("NFKD", text).casefold()
    text = _DROPPED_MARKS.sub("", text)
    text = unicodedata.normalize("NFC", text).translate(_LETTERS)
    text = _ELISION.sub(r"\1 ", text)
    # Indic vowel signs are not "word characters" to the regular expression: keep marks by hand.
    text = _QUOTES.sub("", text)
    kept = "".join(
        c if c.isalnum() or unicodedata.category(c) in {"Mc", "Mn"} else " " for c in text
    )
    return kept.split()


def composed(text: str) -> str:
    """Give a text without case but with its accents, for telling ``Tōkai`` from ``Tokai``."""
    return unicodedata.normalize("NFC", text.strip()).casefold()


def key(text: str) -> str:
    """Give the key of a name: its words written together, so that hyphens and spaces do not matter."""
    return "".join(words(text))


def digraph_key(text: str) -> str:
    """Give the key of a name as typed without umlauts: ``Zürich`` as ``zuerich``."""
    return key(unicodedata.normalize("NFC", text).translate(_DIGRAPHS))


def is_latin(text_key: str) -> bool:
    """Tell whether a key is written in Latin letters."""
    return text_key.isascii()


def is_logographic(text_key: str) -> bool:
    """Tell whether a key is written in Han, kana or Hangul: one letter is a syllable, not a typo."""
    return any(
        "\u3040" <= c <= "\u9fff" or "\uac00" <= c <= "\ud7a3" or c >= "\U00020000"
        for c in text_key
    )
