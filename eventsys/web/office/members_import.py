"""Import of members: choose a table, look at every row, then store it.

Between the two steps the table travels in the page itself, so that nothing is kept on a server that
another one would not see; what is stored is what was shown, read again by the same rules.
"""

from __future__ import annotations

import csv
import io
import json
from typing import TYPE_CHECKING, Any, Final

from flask import flash, redirect, render_template, request, url_for

from eventsys.accounts.rules import Permission
from eventsys.core.i18n import gettext, ngettext
from eventsys.files.errors import SheetError
from eventsys.files.sheets import is_proven, read_table
from eventsys.members.errors import MissingColumn, TooManyRows
from eventsys.members.operations.import_members import import_members
from eventsys.members.queries import ACTIONS, plan_import
from eventsys.web.office.blueprint import bp
from eventsys.web.office.encodings import encoding_words
from eventsys.web.office.members_forms import ImportForm
from eventsys.web.office.members_labels import COLUMNS
from eventsys.web.shared.access import current_actor, requires
from eventsys.web.shared.clock import now
from eventsys.web.shared.sentences import reason_sentence, sentence

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue

    from eventsys.members.queries import Plan
    from eventsys.members.rules import Problem

REFUSED = 422
SHOWN: Final = 500
LARGEST: Final = 1_500_000  # bytes; what a page can carry to the second step


def _ask(form: ImportForm, status: int = 200) -> ResponseReturnValue:
    return render_template("office/members/import.html", form=form), status


@bp.route("/members/import", methods=["GET", "POST"])
@requires(Permission.MEMBERS)
def import_members_page() -> ResponseReturnValue:
    """Choose a table; then show what would become of every row. Nothing is stored."""
    form = ImportForm()
    if not form.is_submitted():
        return _ask(form)
    if not form.validate():
        return _ask(form, REFUSED)
    data = form.file.data.read(LARGEST + 1)
    if len(data) > LARGEST:
        form.file.errors = [
            gettext("This file is too large for the office. Use the command, or split it.")
        ]
        return _ask(form, 413)
    chosen = form.encoding.data or ""
    try:
        plan = plan_import(data, chosen)
        text, encoding = _as_text(data, chosen)
    except (SheetError, MissingColumn, TooManyRows) as error:
        form.file.errors = [sentence(error)]
        return _ask(form, REFUSED)
    return render_template(
        "office/members/preview.html",
        packed=json.dumps(text),
        encoding=encoding_words(encoding) if encoding else "",
        guessed=not (chosen or is_proven(encoding)),
        **_shown(plan),
    )


@bp.post("/members/import/store")
@requires(Permission.MEMBERS)
def store_members() -> ResponseReturnValue:
    """Store the table that was shown."""
    data = _unpacked(request.form.get("table", ""))
    try:
        plan = import_members(data, actor=current_actor(), now=now())
    except (SheetError, MissingColumn, TooManyRows) as error:
        form = ImportForm(formdata=None)
        form.file.errors = [sentence(error)]
        return _ask(form, REFUSED)
    for action, text in _sentences(plan).items():
        flash(text, "bad" if action == "rejected" else "ok")
    return redirect(url_for("office.list_of_members"), 303)


def _sentences(plan: Plan) -> dict[str, str]:
    n = {action: plan.count(action) for action in ACTIONS}
    words = {
        "created": ngettext(
            "%(n)s organisation was added", "%(n)s organisations were added", n["created"]
        ),
        "updated": ngettext(
            "%(n)s organisation was changed", "%(n)s organisations were changed", n["updated"]
        ),
        "unchanged": ngettext(
            "%(n)s organisation was as in the table already",
            "%(n)s organisations were as in the table already",
            n["unchanged"],
        ),
        "rejected": ngettext("%(n)s row was left out", "%(n)s rows were left out", n["rejected"]),
    }
    return {action: words[action] for action in ACTIONS if n[action]}


def _as_text(data: bytes, chosen: str) -> tuple[str, str]:
    """Write any table as plain CSV, so that it can travel in the page; lines stay where they are.

    Also gives the encoding in which it was read.
    """
    table = read_table(data, chosen)
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(table.columns)
    for row in table.rows:
        writer.writerow([row.values.get(name, "") for name in table.columns])
    return out.getvalue(), table.encoding


def _unpacked(text: str) -> bytes:
    """Give the table that travelled in the page; what is no such text is an empty table."""
    try:
        table = json.loads(text)
    except (ValueError, RecursionError):
        return b""
    return table.encode(errors="replace") if isinstance(table, str) else b""


def _shown(plan: Plan) -> dict[str, Any]:
    rows = [
        {
            "line": row.line,
            "name": row.name,
            "action": row.action,
            "draft": row.draft,
            "periods": row.periods or [],
            "problems": [_words(problem) for problem in row.problems],
            "notes": [_words(note) for note in row.notes],
        }
        # What needs a look comes first.
        for row in sorted(
            plan.rows, key=lambda row: (row.action != "rejected", not row.notes, row.line)
        )
    ]
    return {
        "rows": rows[:SHOWN],
        "total": len(rows),
        "counts": {action: plan.count(action) for action in ACTIONS},
        "unknown_columns": plan.unknown_columns,
    }


def _words(problem: Problem) -> str:
    field, reason, facts = problem
    return f"{COLUMNS.get(field, field)}{gettext(':')} {reason_sentence(reason, facts)}"
