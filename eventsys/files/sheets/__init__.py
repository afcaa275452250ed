"""Tables as files: CSV and XLSX, written in constant memory and read with their encoding found out.

Cells that a spreadsheet would take for a formula are neutralised when written and restored when read.
"""

from __future__ import annotations

from eventsys.files.sheets.cells import neutralise, restore
from eventsys.files.sheets.encoding import ENCODINGS, is_proven
from eventsys.files.sheets.read import Row, Table, read_table
from eventsys.files.sheets.write import Sheet, csv_stream, write_csv, write_xlsx, xlsx_stream

__all__ = [
    "ENCODINGS",
    "Row",
    "Sheet",
    "Table",
    "csv_stream",
    "is_proven",
    "neutralise",
    "read_table",
    "restore",
    "write_csv",
    "write_xlsx",
    "xlsx_stream",
]
