"""Add, change, order and remove the categories of an event."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING

from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError

from eventsys.audit.operations import record
from eventsys.core.db import db
from eventsys.core.errors import NotFound
from eventsys.core.order import move_one_step
from eventsys.events.errors import (
    CategoryAsked,
    CategoryInUse,
    CodeTaken,
    InvalidEvent,
    LastCategory,
    PlacesGiven,
)
from eventsys.events.models import Category, Question
from eventsys.events.rules.parts import MOST_CATEGORIES, category_problems
from eventsys.jobs.operations import enqueue

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from eventsys.core.actor import Actor
    from eventsys.core.order import Step
    from eventsys.events.rules.parts import CategoryDraft


def _get(event_id: int, code: str) -> Category:
    # Always asked for together with the event: a code of a foreign event does not exist here.
    found = db.session.scalar(
        select(Category).where(Category.event_id == event_id, Category.code == code)
    )
    if found is None:
        raise NotFound
    return found


def _ordered(event_id: int) -> Sequence[Category]:
    query = (
        select(Category)
        .where(Category.event_id == event_id)
        .order_by(Category.position, Category.id)
    )
    return db.session.scalars(query).all()


def add_category(event_id: int, draft: CategoryDraft, *, actor: Actor, now: datetime) -> Category:
    """Add a category at the end of the list. Raises InvalidEvent and CodeTaken."""
    problems = category_problems(draft)
    count, last = db.session.execute(
        select(func.count(), func.max(Category.position)).where(Category.event_id == event_id),
    ).one()
    if count >= MOST_CATEGORIES:
        problems.append(("name", "too_many", {"limit": MOST_CATEGORIES}))
    if problems:
        raise InvalidEvent(problems)
    category = Category(event_id=event_id, position=(last or 0) + 1, **asdict(draft))
    try:
        with db.session.begin_nested():
            db.session.add(category)
    except IntegrityError:
        raise CodeTaken(value=draft.code) from None
    _record("add", category, actor, now)
    return category


def edit_category(
    event_id: int, code: str, draft: CategoryDraft, *, actor: Actor, now: datetime
) -> bool:
    """Change a category and tell whether anything was different; its code stays, because imports name it.

    Raises InvalidEvent, and PlacesGiven when the quota would go below the places already given.
    """
    category = _get(event_id, code)
    problems = category_problems(draft)
    if problems:
        raise InvalidEvent(problems)
    wanted = {name: value for name, value in asdict(draft).items() if name != "code"}
    changed = [name for name, value in wanted.items() if getattr(category, name) != value]
    if not changed:
        return False
    taken = category.places_taken
    try:
        with db.session.begin_nested():
            for name in changed:
                setattr(category, name, wanted[name])
    except IntegrityError:
        raise PlacesGiven(taken=taken) from None
    _record("edit", category, actor, now, {name: wanted[name] for name in changed})
    if "quota" in changed:
        enqueue("registration.promote", {"event_id": event_id}, now=now)
    return True


def move_category(event_id: int, code: str, step: Step, *, actor: Actor, now: datetime) -> None:
    """Move a category one place up or down; at the end of the list nothing happens."""
    category = _get(event_id, code)
    if move_one_step(_ordered(event_id), category, step):
        _record("move", category, actor, now, {"step": step})


def remove_category(event_id: int, code: str, *, actor: Actor, now: datetime) -> None:
    """Remove a category that no registration ever had. Raises CategoryInUse, CategoryAsked, LastCategory."""
    category = _get(event_id, code)
    if len(_ordered(event_id)) == 1:
        raise LastCategory
    questions = db.session.scalars(select(Question).where(Question.event_id == event_id)).all()
    for question in questions:
        if question.category_codes == [code]:
            raise CategoryAsked(name=question.name)
    try:
        with db.session.begin_nested():
            db.session.delete(category)
    except IntegrityError:
        raise CategoryInUse from None
    for question in questions:
        if code in question.category_codes:
            question.category_codes = [item for item in question.category_codes if item != code]
    _record("remove", category, actor, now)


def _record(
    verb: str,
    category: Category,
    actor: Actor,
    now: datetime,
    facts: dict[str, object] | None = None,
) -> None:
    record(
        f"categories.{verb}", "category", category.id, actor=actor, now=now, event_id=category.event_id,
        facts={"code": category.code, **(facts or {})},
    )  # fmt: skip
