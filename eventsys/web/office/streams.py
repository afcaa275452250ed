"""Files that are written piece by piece, when the request is over: nothing of a large one is held at once."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from eventsys.core.db import db, transaction_mode
from eventsys.core.i18n import current_language, in_language
from eventsys.files.sheets import Sheet, csv_stream, xlsx_stream

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator


def stream_later(write: Callable[[], Iterable[bytes]]) -> Iterator[bytes]:
    """Write a file in the language of now, after the request has been committed."""
    return _in(current_language(), write)


def _in(language: str, write: Callable[[], Iterable[bytes]]) -> Iterator[bytes]:
    # The request is over when this runs: its own transaction, which only reads.
    with transaction_mode("read"), in_language(language):
        try:
            yield from write()
        finally:
            db.session.rollback()


def stream_table(
    form: str,
    title: Callable[[], str],
    headings: Callable[[], list[str]],
    rows: Callable[[], Iterable[list[Any]]],
) -> Iterator[bytes]:
    """Write a table later, as CSV or else as a workbook; words and rows are asked for when it is written."""

    def write() -> Iterable[bytes]:
        if form == "csv":
            return csv_stream(headings(), rows())
        return xlsx_stream([Sheet(title(), headings(), rows())])

    return stream_later(write)
