"""Members by command."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click
from flask.cli import AppGroup

from eventsys.cli.transaction import COMMAND, now, print_json, say, writing
from eventsys.core.i18n import gettext
from eventsys.members.operations.import_members import import_members, totals

if TYPE_CHECKING:
    from io import BufferedReader

    from eventsys.members.queries import PlannedRow

members = AppGroup("members", help="Members and other organisations.")


@members.command("import")
@click.argument("file", type=click.File("rb"))
def import_file(file: BufferedReader) -> None:
    """Import members from a table (CSV, XLSX, ODS).

    Columns: name, city, country, region, kind, since; optional: external_id, until, nature, name_en,
    name_es, name_fr, website. The same file again changes nothing.
    """
    with writing():
        plan = import_members(file, actor=COMMAND, now=now())
    for column in plan.unknown_columns:
        say(gettext("The column “%(name)s” was not understood and was left out.", name=column))
    print_json(
        {
            **totals(plan),
            "rejected": [_problem(row, problem) for row in plan.rows for problem in row.problems],
            "to_review": [_problem(row, note) for row in plan.rows for note in row.notes],
        },
    )
    if plan.rows and plan.count("rejected") == len(plan.rows):
        raise click.ClickException(gettext("No row could be read."))


def _problem(row: PlannedRow, problem: tuple[str, str, dict[str, object]]) -> dict[str, Any]:
    field, reason, facts = problem
    return {"line": row.line, "name": row.name, "field": field, "reason": reason, **facts}
