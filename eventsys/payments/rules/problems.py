"""What is wrong with what was entered: field, reason, facts. Pure."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping

Problem = tuple[str, str, dict[str, Any]]


def too_long(draft: object, limits: Mapping[str, int]) -> list[Problem]:
    """List the fields of a draft that are longer than they may be."""
    return [
        (name, "too_long", {"limit": limit})
        for name, limit in limits.items()
        if len(getattr(draft, name)) > limit
    ]


def texts_too_long(name: str, texts: Mapping[str, str], limit: int) -> list[Problem]:
    """List the languages in which a text is longer than it may be."""
    return [
        (f"{name}_{language}", "too_long", {"limit": limit})
        for language, text in texts.items()
        if len(text) > limit
    ]
