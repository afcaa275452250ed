"""Refusals of badges."""

from __future__ import annotations

from eventsys.core.errors import DomainError


class NoBadge(DomainError):
    """Only a confirmed registration has a badge (``status`` is what it has)."""

    code = "no_badge"


class UnknownLayout(DomainError):
    """There is no such layout of badges (``layout``)."""

    code = "unknown_layout"
