"""Events as calendar entries."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import url_for

from eventsys.core.i18n import text_in
from eventsys.files.calendar import CalendarEntry
from eventsys.web.shared.labels import place_of
from eventsys.web.shared.pages import absolute, settings

if TYPE_CHECKING:
    from eventsys.events.queries import Event


def calendar_entry(event: Event, *, link: str = "", online: bool = False) -> CalendarEntry:
    """Make the entry of an event in the current language; the online address only for who is registered."""
    where = ", ".join(part for part in (text_in(event.venue), place_of(event)) if part)
    text = text_in(event.summary)
    if online and event.online_url:
        text = f"{text}\n\n{event.online_url}".strip()
        where = where or event.online_url
    host = settings().base_url.split("://", 1)[1]
    return CalendarEntry(
        uid=f"{event.slug}@{host}",
        title=text_in(event.title),
        starts_at=event.starts_at,
        ends_at=event.ends_at,
        timezone=event.timezone,
        url=absolute(link or url_for("public.event", slug=event.slug)),
        changed_at=event.updated_at,
        place=where,
        description=text,
    )
