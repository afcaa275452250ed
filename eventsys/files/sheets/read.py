"""Reading tables that people bring: CSV in any usual encoding and separator, XLSX, XLS, ODS."""

from __future__ import annotations

import csv
import io
import shutil
import tempfile
import zipfile
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import IO, TYPE_CHECKING, BinaryIO, Final, cast

import python_calamine

from eventsys.files.errors import (
    SheetColumnTwice,
    SheetEmpty,
    SheetError,
    SheetQuoteOpen,
    SheetTooLarge,
)
from eventsys.files.sheets.cells import restore
from eventsys.files.sheets.encoding import find_encoding

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

DELIMITERS: Final = (",", ";", "\t", "|")
SAMPLE_LINES: Final = 50
FIELD_LIMIT: Final = 1_000_000
UNPACKED_LIMIT: Final = 300_000_000
_ZIP: Final = b"PK\x03\x04"
_OLE: Final = b"\xd0\xcf\x11\xe0"


@dataclass(frozen=True, slots=True)
class Row:
    """One row: the number of its line in the file (the header is line 1), and its cells by column."""

    line: int
    values: dict[str, str]
    surplus: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Table:
    """A table that was recognised. ``rows`` is read once, while the file stays open."""

    columns: tuple[str, ...]
    rows: Iterator[Row]
    format: str
    encoding: str = ""
    delimiter: str = ""


def read_table(source: BinaryIO | bytes, encoding: str = "") -> Table:
    """Recognise a table and read it row by row. ``encoding`` is what a person says of a CSV file; "": it is found.

    Cells are texts without outer white space; empty rows are left out; cells beyond the last named
    column are given as ``surplus``. Raises SheetError (or one of its kinds) when it cannot be read.
    """
    file = _seekable(source)
    head = file.read(4)
    file.seek(0)
    if head.startswith((_ZIP, _OLE)):
        return _read_workbook(file, is_zip=head == _ZIP)
    return _read_csv(file, encoding)


def _seekable(source: BinaryIO | bytes) -> BinaryIO:
    if isinstance(source, bytes):
        return io.BytesIO(source)
    if source.seekable():
        source.seek(0)
        return source
    copy = cast("BinaryIO", tempfile.SpooledTemporaryFile(max_size=1_000_000))  # noqa: SIM115 (closed with the table)
    shutil.copyfileobj(source, copy)
    copy.seek(0)
    return copy


def _read_csv(file: BinaryIO, chosen: str) -> Table:
    encoding = find_encoding(file, chosen)
    text = io.TextIOWrapper(cast("IO[bytes]", _Unclosed(file)), encoding=encoding, newline="")
    first = text.readline()
    declared = first.strip().removeprefix("sep=") if first.startswith("sep=") else ""
    skipped = 1 if declared else 0
    sample = ([] if declared else [first]) + [
        line for line in (text.readline() for _ in range(SAMPLE_LINES)) if line
    ]
    delimiter = declared if declared in DELIMITERS else _find_delimiter(sample)
    text.seek(0)
    if skipped:
        text.readline()
    csv.field_size_limit(FIELD_LIMIT)
    lines = _numbered(
        csv.reader(text, delimiter=delimiter, strict=True, skipinitialspace=True), skipped
    )
    columns, rows = _with_header(lines)
    return Table(columns, rows, "csv", encoding, delimiter)


def _numbered(reader: csv._reader, skipped: int) -> Iterator[tuple[int, list[str]]]:  # type: ignore[name-defined]
    """Give each record with the line on which it begins."""
    while True:
        begins = reader.line_num + 1 + skipped
        try:
            record = next(reader)
        except StopIteration:
            return
        except csv.Error:
            raise SheetQuoteOpen(line=begins) from None
        yield begins, record


def _find_delimiter(sample: list[str]) -> str:
    """Choose the separator that cuts most rows into as many cells as the header."""
    best, best_score = DELIMITERS[0], 0.0
    for delimiter in DELIMITERS:
        try:
            records = [record for record in csv.reader(sample, delimiter=delimiter) if record]
        except csv.Error:
            continue
        if not records or len(records[0]) < 2:
            continue
        alike = sum(len(record) == len(records[0]) for record in records) / len(records)
        score = alike * len(records[0])
        if score > best_score:
            best, best_score = delimiter, score
    return best


def _read_workbook(file: BinaryIO, *, is_zip: bool) -> Table:
    try:
        if is_zip:
            _refuse_bomb(file)
        book = python_calamine.CalamineWorkbook.from_filelike(file)
        sheet = next(
            (s for s in map(book.get_sheet_by_index, range(len(book.sheet_names))) if s.end), None
        )
    except (python_calamine.CalamineError, zipfile.BadZipFile, OSError, ValueError):
        raise SheetError from None
    if sheet is None:
        raise SheetEmpty
    # calamine leaves out the empty rows above the first filled one.
    offset = (sheet.start or (0, 0))[0] + 1
    lines = (
        (number, [_workbook_text(cell) for cell in row])
        for number, row in enumerate(sheet.iter_rows(), start=offset)
    )
    columns, rows = _with_header(lines)
    return Table(columns, rows, "workbook")


def _refuse_bomb(file: BinaryIO) -> None:
    with zipfile.ZipFile(cast("IO[bytes]", _Unclosed(file))) as archive:
        if sum(entry.file_size for entry in archive.infolist()) > UNPACKED_LIMIT:
            raise SheetTooLarge(limit=UNPACKED_LIMIT)
    file.seek(0)


def _workbook_text(value: float | str | bool | time | date | datetime | timedelta) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    if isinstance(value, datetime) and value.time() == time(0):
        return value.date().isoformat()
    if isinstance(value, date | time):
        return value.isoformat()
    return str(value)


def _with_header(lines: Iterable[tuple[int, list[str]]]) -> tuple[tuple[str, ...], Iterator[Row]]:
    iterator = iter(lines)
    for _, record in iterator:
        columns = tuple(restore(name.strip()) for name in record)
        if any(columns):
            break
    else:
        raise SheetEmpty
    named = [name for name in columns if name]
    for name in named:
        if named.count(name) > 1:
            raise SheetColumnTwice(column=name)
    return tuple(named), _rows(iterator, columns)


def _rows(lines: Iterator[tuple[int, list[str]]], columns: tuple[str, ...]) -> Iterator[Row]:
    for line, record in lines:
        cells = [restore(cell.strip()) for cell in record]
        if not any(cells):
            continue
        cells += [""] * (len(columns) - len(cells))
        values = {name: cell for name, cell in zip(columns, cells, strict=False) if name}
        surplus = tuple(cell for cell in cells[len(columns) :] if cell)
        yield Row(line, values, surplus)


class _Unclosed(io.RawIOBase):
    """A view of an open file that does not close it: the caller opened it, the caller closes it."""

    def __init__(self, file: BinaryIO) -> None:
        self._file = file

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def readinto(self, buffer: bytearray) -> int:  # type: ignore[override]
        data = self._file.read(len(buffer))
        buffer[: len(data)] = data
        return len(data)

    def seek(self, offset: int, whence: int = 0) -> int:
        return self._file.seek(offset, whence)

    def tell(self) -> int:
        return self._file.tell()
