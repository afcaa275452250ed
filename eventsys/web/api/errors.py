"""Refusals as programs read them: a code that never changes, the facts, and a sentence for people."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import jsonify
from werkzeug.exceptions import RequestEntityTooLarge

from eventsys.core.errors import DomainError
from eventsys.web.api.blueprint import bp
from eventsys.web.shared.sentences import error_page, sentence

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue


@bp.errorhandler(DomainError)
def _refused(error: DomainError) -> ResponseReturnValue:
    answer = jsonify(code=error.code, error=sentence(error), status=error.status, **error.facts)
    if error.status == 401:
        answer.headers["WWW-Authenticate"] = "Bearer"
    return answer, error.status


@bp.errorhandler(RequestEntityTooLarge)
def _too_large(_error: RequestEntityTooLarge) -> ResponseReturnValue:
    return jsonify(code="too_large", error=error_page(413)[1], status=413), 413
