"""``flask check`` finds what does not agree, and says nothing of what does."""

from __future__ import annotations

from datetime import UTC, datetime

import sqlalchemy as sa

from eventsys.core.db import db
from eventsys.registration.operations.cancel import cancel
from tests.factories.events import make_event
from tests.factories.registrations import ANA, register
from tests.factories.tables import import_table, table


def run(app, session):
    db.session.rollback()
    return app.test_cli_runner().invoke(args=["check"])


def spoil(statement):
    db.session.execute(sa.text(statement))
    db.session.commit()


def test_a_good_database_passes(app, session):
    event = make_event(capacity=2)
    first = register(event)
    register(event, "bea@example.org")
    register(event, "cem@example.org")
    cancel(first.registration_id, window=None, actor=ANA, now=datetime.now(UTC))
    db.session.commit()
    result = run(app, session)
    assert result.exit_code == 0, result.output
    assert "data and figures: good" in result.output


def test_who_was_only_invited_is_no_wrong_figure(app, session):
    event = make_event()
    register(event)
    import_table(event, table({"email": "invited@example.org", "status": "invited"}))
    result = run(app, session)
    assert result.exit_code == 0, result.output


def test_a_place_that_nobody_holds_is_found(app, session):
    register(make_event(capacity=5))
    spoil("UPDATE event SET places_taken = 3")
    result = run(app, session)
    assert result.exit_code == 1
    assert "summit: expected 1, found 3" in result.output


def test_a_confirmed_person_without_a_place_is_found(app, session):
    register(make_event())
    spoil("UPDATE registration SET status = 'confirmed', holds_place = (1 = 0)")
    assert run(app, session).exit_code == 1


def test_missing_migrations_are_said_before_anything_else(app, session):
    version = session.scalar(sa.text("SELECT version_num FROM alembic_version"))
    spoil("UPDATE alembic_version SET version_num = 'older'")
    try:
        result = run(app, session)
        assert result.exit_code == 1
        assert "run flask db upgrade" in result.output
    finally:
        spoil(f"UPDATE alembic_version SET version_num = '{version}'")
