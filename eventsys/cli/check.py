"""``flask check``: settings, migrations, integrity of the data, figures against rows."""

from __future__ import annotations

import click
from flask import current_app

from eventsys.cli.transaction import now, reading, say
from eventsys.core.db import db
from eventsys.core.migrations import code_version, database_version
from eventsys.jobs.queries import count_jobs
from eventsys.mail.queries import count_by_status
from eventsys.registration.queries.integrity import find_faults
from eventsys.statistics.queries.proof import find_wrong_figures


@click.command("check")
def check() -> None:
    """Check settings, migrations, the data and the figures; exit with 1 when something does not agree."""
    settings = current_app.config["EVENTSYS"]
    say(f"settings: good; {settings.base_url}, {'SQLite' if settings.sqlite else 'PostgreSQL'}")
    _check_migrations()
    with reading():
        faults = [*find_faults(), *find_wrong_figures(now=now())]
        failed = count_by_status().get("failed", 0), count_jobs().get("failed", 0)
    for fault in faults:
        click.echo(f"{fault.rule}: {fault.where}: expected {fault.expected}, found {fault.found}")
    if any(failed):
        say(f"to look at in the office: {failed[0]} failed mails, {failed[1]} failed jobs")
    if faults:
        raise click.ClickException(f"{len(faults)} things do not agree")
    say("data and figures: good")


def _check_migrations() -> None:
    head = code_version()
    with db.engine.connect() as connection:
        current = database_version(connection)
    if current != head:
        raise click.ClickException(
            f"migrations: the database is at {current or 'nothing yet'}, the code at {head}; run flask db upgrade"
        )
    say(f"migrations: good; {head}")
