"""The log of every change: whole, and of one event."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from flask import render_template, request

from eventsys.accounts.rules import Permission
from eventsys.audit.queries import AuditFilter, list_entries
from eventsys.core.i18n import text_in
from eventsys.core.text import clean
from eventsys.events.queries import get_event, list_events
from eventsys.registration.queries.detail import list_named
from eventsys.web.office.audit_facts import facts_text, subject_text
from eventsys.web.office.audit_labels import ACTORS, AREAS, action_words, actor_text
from eventsys.web.office.blueprint import bp
from eventsys.web.office.navigation import event_page
from eventsys.web.shared.access import requires

if TYPE_CHECKING:
    from collections.abc import Mapping

SIZE: Final = 50


def _filter(event_id: int | None = None) -> AuditFilter:
    given = {name: clean(request.args.get(name, "")[:100]) for name in ("area", "who")}
    raw = request.args.get("before", "")
    before = int(raw) if raw.isascii() and raw.isdigit() and len(raw) < 16 else None
    return AuditFilter(event_id=event_id, area=given["area"], who=given["who"], before=before)


def _page(wanted: AuditFilter) -> dict[str, Any]:
    entries = list(list_entries(wanted, limit=SIZE + 1))
    about = {
        entry.id: _registration_of(entry.subject_kind, entry.subject_id, entry.facts)
        for entry in entries[:SIZE]
    }
    named = list_named(about.values())
    return {
        "entries": entries[:SIZE],
        # Whom an entry is about stands in no entry: it is read here, so that an erased name is gone here as well.
        "people": {
            entry_id: named[number] for entry_id, number in about.items() if number in named
        },
        "registrations": about,
        "older": entries[SIZE - 1].id if len(entries) > SIZE else None,
        "wanted": wanted,
        "areas": AREAS,
        "actors": ACTORS,
        "action_words": action_words,
        "facts_text": facts_text,
        "subject_text": subject_text,
        "actor_text": actor_text,
    }


def _registration_of(kind: str, subject_id: int | None, facts: Mapping[str, Any]) -> int:
    """Give the registration that an entry is about, itself or its scan or payment; 0 when it is about none."""
    number = subject_id if kind == "registration" else facts.get("registration")
    return number if isinstance(number, int) else 0


@bp.get("/audit")
@requires(Permission.AUDIT)
def whole_log() -> str:
    """Show the log of everything, newest first."""
    titles = {event.id: (event.slug, text_in(event.title)) for event in list_events()}
    return render_template("office/audit/log.html", titles=titles, **_page(_filter()))


@bp.get("/events/<slug>/log")
@requires(Permission.AUDIT)
def event_log(slug: str) -> str:
    """Show the log of one event, newest first."""
    event = get_event(slug)
    return render_template(
        "office/audit/event_log.html",
        titles={},
        tab="log",
        **_page(_filter(event.id)),
        **event_page(event, "settings"),
    )
