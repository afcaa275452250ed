"""Refusals about events."""

from __future__ import annotations

from typing import TYPE_CHECKING

from eventsys.core.errors import DomainError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from eventsys.events.rules.draft import Problem


class InvalidEvent(DomainError):
    """Fields of an event, category or question are wrong: ``problems`` lists field, reason, facts."""

    code = "invalid_event"

    def __init__(self, problems: Sequence[Problem]) -> None:
        """Keep the problems; the facts of the first one name the refusal."""
        self.problems = tuple(problems)
        field, reason, facts = self.problems[0]
        super().__init__(field=field, reason=reason, **facts)


class SlugTaken(DomainError):
    """Another event has this address: fact ``slug``."""

    code = "slug_taken"


class CodeTaken(DomainError):
    """Another category or question of the event has this code: fact ``value``."""

    code = "code_taken"


class PlacesGiven(DomainError):
    """The capacity or quota cannot go below the places already given: fact ``taken``."""

    code = "places_given"


class CategoryInUse(DomainError):
    """A category with registrations cannot be removed."""

    code = "category_in_use"


class CategoryAsked(DomainError):
    """A question is asked of this category only: without it, it would be asked of everybody. Fact ``name``."""

    code = "category_asked"


class QuestionAnswered(DomainError):
    """A question that somebody has answered cannot be removed: the answers would go with it."""

    code = "question_answered"


class LastCategory(DomainError):
    """An event keeps at least one category: without one nobody can register."""

    code = "last_category"


class NotReady(DomainError):
    """The event cannot be published yet: fact ``missing``."""

    code = "not_ready"


class ChangedMeanwhile(DomainError):
    """Somebody else changed the same thing after this form was opened."""

    code = "changed_meanwhile"
    status = 409
