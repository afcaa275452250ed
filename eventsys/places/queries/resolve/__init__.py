"""From what a person typed to a city, an honest "which one?", or "unknown"."""

from __future__ import annotations

from eventsys.places.queries.resolve.answer import (
    Alternative,
    Resolution,
    resolve_city,
    resolve_typed,
)

__all__ = ["Alternative", "Resolution", "resolve_city", "resolve_typed"]
