"""What a person reads when something was refused or went wrong: a clear page and the right status."""

from __future__ import annotations

import logging
import sqlite3
from typing import TYPE_CHECKING, Any

from flask import jsonify, render_template, request
from flask_wtf.csrf import CSRFError
from sqlalchemy.exc import DataError, OperationalError
from werkzeug.exceptions import HTTPException, InternalServerError

from eventsys.core.db import db
from eventsys.core.errors import DomainError
from eventsys.web.shared import resend
from eventsys.web.shared.sentences import error_page, sentence

if TYPE_CHECKING:
    from flask import Flask
    from flask.typing import ResponseReturnValue

log = logging.getLogger(__name__)


def _page(status: int, message: str | None = None) -> ResponseReturnValue:
    title, text = error_page(status)
    if request.path.startswith(("/api/", "/hooks/")):
        return jsonify(error=message or title, status=status), status
    return render_template(
        "errors/error.html", status=status, title=title, text=message or text
    ), status


def _refused(error: DomainError) -> ResponseReturnValue:
    return _page(error.status, sentence(error))


def _http(error: HTTPException) -> Any:  # noqa: ANN401 (a response)
    if error.code is None or error.code < 400:
        return error
    answer = _page(error.code)
    if error.code == 405 and getattr(error, "valid_methods", None):
        return (*answer, {"Allow": ", ".join(error.valid_methods)})  # type: ignore[attr-defined, misc]
    return answer


def _csrf(_error: CSRFError) -> ResponseReturnValue:
    return resend.after_stale_token() or _page(400, error_page("csrf")[1])


def _database(error: OperationalError | sqlite3.OperationalError) -> ResponseReturnValue:
    db.session.rollback()
    log.error("database", exc_info=error)
    return _page(503 if _passes(error) else 500)


def _passes(error: OperationalError | sqlite3.OperationalError) -> bool:
    """Tell whether the same form will do a moment later; nothing was written.

    SQLite: the wait for the lock ran out under a rush. PostgreSQL's operational errors are all of this kind: no
    connection, a restart, too many connections, two transactions that waited for each other.
    """
    cause = error.orig if isinstance(error, OperationalError) else error
    return not isinstance(cause, sqlite3.Error) or "locked" in str(cause)


def _unstorable(error: DataError) -> ResponseReturnValue:
    db.session.rollback()
    # PostgreSQL refuses a value that SQLite compares in vain, such as a number no column can hold.
    log.warning("a value that the database cannot hold", exc_info=error)
    return _page(400)


def _crash(error: InternalServerError) -> ResponseReturnValue:
    db.session.rollback()
    log.error("unexpected", exc_info=error.original_exception)
    return _page(500)


def install(app: Flask) -> None:
    """Answer every refusal with a page in the person's language."""
    app.register_error_handler(DomainError, _refused)
    app.register_error_handler(CSRFError, _csrf)
    app.register_error_handler(OperationalError, _database)
    app.register_error_handler(DataError, _unstorable)
    # A refused BEGIN comes as the driver raised it.
    app.register_error_handler(sqlite3.OperationalError, _database)
    app.register_error_handler(InternalServerError, _crash)
    app.register_error_handler(HTTPException, _http)
