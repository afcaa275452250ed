from __future__ import annotations

import csv
import io
from datetime import UTC, date, datetime

import pytest
from python_calamine import CalamineWorkbook

from eventsys.files import sheets


def read_back(data: bytes) -> list[list[str]]:
    return list(csv.reader(io.StringIO(data.decode("utf-8-sig"), newline="")))


@pytest.mark.parametrize(
    "text",
    [
        "=1+1",
        "+34 600",
        "-2+3",
        "@SUM(A1)",
        "\t=1",
        "\r=1",
        "\n=1",
        " =1",
        "\uff1d1",
        "=cmd|' /C calc'!A0",
        "-x",
    ],
)
def test_formula_is_written_as_text_and_comes_back_unchanged(text: str) -> None:
    guarded = sheets.neutralise(text)
    assert guarded == f"'{text}"
    assert sheets.restore(guarded) == text


@pytest.mark.parametrize(
    "text", ["", "Ana", "-5", "-5,25", "O'Brien", "'Abd al-Karim", "a=b", "王"]
)
def test_ordinary_text_is_left_alone(text: str) -> None:
    assert sheets.neutralise(text) == text
    assert sheets.restore(text) == text


def test_csv_has_a_mark_for_excel_and_quotes_what_needs_it() -> None:
    data = b"".join(
        sheets.csv_stream(["name", "=note"], [("Łukasz, Ω", 'say "hi"\nthere'), (None, -3)])
    )
    assert data.startswith(b"\xef\xbb\xbf")
    assert read_back(data) == [["name", "'=note"], ["Łukasz, Ω", 'say "hi"\nthere'], ["", "-3"]]


def test_csv_writes_times_and_truth_in_one_way() -> None:
    row = (datetime(2023, 6, 12, 9, 30, tzinfo=UTC), date(2023, 6, 12), True, 1.5)
    data = b"".join(sheets.csv_stream(["a", "b", "c", "d"], [row], bom=False, delimiter=";"))
    assert data.decode().splitlines()[1] == "2023-06-12T09:30:00+00:00;2023-06-12;true;1.5"


def test_xlsx_keeps_numbers_and_times_and_defuses_formulas() -> None:
    moment = datetime(2023, 6, 12, 9, 30, tzinfo=UTC)
    rows = [("=1+1", 7, 2.5, moment, date(2023, 6, 12), True, "http://x.example", date(1850, 1, 2))]
    data = b"".join(sheets.xlsx_stream([("Figures", list("abcdefgh"), rows)]))
    book = CalamineWorkbook.from_filelike(io.BytesIO(data))
    first = book.get_sheet_by_name("Figures").to_python()[1]
    naive = moment.replace(tzinfo=None)
    assert first == [
        "'=1+1",
        7.0,
        2.5,
        naive,
        date(2023, 6, 12),
        True,
        "http://x.example",
        "1850-01-02",
    ]


def test_xlsx_titles_are_made_legal_and_unique() -> None:
    long = "Participants by country [all of them]"
    data = b"".join(
        sheets.xlsx_stream(
            [(long, ["a"], []), (long, ["a"], []), ("", ["a"], []), ("History", ["a"], [])]
        )
    )
    names = CalamineWorkbook.from_filelike(io.BytesIO(data)).sheet_names
    assert names == [
        "Participants by country  all of",
        "Participants by country  al (2)",
        "-",
        "History (2)",
    ]
