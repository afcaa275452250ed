"""Create an event, with the categories that its kind starts with."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING

from sqlalchemy.exc import IntegrityError

from eventsys.audit.operations import record
from eventsys.core.db import db
from eventsys.events.errors import InvalidEvent, SlugTaken
from eventsys.events.models import Category, Event
from eventsys.events.rules.draft import problems_of
from eventsys.events.rules.kinds import categories_of
from eventsys.events.rules.parts import category_problems, preset_category

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from eventsys.core.actor import Actor
    from eventsys.events.rules.draft import EventDraft, Problem
    from eventsys.events.rules.parts import CategoryDraft


def create_event(
    draft: EventDraft,
    *,
    actor: Actor,
    now: datetime,
    categories: Sequence[CategoryDraft] | None = None,
) -> Event:
    """Create an event, not yet published. Without categories it gets those of its kind.

    Raises InvalidEvent with every problem, and SlugTaken, also for the loser of a race.
    """
    problems = [*problems_of(draft), *_category_problems(categories or ())]
    if problems:
        raise InvalidEvent(problems)
    event = Event(**asdict(draft), created_at=now, updated_at=now)
    try:
        with db.session.begin_nested():
            db.session.add(event)
    except IntegrityError:
        raise SlugTaken(slug=draft.slug) from None
    if categories is None:
        categories = [preset_category(code) for code in categories_of(draft.kind)]
    db.session.add_all(
        Category(event_id=event.id, position=position, **asdict(category))
        for position, category in enumerate(categories)
    )
    db.session.flush()
    record(
        "events.create", "event", event.id, actor=actor, now=now, event_id=event.id,
        facts={"slug": draft.slug, "kind": draft.kind},
    )  # fmt: skip
    return event


def _category_problems(categories: Sequence[CategoryDraft]) -> list[Problem]:
    found: list[Problem] = []
    for number, draft in enumerate(categories):
        found.extend(
            (f"categories[{number}].{name}", reason, facts)
            for name, reason, facts in category_problems(draft)
        )
        if draft.code in {other.code for other in categories[:number]}:
            found.append((f"categories[{number}].code", "code_twice", {"value": draft.code}))
    return found
