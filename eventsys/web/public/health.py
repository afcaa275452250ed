"""Alive and ready: for the machine that watches us."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import Response, jsonify
from sqlalchemy.exc import SQLAlchemyError

from eventsys.core.db import db
from eventsys.core.migrations import code_version, database_version
from eventsys.web.public.blueprint import bp
from eventsys.web.shared.access import public

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue


@bp.get("/healthz")
@public
def healthz() -> Response:
    """Say that the process is alive."""
    return jsonify(status="ok")


@bp.get("/readyz")
@public
def readyz() -> ResponseReturnValue:
    """Say whether the database answers and has all migrations; 503 when not."""
    head = code_version()
    try:
        current = database_version(db.session.connection())
    except SQLAlchemyError:
        return jsonify(status="no database"), 503
    if current != head:
        return jsonify(status="migrations missing", database=current, code=head), 503
    return jsonify(status="ok", migration=head)


@bp.get("/robots.txt")
@public
def robots() -> Response:
    """Keep machines out of the office and of personal links."""
    text = "User-agent: *\nDisallow: /office\nDisallow: /registrations/\nDisallow: /desk\nDisallow: /b/\n"
    return Response(text, mimetype="text/plain")
