"""The application on each engine, migrated once per process; every test begins with an empty database.

Tests commit for real, as the product does: SQLite gets a fresh copy of the migrated file, PostgreSQL
has its tables emptied. So servers, threads and several connections can be tested like anything else.
"""

from __future__ import annotations

import os
import shutil
import tempfile
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
import sqlalchemy as sa
from flask_migrate import upgrade

from eventsys.core.db import db
from eventsys.core.settings import Settings
from eventsys.factory import create_app
from tests.support.postgresql import Cluster

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from flask import Flask
    from sqlalchemy.orm import Session

ENGINES = ("sqlite", "postgresql")
CLUSTER = "EVENTSYS_TEST_POSTGRESQL"
SECRET = "only the tests use this secret, and they print it"


def settings_for(folder: Path, database_url: str, **more: Any) -> Settings:
    """Make the settings of an application under test."""
    values = {"base_url": "http://localhost", "testing": True, **more}
    return Settings(data_dir=folder, database_url=database_url, secret_key=SECRET, **values)


@dataclass
class Prepared:
    """An application with a migrated database, and how to make that database empty again."""

    app: Flask
    engine: str
    empty: Callable[[], None]


def _memory() -> Path | None:
    """Give a folder in memory: the tests write for ever and nobody needs it after a power cut."""
    folder = Path("/dev/shm")
    enough = (
        folder.is_dir()
        and os.access(folder, os.W_OK)
        and shutil.disk_usage(folder).free > 256 * 1024 * 1024
    )
    return folder if enough else None


def _sqlite(folder: Path) -> Prepared:
    path, template = folder / "eventsys.sqlite3", folder / "template.sqlite3"
    app = create_app(settings_for(folder, f"sqlite:///{path}"))
    with app.app_context():
        upgrade()
        engine = db.engine
        with engine.connect() as connection:
            connection.exec_driver_sql("COMMIT")
            connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
            connection.exec_driver_sql("BEGIN")
    engine.dispose()
    shutil.copy(path, template)

    def empty() -> None:
        engine.dispose()
        for leftover in (folder / f"{path.name}-wal", folder / f"{path.name}-shm"):
            leftover.unlink(missing_ok=True)
        shutil.copy(template, path)

    return Prepared(app, "sqlite", empty)


def _postgresql(folder: Path) -> Prepared:
    name = f"eventsys_{os.environ.get('PYTEST_XDIST_WORKER', 'main')}_{os.getpid()}"
    url = create_database(name)
    app = create_app(settings_for(folder, url))
    with app.app_context():
        upgrade()
        engine = db.engine
    tables = [table.name for table in reversed(db.metadata.sorted_tables)]
    # Foreign keys are not asked about while everything goes.
    script = "SET session_replication_role = replica;" + "".join(
        f'DELETE FROM "{name}";' for name in tables
    )
    with engine.connect() as connection:
        sequences = connection.scalars(
            sa.text("SELECT sequencename FROM pg_sequences WHERE schemaname = 'public'")
        ).all()
    script += "".join(f"ALTER SEQUENCE {name} RESTART;" for name in sequences)

    def empty() -> None:
        engine.dispose()
        with engine.begin() as connection:
            connection.exec_driver_sql(script + "SET session_replication_role = DEFAULT;")

    return Prepared(app, "postgresql", empty)


def create_database(name: str) -> str:
    """Create an empty database in the throw-away PostgreSQL and give its address."""
    base = sa.make_url(os.environ[CLUSTER])
    server = sa.create_engine(base, isolation_level="AUTOCOMMIT", poolclass=sa.NullPool)
    with server.connect() as connection:
        connection.exec_driver_sql(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
        connection.exec_driver_sql(f'CREATE DATABASE "{name}"')
    return base.set(database=name).render_as_string(hide_password=False)


# ------------------------------------------------------------------------------------------ pytest
def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--engine",
        choices=(*ENGINES, "both"),
        default=os.environ.get("EVENTSYS_TEST_ENGINE", "sqlite"),
        help="database of the tests marked db (default: sqlite, or EVENTSYS_TEST_ENGINE)",
    )


def engines(config: pytest.Config) -> tuple[str, ...]:
    """Give the engines that were asked for."""
    chosen: str = config.getoption("--engine")
    return ENGINES if chosen == "both" else (chosen,)


def pytest_configure(config: pytest.Config) -> None:
    # Once, for all worker processes: they inherit the environment.
    if (
        "postgresql" in engines(config)
        and CLUSTER not in os.environ
        and not config.option.collectonly
    ):
        cluster = Cluster()
        cluster.start()
        os.environ[CLUSTER] = cluster.url
        config.add_cleanup(cluster.stop)
        config.add_cleanup(lambda: os.environ.pop(CLUSTER, None))


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    if "engine" in metafunc.fixturenames:
        chosen = engines(metafunc.config)
        if "browser" in metafunc.fixturenames:
            chosen = chosen[:1]  # what a browser sees does not depend on the engine
        metafunc.parametrize("engine", chosen, indirect=True)


@pytest.fixture
def engine(request: pytest.FixtureRequest) -> str:
    """Give the name of the engine that this test runs on."""
    return str(request.param)


@pytest.fixture(scope="session")
def _prepared() -> Iterator[dict[str, Prepared]]:
    made: dict[str, Prepared] = {}
    yield made
    for prepared in made.values():
        with prepared.app.app_context():
            db.engine.dispose()
        shutil.rmtree(prepared.app.config["EVENTSYS"].data_dir, ignore_errors=True)


@pytest.fixture
def app(engine: str, _prepared: dict[str, Prepared]) -> Flask:
    """Give the application on an empty, migrated database."""
    if engine not in _prepared:
        folder = Path(tempfile.mkdtemp(prefix="eventsys-test-", dir=_memory()))
        _prepared[engine] = _sqlite(folder) if engine == "sqlite" else _postgresql(folder)
    _prepared[engine].empty()
    return _prepared[engine].app


@pytest.fixture
def empty(app: Flask, engine: str, _prepared: dict[str, Prepared]) -> Callable[[], None]:
    """Give what makes the database empty again, for a test that begins more than once."""
    return _prepared[engine].empty


@pytest.fixture
def session(app: Flask) -> Iterator[Session]:
    """Give the session of the test, inside an application context. Commit before anybody else looks."""
    with app.app_context():
        yield db.session()
        db.session.rollback()


@dataclass
class Queries:
    """The statements that were sent to the database."""

    statements: list[str] = field(default_factory=list)

    def __len__(self) -> int:
        return len(self.statements)


@pytest.fixture
def count_queries(app: Flask) -> Callable[[], Any]:
    """Give a context manager that counts statements: ``with count_queries() as queries: …``."""

    @contextmanager
    def counting() -> Iterator[Queries]:
        seen = Queries()

        def note(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
            seen.statements.append(statement)

        with app.app_context():
            target = db.engine
        sa.event.listen(target, "before_cursor_execute", note)
        try:
            yield seen
        finally:
            sa.event.remove(target, "before_cursor_execute", note)

    return counting
