"""Add, change, order and remove an event's own questions."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError

from eventsys.audit.operations import record
from eventsys.core.db import db
from eventsys.core.errors import NotFound
from eventsys.core.order import move_one_step
from eventsys.events.errors import CodeTaken, InvalidEvent, QuestionAnswered
from eventsys.events.models import Category, Question
from eventsys.events.rules.parts import MOST_QUESTIONS, WITH_OPTIONS, question_problems

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from eventsys.core.actor import Actor
    from eventsys.core.order import Step
    from eventsys.events.rules.parts import QuestionDraft


def _get(event_id: int, name: str) -> Question:
    found = db.session.scalar(
        select(Question).where(Question.event_id == event_id, Question.name == name)
    )
    if found is None:
        raise NotFound
    return found


def _ordered(event_id: int) -> Sequence[Question]:
    query = (
        select(Question)
        .where(Question.event_id == event_id)
        .order_by(Question.position, Question.id)
    )
    return db.session.scalars(query).all()


def _checked(event_id: int, draft: QuestionDraft) -> dict[str, Any]:
    codes = set(db.session.scalars(select(Category.code).where(Category.event_id == event_id)))
    problems = question_problems(draft, codes)
    if problems:
        raise InvalidEvent(problems)
    options = draft.options if draft.kind in WITH_OPTIONS else ()
    return {
        **asdict(draft),
        "options": [asdict(option) for option in options],
        "category_codes": list(draft.category_codes),
    }


def add_question(event_id: int, draft: QuestionDraft, *, actor: Actor, now: datetime) -> Question:
    """Add a question at the end of the form. Raises InvalidEvent and CodeTaken."""
    values = _checked(event_id, draft)
    count, last = db.session.execute(
        select(func.count(), func.max(Question.position)).where(Question.event_id == event_id),
    ).one()
    if count >= MOST_QUESTIONS:
        raise InvalidEvent([("label", "too_many", {"limit": MOST_QUESTIONS})])
    question = Question(event_id=event_id, position=(last or 0) + 1, **values)
    try:
        with db.session.begin_nested():
            db.session.add(question)
    except IntegrityError:
        raise CodeTaken(value=draft.name) from None
    _record("add", question, actor, now)
    return question


def edit_question(
    event_id: int, name: str, draft: QuestionDraft, *, actor: Actor, now: datetime
) -> bool:
    """Change a question and tell whether anything was different. Its name stays: exports are read by it.

    Raises InvalidEvent.
    """
    question = _get(event_id, name)
    values = _checked(event_id, draft)
    del values["name"]
    changed = [key for key, value in values.items() if getattr(question, key) != value]
    for key in changed:
        setattr(question, key, values[key])
    if changed:
        _record("edit", question, actor, now, {"fields": changed})
    return bool(changed)


def move_question(event_id: int, name: str, step: Step, *, actor: Actor, now: datetime) -> None:
    """Move a question one place up or down; at the end of the list nothing happens."""
    question = _get(event_id, name)
    if move_one_step(_ordered(event_id), question, step):
        _record("move", question, actor, now, {"step": step})


def remove_question(event_id: int, name: str, *, actor: Actor, now: datetime) -> None:
    """Remove a question that nobody has answered. Raises QuestionAnswered."""
    question = _get(event_id, name)
    try:
        with db.session.begin_nested():
            db.session.delete(question)
    except IntegrityError:
        raise QuestionAnswered from None
    _record("remove", question, actor, now)


def _record(
    verb: str,
    question: Question,
    actor: Actor,
    now: datetime,
    facts: dict[str, object] | None = None,
) -> None:
    record(
        f"questions.{verb}", "question", question.id, actor=actor, now=now, event_id=question.event_id,
        facts={"name": question.name, **(facts or {})},
    )  # fmt: skip
