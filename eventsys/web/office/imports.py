"""Import of registrations: bring a table, look at what would become of every row, store it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from flask import Response, flash, redirect, render_template, request, url_for
from flask_wtf.file import FileField

from eventsys.accounts.rules import Permission
from eventsys.core.i18n import gettext, lazy
from eventsys.core.render import render
from eventsys.events.queries import get_event
from eventsys.files.sheets import ENCODINGS, csv_stream, is_proven
from eventsys.registration.errors import ImportInHand
from eventsys.registration.operations.import_files import (
    bring_file,
    choose_encoding,
    match_file,
    store_file,
)
from eventsys.registration.queries.import_files import get_import_file, list_import_files
from eventsys.registration.rules.importing import FIELDS, REQUIRED
from eventsys.web.office.blueprint import bp
from eventsys.web.office.encodings import encoding_choices, encoding_words
from eventsys.web.office.navigation import event_page
from eventsys.web.shared.access import current_actor, requires
from eventsys.web.shared.clock import now
from eventsys.web.shared.forms import Form
from eventsys.web.shared.sentences import code_sentence, sentence

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue

    from eventsys.events.queries import Event
    from eventsys.registration.queries.import_files import ImportFile

REFUSED: Final = 422
CONFLICT: Final = 409
# What the page shows; the download holds more.
SHOWN: Final = 200
# Seconds after which a page that waits for the worker looks again.
AGAIN: Final = "2"
LABELS: Final[dict[str, Any]] = {
    "first_name": lazy("First name"),
    "last_name": lazy("Last name"),
    "email": lazy("Email"),
    "gender": lazy("Gender"),
    "city": lazy("City"),
    "country": lazy("Country"),
    "organisation": lazy("Organisation"),
    "member": lazy("Member"),
    "job_title": lazy("Job title"),
    "category": lazy("Category"),
    "language": lazy("Language"),
    "registered_at": lazy("Registered at"),
    "status": lazy("Status"),
    "checked_in_at": lazy("Checked in at"),
    "row": lazy("The whole row"),
}


class UploadForm(Form):
    """The table."""

    file = FileField(lazy("Table"))


def _ask(event: Event, form: UploadForm, status: int = 200) -> ResponseReturnValue:
    page = {"form": form, "files": list_import_files(event.id), **event_page(event, "participants")}
    return render_template("office/imports/upload.html", **page), status


@bp.route("/events/<slug>/import", methods=["GET", "POST"])
@requires(Permission.PARTICIPANTS_EDIT)
def import_registrations_page(slug: str) -> ResponseReturnValue:
    """Choose a table; it is kept and read, and nothing of it is stored yet."""
    event = get_event(slug)
    form = UploadForm()
    if not form.is_submitted():
        return _ask(event, form)
    if not form.validate():
        return _ask(event, form, REFUSED)
    sent = request.files.get("file")
    content = sent.read() if sent is not None else b""
    if sent is None or not content:
        form.file.errors = [gettext("Choose a file that is not empty")]
        return _ask(event, form, REFUSED)
    key = bring_file(event.id, sent.filename or "", content, actor=current_actor(), now=now())
    return redirect(url_for("office.imported_file", slug=slug, key=key), 303)


@bp.get("/events/<slug>/import/<key>")
@requires(Permission.PARTICIPANTS_EDIT)
def imported_file(slug: str, key: str) -> ResponseReturnValue:
    """Show how far a table is: being read, to be looked at, being stored, stored."""
    event = get_event(slug)
    return _show(event, get_import_file(event.id, key))


def _show(event: Event, file: ImportFile, status: int = 200) -> ResponseReturnValue:
    page = {**event_page(event, "participants"), "file": file, "report": file.report}
    if file.state in {"reading", "storing"}:
        headers = {"Refresh": AGAIN}
        return render_template("office/imports/wait.html", **page), status, headers
    if file.state == "stored":
        return render_template("office/imports/stored.html", **page, **_problems(file)), status
    refusal, encoding = file.report.get("error", ""), file.report.get("encoding", "")
    return render_template(
        "office/imports/preview.html",
        **page,
        **_problems(file),
        refusal=_refusal(file.report) if refusal else "",
        columns=_columns(file),
        # Nothing to choose for a workbook, nor where the file itself or a person has said it.
        encodings=encoding_choices() if encoding else [],
        encoding=encoding_words(encoding),
        beyond_ascii=file.report.get("beyond_ascii", []),
        guessed=not (file.encoding or is_proven(encoding)),
        fields=[(name, LABELS[name], name in REQUIRED) for name in FIELDS],
    ), status


def _refusal(report: dict[str, Any]) -> str:
    missing = [str(LABELS[name]) for name in report.get("fields", ())]
    return code_sentence(report["error"], {**report, "fields": ", ".join(missing)})


def _columns(file: ImportFile) -> list[tuple[str, str, list[str]]]:
    report = file.report
    matching = report.get("matching") or file.matching
    samples = report.get("samples", [])
    return [
        (name, matching.get(name, ""), [row.get(name, "") for row in samples][:3])
        for name in report.get("columns", ())
    ]


def _problems(file: ImportFile) -> dict[str, Any]:
    return {
        "problems": file.report.get("problems", [])[:SHOWN],
        "warnings": file.report.get("warnings", [])[:SHOWN],
        "labels": LABELS,
    }


@bp.get("/events/<slug>/import/<key>/<any(columns, encoding, store):_action>")
@requires(Permission.PARTICIPANTS_EDIT)
def back_to_imported_file(slug: str, key: str, _action: str) -> ResponseReturnValue:
    """Lead from the address of an action to the table: after a refusal, or in another language."""
    return redirect(url_for("office.imported_file", slug=slug, key=key))


@bp.post("/events/<slug>/import/<key>/columns")
@requires(Permission.PARTICIPANTS_EDIT)
def match_columns_of_file(slug: str, key: str) -> ResponseReturnValue:
    """Say which column is which field, and have the table read again."""
    event = get_event(slug)
    file = get_import_file(event.id, key)
    matching: dict[str, str] = {}
    for number, name in enumerate(file.report.get("columns", ())):
        chosen = request.form.get(f"column-{number}", "")
        if chosen in FIELDS and chosen not in matching.values():
            matching[name] = chosen
    create = request.form.get("create_categories") == "yes"
    try:
        match_file(
            event.id, key, matching, create_categories=create, actor=current_actor(), now=now()
        )
    except ImportInHand as error:
        flash(sentence(error), "warn")
        return _show(event, get_import_file(event.id, key), CONFLICT)
    return redirect(url_for("office.imported_file", slug=slug, key=key), 303)


@bp.post("/events/<slug>/import/<key>/encoding")
@requires(Permission.PARTICIPANTS_EDIT)
def choose_encoding_of_file(slug: str, key: str) -> ResponseReturnValue:
    """Say in which encoding a CSV file is written, and have it read again."""
    event = get_event(slug)
    chosen = request.form.get("encoding", "")
    try:
        choose_encoding(
            event.id, key, chosen if chosen in ENCODINGS else "", actor=current_actor(), now=now()
        )
    except ImportInHand as error:
        flash(sentence(error), "warn")
        return _show(event, get_import_file(event.id, key), CONFLICT)
    return redirect(url_for("office.imported_file", slug=slug, key=key), 303)


@bp.post("/events/<slug>/import/<key>/store")
@requires(Permission.PARTICIPANTS_EDIT)
def store_imported_file(slug: str, key: str) -> ResponseReturnValue:
    """Have the table stored as it was shown; a second click finds it in hand."""
    event = get_event(slug)
    try:
        store_file(event.id, key, actor=current_actor(), now=now())
    except ImportInHand:
        return redirect(url_for("office.imported_file", slug=slug, key=key), 303)
    return redirect(url_for("office.imported_file", slug=slug, key=key), 303)


@bp.get("/events/<slug>/import/<key>/problems.csv")
@requires(Permission.PARTICIPANTS_EDIT)
def problems_of_file(slug: str, key: str) -> Response:
    """Give every problem and every doubt of a table, to correct it."""
    event = get_event(slug)
    report = get_import_file(event.id, key).report
    sentences: dict[str, str] = {}
    rows = []
    for kind, name in ((gettext("left out"), "problems"), (gettext("to look at"), "warnings")):
        for problem in report.get(name, ()):
            reason = problem["reason"]
            sentences.setdefault(reason, render("command/import_reason.txt", code=reason))
            label = str(LABELS.get(problem["field"], problem["field"]))
            rows.append([problem["line"], kind, label, problem["value"], sentences[reason], reason])
    headings = [
        gettext("Line"), gettext("What becomes of the row"), gettext("Field"), gettext("What stands there"),
        gettext("What is wrong"), gettext("Reason code"),
    ]  # fmt: skip
    return Response(
        b"".join(csv_stream(headings, rows)),
        mimetype="text/csv",
        headers={"Content-Disposition": f'attachment; filename="{event.slug}-import-problems.csv"'},
    )
