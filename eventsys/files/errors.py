"""Refusals about files that people bring."""

from __future__ import annotations

from eventsys.core.errors import DomainError


class SheetError(DomainError):
    """A table that cannot be read. ``facts`` may hold ``line``, ``column`` or ``encoding``."""

    code = "sheet_unreadable"


class SheetEncoding(SheetError):
    """The file is not written in this ``encoding``: the one that was chosen, or that its first bytes name."""

    code = "sheet_encoding"


class SheetEmpty(SheetError):
    """The file holds no header line."""

    code = "sheet_empty"


class SheetTooLarge(SheetError):
    """The file unpacks to more than we are ready to read (``limit`` in bytes)."""

    code = "sheet_too_large"


class SheetColumnTwice(SheetError):
    """Two columns have the same name (``column``)."""

    code = "sheet_column_twice"


class SheetQuoteOpen(SheetError):
    """A quotation mark is opened and never closed, or text follows it (``line``)."""

    code = "sheet_quote_open"
