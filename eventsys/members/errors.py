"""Refusals about organisations."""

from __future__ import annotations

from typing import TYPE_CHECKING

from eventsys.core.errors import DomainError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from eventsys.members.rules import Problem


class InvalidMember(DomainError):
    """Fields of an organisation or of a period are wrong: ``problems`` lists field, reason, facts."""

    code = "invalid_member"

    def __init__(self, problems: Sequence[Problem]) -> None:
        """Keep the problems; the facts of the first one name the refusal."""
        self.problems = tuple(problems)
        field, reason, facts = self.problems[0]
        super().__init__(field=field, reason=reason, **facts)


class MemberExists(DomainError):
    """There is an organisation of this name, or with this external id, already."""

    code = "member_exists"


class MissingColumn(DomainError):
    """The table has no column of this name: fact ``column``."""

    code = "missing_column"


class TooManyRows(DomainError):
    """The table has more rows than one import takes: fact ``limit``."""

    code = "too_many_rows"
