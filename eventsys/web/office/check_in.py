"""The door as the organisers see it: counters, the log of all scans, undo."""

from __future__ import annotations

import uuid
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final

from flask import flash, jsonify, redirect, render_template, request, url_for
from wtforms import StringField

from eventsys.accounts.rules import Permission
from eventsys.checkin.errors import NothingToUndo
from eventsys.checkin.operations.undo import NOTE_LENGTH, UNDOABLE, Undo, undo_by_staff
from eventsys.checkin.queries.devices import list_devices
from eventsys.checkin.queries.roster import count_outside, count_people
from eventsys.checkin.queries.scans import Filter, get_log_line, list_log, list_points
from eventsys.checkin.rules import MAIN_POINT, Result, days_of
from eventsys.core.i18n import gettext, lazy
from eventsys.core.text import clean
from eventsys.events.queries import get_event
from eventsys.web.office.blueprint import bp
from eventsys.web.office.navigation import event_page
from eventsys.web.shared.access import current_actor, requires
from eventsys.web.shared.clock import now
from eventsys.web.shared.forms import AtMost, Filled, Form, strip
from eventsys.web.shared.sentences import sentence
from eventsys.web.shared.verdicts import LOGGED, REASONS, point_name

if TYPE_CHECKING:
    from flask import Response
    from flask.typing import ResponseReturnValue

    from eventsys.checkin.queries.roster import Counters
    from eventsys.checkin.rules import Days

REFUSED: Final = 422
LARGEST_ID: Final = 2**62
# A choice beside the results: let in, but not on a day of the event.
OUTSIDE: Final = "outside"
KINDS: Final = {
    "admitted": "ok",
    "left": "info",
    "already_in": "warn",
    "waiting_list": "warn",
    "not_confirmed": "warn",
    "not_paid": "warn",
    "undone": "",
}


class UndoForm(Form):
    """Why a scan is taken back."""

    note = StringField(
        lazy("Why?"),
        filters=[strip],
        validators=[Filled(lazy("Say in a few words why")), AtMost(NOTE_LENGTH)],
    )


def _figures(counted: Counters) -> dict[str, int]:
    return {
        "confirmed": counted.confirmed,
        "attended": counted.attended,
        "expected": max(counted.confirmed - counted.attended, 0),
        "inside": counted.inside.get(MAIN_POINT, 0),
    }


def _argument(name: str, limit: int) -> str:
    return clean(request.args.get(name, ""))[:limit]


def _wanted(days: Days) -> Filter:
    before, result = request.args.get("before", ""), _argument("result", 20)
    return Filter(
        result="" if result == OUTSIDE else result,
        outside=days if result == OUTSIDE else None,
        device_key=_argument("device", 32),
        point_key=_argument("point", 80),
        name=_argument("name", 100),
        before=min(int(before[:20]), LARGEST_ID) if before.isascii() and before.isdigit() else None,
    )


def _choices() -> list[tuple[str, Any]]:
    words = [(result.value, LOGGED[result]) for result in Result]
    return [
        ("", gettext("All scans")),
        ("refused", gettext("All refused")),
        *words,
        ("undone", LOGGED["undone"]),
        (OUTSIDE, gettext("Admitted outside of the event’s days")),
    ]


@bp.get("/events/<slug>/check-in")
@requires(Permission.CHECK_IN)
def check_in(slug: str) -> str:
    """Show counters, devices and the log, the newest scan first."""
    event = get_event(slug)
    days = days_of(event.starts_at, event.ends_at, event.timezone)
    wanted = _wanted(days)
    rows = list_log(event.id, replace(wanted, limit=wanted.limit + 1))
    devices = list_devices(event.id)
    older = rows[wanted.limit - 1].id if len(rows) > wanted.limit else None
    return render_template(
        "office/check_in/overview.html",
        figures=_figures(count_people(event.id)),
        days=days,
        outside=count_outside(event.id, days),
        asked_result=OUTSIDE if wanted.outside else wanted.result,
        devices=devices,
        device_choices=[
            ("", gettext("All devices")),
            *((line.device.key, line.device.name) for line in devices),
        ],
        rows=rows[: wanted.limit],
        older=older,
        wanted=wanted,
        results=_choices(),
        points=[(key, point_name(name)) for key, name in list_points(event.id)],
        words=LOGGED,
        reasons=REASONS,
        kinds=KINDS,
        undoable=UNDOABLE,
        point_name=point_name,
        moment=now(),
        **event_page(event, "check-in"),
    )


@bp.get("/events/<slug>/check-in/counts.json")
@requires(Permission.CHECK_IN)
def check_in_counts(slug: str) -> Response:
    """Give the counters for the page that is open; 304 while nothing has changed."""
    answer = jsonify(_figures(count_people(get_event(slug).id)))
    answer.add_etag()
    answer.headers["Cache-Control"] = "private, no-cache"
    answer.make_conditional(request)
    return answer


@bp.route("/events/<slug>/check-in/scans/<scan_id>/undo", methods=["GET", "POST"])
@requires(Permission.CHECK_IN)
def undo_scan(slug: str, scan_id: str) -> ResponseReturnValue:
    """Ask why, then take a scan back."""
    event = get_event(slug)
    line = get_log_line(event.id, scan_id)
    form = UndoForm()
    status = 200
    if form.is_submitted():
        status = REFUSED
        if form.validate():
            undo = Undo(str(uuid.uuid4()), scan_id, form.note.data or "")
            try:
                undo_by_staff(event.id, undo, actor=current_actor(), now=now())
            except NothingToUndo as error:
                form.form_errors.append(sentence(error))
            else:
                flash(gettext("The scan is undone."), "ok")
                return redirect(url_for("office.check_in", slug=slug), 303)
    page = event_page(event, "check-in")
    return render_template(
        "office/check_in/undo.html",
        form=form,
        line=line,
        words=LOGGED,
        point_name=point_name,
        **page,
    ), status
