"""The door by hand: a colleague admits somebody on the page of that person, without a device."""

from __future__ import annotations

import json
import uuid
from typing import TYPE_CHECKING

from flask import abort, flash, redirect, request, url_for

from eventsys.accounts.rules import Permission
from eventsys.checkin.operations.apply_scans import Reading, admit_by_staff
from eventsys.core.i18n import gettext
from eventsys.core.tokens import badge_url
from eventsys.events.queries import get_event
from eventsys.registration.operations.identify import badge_token
from eventsys.web.office.blueprint import bp
from eventsys.web.office.participants import of_event
from eventsys.web.shared.access import current_actor, requires, settings_secret
from eventsys.web.shared.clock import now
from eventsys.web.shared.pages import settings
from eventsys.web.shared.verdicts import LOGGED

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue


@bp.post("/events/<slug>/participants/<int:registration_id>/check-in")
@requires(Permission.CHECK_IN)
def admit_participant(slug: str, registration_id: int) -> ResponseReturnValue:
    """Scan the badge of this person, so to speak: the rules of the door decide, a second press changes nothing."""
    event = get_event(slug)
    registration = of_event(event, registration_id).registration
    try:
        scan_id = str(uuid.UUID(request.form.get("scan", "")))
    except ValueError:
        abort(400)
    moment = now()
    token = badge_token(settings_secret(), registration.key, registration.badge_generation)
    reading = Reading(scan_id, badge_url(settings().base_url, token), moment)
    verdict = json.loads(admit_by_staff(event.id, reading, actor=current_actor(), now=moment))
    if verdict["result"] == "admitted":
        flash(gettext("Checked in."), "ok")
    else:
        flash(gettext("Not checked in: %(why)s.", why=str(LOGGED[verdict["result"]])), "warn")
    return redirect(url_for("office.participant", slug=slug, registration_id=registration_id), 303)
