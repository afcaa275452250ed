"""Check-in for devices: send scans, undo one, search people, count."""

from __future__ import annotations

import json
from dataclasses import asdict
from typing import TYPE_CHECKING, Any, Final, cast

from flask import Response, jsonify, request
from werkzeug.exceptions import RequestEntityTooLarge

from eventsys.checkin.operations.apply_scans import Reading, apply_scans
from eventsys.checkin.operations.devices import note_life
from eventsys.checkin.operations.undo import Undo, undo_by_device
from eventsys.checkin.queries.devices import get_caller
from eventsys.checkin.queries.roster import count_people, get_surroundings, search_people
from eventsys.checkin.rules import (
    DIRECTIONS,
    MAX_BATCH,
    MAX_CODE,
    Direction,
    may_override,
    may_search,
)
from eventsys.core.tokens import digest
from eventsys.web.api.blueprint import bp
from eventsys.web.api.requests import BadBody, bearer_token, identifier, json_object, moment, text
from eventsys.web.shared.access import device
from eventsys.web.shared.clock import now

if TYPE_CHECKING:
    from datetime import datetime

    from flask.typing import ResponseReturnValue

POINT_LIMIT: Final = 80
UNSENT_LIMIT: Final = 1_000_000


def _json(body: str) -> Response:
    return Response(body, mimetype="application/json")


def _reading(item: object, where: str, received_at: datetime) -> Reading:
    if not isinstance(item, dict):
        raise BadBody(where=where, problem="not_an_object")
    direction = text(item, "direction", where, default="in")
    if direction not in DIRECTIONS:
        raise BadBody(where=f"{where}.direction", problem="not_in_or_out")
    return Reading(
        id=identifier(item, "id", where),
        code=text(item, "code", where, limit=MAX_CODE),
        at=moment(item, "at", where, default=received_at),
        point=text(item, "point", where, default="", limit=POINT_LIMIT),
        direction=cast("Direction", direction),
        override=text(item, "override", where, default="", limit=200),
    )


@bp.post("/v1/check-ins")
@device
def send_scans() -> ResponseReturnValue:
    """Take scans, answer one verdict each, in the order sent; an empty list is a sign of life."""
    token, received_at = bearer_token(), now()
    body = json_object()
    items = body.get("scans")
    if not isinstance(items, list):
        raise BadBody(where="scans", problem="not_a_list")
    if len(items) > MAX_BATCH:
        raise RequestEntityTooLarge
    sent_at = moment(body, "sent_at", "body") if body.get("sent_at") is not None else None
    if not items:
        unsent = body.get("unsent", 0)
        if not isinstance(unsent, int) or not 0 <= unsent <= UNSENT_LIMIT:
            raise BadBody(where="unsent", problem="not_a_number")
        note_life(token, unsent=unsent, sent_at=sent_at, now=received_at)
        return _json('{"verdicts":[]}')
    readings = [_reading(item, f"scans[{place}]", received_at) for place, item in enumerate(items)]
    answers = apply_scans(token, readings, sent_at=sent_at, now=received_at)
    return _json('{"verdicts":[' + ",".join(answers) + "]}")


@bp.post("/v1/check-ins/<scan_id>/undo")
@device
def undo_scan(scan_id: str) -> ResponseReturnValue:
    """Take back a scan of this device."""
    token = bearer_token()
    body = json_object()
    scan = identifier({"scan": scan_id}, "scan", "path")
    undo = Undo(
        identifier(body, "id", "body"), scan, text(body, "note", "body", default="", limit=200)
    )
    return _json(undo_by_device(token, undo, now=now()))


@bp.get("/v1/device")
@device
def show_device() -> ResponseReturnValue:
    """Say who the caller is, and the names that its screen needs, in all languages."""
    caller = get_caller(bearer_token(), now=now())
    around = get_surroundings(caller.event_id)
    return _with_etag(
        {
            "device": {
                "name": caller.name,
                "point": caller.point,
                "profile": caller.profile,
                "expires_at": _moment(caller.expires_at),
                "may_search": may_search(caller.profile),
                "may_override": may_override(caller.profile),
            },
            "event": {
                "slug": around.slug,
                "title": around.title,
                "timezone": around.timezone,
                "starts_at": _moment(around.starts_at),
                "ends_at": _moment(around.ends_at),
            },
            "categories": {
                code: {"name": name, "colour": colour} for code, name, colour in around.categories
            },
        },
    )


@bp.get("/v1/roster")
@device
def search_roster() -> ResponseReturnValue:
    """Search the people of the device's event by name, organisation or city."""
    caller = get_caller(bearer_token(), now=now())
    people = search_people(caller, request.args.get("q", "")[:100])
    rows = [{**asdict(person), "attended_at": _moment(person.attended_at)} for person in people]
    return jsonify(people=rows)


@bp.get("/v1/counters")
@device
def show_counters() -> ResponseReturnValue:
    """Count the people of the device's event, from the rows; 304 while nothing changed."""
    caller = get_caller(bearer_token(), now=now())
    return _with_etag(asdict(count_people(caller.event_id)))


def _moment(value: datetime | None) -> str | None:
    return value.isoformat().replace("+00:00", "Z") if value else None


def _with_etag(body: dict[str, Any]) -> Response:
    written = json.dumps(body, ensure_ascii=False, separators=(",", ":"))
    response = _json(written)
    response.set_etag(digest(written)[:32])
    response.headers["Cache-Control"] = "private, no-cache"
    response.headers["Vary"] = "Authorization"
    response.make_conditional(request)
    return response
