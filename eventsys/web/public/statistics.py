"""The figures of an event that its organisers publish, with small groups hidden."""

from __future__ import annotations

from flask import render_template

from eventsys.core.errors import NotFound
from eventsys.core.i18n import current_language, text_in
from eventsys.events.queries import get_event
from eventsys.statistics.queries.event import event_figures as count_event
from eventsys.statistics.queries.frozen import find_published
from eventsys.statistics.queries.sentence import event_sentences
from eventsys.statistics.queries.tables.event import veil_of
from eventsys.statistics.rules.ladder import Rung
from eventsys.web.public.blueprint import bp
from eventsys.web.shared import figures_page
from eventsys.web.shared.access import public
from eventsys.web.shared.clock import now


@bp.get("/events/<slug>/statistics")
@public
def event_figures(slug: str) -> str:
    """Show the published figures as they were frozen; nothing tells whether an event has others."""
    event = get_event(slug)
    if event.published_at is None or event.figures_published_at is None:
        raise NotFound
    figures = find_published(event.id, event.figures_rung)
    if figures is None:
        figures = count_event(slug, Rung(event.figures_rung), now=now())
    if figures.total < event.small_group:
        raise NotFound
    return render_template(
        "public/statistics/event.html",
        event=event,
        event_name=text_in(event.title),
        sentence=event_sentences(figures, current_language())[0],
        **figures_page.page_of(figures, veil_of(figures, event.small_group)),
    )
