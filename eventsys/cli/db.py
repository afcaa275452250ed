"""``flask db …``: migrations, by Flask-Migrate. It loads Alembic and all that Alembic needs when it is used first."""

from __future__ import annotations

import os
from importlib import import_module
from typing import TYPE_CHECKING, Any

import click
from werkzeug.local import LocalProxy

from eventsys.core.db import db
from eventsys.core.lazy import lazy_import
from eventsys.core.migrations import VERSIONS, code_version, database_version

if TYPE_CHECKING:
    import flask_migrate
    from flask import Flask
else:
    flask_migrate = lazy_import("flask_migrate")

EXTENSION = "migrate"


def install(app: Flask) -> None:
    """Give the application its migrations and the command, both loaded later."""

    def load() -> Any:  # noqa: ANN401 (Flask-Migrate ships no types)
        flask_migrate.Migrate(app, db, directory=os.fspath(VERSIONS.parent), render_as_batch=True)
        return app.extensions[EXTENSION]

    app.extensions[EXTENSION] = LocalProxy(load)
    app.cli.add_command(_database)


@click.command(
    "db",
    add_help_option=False,
    context_settings={"ignore_unknown_options": True, "allow_extra_args": True},
)
@click.argument("words", nargs=-1, type=click.UNPROCESSED)
@click.pass_context
def _database(context: click.Context, words: tuple[str, ...]) -> None:
    """Perform database migrations."""
    import_module("flask_migrate.cli").db.main(
        list(words), "db", standalone_mode=False, parent=context.parent
    )


def upgrade_when_needed() -> None:
    """Migrate the database, unless it is exactly where the code is."""
    with db.engine.connect() as connection:
        there = database_version(connection)
    if there != code_version():
        flask_migrate.upgrade()
