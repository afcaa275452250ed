"""The first page of one event: live counts, what is still to do, links."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from flask import jsonify, render_template, request

from eventsys.accounts.rules import Permission
from eventsys.core.i18n import LANGUAGES, OWN_NAMES, lazy
from eventsys.events.queries import (
    draft_of,
    event_facts,
    get_event,
    list_categories,
    list_questions,
)
from eventsys.events.rules import event_state
from eventsys.events.rules.checklist import checklist
from eventsys.registration.queries.counts import live_counts
from eventsys.web.office.blueprint import bp
from eventsys.web.office.navigation import event_page
from eventsys.web.shared.access import requires
from eventsys.web.shared.clock import now
from eventsys.web.shared.labels import FORMATS, KINDS, label, place_of
from eventsys.web.shared.pages import absolute

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from flask import Response

    from eventsys.events.queries import Category, Event

# code → what to say when it is open, where to settle it
POINTS: Final[dict[str, tuple[Any, str]]] = {
    "categories": (
        lazy("Add at least one category: without one nobody can register"),
        "office.list_of_categories",
    ),
    "open_category": (
        lazy("Open at least one category to the public, or only the office can register people"),
        "office.list_of_categories",
    ),
    "title": (lazy("Title"), "office.event_settings"),
    "summary": (lazy("The event in one sentence"), "office.event_settings"),
    "description": (lazy("Description"), "office.event_settings"),
    "names": (lazy("Names of categories and questions"), "office.list_of_categories"),
    "contact": (lazy("Give an address for questions"), "office.event_settings"),
    "dates": (lazy("The event is over already: check its dates"), "office.event_settings"),
    "place": (lazy("Say in which city it takes place"), "office.event_settings"),
    "venue": (lazy("Venue"), "office.event_settings"),
    "online_url": (lazy("Give the link for taking part online"), "office.event_settings"),
}


def _points(event: Event, categories: Sequence[Category], moment: datetime) -> list[dict[str, Any]]:
    checks = checklist(
        draft_of(event),
        [(item.name, item.open_to_public) for item in categories],
        [question.label for question in list_questions(event.id)],
        LANGUAGES,
        moment,
    )
    return [
        {
            "text": str(POINTS[check.code][0]),
            "languages": [OWN_NAMES[code] for code in check.languages],
            "endpoint": POINTS[check.code][1],
        }
        for check in checks
        if not check.done
    ]


@bp.get("/events/<slug>")
@requires(Permission.EVENT_VIEW)
def event_overview(slug: str) -> str:
    """Show counts, what is still to do, and links."""
    event = get_event(slug)
    moment = now()
    categories = list_categories(event.id)
    facts = event_facts(event, categories)
    return render_template(
        "office/events/overview.html",
        counts=live_counts(event.id),
        categories=categories,
        state=event_state(facts.window, moment, full=facts.full),
        points=_points(event, categories, moment),
        kind=label(KINDS, event.kind),
        format=label(FORMATS, event.format),
        place=place_of(event),
        public_url=absolute(f"/events/{event.slug}"),
        register_url=absolute(f"/events/{event.slug}/register"),
        **event_page(event, "overview"),
    )


@bp.get("/events/<slug>/counts.json")
@requires(Permission.EVENT_VIEW)
def event_counts(slug: str) -> Response:
    """Give the counts for the page that is open; 304 while nothing has changed."""
    answer = jsonify(live_counts(get_event(slug).id))
    answer.add_etag()
    answer.headers["Cache-Control"] = "private, no-cache"
    return answer.make_conditional(request)  # type: ignore[return-value]  # Flask's own Response comes back
