"""What a badge's code opens in a phone's own camera: nothing about the person, except for staff who may see them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import redirect, render_template, url_for

from eventsys.accounts.rules import Permission
from eventsys.checkin.queries.holders import find_badge
from eventsys.web.desk.blueprint import bp
from eventsys.web.shared.access import current_staff, may, public

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue


@bp.get("/b/<code>")
@bp.get("/B/<code>")
@public
def badge(code: str) -> ResponseReturnValue:
    """Show a neutral page, the same for every code, real or not; lead permitted staff to the person."""
    if current_staff() is not None:
        found = find_badge(code)
        if found is not None and may(Permission.PARTICIPANTS_VIEW, found.event_id):
            return redirect(
                url_for(
                    "office.participant", slug=found.slug, registration_id=found.registration_id
                )
            )
    return render_template("desk/badge.html")
