"""The database as the product uses it: read-only readers, aware times, constraints with names."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
import sqlalchemy as sa
from sqlalchemy.exc import DBAPIError

from eventsys.audit.operations import record
from eventsys.audit.queries import AuditFilter, list_entries
from eventsys.core import connections
from eventsys.core.actor import Actor
from eventsys.core.db import db, transaction_mode

NOON = datetime(2026, 11, 21, 12, tzinfo=UTC)


def test_a_time_comes_back_aware_and_equal(session):
    record("test.done", "test", 1, actor=Actor.system("test"), now=NOON)
    assert list_entries(AuditFilter())[0].at == NOON


def test_every_test_begins_with_an_empty_database(session):
    assert list_entries(AuditFilter()) == []
    record("test.done", "test", 1, actor=Actor.system("test"), now=NOON)
    session.commit()
    assert list_entries(AuditFilter())[0].id == 1


def test_every_test_begins_with_an_empty_database_also_after_a_commit(session):
    test_every_test_begins_with_an_empty_database(session)


def test_a_reader_cannot_write(session):
    with transaction_mode("read"), pytest.raises(DBAPIError, match=r"readonly|read-only"):
        record("test.done", "test", 1, actor=Actor.system("test"), now=NOON)


def test_every_constraint_and_index_has_a_name(app):
    with app.app_context():
        inspector = sa.inspect(db.engine)
        for table in inspector.get_table_names():
            if table == "alembic_version":
                continue
            named = [
                inspector.get_pk_constraint(table),
                *inspector.get_foreign_keys(table),
                *inspector.get_unique_constraints(table),
                *inspector.get_check_constraints(table),
                *inspector.get_indexes(table),
            ]
            assert [item for item in named if not item["name"]] == [], table


@pytest.fixture
def server(engine, app):
    """Give a connection of our own to the PostgreSQL of the test, outside the pool."""
    if engine != "postgresql":
        pytest.skip("a connection to SQLite has no other end")
    with app.app_context():
        url = db.engine.url
    outside = sa.create_engine(url, isolation_level="AUTOCOMMIT", poolclass=sa.NullPool)
    with outside.connect() as connection:
        yield connection


def used_connection(session):
    """Use a connection and give it back; gives its number on the server."""
    number = session.scalar(sa.text("SELECT pg_backend_pid()"))
    session.rollback()
    return number


def test_a_connection_that_the_server_has_ended_is_replaced(session, server):
    number = used_connection(session)
    server.execute(sa.text("SELECT pg_terminate_backend(:number, 5000)"), {"number": number})
    assert used_connection(session) != number


@pytest.mark.parametrize(("long_pause", "asked"), [(30, False), (0, True)])
def test_a_connection_is_asked_after_a_pause_only(session, server, monkeypatch, long_pause, asked):
    monkeypatch.setattr(connections, "LONG_PAUSE", long_pause)
    number = used_connection(session)
    session.connection()  # taken out of the pool; nothing is sent to the server by us
    last = server.scalar(
        sa.text("SELECT query FROM pg_stat_activity WHERE pid = :number"), {"number": number}
    )
    assert (last != "ROLLBACK") is asked
