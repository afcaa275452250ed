"""Pure rules of events: kinds, dates, colours, what a valid event is."""

from eventsys.events.rules.calendar import (
    EventState,
    FormState,
    Window,
    event_state,
    form_state,
    may_change,
)
from eventsys.events.rules.kinds import (
    CATEGORIES_OF_KIND,
    CATEGORY_KINDS,
    DEFAULT_CATEGORIES,
    FORMATS,
    KINDS,
    ONLINE_KINDS,
    SLUG_LENGTH,
    categories_of,
    has_entrance,
    suggest_slug,
    valid_slug,
)

__all__ = [
    "CATEGORIES_OF_KIND",
    "CATEGORY_KINDS",
    "DEFAULT_CATEGORIES",
    "FORMATS",
    "KINDS",
    "ONLINE_KINDS",
    "SLUG_LENGTH",
    "EventState",
    "FormState",
    "Window",
    "categories_of",
    "event_state",
    "form_state",
    "has_entrance",
    "may_change",
    "suggest_slug",
    "valid_slug",
]
