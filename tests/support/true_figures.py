"""Do the outputs of the product say the true figures? Command, CSV, workbook, PDF and office page alike."""

from __future__ import annotations

import csv
import io
import json
import re
from typing import TYPE_CHECKING, Any

import pypdfium2
from python_calamine import CalamineWorkbook

from eventsys.core.i18n import country_name, in_language
from eventsys.core.text import fold
from eventsys.places.queries import get_cities

if TYPE_CHECKING:
    from flask import Flask

    from tests.support.page import Client

PLAIN = (
    "registrations", "confirmed", "cancelled", "attended", "no_shows", "cities", "countries", "members_present",
    "member_representatives", "speakers",
)  # fmt: skip
TABLES = ("gender", "speakers_by_gender", "by_country", "by_city")
GENDERS = {
    "woman": "Women", "man": "Men", "non-binary": "Non-binary", "prefer not to say": "Prefer not to say",
    "not stated": "Not stated",
}  # fmt: skip


def run(app: Flask, *more: str) -> bytes:
    result = app.test_cli_runner().invoke(args=["statistics", "event", "congress", *more])
    assert result.exit_code == 0, result.output
    return result.stdout_bytes


def assert_true(found: dict[str, Any], truth: dict[str, Any]) -> None:
    """Compare figures by stable key with every figure of the truth."""
    for name in PLAIN:
        assert found[name] == truth[name], name
    for name in TABLES:
        assert {key: n for key, n in found[name].items() if n} == truth[name], name


def assert_on_the_command_line(app: Flask, truth: dict[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(run(app))
    assert_true(found, truth)
    return found


def assert_in_the_csv(app: Flask, truth: dict[str, Any]) -> None:
    rows = list(csv.DictReader(io.StringIO(run(app, "--format", "csv").decode("utf-8-sig"))))
    found: dict[str, Any] = {}
    for row in rows:
        if row["figure"] == "summary" and row["value"]:
            found[row["key"]] = int(row["value"])
        elif row["part"] == "people":
            found.setdefault(row["figure"], {})[row["key"]] = int(row["value"])
    assert_true(found, truth)


def assert_in_the_workbook(app: Flask, truth: dict[str, Any]) -> None:
    book = CalamineWorkbook.from_filelike(io.BytesIO(run(app, "--format", "xlsx")))

    def sheet(title: str) -> dict[str, int]:
        first, *rows = book.get_sheet_by_name(title).to_python()
        people = first.index("People") if "People" in first else 2
        return {str(row[0]): int(row[people]) for row in rows if row[people] != ""}

    found: dict[str, Any] = sheet("Summary")
    found["gender"], found["speakers_by_gender"] = sheet("Gender"), sheet("Speakers by gender")
    found["by_country"], found["by_city"] = sheet("Countries and territories"), sheet("Cities")
    found["by_city"] = {key.removesuffix(".0"): n for key, n in found["by_city"].items()}
    assert_true(found, truth)


def _line(label: str, n: int) -> re.Pattern[str]:
    """Find a label and its number in the text of a PDF.

    A letter that is set from a second font is read as if a space stood beside it; lines end after dashes.
    """
    letters = [re.escape(letter) for letter in fold(label) if not re.match(r"[\s\-]", letter)]
    return re.compile(r"[\s\-\ufffe]*".join(letters) + rf"\s+{n}(?!\d)")


def assert_in_the_pdf(app: Flask, truth: dict[str, Any], language: str) -> None:
    document = pypdfium2.PdfDocument(run(app, "--format", "pdf", "--language", language))
    # Without accents: a PDF may keep letter and accent apart.
    text = fold(" ".join(page.get_textpage().get_text_range() for page in document))
    document.close()
    for name in PLAIN:
        # However the language parts thousands: 1,652, 1652, 1 652.
        number = re.sub(r"(?<=\d)(?=\d{3}$)", r"[^0-9]?", str(truth[name]))
        assert re.search(rf"(?<!\d){number}(?!\d)", text), name
    with in_language(language):
        for country, n in truth["by_country"].items():
            assert _line(country_name(country), n).search(text), country
        cities = get_cities(int(city) for city in truth["by_city"])
        for city, n in truth["by_city"].items():
            where = cities[int(city)]
            label = f"{where.name_in(language)}, {country_name(where.country)}"
            assert _line(label, n).search(text), label
    if language == "en":
        for gender, n in truth["gender"].items():
            assert re.search(rf"{GENDERS[gender].lower()} {n}\b", text), gender


def assert_on_the_page(page: Client, truth: dict[str, Any]) -> None:
    """Read the office page, and the pages of their own that its longest tables have."""
    page.sign_in("viewer")
    rows = page.get("/office/events/congress/statistics").rows()
    lines = {tuple(row) for row in rows}
    for name, label in (
        ("registrations", "Registrations received"), ("confirmed", "Confirmed"), ("attended", "Attended"),
        ("no_shows", "No-shows"), ("cancelled", "Cancelled"), ("cities", "Cities"),
        ("countries", "Countries and territories"), ("members_present", "Members represented"),
        ("member_representatives", "Representatives of members"), ("speakers", "Speakers (unique persons)"),
    ):  # fmt: skip
        assert (label, f"{truth[name]:,}") in lines, name
    whole = {
        table: page.get(f"/office/events/congress/statistics/tables/{table}").rows()
        for table in ("by_country", "by_city")
    }
    assert len(whole["by_city"]) == truth["cities"] + 1
    people = {(row[0], row[-1]) for table in whole.values() for row in table}
    for code, n in truth["by_country"].items():
        assert (country_name(code, "en"), str(n)) in people, code
    cities = get_cities(int(city) for city in truth["by_city"])
    for city, n in truth["by_city"].items():
        assert (cities[int(city)].name_in("en"), str(n)) in people, city
    everybody = next(row for row in rows if row[0] == "Everybody")
    assert [int(cell.split(" ")[0]) for cell in everybody[2:7]] == [
        truth["gender"].get(gender, 0) for gender in GENDERS
    ]
    for gender, n in truth["speakers_by_gender"].items():
        assert any(row[:2] == [GENDERS[gender], str(n)] for row in rows), gender


def assert_everywhere(app: Flask, page: Client, truth: dict[str, Any]) -> None:
    assert_on_the_command_line(app, truth)
    assert_in_the_csv(app, truth)
    assert_in_the_workbook(app, truth)
    for language in ("en", "es", "fr"):
        assert_in_the_pdf(app, truth, language)
    assert_on_the_page(page, truth)
