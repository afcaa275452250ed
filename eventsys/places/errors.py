"""Refusals about places."""

from __future__ import annotations

from eventsys.core.errors import DomainError


class EmptyName(DomainError):
    """The text has no letter by which it could be recognised again."""

    code = "place_name_empty"


class UnknownCity(DomainError):
    """There is no city with this identifier."""

    code = "city_unknown"


class UnknownCountry(DomainError):
    """There is no country of this name or code."""

    code = "country_unknown"


class AlreadyUndone(DomainError):
    """The decision was taken back before."""

    code = "place_decision_undone"


class MergeCircle(DomainError):
    """A city cannot be counted as itself, nor as one that is counted as it."""

    code = "place_merge_circle"
