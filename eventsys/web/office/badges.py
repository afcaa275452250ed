"""Badges of an event: how many, in which layout, which names cannot be set, and the PDF."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from flask import Response, flash, redirect, render_template, request, url_for

from eventsys.accounts.rules import Permission
from eventsys.badges.errors import NoBadge
from eventsys.badges.operations.render import render_event
from eventsys.badges.queries import list_unprintable
from eventsys.badges.rules.face import LAYOUTS
from eventsys.core.errors import NotFound
from eventsys.core.i18n import current_language, gettext, lazy
from eventsys.events.queries import get_category, get_event, list_categories
from eventsys.registration.queries.counts import count_confirmed, list_confirmed_ids
from eventsys.web.office.blueprint import bp
from eventsys.web.office.navigation import event_page
from eventsys.web.shared.access import requires, settings_secret
from eventsys.web.shared.pages import settings

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue

LAYOUT_WORDS: Final[dict[str, Any]] = {
    "a6": lazy("A6, one badge on a page"),
    "a4": lazy("A4, four badges on a page"),
}


@bp.get("/events/<slug>/badges")
@requires(Permission.BADGES)
def list_of_badges(slug: str) -> str:
    """Show counts, the choice of layout, and names that the fonts cannot set."""
    event = get_event(slug)
    counts = count_confirmed(event.id)
    return render_template(
        "office/badges/badges.html",
        total=sum(counts.values()),
        categories=[(row, counts.get(row.id, 0)) for row in list_categories(event.id)],
        layouts=[(name, LAYOUT_WORDS.get(name, name)) for name in LAYOUTS],
        unprintable=[
            (person, [f"{letter} (U+{ord(letter):04X})" for letter in person.characters])
            for person in list_unprintable(event.id)
        ],
        **event_page(event, "badges"),
    )


@bp.get("/events/<slug>/badges.pdf")
@requires(Permission.BADGES)
def download_badges(slug: str) -> ResponseReturnValue:
    """Give the badges of all confirmed people, or of one category, as PDF."""
    event = get_event(slug)
    layout = request.args.get("layout", LAYOUTS[0])
    if layout not in LAYOUTS:
        raise NotFound
    code = request.args.get("category", "")
    ids = list_confirmed_ids(event.id, get_category(event.id, code).id) if code else None
    try:
        made = render_event(
            event,
            secret=settings_secret(),
            base_url=settings().base_url,
            layout=layout,
            language=current_language(),
            registration_ids=ids,
        )
    except NoBadge:
        flash(gettext("Nobody is confirmed there yet: there is nothing to print."), "warn")
        return redirect(url_for("office.list_of_badges", slug=slug), 303)
    answer = Response(made, mimetype="application/pdf")
    name = "-".join(part for part in ("badges", slug, code, layout) if part)
    answer.headers["Content-Disposition"] = f'inline; filename="{name}.pdf"'
    return answer
