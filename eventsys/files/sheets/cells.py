"""What may stand in a cell. Source of the rule: OWASP, "CSV Injection"."""

from __future__ import annotations

import re
from datetime import date, datetime
from decimal import Decimal
from typing import Final

Cell = str | int | float | Decimal | bool | date | datetime | None

# The full-width forms are read as the plain ones by spreadsheets in East Asian locales.
_FORMULA: Final = re.compile(r"\s*[=+\-@\t\r\n\uff1d\uff0b\uff0d\uff20]")
_NUMBER: Final = re.compile(r"-?\d{1,15}(?:[.,]\d{1,15})?")
_GUARDED: Final = re.compile(r"'(?=\s*[=+\-@\t\r\n\uff1d\uff0b\uff0d\uff20])")


def neutralise(text: str) -> str:
    """Put an apostrophe before a text that a spreadsheet would run; plain numbers stay as they are."""
    if _FORMULA.match(text) and not _NUMBER.fullmatch(text):
        return f"'{text}"
    return text


def restore(text: str) -> str:
    """Take away the apostrophe that ``neutralise`` has put there, so that an export can be imported."""
    return text[1:] if _GUARDED.match(text) else text


def as_text(value: Cell) -> str:
    """Write a value as CSV holds it: ISO 8601 for times, ``true`` and ``false``, empty for None."""
    if isinstance(value, str):
        return neutralise(value)
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, datetime):
        return value.isoformat(timespec="seconds")
    return "" if value is None else str(value)
