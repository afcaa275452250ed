"""Registrations by command: import a table."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, BinaryIO, Final

import click
from flask import current_app
from flask.cli import AppGroup

from eventsys.cli.transaction import COMMAND, now, print_json, reading, say, writing
from eventsys.core.render import render
from eventsys.events.queries import event_facts, get_event, list_categories
from eventsys.files.sheets import ENCODINGS
from eventsys.registration.operations.import_registrations import import_registrations
from eventsys.registration.queries.importing import survey_file

if TYPE_CHECKING:
    from collections.abc import Iterable

    from eventsys.events.queries import EventFacts
    from eventsys.registration.operations.import_registrations import Imported
    from eventsys.registration.queries.importing import Survey
    from eventsys.registration.rules.importing import Problem

# Progress is told every so many rows.
STEP: Final = 2_000

registrations = AppGroup("registrations", help="Registrations.")


@registrations.command("import")
@click.argument("slug", metavar="EVENT")
@click.argument("file", type=click.File("rb"))
@click.option("--dry-run", is_flag=True, help="Say what would happen and change nothing.")
@click.option(
    "--create-categories", is_flag=True, help="Add categories that the event does not have."
)
@click.option(
    "--encoding",
    type=click.Choice(ENCODINGS),
    default=None,
    help="Of a CSV file; found out by itself without.",
)
def import_(
    slug: str, file: BinaryIO, *, dry_run: bool, create_categories: bool, encoding: str | None
) -> None:
    """Import a table of registrations (CSV or workbook) into EVENT and print what became of each row."""
    with reading():
        survey = survey_file(
            _facts(slug),
            file,
            now=now(),
            create_categories=create_categories,
            encoding=encoding or "",
            progress=_progress,
        )
    with reading() if dry_run else writing():
        done = import_registrations(
            _facts(slug), file, survey, actor=COMMAND, now=now(), secret=current_app.config["SECRET_KEY"],
            progress=_progress, dry_run=dry_run,
        )  # fmt: skip
    print_json(_report(survey, done, dry_run=dry_run))
    _tell(survey, done, dry_run=dry_run)


def _facts(slug: str) -> EventFacts:
    event = get_event(slug)
    return event_facts(event, list_categories(event.id))


def _progress(phase: str, rows: int) -> None:
    if rows % STEP == 0:
        say(f"{phase}: {rows} rows")


def _report(survey: Survey, done: Imported, *, dry_run: bool) -> dict[str, Any]:
    return {
        "dry_run": dry_run,
        "format": survey.format,
        "encoding": survey.encoding,
        "separator": survey.delimiter,
        "columns": survey.reading.matching,
        "rows": survey.rows,
        "created": done.created,
        "updated": done.updated,
        "unchanged": done.unchanged,
        "duplicates": len(survey.duplicates),
        "rejected": _problems(survey.rejected),
        "further_problems": _problems(survey.more_problems),
        "duplicate_lines": [{"line": line, "same_as": first} for line, first in survey.duplicates],
        "warnings": _problems(survey.warnings),
        "new_categories": list(survey.new_categories),
    }


def _problems(problems: Iterable[Problem]) -> list[dict[str, Any]]:
    return [
        {
            "line": problem.line,
            "field": problem.field,
            "reason": problem.reason,
            "value": problem.value,
            "sentence": render("command/import_reason.txt", code=problem.reason),
        }
        for problem in problems
    ]


def _tell(survey: Survey, done: Imported, *, dry_run: bool) -> None:
    say(
        f"{survey.rows} rows: {done.created} created, {done.updated} updated, {done.unchanged} unchanged, "
        f"{len(survey.duplicates)} duplicates, {len(survey.rejected)} rejected"
        f"{' (dry run: nothing was changed)' if dry_run else ''}",
    )
