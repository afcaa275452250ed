"""Pages for everybody: calendar, event, registration, own page, sign-in."""

from eventsys.web.public import (
    badge,
    calendar,
    colours,
    documents,
    event,
    fee,
    health,
    mine,
    pages,
    registration,
    sign_in,
    statistics,
)
from eventsys.web.public.blueprint import bp

__all__ = [
    "badge",
    "bp",
    "calendar",
    "colours",
    "documents",
    "event",
    "fee",
    "health",
    "mine",
    "pages",
    "registration",
    "sign_in",
    "statistics",
]
