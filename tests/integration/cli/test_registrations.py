"""``flask registrations import``: JSON on stdout, messages on stderr, a failure is a failure."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import func, select

from eventsys.core.db import db
from eventsys.registration.models import Registration
from tests.factories.events import make_event
from tests.factories.tables import table

if TYPE_CHECKING:
    from pathlib import Path

    from click.testing import Result
    from flask import Flask
    from sqlalchemy.orm import Session

CONTENT = table({}, {"email": "ANA@example.org"}, {"email": "b@example.org", "country": "Atlantis"})


def run(app: Flask, *arguments: str) -> Result:
    db.session.commit()
    return app.test_cli_runner().invoke(args=["registrations", "import", *arguments])


@pytest.fixture
def file(tmp_path: Path) -> str:
    path = tmp_path / "people.csv"
    path.write_bytes(CONTENT)
    return str(path)


def stored() -> int:
    db.session.rollback()
    return db.session.scalar(select(func.count()).select_from(Registration)) or 0


def test_the_report_has_counts_and_every_rejected_row(
    app: Flask, session: Session, file: str
) -> None:
    make_event()
    result = run(app, "summit", file)
    assert result.exit_code == 0
    report: dict[str, Any] = json.loads(result.stdout)
    assert [report[name] for name in ("rows", "created", "updated", "duplicates")] == [3, 1, 0, 1]
    assert report["rejected"] == [
        {
            "line": 4,
            "field": "country",
            "reason": "unknown_country",
            "value": "Atlantis",
            "sentence": "No country or territory has this name or code.",
        },
    ]
    assert report["duplicate_lines"] == [{"line": 3, "same_as": 2}]
    assert "1 created" in result.stderr
    assert stored() == 1
    again = json.loads(run(app, "summit", file).stdout)
    assert [again[name] for name in ("created", "updated", "unchanged")] == [0, 0, 1]


def test_a_dry_run_says_the_same_and_stores_nothing(
    app: Flask, session: Session, file: str
) -> None:
    make_event()
    report = json.loads(run(app, "summit", file, "--dry-run").stdout)
    assert (report["dry_run"], report["created"]) == (True, 1)
    assert stored() == 0


@pytest.mark.parametrize(
    ("slug", "content", "said"),
    [
        ("nowhere", CONTENT, "There is no event “nowhere”."),
        ("summit", b"A,B\n1,2\n", "no column for: first_name, email, country"),
        ("summit", b"", "The file holds no table"),
    ],
)
def test_a_refusal_is_one_line_and_a_failing_exit(
    app: Flask, session: Session, tmp_path: Path, slug: str, content: bytes, said: str
) -> None:
    make_event()
    path = tmp_path / "people.csv"
    path.write_bytes(content)
    result = run(app, slug, str(path))
    assert result.exit_code == 1
    assert result.stdout == ""
    assert said in result.stderr
    assert stored() == 0


def test_the_encoding_of_a_table_can_be_said(app: Flask, session: Session, tmp_path: Path) -> None:
    make_event()
    path = tmp_path / "people.csv"
    path.write_bytes(table({"first_name": "Łukasz", "last_name": "Dąb"}, encoding="cp1250"))
    guessed = json.loads(run(app, "summit", str(path), "--dry-run").stdout)
    assert guessed["encoding"] == "cp1252"
    said = json.loads(run(app, "summit", str(path), "--encoding", "cp1250").stdout)
    assert said["encoding"] == "cp1250"
    assert session.scalars(select(Registration)).one().first_name == "Łukasz"
    refused = run(app, "summit", str(path), "--encoding", "utf-8")
    assert refused.exit_code != 0
    assert "The file is not written in this encoding." in refused.stderr
