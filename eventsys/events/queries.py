"""Read events."""

from __future__ import annotations

from dataclasses import dataclass, fields
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import bindparam, inspect, select, true

from eventsys.core.db import db
from eventsys.core.errors import NotFound
from eventsys.events.models import Category, Event, Question
from eventsys.events.rules import Window
from eventsys.events.rules.draft import EventDraft
from eventsys.events.rules.parts import CategoryDraft, Option, QuestionDraft

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from sqlalchemy import ColumnElement, Executable

__all__ = [
    "CalendarFilter",
    "Category",
    "CategoryFacts",
    "Event",
    "EventFacts",
    "Question",
    "category_draft_of",
    "draft_of",
    "event_facts",
    "find_event",
    "find_event_id",
    "get_category",
    "get_event",
    "get_event_by_id",
    "get_published",
    "get_question",
    "list_calendar_choices",
    "list_categories",
    "list_events",
    "list_published",
    "list_questions",
    "question_draft_of",
]


@dataclass(frozen=True, slots=True)
class CategoryFacts:
    """What the form and the rules need of a category."""

    id: int
    code: str
    name: dict[str, str]
    hint: dict[str, str]
    open_to_public: bool
    quota: int | None
    places_taken: int

    @property
    def full(self) -> bool:
        """Tell whether the quota is used up."""
        return self.quota is not None and self.places_taken >= self.quota


@dataclass(frozen=True, slots=True)
class EventFacts:
    """What registration needs of an event, read in two statements."""

    id: int
    slug: str
    title: dict[str, str]
    format: str
    window: Window
    timezone: str
    capacity: int | None
    places_taken: int
    waiting_list: bool
    categories: tuple[CategoryFacts, ...]

    @property
    def limited(self) -> bool:
        """Tell whether any number of places is set."""
        return self.capacity is not None or any(
            category.quota is not None for category in self.categories
        )

    @property
    def full(self) -> bool:
        """Tell whether the capacity is used up."""
        return self.capacity is not None and self.places_taken >= self.capacity

    def category(self, category_id: int) -> CategoryFacts | None:
        """Find one of the categories by id."""
        return next((category for category in self.categories if category.id == category_id), None)


def event_facts(event: Event, categories: Sequence[Category]) -> EventFacts:
    """Copy what registration needs out of the rows."""
    return EventFacts(
        id=event.id,
        slug=event.slug,
        title=event.title,
        format=event.format,
        window=Window(
            event.published_at,
            event.registration_opens_at,
            event.registration_closes_at,
            event.starts_at,
            event.ends_at,
            event.change_until,
        ),
        timezone=event.timezone,
        capacity=event.capacity,
        places_taken=event.places_taken,
        waiting_list=event.waiting_list,
        categories=tuple(
            CategoryFacts(
                item.id,
                item.code,
                item.name,
                item.hint,
                item.open_to_public,
                item.quota,
                item.places_taken,
            )
            for item in categories
        ),
    )


def find_event_id(slug: str) -> int | None:
    """Find the id of an event by its slug."""
    event = find_event(slug)
    return event.id if event else None


def find_event(slug: str) -> Event | None:
    """Find an event by its slug, published or not."""
    # Access, page and figures ask one after the other: the session remembers, and forgets with the request.
    known: dict[str, Event] = db.session().info.setdefault("events", {})
    event = known.get(slug)
    if event is None or not inspect(event).persistent:
        event = db.session.scalar(select(Event).where(Event.slug == slug))
        if event is not None:
            known[slug] = event
    return event


def get_event(slug: str) -> Event:
    """Get an event by its slug; raises NotFound."""
    event = find_event(slug)
    if event is None:
        raise NotFound(event=slug)
    return event


def get_event_by_id(event_id: int) -> Event:
    """Get an event by its id; raises NotFound."""
    event = db.session.get(Event, event_id)
    if event is None:
        raise NotFound
    return event


def list_categories(event_id: int, *, open_to_public: bool | None = None) -> Sequence[Category]:
    """List the categories of an event in the organiser's order."""
    query = (
        select(Category)
        .where(Category.event_id == event_id)
        .order_by(Category.position, Category.id)
    )
    if open_to_public is not None:
        query = query.where(Category.open_to_public == open_to_public)
    return db.session.scalars(query).all()


# Made once: to make such a statement costs as much as to run it, and every form runs it.
_QUESTIONS: Final = (
    select(Question)
    .where(Question.event_id == bindparam("of"))
    .order_by(Question.position, Question.id)
)


def list_questions(event_id: int) -> Sequence[Question]:
    """List the event's own questions in the organiser's order."""
    return db.session.scalars(_QUESTIONS, {"of": event_id}).all()


def list_events(event_ids: Collection[int] | None = None) -> Sequence[Event]:
    """List events for the office, the latest first; ``event_ids`` None means all."""
    query = select(Event).order_by(Event.starts_at.desc(), Event.id)
    if event_ids is not None:
        query = query.where(Event.id.in_(event_ids))
    return db.session.scalars(query).all()


@dataclass(frozen=True, slots=True)
class CalendarFilter:
    """What a visitor asked the calendar for; None means all."""

    past: bool = False
    kind: str | None = None
    year: int | None = None
    country: str | None = None


def list_published(wanted: CalendarFilter, *, now: datetime, limit: int = 200) -> Sequence[Event]:
    """List published events: coming ones by date, past ones the latest first."""
    query = (
        select(Event).where(Event.published_at.is_not(None), Event.published_at <= now).limit(limit)
    )
    if wanted.past:
        query = query.where(Event.ends_at < now).order_by(Event.starts_at.desc(), Event.id)
    else:
        query = query.where(Event.ends_at >= now).order_by(Event.starts_at, Event.id)
    if wanted.kind is not None:
        query = query.where(Event.kind == wanted.kind)
    if wanted.country is not None:
        query = query.where(Event.country == wanted.country)
    if wanted.year is not None:
        first = datetime(wanted.year, 1, 1, tzinfo=UTC)
        query = query.where(
            Event.starts_at >= first, Event.starts_at < first.replace(year=wanted.year + 1)
        )
    return db.session.scalars(query).all()


def list_calendar_choices(*, now: datetime) -> Sequence[tuple[datetime, str, str | None]]:
    """Give start, kind and country of every published event: what the calendar's filters can offer."""
    query = select(Event.starts_at, Event.kind, Event.country).where(Event.published_at <= now)
    return [(starts_at, kind, country) for starts_at, kind, country in db.session.execute(query)]


def get_published_with_categories(slug: str, *, now: datetime) -> tuple[Event, Sequence[Category]]:
    """Get a published event and its categories in one statement; raises NotFound."""
    event, categories, _ = get_published_and(_WITH_CATEGORIES, slug, now=now)
    return event, categories


def published_and(also: ColumnElement[bool]) -> Executable:
    """Make the statement of ``get_published_and``, once, with what a higher area wants to know of an event."""
    return (
        select(Event, Category, also)
        .outerjoin(Category, Category.event_id == Event.id)
        .where(Event.slug == bindparam("slug"), Event.published_at <= bindparam("now"))
        .order_by(Category.position, Category.id)
    )


_WITH_CATEGORIES: Final = published_and(true())


def get_published_and(
    statement: Executable, slug: str, *, now: datetime
) -> tuple[Event, Sequence[Category], bool]:
    """Get a published event, its categories and what ``published_and`` asks besides; raises NotFound."""
    # The outer join gives None for an event without any category.
    rows: Sequence[Any] = db.session.execute(statement, {"slug": slug, "now": now}).all()
    if not rows:
        raise NotFound
    return rows[0][0], [row[1] for row in rows if row[1] is not None], bool(rows[0][2])


def get_published(slug: str, *, now: datetime) -> Event:
    """Get a published event; an unpublished one does not exist for the public. Raises NotFound."""
    event = get_event(slug)
    if event.published_at is None or event.published_at > now:
        raise NotFound
    return event


def get_category(event_id: int, code: str) -> Category:
    """Get a category of an event by its code; raises NotFound."""
    query = select(Category).where(Category.event_id == event_id, Category.code == code)
    category = db.session.scalar(query)
    if category is None:
        raise NotFound
    return category


def get_question(event_id: int, name: str) -> Question:
    """Get a question of an event by its name; raises NotFound."""
    query = select(Question).where(Question.event_id == event_id, Question.name == name)
    question = db.session.scalar(query)
    if question is None:
        raise NotFound
    return question


def draft_of(event: Event) -> EventDraft:
    """Give what an organiser entered of an event."""
    return EventDraft(**{item.name: getattr(event, item.name) for item in fields(EventDraft)})


def category_draft_of(category: Category) -> CategoryDraft:
    """Give what an organiser entered of a category."""
    return CategoryDraft(
        **{item.name: getattr(category, item.name) for item in fields(CategoryDraft)}
    )


def question_draft_of(question: Question) -> QuestionDraft:
    """Give what an organiser entered of a question."""
    values = {item.name: getattr(question, item.name) for item in fields(QuestionDraft)}
    values["options"] = tuple(
        Option(value=item["value"], label=item["label"]) for item in question.options
    )
    values["category_codes"] = tuple(question.category_codes)
    return QuestionDraft(**values)
