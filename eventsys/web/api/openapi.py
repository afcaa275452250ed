"""The description of the interface for programs, OpenAPI 3.1.

The text is in ``openapi.json``; the closed sets and limits come from the rules, so that they cannot differ.
"""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import Any, Final, cast

from flask import Response

from eventsys.checkin.rules import (
    DIRECTIONS,
    MAX_BATCH,
    MAX_CODE,
    MIN_SEARCH,
    Profile,
    Reason,
    Result,
)
from eventsys.web.api.blueprint import bp
from eventsys.web.shared.access import public

FILE: Final = Path(__file__).parent / "openapi.json"


def document() -> dict[str, Any]:
    """Give the OpenAPI document with the closed sets and limits of the rules."""
    made = cast("dict[str, Any]", json.loads(FILE.read_text()))
    schemas = made["components"]["schemas"]
    schemas["Result"]["enum"] = [result.value for result in Result]
    schemas["Reason"]["enum"] = [reason.value for reason in Reason]
    scan = schemas["Scan"]["properties"]
    scan["direction"]["enum"] = list(DIRECTIONS)
    scan["code"]["maxLength"] = MAX_CODE
    schemas["Batch"]["properties"]["scans"]["maxItems"] = MAX_BATCH
    device = schemas["Device"]["properties"]["device"]["properties"]
    device["profile"]["enum"] = [profile.value for profile in Profile]
    query = made["paths"]["/api/v1/roster"]["get"]["parameters"][0]
    query["schema"]["minLength"] = MIN_SEARCH
    return made


@cache
def _written() -> str:
    return json.dumps(document(), ensure_ascii=False)


@bp.get("/v1/openapi.json")
@public
def describe() -> Response:
    """Give the OpenAPI document."""
    return Response(_written(), mimetype="application/json")
