"""Cities while somebody types: for the combobox."""

from __future__ import annotations

from typing import Final

from flask import Response, jsonify, request

from eventsys.core.i18n import LANGUAGES, current_language
from eventsys.places.queries import resolve_country, suggest
from eventsys.web.api.blueprint import bp
from eventsys.web.shared.access import public

LONGEST_QUERY: Final = 80


@bp.get("/places")
@public
def places() -> Response:
    """Suggest at most eight cities for what was typed, in a country if one is given."""
    text = request.args.get("q", "").strip()[:LONGEST_QUERY]
    language = request.args.get("lang", "")
    language = language if language in LANGUAGES else current_language()
    country = (
        resolve_country(request.args.get("country", "")) if request.args.get("country") else None
    )
    found = suggest(text, country, language, limit=8) if text else []
    response = jsonify([{"id": item.id, "label": item.label, "note": item.note} for item in found])
    response.headers["Cache-Control"] = "public, max-age=3600"
    return response
