"""``flask statistics``: data on stdout, messages on stderr, a failure that says why."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest

from tests.factories.events import make_event
from tests.factories.statistics import make_people

if TYPE_CHECKING:
    from pathlib import Path

    from flask import Flask
    from sqlalchemy.orm import Session

START = datetime(2026, 3, 2, 8, tzinfo=UTC)


def run(app: Flask, *words: str) -> Any:
    return app.test_cli_runner().invoke(args=["statistics", *words])


@pytest.fixture(autouse=True)
def summit(session: Session) -> None:
    event = make_event("summit", starts_at=START, ends_at=START + timedelta(days=1))
    make_people(event, 21, came=True)
    make_people(event, 3, came=True, country="PT", city_id=2267057)
    make_people(event, 2)


def test_the_rung_is_attendance_unless_told(app: Flask) -> None:
    assert json.loads(run(app, "event", "summit").stdout)["total"] == 24
    assert json.loads(run(app, "event", "summit", "--rung", "confirmed").stdout)["total"] == 26


def test_names_are_in_the_language(app: Flask) -> None:
    assert "Lisbonne" in run(app, "event", "summit", "--format", "csv", "--language", "fr").stdout


def test_small_groups_are_hidden_on_request(app: Flask) -> None:
    lines = run(app, "event", "summit", "--format", "csv", "--hide-under", "5").stdout
    assert "by_country,PT,people,Portugal,People," in lines.splitlines()
    assert "Lisbon" not in lines


def test_exact_json_is_not_for_sharing(app: Flask) -> None:
    result = run(app, "event", "summit", "--hide-under", "5")
    assert result.exit_code != 0
    assert "JSON is exact" in result.stderr


def test_a_file_is_written_and_stdout_stays_empty(app: Flask, tmp_path: Path) -> None:
    for ending, start in (
        ("json", b"{"),
        ("csv", b"\xef\xbb\xbf"),
        ("xlsx", b"PK"),
        ("pdf", b"%PDF"),
    ):
        target = tmp_path / f"figures.{ending}"
        for words in (("event", "summit"), ("year", "2026")):
            result = run(app, *words, "--format", ending, "--output", str(target))
            assert (result.exit_code, result.stdout) == (0, "")
            assert target.read_bytes().startswith(start)


def test_the_year_has_both_sums(app: Flask) -> None:
    found = json.loads(run(app, "year", "2026").stdout)
    assert (found["participations"], found["unique_persons"]) == (24, 24)
    assert found["sentences"]["en"] == [
        "In 2026, 1 event counted 24 participations by 24 people from 2 cities and 2 countries."
    ]


@pytest.mark.parametrize(
    "words", [("event", "nowhere"), ("event", "summit", "--rung", "seen"), ("year", "20266")]
)
def test_what_cannot_be_counted_fails(app: Flask, words: tuple[str, ...]) -> None:
    result = run(app, *words)
    assert result.exit_code != 0
    assert (result.stdout, bool(result.stderr)) == ("", True)
