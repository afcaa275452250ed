"""Create an event from a document, or change the one with the same slug."""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import replace
from typing import TYPE_CHECKING, Literal

from eventsys.core.db import db
from eventsys.events.errors import CodeTaken, InvalidEvent, PlacesGiven
from eventsys.events.operations.categories import add_category, edit_category
from eventsys.events.operations.create import create_event
from eventsys.events.operations.edit import edit_event
from eventsys.events.operations.publish import publish_event, unpublish_event
from eventsys.events.operations.questions import add_question, edit_question
from eventsys.events.queries import draft_of, find_event, list_categories, list_questions
from eventsys.events.rules.document import NEEDED, read_document
from eventsys.events.rules.draft import EventDraft
from eventsys.places.queries import resolve_city, resolve_country

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from eventsys.core.actor import Actor
    from eventsys.events.models import Event
    from eventsys.events.rules.document import Document

Result = Literal["created", "updated", "unchanged"]


def apply_document(data: object, *, actor: Actor, now: datetime) -> tuple[Event, Result]:
    """Create an event, or change the one with the same slug; gives it and what was done.

    On a change, fields that the document does not name stay; categories and questions are known again by
    code and name, and none is removed. Raises InvalidEvent with every problem, and PlacesGiven.
    """
    slug = data.get("slug") if isinstance(data, dict) else None
    event = find_event(slug) if isinstance(slug, str) else None
    document = read_document(data, event.timezone if event else None)
    _resolve_place(document, event)
    if event is None and isinstance(data, dict):
        document.problems.extend((name, "missing_field", {}) for name in NEEDED if name not in data)
    if document.problems:
        raise InvalidEvent(document.problems)
    if event is None:
        made = create_event(
            EventDraft(**document.fields), categories=document.categories, actor=actor, now=now
        )
        _apply_questions(made, document, actor, now)
        _apply_published(made, document, actor, now)
        return made, "created"
    before = event.updated_at
    changed = bool(
        edit_event(event.id, replace(draft_of(event), **document.fields), actor=actor, now=now)
    )
    changed |= _apply_categories(event, document, actor, now)
    changed |= _apply_questions(event, document, actor, now)
    _apply_published(event, document, actor, now)
    db.session.flush()
    return event, "updated" if changed or event.updated_at != before else "unchanged"


def _resolve_place(document: Document, event: Event | None) -> None:
    country = event.country if event else None
    if document.country is not None:
        country = resolve_country(document.country) if document.country else None
        if document.country and country is None:
            document.wrong("country", "unknown_country", value=document.country)
            return
        document.fields["country"] = country
    if document.city is None:
        return
    if not document.city:
        document.fields["city_id"] = None
        return
    answer = resolve_city(document.city, country)
    if answer.status != "resolved":
        candidates = ", ".join(
            f"{item.name} ({item.region}, {item.country})" for item in answer.alternatives[:5]
        )
        document.wrong("city", f"city_{answer.status}", value=document.city, candidates=candidates)
        return
    document.fields["city_id"] = answer.geonameid
    document.fields["country"] = country or answer.country


@contextmanager
def _inside(place: str) -> Iterator[None]:
    """Name the part of the document that a refusal is about."""
    try:
        yield
    except InvalidEvent as error:
        raise InvalidEvent(
            [(f"{place}.{name}", reason, facts) for name, reason, facts in error.problems]
        ) from None
    except (PlacesGiven, CodeTaken) as error:
        raise InvalidEvent([(place, error.code, dict(error.facts))]) from None


def _apply_categories(event: Event, document: Document, actor: Actor, now: datetime) -> bool:
    known = {row.code for row in list_categories(event.id)}
    changed = False
    for draft in document.categories or ():
        with _inside(f"categories[{draft.code}]"):
            if draft.code in known:
                changed |= edit_category(event.id, draft.code, draft, actor=actor, now=now)
            else:
                add_category(event.id, draft, actor=actor, now=now)
                changed = True
    return changed


def _apply_questions(event: Event, document: Document, actor: Actor, now: datetime) -> bool:
    known = {row.name for row in list_questions(event.id)}
    changed = False
    for draft in document.questions or ():
        with _inside(f"questions[{draft.name}]"):
            if draft.name in known:
                changed |= edit_question(event.id, draft.name, draft, actor=actor, now=now)
            else:
                add_question(event.id, draft, actor=actor, now=now)
                changed = True
    return changed


def _apply_published(event: Event, document: Document, actor: Actor, now: datetime) -> None:
    if document.published is True:
        publish_event(event.id, actor=actor, now=now)
    elif document.published is False:
        unpublish_event(event.id, actor=actor, now=now)
