"""``flask db …``: migrations, by Flask-Migrate. It loads Alembic and all that Alembic needs when it is used first."""

from __future__ import annotations

import os
from importlib import import_module
from typing import TYPE_CHECKING, Any

import click
from werkzeug.local import LocalProxy

from eventsys.core.db import db
from eventsys.core.migrations import VERSIONS, code_version, database_version

if TYPE_CHECKING:
    from flask import Flask

EXTENSION = "migrate"


def install(app: Flask) -> None:
    """Give the application its migrations and the command, both loaded later."""

    def load() -> Any:  # noqa: ANN401 (Flask-Migrate ships no types)
        migrate = import_module("flask_migrate").Migrate
        migrate(app, db, directory=os.fspath(VERSIONS.parent), render_as_batch=True)
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
        import_module("flask_migrate").upgrade()
