"""A command that fails says in one line what is wrong, names it, and exits non-zero."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from eventsys.core.db import db
from eventsys.core.settings import read_settings
from eventsys.factory import create_app
from tests.factories.events import make_event
from tests.factories.registrations import register

if TYPE_CHECKING:
    from pathlib import Path

    from flask import Flask
    from sqlalchemy.orm import Session


@pytest.mark.parametrize(
    "arguments",
    [
        ["statistics", "event", "nowhere"],
        ["badges", "render", "nowhere", "--output", "badges.pdf"],
        ["check-in", "device", "nowhere", "--name", "Door"],
        ["accounts", "create", "a@example.org", "--role", "viewer", "--event", "nowhere"],
    ],
)
def test_an_unknown_event_is_named(app: Flask, session: Session, arguments: list[str]) -> None:
    result = app.test_cli_runner().invoke(args=arguments)
    assert result.exit_code == 1
    assert result.stdout == ""
    assert result.stderr == "Error: There is no event “nowhere”.\n"


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "The file holds no table"),
        (b"PK\x03\x04 no workbook", "This file could not be read as a table"),
        (b"\x1b[31mred,note\nAna,x\n", "Its columns are: ?[31mred, note."),
        (b"a,a\n1,2\n", "Two columns are called “a”"),
        (b'a,"b\n1,2\n', "In line 1 a quotation mark is opened"),
        (b"first_name,note\nAna,x\n", "Its columns are: first_name, note."),
    ],
)
def test_a_table_that_cannot_be_used_is_refused_in_words(
    app: Flask, session: Session, tmp_path: Path, content: bytes, said: str
) -> None:
    make_event()
    session.commit()
    file = tmp_path / "people.csv"
    file.write_bytes(content)
    for command in (
        ["registrations", "import", "summit", str(file)],
        ["members", "import", str(file)],
        ["places", "resolve", "--csv", str(file), "--output", str(tmp_path / "out.csv")],
    ):
        result = app.test_cli_runner().invoke(args=command)
        assert result.exit_code == 1
        assert result.stderr.count("\n") == 1
        bare = result.stderr.replace(str(file), "").replace("first_name", "")
        assert "_" not in bare
        if command[0] == "registrations" or "columns are" not in said:
            assert said in result.stderr


@pytest.mark.parametrize(
    "arguments",
    [
        ["demo", "load"],
        ["accounts", "create", "a@example.org", "--role", "viewer"],
        ["accounts", "reset-second-factor", "a@example.org"],
        ["statistics", "event", "summit"],
        ["statistics", "year", "2026"],
        ["badges", "render", "summit", "--output", "badges.pdf"],
        ["check-in", "device", "summit", "--name", "Door"],
        ["worker", "run", "--once"],
    ],
)
def test_a_database_without_tables_is_said_in_one_line(
    tmp_path: Path, arguments: list[str]
) -> None:
    bare = create_app(
        read_settings({"EVENTSYS_DATA_DIR": str(tmp_path), "EVENTSYS_SECRET_KEY": "k" * 40})
    )
    result = bare.test_cli_runner().invoke(args=arguments)
    with bare.app_context():
        db.engine.dispose()
    assert result.exit_code == 1
    assert result.stderr == (
        "Error: The database has no tables yet, or those of an older version: run flask db upgrade first.\n"
    )


def test_a_database_that_is_away_is_said_in_one_line(tmp_path: Path) -> None:
    settings = {
        "EVENTSYS_DATA_DIR": str(tmp_path),
        "EVENTSYS_SECRET_KEY": "k" * 40,
        "EVENTSYS_DATABASE_URL": "postgresql://somebody:secret@127.0.0.1:9/nowhere",
    }
    away = create_app(read_settings(settings))
    result = away.test_cli_runner().invoke(args=["statistics", "event", "summit"])
    assert result.exit_code == 1
    assert result.stderr.startswith("Error: The database does not answer: ")
    assert result.stderr.count("\n") == 1
    assert "secret" not in result.stderr


@pytest.mark.parametrize(
    "arguments",
    [
        ["badges", "render", "summit"],
        ["statistics", "event", "summit", "--format", "csv"],
        ["statistics", "event", "summit"],
    ],
)
def test_a_folder_that_is_not_there_is_named(
    app: Flask, session: Session, tmp_path: Path, arguments: list[str]
) -> None:
    register(make_event())
    session.commit()
    target = tmp_path / "nowhere" / "file"
    result = app.test_cli_runner().invoke(args=[*arguments, "--output", str(target)])
    assert result.exit_code == 1
    assert result.stdout == ""
    last = result.stderr.splitlines()[-1]
    assert last.startswith("Error: ")
    assert str(target) in last
    assert "Traceback" not in result.stderr


@pytest.mark.parametrize("command", [("db", "upgrade"), ("statistics", "event", "summit")])
def test_a_database_that_was_never_made_is_no_matter_of_migrations(
    app: Flask, tmp_path: Path, command: tuple[str, ...]
) -> None:
    ours = app.config["EVENTSYS"].database_url
    if not ours.startswith("postgresql"):
        pytest.skip("SQLite makes its database itself")
    settings = {
        "EVENTSYS_DATA_DIR": str(tmp_path),
        "EVENTSYS_SECRET_KEY": "k" * 40,
        "EVENTSYS_DATABASE_URL": f"{ours.rpartition('/')[0]}/never_made",
    }
    result = create_app(read_settings(settings)).test_cli_runner().invoke(args=list(command))
    assert result.exit_code == 1
    assert result.stderr.startswith("Error: The database does not answer: ")
    assert 'database "never_made" does not exist' in result.stderr
