"""The database handle, the typed base of all models, and how transactions begin.

SQLite: WAL, ``synchronous=FULL`` (a confirmed place survives a power cut), foreign keys on, a busy
timeout, ``BEGIN IMMEDIATE`` only for units of work that write: IMMEDIATE for readers as well starves
the writers. PostgreSQL: a reading request runs in a read-only transaction.
"""

from __future__ import annotations

import fcntl
import os
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, datetime
from functools import cache
from typing import TYPE_CHECKING, Any, Literal, cast

from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import JSON, DateTime, MetaData, event, insert
from sqlalchemy.orm import DeclarativeBase
from sqlalchemy.types import TypeDecorator

from eventsys.core.connections import keep_usable

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqlalchemy import Connection, Dialect, Engine, Insert, Table
    from sqlalchemy.pool import ConnectionPoolEntry

Mode = Literal["read", "write", "plain"]

NAMES = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}

BUSY_MILLISECONDS = 15_000

_mode: ContextVar[Mode] = ContextVar("transaction_mode", default="plain")


class Base(DeclarativeBase):
    """The base of all models; constraint names follow one convention on both engines."""

    metadata = MetaData(naming_convention=NAMES)


db = SQLAlchemy(metadata=Base.metadata)


def table_of(model: type[DeclarativeBase]) -> Table:
    """Give the table of a model: a statement on it skips what the ORM does for objects, a millisecond a row."""
    return cast("Table", model.__table__)


@cache
def _insert(model: type[DeclarativeBase]) -> Insert:
    return insert(table_of(model))


def add_row(model: type[DeclarativeBase], **values: Any) -> None:  # noqa: ANN401 (columns)
    """Store one row that nobody reads as an object in this transaction."""
    db.session.execute(_insert(model), values)


class UtcDateTime(TypeDecorator[datetime]):
    """An aware moment, always UTC. Naive values are a programming error and are refused."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Refuse naive times; SQLite keeps UTC without a zone so that text order is time order."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a naive time cannot be stored")
        value = value.astimezone(UTC)
        return value.replace(tzinfo=None) if dialect.name == "sqlite" else value

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002 (interface)
        """Give an aware UTC time on both engines."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class Localised(TypeDecorator[dict[str, str]]):
    """Text entered per language by an organiser: ``{"en": …, "es": …, "fr": …}``; read with ``text_in``."""

    impl = JSON
    cache_ok = True

    def process_bind_param(self, value: Any, dialect: Dialect) -> dict[str, str]:  # noqa: ANN401, ARG002 (interface)
        """Keep only languages that have a text."""
        return {language: text for language, text in (value or {}).items() if text}

    def process_result_value(self, value: Any, dialect: Dialect) -> dict[str, str]:  # noqa: ANN401, ARG002 (interface)
        """Give a dict, empty when nothing was entered."""
        return dict(value or {})


@contextmanager
def transaction_mode(mode: Mode) -> Iterator[None]:
    """Say what the transactions begun inside are for: ``read``, ``write`` or ``plain``."""
    token = _mode.set(mode)
    try:
        yield
    finally:
        _mode.reset(token)


def set_transaction_mode(mode: Mode) -> None:
    """Say what the transactions of this context are for from now on (requests set it at their start)."""
    _mode.set(mode)


def _prepare_sqlite(connection: Any, _record: object) -> None:  # noqa: ANN401 (DB-API)
    # The driver's own BEGIN handling is switched off: _begin_sqlite decides.
    connection.isolation_level = None
    cursor = connection.cursor()
    for pragma in (
        "journal_mode=WAL",
        "synchronous=FULL",
        "foreign_keys=ON",
        f"busy_timeout={BUSY_MILLISECONDS}",
        "cache_size=-16000",
        "temp_store=MEMORY",
    ):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def _begin_sqlite(connection: Connection) -> None:
    mode = _mode.get()
    raw = connection.connection.dbapi_connection
    info = connection.connection.info
    if raw is None:
        raise RuntimeError("a transaction began without a connection")
    read_only = mode == "read"
    if info.get("query_only", False) != read_only:
        raw.execute(f"PRAGMA query_only={'ON' if read_only else 'OFF'}")
        info["query_only"] = read_only
    if mode == "write":
        _queue_up(connection.engine.url.database, info)
        raw.execute("BEGIN IMMEDIATE")
    else:
        raw.execute("BEGIN")


def _queue_up(database: str | None, info: dict[Any, Any]) -> None:
    """Wait in line for the one writer's place, over all threads and processes of this machine.

    SQLite's own waiting is a lottery with pauses: under a rush some lose for fifteen seconds and give up.
    The system's file lock wakes the next one at once, and is gone with a process that is killed.
    """
    if "queue" not in info:
        info["queue"] = os.open(f"{database}-queue", os.O_CREAT | os.O_RDWR | os.O_CLOEXEC, 0o600)
    fcntl.flock(info["queue"], fcntl.LOCK_EX)
    info["in_line"] = True


def _leave_queue(_raw: object, record: ConnectionPoolEntry) -> None:
    """Let the next writer begin: this connection's transaction has ended."""
    if record.info.pop("in_line", False):
        fcntl.flock(record.info["queue"], fcntl.LOCK_UN)


def _close_queue(_raw: object, record: ConnectionPoolEntry) -> None:
    handle = record.info.pop("queue", None)
    if handle is not None:
        os.close(handle)


def _begin_postgresql(connection: Connection) -> None:
    raw = connection.connection.dbapi_connection
    read_only = True if _mode.get() == "read" else None
    if raw is not None and raw.read_only is not read_only:
        # Takes effect with the BEGIN that psycopg sends by itself: no extra round trip.
        raw.read_only = read_only


def prepare_engine(engine: Engine) -> None:
    """Attach the rules of this module to an engine; called once, by the factory."""
    if engine.dialect.name == "sqlite":
        event.listen(engine, "connect", _prepare_sqlite)
        event.listen(engine, "begin", _begin_sqlite)
        event.listen(engine, "checkin", _leave_queue)
        event.listen(engine, "close", _close_queue)
    else:
        event.listen(engine, "begin", _begin_postgresql)
        keep_usable(engine)
