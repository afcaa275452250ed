"""Devices of an event: enrol one, show its link, revoke it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from flask import flash, redirect, render_template, request, url_for
from markupsafe import Markup
from wtforms import RadioField, StringField

from eventsys.accounts.rules import Permission
from eventsys.checkin.operations.devices import (
    NAME_LENGTH,
    desk_link,
    device_token,
    enrol_device,
    revoke_device,
)
from eventsys.checkin.queries.devices import get_device
from eventsys.checkin.rules import MAIN_POINT, Profile
from eventsys.core.i18n import gettext, lazy
from eventsys.events.queries import get_event
from eventsys.files.qr import svg
from eventsys.web.office.blueprint import bp
from eventsys.web.office.navigation import event_page
from eventsys.web.shared.access import current_actor, requires, settings_secret
from eventsys.web.shared.clock import now
from eventsys.web.shared.forms import AtMost, Filled, Form, options, strip
from eventsys.web.shared.pages import settings
from eventsys.web.shared.verdicts import point_name

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue

REFUSED: Final = 422
PROFILES: Final[list[tuple[str, Any]]] = [
    (Profile.DESK.value, lazy("Desk: scan, search names, let in with a reason")),
    (Profile.DOOR.value, lazy("Door: scan only, no names to search")),
]


class DeviceForm(Form):
    """A new device."""

    name = StringField(
        lazy("Name of the device"),
        filters=[strip],
        validators=[Filled(lazy("Enter a name, such as Main door 1")), AtMost(NAME_LENGTH)],
    )
    point = StringField(lazy("Where it scans"), filters=[strip], validators=[AtMost(NAME_LENGTH)])
    profile = RadioField(
        lazy("What it may do"), choices=options(PROFILES), default=Profile.DESK.value
    )


@bp.route("/events/<slug>/check-in/devices/new", methods=["GET", "POST"])
@requires(Permission.DEVICES)
def new_device(slug: str) -> ResponseReturnValue:
    """Enrol a device, then show its link."""
    event = get_event(slug)
    form = DeviceForm()
    if form.validate_on_submit():
        device = enrol_device(
            event.id,
            form.name.data or "",
            point=form.point.data or MAIN_POINT,
            profile=Profile(form.profile.data),
            event_ends_at=event.ends_at,
            secret=settings_secret(),
            actor=current_actor(),
            now=now(),
        )
        return redirect(url_for("office.device", slug=slug, key=device.key), 303)
    page = event_page(event, "check-in")
    return render_template(
        "office/check_in/new_device.html", form=form, **page
    ), REFUSED if form.is_submitted() else 200


@bp.get("/events/<slug>/check-in/devices/<key>")
@requires(Permission.DEVICES)
def device(slug: str, key: str) -> str:
    """Show a device with its link and square code, as often as wanted: the token is derived, not stored."""
    event = get_event(slug)
    found = get_device(event.id, key)
    works = found.revoked_at is None and found.expires_at > now()
    link = (
        desk_link(settings().base_url, device_token(settings_secret(), found.key)) if works else ""
    )
    return render_template(
        "office/check_in/device.html",
        device=found,
        works=works,
        link=link,
        code=Markup(svg(link)) if link else "",  # noqa: S704 (our own drawing, no text of others)
        point=point_name(found.point),
        secure=settings().https or request.host.partition(":")[0] in {"localhost", "127.0.0.1"},
        profiles=dict(PROFILES),
        **event_page(event, "check-in"),
    )


@bp.post("/events/<slug>/check-in/devices/<key>/revoke")
@requires(Permission.DEVICES)
def revoke(slug: str, key: str) -> ResponseReturnValue:
    """Sign a device out for good."""
    revoke_device(get_event(slug).id, key, actor=current_actor(), now=now())
    flash(
        gettext("The device is signed out. It wipes itself as soon as it reaches the server."), "ok"
    )
    return redirect(url_for("office.check_in", slug=slug), 303)
