"""Migrations go up, down and up again, also over data, on both engines, and make exactly what the models say."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Any

import pytest
import sqlalchemy as sa
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from flask_migrate import downgrade, upgrade

from eventsys.core.db import db
from eventsys.factory import create_app
from tests.contracts import code
from tests.support.database import create_database, settings_for

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from flask import Flask

VERSIONS = code.ROOT / "migrations" / "versions"
# Columns that a check constraint wants empty when another one is filled.
EMPTY = {("frozen_figures", "year")}


@pytest.fixture
def empty_app(engine: str, tmp_path: Path) -> Iterator[Flask]:
    """Give an application whose database has nothing in it, not even tables."""
    url = f"sqlite:///{tmp_path / 'empty.sqlite3'}"
    if engine == "postgresql":
        url = create_database("eventsys_migrations")
    made = create_app(settings_for(tmp_path, url))
    with made.app_context():
        yield made
        db.session.remove()
        db.engine.dispose()


def revisions() -> list[str]:
    """List the revisions from the first to the last."""
    script = ScriptDirectory(str(code.ROOT / "migrations"))
    return [item.revision for item in reversed(list(script.walk_revisions()))]


def tables() -> set[str]:
    return set(sa.inspect(db.engine).get_table_names()) - {"alembic_version"}


def differences() -> list[Any]:
    with db.engine.connect() as connection:
        context = MigrationContext.configure(
            connection, opts={"compare_type": True, "render_as_batch": True}
        )
        return list(compare_metadata(context, db.metadata))


def fill(table: sa.Table, number: int) -> dict[str, Any]:
    """Make a row of a table from nothing but its columns; keys of other tables are row 1 there."""
    row: dict[str, Any] = {}
    for column in table.columns:
        if (table.name, column.name) in EMPTY:
            continue
        numbered = isinstance(column.type, sa.Integer)
        if numbered and (column.foreign_keys or column.primary_key):
            row[column.name] = 1
        else:
            row[column.name] = _value(column, number)
    return row


def _value(column: sa.Column[Any], number: int) -> Any:
    # What must not lie before something else: ends, deadlines.
    late = 1 if re.search(r"end|until|to$|expires", column.name) else 0
    samples: list[tuple[type[Any], Any]] = [
        (sa.Boolean, False),
        (sa.DateTime, datetime(2026 + late, 1, 1, tzinfo=UTC)),
        (sa.Date, date(2026 + late, 1, 1)),
        (sa.JSON, {"en": "Text"}),
        (sa.LargeBinary, b"x"),
        (sa.Integer, 0 if "taken" in column.name else number),
        (sa.Numeric, number),
        (sa.Text, "x"),
        (sa.String, f"x{number}"[: getattr(column.type, "length", None) or 10]),
    ]
    for kind, value in samples:
        if isinstance(column.type, kind):
            return value
    raise AssertionError(f"{column} has a type that this test does not know: {column.type!r}")


def fill_all(*, number: int = 1) -> int:
    """Put a row into every table of the database as it is now; gives the number of tables."""
    found = sa.MetaData()
    found.reflect(db.engine)
    chosen = [
        table
        for table in found.sorted_tables
        if table.name != "alembic_version" and "_fts" not in table.name
    ]
    with db.engine.begin() as connection:
        for table in chosen:
            connection.execute(sa.insert(table).values(fill(table, number)))
    return len(chosen)


def test_up_and_down_leave_nothing_and_up_again_works(empty_app):
    upgrade()
    assert tables()
    downgrade(revision="base")
    assert tables() == set()
    upgrade()
    assert differences() == []


def test_the_migrations_make_what_the_models_say(empty_app):
    upgrade()
    assert differences() == []
    assert {table.name for table in db.metadata.sorted_tables} <= tables()


@pytest.mark.parametrize("start", revisions())
def test_data_survives_the_way_up_and_does_not_stop_the_way_down(empty_app, start):
    upgrade(revision=start)
    assert fill_all() > 10
    upgrade()
    downgrade(revision=start)
    downgrade(revision="base")
    assert tables() == set()


def test_the_account_of_whoever_issues_documents_moves_into_the_list_and_back(empty_app):
    upgrade(revision="0004")
    told = {"account_holder": "Association", "iban": "ES9121000418450200051332", "bic": "CAIXESBB"}
    told |= {"bank_name": "CaixaBank", "transfer_note": {"es": "Gastos a su cargo."}}
    with db.engine.begin() as connection:
        issuer = reflected("issuer")
        row = fill(issuer, 1) | told
        connection.execute(sa.insert(issuer).values(row))
    upgrade(revision="0005")
    with db.engine.begin() as connection:
        found = connection.execute(sa.select(reflected("bank_account"))).mappings().one()
        assert (found["holder"], found["iban"], found["reach"]) == (
            "Association",
            told["iban"],
            "all",
        )
        assert (found["note"], found["countries"]) == (told["transfer_note"], [])
        assert (found["currency"], found["position"]) == ("", 0)
    downgrade(revision="0004")
    with db.engine.begin() as connection:
        back = connection.execute(sa.select(reflected("issuer"))).mappings().one()
        assert {name: back[name] for name in told} == told


def test_who_waited_for_their_money_back_has_paid_and_is_not_refunded_yet(empty_app):
    upgrade(revision="0008")
    fill_all()
    registration, charge = reflected("registration"), reflected("charge")
    with db.engine.begin() as connection:
        connection.execute(sa.update(registration).values(payment="refunded"))
        connection.execute(sa.update(charge).values(billed=0, received=500))
    upgrade(revision="0009")
    with db.engine.begin() as connection:
        assert connection.scalar(sa.select(registration.c.payment)) == "paid"
    downgrade(revision="0008")
    with db.engine.begin() as connection:
        assert connection.scalar(sa.select(registration.c.payment)) == "refunded"
        # Of whom nothing is held any more the state was true.
        connection.execute(sa.update(charge).values(received=0))
    upgrade(revision="0009")
    with db.engine.begin() as connection:
        assert connection.scalar(sa.select(registration.c.payment)) == "refunded"


def reflected(name: str) -> sa.Table:
    return sa.Table(name, sa.MetaData(), autoload_with=db.engine)


def test_the_files_are_numbered_in_order_and_say_what_they_do():
    names = sorted(path.name for path in VERSIONS.glob("*.py"))
    assert [name[:4] for name in names] == [f"{number:04}" for number in range(1, len(names) + 1)]
    assert [name for name in names if not re.fullmatch(r"\d{4}_[a-z0-9_]+\.py", name)] == []
    assert [name[:4] for name in names] == revisions()


def test_a_migration_keeps_to_what_both_engines_know():
    special = re.compile(r"postgresql\.|sqlite\.(?!3)|JSONB|ARRAY|::")
    found = {path.name: special.findall(path.read_text()) for path in VERSIONS.glob("*.py")}
    assert {name: hits for name, hits in found.items() if hits} == {}
