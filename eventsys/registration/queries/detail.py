"""Read one registration: by link, by id, with what its page and its mails show."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from sqlalchemy import bindparam, func, select

from eventsys.core.db import db
from eventsys.core.errors import NotFound
from eventsys.core.tokens import digest, find_token
from eventsys.events.models import Category, Event
from eventsys.registration.errors import LinkUnknown
from eventsys.registration.models import Answer, Registration
from eventsys.registration.rules.names import full_name

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from sqlalchemy import Executable


@dataclass(frozen=True, slots=True)
class Detail:
    """A registration with its event and category: one statement."""

    registration: Registration
    event: Event
    category: Category


class Named(NamedTuple):
    """Whose registration it is, and at which event."""

    name: str
    event: str  # its address


# Made once: to make such a statement costs as much as to run it, and every page and mail runs one.
_DETAIL: Final = (
    select(Registration, Event, Category)
    .join(Event, Event.id == Registration.event_id)
    .join(Category, Category.id == Registration.category_id)
)
_BY_LINK: Final = _DETAIL.where(Registration.link_digest == bindparam("wanted"))
_BY_ID: Final = _DETAIL.where(Registration.id == bindparam("wanted"))


def find_by_link(token: str) -> Detail | None:
    """Find a registration by the token of its own page, whatever its case."""
    clean = find_token(token)
    if clean is None:
        return None
    return _one(_BY_LINK, digest(clean))


def get_by_link(token: str) -> Detail:
    """Get a registration by the token of its own page; raises LinkUnknown."""
    found = find_by_link(token)
    if found is None:
        raise LinkUnknown
    return found


def get_detail(registration_id: int) -> Detail:
    """Get a registration by id; raises NotFound."""
    found = _one(_BY_ID, registration_id)
    if found is None:
        raise NotFound
    return found


def _one(statement: Executable, wanted: str | int) -> Detail | None:
    row = db.session.execute(statement, {"wanted": wanted}).first()
    return None if row is None else Detail(*row)


def list_details(registration_ids: Sequence[int]) -> Mapping[int, Detail]:
    """Read several registrations in one statement, by id."""
    query = _DETAIL.where(Registration.id.in_(registration_ids)).order_by(Registration.id)
    return {row[0].id: Detail(*row) for row in db.session.execute(query)}


def list_named(registration_ids: Iterable[int]) -> Mapping[int, Named]:
    """Name the people of several registrations in one statement; without those who have no name any more."""
    query = (
        select(Registration.id, Registration.first_name, Registration.last_name, Event.slug)
        .join(Event, Event.id == Registration.event_id)
        .where(Registration.id.in_(set(registration_ids)), Registration.first_name != "")
    )
    return {
        number: Named(full_name(first, last), slug)
        for number, first, last, slug in db.session.execute(query)
    }


def list_answers(registration_id: int) -> dict[int, Any]:
    """Give the answers to the event's own questions, by question id."""
    rows = db.session.execute(
        select(Answer.question_id, Answer.value).where(Answer.registration_id == registration_id)
    )
    return {question_id: value for question_id, value in rows}


def count_waiting(event_id: int) -> int:
    """Count how many wait for an event."""
    query = select(func.count()).where(
        Registration.event_id == event_id, Registration.status == "waiting"
    )
    return db.session.scalar(query) or 0
