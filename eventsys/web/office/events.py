"""Events in the office: list, create, settings, publish, copy."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flask import flash, redirect, render_template, request, url_for

from eventsys.accounts.rules import Permission
from eventsys.core.i18n import gettext, text_in
from eventsys.events.errors import ChangedMeanwhile, InvalidEvent, NotReady, PlacesGiven, SlugTaken
from eventsys.events.operations.copy import copy_event
from eventsys.events.operations.create import create_event
from eventsys.events.operations.edit import edit_event
from eventsys.events.operations.publish import publish_event, unpublish_event
from eventsys.events.queries import get_event
from eventsys.events.rules.colour import palette
from eventsys.web.office.blueprint import bp
from eventsys.web.office.events_forms import BasicForm, EventForm, form_data
from eventsys.web.office.navigation import event_page
from eventsys.web.office.problems import show_refusal
from eventsys.web.office.texts import text_fields
from eventsys.web.shared.access import current_actor, requires
from eventsys.web.shared.clock import now
from eventsys.web.shared.sentences import sentence

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue

    from eventsys.core.errors import DomainError


REFUSED = 422
FIELD_OF = {SlugTaken: "slug", PlacesGiven: "capacity", ChangedMeanwhile: ""}


def _refused(form: BasicForm, error: DomainError) -> int:
    show_refusal(form, error, FIELD_OF.get(type(error), ""))
    return error.status


@bp.route("/events/new", methods=["GET", "POST"])
@requires(Permission.EVENTS_CREATE)
def new_event() -> ResponseReturnValue:
    """Create an event from a kind."""
    form = BasicForm()
    status = 200
    if form.is_submitted():
        status = REFUSED
        if form.validate():
            try:
                event = create_event(form.draft(), actor=current_actor(), now=now())
            except (InvalidEvent, SlugTaken) as error:
                status = _refused(form, error)
            else:
                flash(
                    gettext(
                        "The event is created. It is a draft: nobody sees it until you publish it."
                    ),
                    "ok",
                )
                return redirect(url_for("office.event_overview", slug=event.slug), 303)
    return render_template("office/events/new.html", form=form, text_fields=text_fields), status


@bp.route("/events/<slug>/settings", methods=["GET", "POST"])
@requires(Permission.EVENT_EDIT)
def event_settings(slug: str) -> ResponseReturnValue:
    """Change everything about an event."""
    event = get_event(slug)
    form = EventForm() if request.method == "POST" else EventForm(data=form_data(event))
    status = 200
    if form.is_submitted():
        status = REFUSED
        if form.validate():
            try:
                edit_event(
                    event.id, form.draft(), actor=current_actor(), now=now(), seen=form.seen_at()
                )
            except (InvalidEvent, SlugTaken, PlacesGiven) as error:
                status = _refused(form, error)
            except ChangedMeanwhile as error:
                status = _refused(form, error)
                form.seen.data = event.updated_at.isoformat()
            else:
                flash(gettext("Saved."), "ok")
                return redirect(url_for("office.event_settings", slug=form.draft().slug), 303)
    return render_template(
        "office/events/settings.html", form=form, **_look(event), **_settings(event, "settings")
    ), status


def _settings(event: Any, tab: str) -> dict[str, Any]:  # noqa: ANN401 (a row)
    return {**event_page(event, "settings"), "tab": tab, "text_fields": text_fields}


def _look(event: Any) -> dict[str, Any]:  # noqa: ANN401 (a row)
    return {"palette": palette(event.hue) if event.hue else None}


@bp.post("/events/<slug>/publish")
@requires(Permission.EVENT_EDIT)
def publish(slug: str) -> ResponseReturnValue:
    """Show the event to the public."""
    event = get_event(slug)
    try:
        publish_event(event.id, actor=current_actor(), now=now())
    except NotReady as error:
        flash(sentence(error), "bad")
        return redirect(url_for("office.event_overview", slug=slug), 303)
    flash(gettext("“%(title)s” is published.", title=text_in(event.title)), "ok")
    return redirect(url_for("office.event_overview", slug=slug), 303)


@bp.route("/events/<slug>/unpublish", methods=["GET", "POST"])
@requires(Permission.EVENT_EDIT)
def unpublish(slug: str) -> ResponseReturnValue:
    """Ask, then take the event off the public pages."""
    event = get_event(slug)
    if request.method == "POST":
        unpublish_event(event.id, actor=current_actor(), now=now())
        flash(gettext("“%(title)s” is a draft again.", title=text_in(event.title)), "ok")
        return redirect(url_for("office.event_overview", slug=slug), 303)
    return render_template("office/events/unpublish.html", **event_page(event, "overview"))


@bp.route("/events/<slug>/copy", methods=["GET", "POST"])
@requires(Permission.EVENTS_CREATE)
def copy(slug: str) -> ResponseReturnValue:
    """Use an event as the template of the next one."""
    source = get_event(slug)
    kept = {**form_data(source), "slug": "", "starts_at": None, "ends_at": None}
    form = BasicForm() if request.method == "POST" else BasicForm(data=kept)
    status = 200
    if form.is_submitted():
        status = REFUSED
        if form.validate():
            try:
                event = copy_event(source.id, form.draft(), actor=current_actor(), now=now())
            except (InvalidEvent, SlugTaken) as error:
                status = _refused(form, error)
            else:
                flash(
                    gettext(
                        "The copy is a draft. Categories and questions came with it; people did not."
                    ),
                    "ok",
                )
                return redirect(url_for("office.event_overview", slug=event.slug), 303)
    return render_template(
        "office/events/copy.html", form=form, **_settings(source, "copy")
    ), status
