"""The page of one event, for people, search engines and calendars."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Final

from flask import Response, render_template, url_for

from eventsys.core.i18n import current_language, text_in
from eventsys.events.queries import get_published, get_published_with_categories
from eventsys.files.calendar import calendar
from eventsys.files.pdf import picture
from eventsys.places.queries import city_name
from eventsys.registration.queries.detail import count_waiting
from eventsys.registration.queries.fees import find_plan, list_offered
from eventsys.web.public.blueprint import bp
from eventsys.web.public.entries import calendar_entry
from eventsys.web.public.present import event_view
from eventsys.web.shared.access import public
from eventsys.web.shared.clock import now
from eventsys.web.shared.labels import INCOME_GROUPS
from eventsys.web.shared.pages import absolute, settings

if TYPE_CHECKING:
    from eventsys.web.public.present import EventView

_MODES: Final = {"in_person": "Offline", "online": "Online", "hybrid": "Mixed"}


@bp.get("/events/<slug>")
@public
def event(slug: str) -> str:
    """Show an event: when, where, who, and whether one can register."""
    found, categories = get_published_with_categories(slug, now=now())
    view = event_view(found, categories, now=now())
    return render_template(
        "public/event/event.html",
        view=view,
        schema=_schema(view),
        waiting=count_waiting(found.id) if view.facts.full else 0,
        **_fees(view),
    )


def _fees(view: EventView) -> dict[str, Any]:
    """Give what the event costs; a free one shows no trace of money."""
    plan = find_plan(view.event.id)
    if plan is None:
        return {"plan": None, "fees": (), "category_names": {}, "income_names": {}}
    names = {item.id: item.name for item in view.facts.categories if item.open_to_public}
    return {
        "plan": plan,
        "fees": list_offered(view.event.id, names, now=now()),
        "category_names": names if len(names) > 1 else {},
        "income_names": INCOME_GROUPS,
    }


@bp.get("/events/<slug>/calendar.ics")
@public
def event_calendar(slug: str) -> Response:
    """Give the event as a calendar file."""
    found = get_published(slug, now=now())
    made = calendar([calendar_entry(found)], name=text_in(found.title), language=current_language())
    return Response(
        made,
        mimetype="text/calendar",
        headers={"Content-Disposition": f'attachment; filename="{found.slug}.ics"'},
    )


def _schema(view: EventView) -> str:
    """Describe the event in schema.org's words (JSON-LD), safe to stand in a script element."""
    found = view.event
    place: dict[str, Any] = {
        "@type": "Place",
        "name": text_in(found.venue) or view.place,
        "address": {
            "@type": "PostalAddress",
            "addressLocality": city_name(found.city_id, current_language())
            if found.city_id
            else "",
            "addressCountry": found.country or "",
        },
    }
    online = {"@type": "VirtualLocation", "url": absolute(url_for(".event", slug=found.slug))}
    data = {
        "@context": "https://schema.org",
        "@type": "Event",
        "name": view.title,
        "description": text_in(found.summary) or view.title,
        "startDate": found.starts_at.isoformat(),
        "endDate": found.ends_at.isoformat(),
        "eventStatus": "https://schema.org/EventScheduled",
        "eventAttendanceMode": f"https://schema.org/{_MODES[found.format]}EventAttendanceMode",
        "location": {"in_person": place, "online": online}.get(found.format, [place, online]),
        "url": absolute(url_for(".event", slug=found.slug)),
        "image": absolute(url_for(".share_picture", slug=found.slug)),
        "organizer": {
            "@type": "Organization",
            "name": settings().site_name,
            "url": settings().base_url,
        },
        "inLanguage": current_language(),
    }
    # "<" would end the script element; JSON allows it escaped.
    return json.dumps(data, ensure_ascii=False).replace("<", "\\u003c")


@bp.get("/events/<slug>/share.png")
@public
def share_picture(slug: str) -> Response:
    """Give the picture that messengers show beside a link: name, dates and place of the event."""
    found = get_published(slug, now=now())
    view = event_view(found, (), now=now())
    data = {
        "title": view.title,
        "dates": view.dates,
        "place": view.place,
        "kind": view.kind,
        "site": settings().site_name,
        "language": current_language(),
        "hue": found.hue,
    }
    return Response(
        picture("share", data),
        mimetype="image/png",
        headers={"Cache-Control": "public, max-age=3600"},
    )
