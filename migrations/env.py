"""How migrations run: on the application's own engine, one transaction for all of them."""

from __future__ import annotations

from alembic import context
from flask import current_app

from eventsys.core.db import Localised, UtcDateTime

database = current_app.extensions["migrate"].db


def include_object(_obj: object, name: str, kind: str, reflected: bool, compare_to: object) -> bool:
    """Leave tables that are not ours (extensions of PostgreSQL) alone."""
    return not (kind == "table" and reflected and compare_to is None and name.startswith("pg_"))


def render_item(kind: str, obj: object, _context: object) -> str | bool:
    """Write our column types into migrations as the plain types they are stored as."""
    if kind == "type" and isinstance(obj, UtcDateTime):
        return "sa.DateTime(timezone=True)"
    if kind == "type" and isinstance(obj, Localised):
        return "sa.JSON()"
    return False


def run() -> None:
    """Run the migrations online; SQLite alters tables by copying them (batch mode)."""
    options = dict(current_app.extensions["migrate"].configure_args)
    options.update(
        render_as_batch=True,
        compare_type=True,
        include_object=include_object,
        render_item=render_item,
    )
    with database.engine.connect() as connection:
        context.configure(connection=connection, target_metadata=database.metadata, **options)
        with context.begin_transaction():
            context.run_migrations()


if context.is_offline_mode():
    raise SystemExit("migrations run online only")
run()
