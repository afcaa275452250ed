"""Events for tests, with sensible days around the present moment."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from eventsys.core.actor import Actor
from eventsys.core.db import db
from eventsys.events.models import Category, Event, Question
from eventsys.events.queries import event_facts, list_categories

STAFF = Actor("staff", None, "Eva")


def make_event(
    slug: str = "summit",
    *,
    capacity: int | None = None,
    quotas: dict[str, int | None] | None = None,
    **more: Any,
) -> Event:
    """Store a published, open event with the categories of ``quotas`` (default: delegate, press)."""
    now = datetime.now(UTC)
    values: dict[str, Any] = {
        "kind": "summit",
        "format": "in_person",
        "title": {
            "en": "Metropolitan Summit",
            "es": "Cumbre Metropolitana",
            "fr": "Sommet métropolitain",
        },
        "starts_at": now + timedelta(days=30),
        "ends_at": now + timedelta(days=32),
        "timezone": "Europe/Madrid",
        "country": "ES",
        "city_id": 3128760,
        "venue": {"en": "Congress centre"},
        "published_at": now - timedelta(days=1),
        "created_at": now,
        "updated_at": now,
        **more,
    }
    event = Event(slug=slug, capacity=capacity, **values)
    db.session.add(event)
    db.session.flush()
    for position, (code, quota) in enumerate((quotas or {"delegate": None, "press": None}).items()):
        db.session.add(
            Category(
                event_id=event.id,
                code=code,
                name={"en": code.title()},
                quota=quota,
                position=position,
            )
        )
    db.session.commit()
    return event


def make_question(event: Event, name: str, kind: str = "text", **more: Any) -> Question:
    """Store a question of an event."""
    question = Question(
        event_id=event.id,
        name=name,
        kind=kind,
        label=more.pop("label", {"en": name.title()}),
        **more,
    )
    db.session.add(question)
    db.session.commit()
    return question


def facts_of(event: Event) -> Any:
    """Give what registration needs of an event, read anew."""
    db.session.expire_all()
    return event_facts(event, list_categories(event.id))
