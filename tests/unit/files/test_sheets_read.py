from __future__ import annotations

import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from eventsys.files import sheets
from eventsys.files.errors import (
    SheetColumnTwice,
    SheetEmpty,
    SheetError,
    SheetQuoteOpen,
    SheetTooLarge,
)
from eventsys.files.sheets import read

NAMES = "name,city\r\nÁngel Ñúñez,Córdoba\r\nZoë,Liège\r\n"


@pytest.mark.parametrize(
    ("encoding", "found"),
    [
        ("utf-8", "utf-8"),
        ("utf-8-sig", "utf-8-sig"),
        ("utf-16", "utf-16"),
        ("utf-16-le", "utf-16-le"),
        ("utf-16-be", "utf-16-be"),
        ("cp1252", "cp1252"),
    ],
)
@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_encoding_and_separator_are_found(encoding: str, found: str, delimiter: str) -> None:
    table = sheets.read_table(NAMES.replace(",", delimiter).encode(encoding))
    assert (table.encoding, table.delimiter, table.columns) == (found, delimiter, ("name", "city"))
    assert [row.values for row in table.rows] == [
        {"name": "Ángel Ñúñez", "city": "Córdoba"},
        {"name": "Zoë", "city": "Liège"},
    ]


def test_bytes_that_windows_does_not_know_are_read_as_latin_1() -> None:
    table = sheets.read_table(b"name\nJos\xe9 N\xfa\xf1ez\nFran\xe7ois Lef\xe8vre\x81\n")
    assert table.encoding == "latin-1"


def test_lines_are_counted_as_an_editor_counts_them() -> None:
    text = 'name,note\nAna,"two\nlines"\n\n,\nBo,x\n'
    table = sheets.read_table(text.encode())
    assert [(row.line, row.values["name"]) for row in table.rows] == [(2, "Ana"), (6, "Bo")]


def test_line_that_names_the_separator_is_understood() -> None:
    table = sheets.read_table(b"sep=;\nname;city\nAna;Lima\n")
    assert table.columns == ("name", "city")
    assert [(row.line, row.values["city"]) for row in table.rows] == [(3, "Lima")]


def test_separator_inside_quotes_does_not_mislead() -> None:
    table = sheets.read_table(b'name;organisation\nAna;"City, Council, Office, Floor"\n')
    assert table.delimiter == ";"
    assert next(table.rows).values["organisation"] == "City, Council, Office, Floor"


def test_short_rows_are_filled_and_surplus_is_shown() -> None:
    rows = list(sheets.read_table(b"a,b\n1\n1,2,3,\n").rows)
    assert rows[0].values == {"a": "1", "b": ""}
    assert rows[1].surplus == ("3",)


def test_our_own_export_is_read_back_unchanged() -> None:
    data = b"".join(
        sheets.csv_stream(["name", "note"], [("=HYPERLINK(1)", "+34 600"), ("Ana", "-")])
    )
    assert [list(row.values.values()) for row in sheets.read_table(data).rows] == [
        ["=HYPERLINK(1)", "+34 600"],
        ["Ana", "-"],
    ]


def test_workbook_is_read_with_the_numbers_of_its_rows() -> None:
    data = b"".join(
        sheets.xlsx_stream(
            [
                (
                    "P",
                    ["name", "since", "on"],
                    [("王小明", 2019, True), ("", None, None), ("Ana", 1.5, False)],
                )
            ]
        )
    )
    table = sheets.read_table(io.BytesIO(data))
    assert table.format == "workbook"
    assert [(row.line, tuple(row.values.values())) for row in table.rows] == [
        (2, ("王小明", "2019", "true")),
        (4, ("Ana", "1.5", "false")),
    ]


@pytest.mark.parametrize(
    ("data", "error"),
    [
        (b"", SheetEmpty),
        (b"\n,,\n \n", SheetEmpty),
        (b"a,a\n1,2\n", SheetColumnTwice),
        (b"PK\x03\x04 no workbook", SheetError),
        (b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR", SheetError),
        ("a,b\nñ".encode("utf-8-sig")[:-1], SheetError),
    ],
)
def test_unreadable_files_are_refused_by_kind(data: bytes, error: type[SheetError]) -> None:
    with pytest.raises(error):
        sheets.read_table(data)


def test_quote_that_is_never_closed_is_named_by_its_line() -> None:
    table = sheets.read_table(b'name,city\nAna,Lima\nBo,"Ghent\nCy,Rome\n')
    with pytest.raises(SheetQuoteOpen) as refused:
        list(table.rows)
    assert refused.value.facts == {"line": 3}


def test_workbook_that_unpacks_to_too_much_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    data = b"".join(sheets.xlsx_stream([("P", ["name"], [("Ana",)])]))
    monkeypatch.setattr(read, "UNPACKED_LIMIT", 1_000)
    with pytest.raises(SheetTooLarge):
        sheets.read_table(data)


@given(st.binary(max_size=400))
def test_any_bytes_are_read_or_refused(data: bytes) -> None:
    try:
        rows = list(sheets.read_table(data).rows)
    except SheetError:
        return
    assert all(row.line >= 1 for row in rows)
