"""Jobs about tables that staff bring: read one, store one."""

from __future__ import annotations

import io
from dataclasses import asdict
from typing import TYPE_CHECKING, Any, Final

from eventsys.core.actor import Actor
from eventsys.core.db import db, transaction_mode
from eventsys.core.errors import DomainError
from eventsys.events.queries import event_facts, get_event_by_id, list_categories
from eventsys.registration.operations.import_files import keep_reading, keep_stored
from eventsys.registration.operations.import_registrations import import_registrations
from eventsys.registration.queries.import_files import get_import_file_by_id
from eventsys.registration.queries.importing import survey_file

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from flask import Flask

    from eventsys.events.queries import EventFacts
    from eventsys.registration.operations.import_registrations import Imported
    from eventsys.registration.queries.import_files import ImportFile
    from eventsys.registration.queries.importing import Survey
    from eventsys.registration.rules.importing import Problem

# What a page can show and a download holds; the counts are always of everything.
SHOWN: Final = 5_000


def read_file(app: Flask, arguments: dict[str, Any], *, now: datetime) -> None:
    """Read a table and keep what would become of its rows. Nothing of it is stored."""
    number = int(arguments["import_file_id"])
    state, report = "read", {}
    # Reading may take a minute: no write lock is held meanwhile.
    with transaction_mode("read"):
        file = get_import_file_by_id(number)
        if file.state == "reading":
            try:
                survey, source, event = _survey(file, now=now)
                counted = import_registrations(
                    event,
                    source,
                    survey,
                    actor=_actor(file),
                    now=now,
                    secret=_secret(app),
                    dry_run=True,
                )
                report = _report(survey, counted)
            except DomainError as error:
                state, report = "refused", {"error": error.code, **error.facts}
        db.session.rollback()
    if report:
        keep_reading(number, state, report)


def run_import(app: Flask, arguments: dict[str, Any], *, now: datetime) -> None:
    """Store a table that was read and looked at: all of it or nothing. Safe to run twice."""
    number = int(arguments["import_file_id"])
    with transaction_mode("read"):
        file = get_import_file_by_id(number)
        waiting, actor = file.state == "storing", _actor(file)
        survey, source, event = _survey(file, now=now) if waiting else (None, None, None)
        db.session.rollback()
    if survey is None or source is None or event is None:
        return
    done = import_registrations(event, source, survey, actor=actor, now=now, secret=_secret(app))
    keep_stored(number, _report(survey, done), now=now)


def _survey(file: ImportFile, *, now: datetime) -> tuple[Survey, io.BytesIO, EventFacts]:
    event = get_event_by_id(file.event_id)
    facts = event_facts(event, list_categories(event.id))
    source = io.BytesIO(file.content)
    survey = survey_file(
        facts,
        source,
        now=now,
        matching=file.matching or None,
        create_categories=file.create_categories,
        encoding=file.encoding,
    )
    return survey, source, facts


def _actor(file: ImportFile) -> Actor:
    return Actor("staff", file.brought_by_id, file.brought_by)


def _secret(app: Flask) -> str:
    return str(app.config["SECRET_KEY"])


def _report(survey: Survey, done: Imported) -> dict[str, Any]:
    return {
        "format": survey.format,
        "encoding": survey.encoding,
        "delimiter": survey.delimiter,
        "columns": list(survey.columns),
        "matching": survey.reading.matching,
        "samples": survey.samples,
        "beyond_ascii": survey.beyond_ascii,
        "rows": survey.rows,
        "created": done.created,
        "updated": done.updated,
        "unchanged": done.unchanged,
        "duplicates": len(survey.duplicates),
        "rejected": len(survey.rejected),
        "warned": len(survey.warnings),
        "problems": _problems([*survey.rejected, *survey.more_problems]),
        "warnings": _problems(survey.warnings),
        "new_categories": survey.new_categories,
    }


def _problems(problems: Iterable[Problem]) -> list[dict[str, Any]]:
    ordered = sorted(problems, key=lambda problem: problem.line)
    return [asdict(problem) for problem in ordered[:SHOWN]]
