"""The tables of figures as files: CSV with one value a line, a workbook with one sheet a table."""

from __future__ import annotations

from typing import TYPE_CHECKING

from eventsys.core.i18n import gettext as _
from eventsys.files.sheets import Sheet, csv_stream, xlsx_stream
from eventsys.statistics.queries.tables.model import long_rows

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from eventsys.statistics.queries.tables.model import Table

#: Stable names: a script reads them in any language.
CSV_COLUMNS = ("figure", "key", "part", "name", "part_name", "value")


def csv_of(tables: Sequence[Table]) -> Iterator[bytes]:
    """Write all tables as one CSV: figure, key, part, name, name of the part, value."""
    return csv_stream(CSV_COLUMNS, long_rows(tables))


def csv_of_table(table: Table) -> Iterator[bytes]:
    """Write one table as CSV, as it stands on the page, with the stable key of each row first."""
    headers = (_("Key"), table.head, *table.columns)
    return csv_stream(headers, ((row.key, row.label, *row.values) for row in table.rows))


def xlsx_of(tables: Sequence[Table]) -> Iterator[bytes]:
    """Write a workbook: a sheet for each table, the stable key of each row first."""
    return xlsx_stream(
        Sheet(
            table.title,
            (_("Key"), table.head, *table.columns),
            ((row.key, row.label, *row.values) for row in table.rows),
        )
        for table in tables
    )
