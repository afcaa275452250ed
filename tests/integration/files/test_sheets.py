"""Large tables: the memory stays flat and the time within its budget."""

from __future__ import annotations

import tempfile
import tracemalloc
from collections import deque
from datetime import UTC, datetime
from time import process_time
from typing import TYPE_CHECKING, Any

import pytest

from eventsys.files import sheets

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

HEADERS = ["first_name", "last_name", "email", "city", "country", "registered_at", "number", "note"]


def rows(count: int) -> Iterator[tuple[Any, ...]]:
    moment = datetime(2023, 6, 12, 9, 30, tzinfo=UTC)
    return (
        ("Núria", "Puig", f"p{n}@example.org", "Barcelona", "ES", moment, n, "=1+1")
        for n in range(count)
    )


def csv_of(count: int) -> Iterable[bytes]:
    return sheets.csv_stream(HEADERS, rows(count))


def xlsx_of(count: int) -> Iterable[bytes]:
    return sheets.xlsx_stream([("People", HEADERS, rows(count))])


@pytest.mark.parametrize("write", [csv_of, xlsx_of])
def test_memory_does_not_grow_with_rows(write: Callable[[int], Iterable[bytes]]) -> None:
    peaks = []
    for count in (300, 3_000):
        tracemalloc.start()
        written = sum(len(piece) for piece in write(count))
        peaks.append(tracemalloc.get_traced_memory()[1])
        tracemalloc.stop()
        assert written > 10 * count
    # What stays in memory is a piece of 64 kB, and a workbook below 1 MB before it goes to disk.
    assert peaks[1] - peaks[0] < 600_000


@pytest.mark.parametrize(("write", "seconds"), [(csv_of, 2), (xlsx_of, 5)])
def test_twenty_thousand_rows_are_written_in_time(
    write: Callable[[int], Iterable[bytes]], seconds: float
) -> None:
    begin = process_time()
    for _ in write(20_000):
        pass
    assert process_time() - begin < seconds


def test_twenty_thousand_rows_are_read_back() -> None:
    with tempfile.TemporaryFile() as file:
        file.writelines(csv_of(20_000))
        table = sheets.read_table(file)
        (last,) = deque(table.rows, maxlen=1)
    assert (last.line, last.values["number"], last.values["note"]) == (20_001, "19999", "=1+1")
