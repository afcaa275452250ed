"""Encodings of tables, in words that somebody knows who never heard of them."""

from __future__ import annotations

from typing import Any, Final

from eventsys.core.i18n import gettext, lazy
from eventsys.files.sheets import ENCODINGS

ENCODING_WORDS: Final[dict[str, Any]] = {
    "utf-8": lazy("Unicode (UTF-8)"),
    "cp1252": lazy("Western European (Windows 1252)"),
    "cp1250": lazy("Central European (Windows 1250)"),
    "cp1251": lazy("Cyrillic (Windows 1251)"),
    "cp1253": lazy("Greek (Windows 1253)"),
    "cp1254": lazy("Turkish (Windows 1254)"),
    "cp1255": lazy("Hebrew (Windows 1255)"),
    "cp1256": lazy("Arabic (Windows 1256)"),
    "gb18030": lazy("Simplified Chinese (GB 18030, GBK)"),
    "cp950": lazy("Traditional Chinese (Big5)"),
    "cp932": lazy("Japanese (Shift JIS)"),
    "cp949": lazy("Korean (EUC-KR)"),
}


def encoding_words(encoding: str) -> str:
    """Name the encoding of a file that was read; one that nobody can choose by its code."""
    return str(ENCODING_WORDS.get(encoding, encoding.removesuffix("-sig").upper()))


def encoding_choices() -> list[tuple[str, str]]:
    """Give the choices of a form; the first has it found out."""
    words = [(code, str(ENCODING_WORDS[code])) for code in ENCODINGS]
    return [("", gettext("Find it out")), *words]
