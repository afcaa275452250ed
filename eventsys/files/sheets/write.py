"""Writing tables: rows are taken one by one, so the memory used does not grow with their number."""

from __future__ import annotations

import csv
import io
import re
import tempfile
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any, BinaryIO, Final, NamedTuple, cast

import xlsxwriter

from eventsys.files.sheets.cells import Cell, as_text, neutralise

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from pathlib import Path

CHUNK: Final = 64 * 1024
BOM: Final = b"\xef\xbb\xbf"
# Limits of the format (Microsoft, "Excel specifications and limits").
XLSX_ROWS: Final = 1_048_576
XLSX_TEXT: Final = 32_767
_TITLE_LENGTH: Final = 31
_FORBIDDEN_IN_TITLE: Final = re.compile(r"[\[\]:*?/\\]|^'|'$")
_WIDTHS: Final = (8, 60)
_FIRST_DAY: Final = date(1900, 3, 1)


# xlsxwriter has no types.
Worksheet = Any
Formats = dict[str, Any]


class Sheet(NamedTuple):
    """One sheet of a workbook: its title, the names of its columns, its rows."""

    title: str
    headers: Sequence[str]
    rows: Iterable[Sequence[Cell]]


def csv_stream(
    headers: Sequence[str],
    rows: Iterable[Sequence[Cell]],
    *,
    delimiter: str = ",",
    bom: bool = True,
) -> Iterator[bytes]:
    """Write a table as CSV (RFC 4180, UTF-8) in pieces of about 64 kB.

    The byte order mark tells Excel that the text is UTF-8; without it accents are lost there.
    """
    buffer = io.StringIO()
    writer = csv.writer(buffer, delimiter=delimiter)
    writer.writerow([as_text(name) for name in headers])
    if bom:
        yield BOM
    for row in rows:
        writer.writerow([as_text(value) for value in row])
        if buffer.tell() >= CHUNK:
            yield buffer.getvalue().encode(errors="replace")
            buffer.seek(0)
            buffer.truncate()
    yield buffer.getvalue().encode(errors="replace")


def write_csv(
    file: BinaryIO,
    headers: Sequence[str],
    rows: Iterable[Sequence[Cell]],
    *,
    delimiter: str = ",",
    bom: bool = True,
) -> None:
    """Write a table as CSV to an open file; see ``csv_stream``."""
    file.writelines(csv_stream(headers, rows, delimiter=delimiter, bom=bom))


def write_xlsx(
    file: Path | BinaryIO,
    sheets: Iterable[Sheet | tuple[str, Sequence[str], Iterable[Sequence[Cell]]]],
) -> None:
    """Write a workbook. Times are written in UTC; texts are never formulas nor links."""
    target = file if hasattr(file, "write") else str(file)
    options = {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    book = xlsxwriter.Workbook(target, options)
    formats = {
        "head": book.add_format({"bold": True, "bottom": 1, "valign": "top"}),
        "date": book.add_format({"num_format": "yyyy-mm-dd"}),
        "time": book.add_format({"num_format": "yyyy-mm-dd hh:mm"}),
    }
    titles: set[str] = set()
    for title, headers, rows in sheets:
        _write_sheet(book.add_worksheet(_sheet_title(title, titles)), headers, rows, formats)
    book.close()


def xlsx_stream(
    sheets: Iterable[Sheet | tuple[str, Sequence[str], Iterable[Sequence[Cell]]]],
) -> Iterator[bytes]:
    """Write a workbook and give it in pieces; above 1 MB it waits on disk, not in memory."""
    with tempfile.SpooledTemporaryFile(max_size=1_000_000) as file:
        write_xlsx(cast("BinaryIO", file), sheets)
        file.seek(0)
        while piece := file.read(CHUNK):
            yield piece


def _write_sheet(
    sheet: Worksheet, headers: Sequence[str], rows: Iterable[Sequence[Cell]], formats: Formats
) -> None:
    widths = [len(name) for name in headers]
    for column, name in enumerate(headers):
        sheet.write_string(0, column, neutralise(name), formats["head"])
    number = 0
    for number, row in enumerate(rows, start=1):
        if number >= XLSX_ROWS:
            raise ValueError(f"a sheet holds at most {XLSX_ROWS - 1} rows")
        for column, value in enumerate(row):
            _write_cell(sheet, number, column, value, formats)
            if isinstance(value, str) and column < len(widths):
                widths[column] = max(widths[column], len(value))
    low, high = _WIDTHS
    for column, width in enumerate(widths):
        sheet.set_column(column, column, min(max(width + 2, low), high))
    sheet.freeze_panes(1, 0)
    if headers:
        sheet.autofilter(0, 0, number, len(headers) - 1)


def _write_cell(sheet: Worksheet, row: int, column: int, value: Cell, formats: Formats) -> None:
    if value is None or value == "":
        return
    if isinstance(value, str):
        sheet.write_string(row, column, neutralise(value)[:XLSX_TEXT])
    elif isinstance(value, bool):
        sheet.write_boolean(row, column, value)
    elif isinstance(value, int | float | Decimal):
        sheet.write_number(row, column, value)
    elif (value.date() if isinstance(value, datetime) else value) < _FIRST_DAY:
        sheet.write_string(row, column, as_text(value))  # Excel counts no days before 1900
    elif isinstance(value, datetime):
        plain = value.astimezone(UTC).replace(tzinfo=None) if value.tzinfo else value
        sheet.write_datetime(row, column, plain, formats["time"])
    else:
        sheet.write_datetime(row, column, value, formats["date"])


def _sheet_title(title: str, taken: set[str]) -> str:
    base = _FORBIDDEN_IN_TITLE.sub(" ", title).strip() or "-"
    name = base[:_TITLE_LENGTH]
    number = 1
    while name.casefold() in taken or name.casefold() == "history":
        number += 1
        tail = f" ({number})"
        name = base[: _TITLE_LENGTH - len(tail)] + tail
    taken.add(name.casefold())
    return name
