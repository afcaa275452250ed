"""Words for what the database keeps as codes, and for where an event takes place."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from eventsys.core.i18n import country_name, current_language, lazy
from eventsys.places.queries import city_name

if TYPE_CHECKING:
    from eventsys.events.queries import Event

KINDS: Final[dict[str, Any]] = {
    "congress": lazy("Congress"),
    "summit": lazy("Summit"),
    "forum": lazy("Forum"),
    "assembly": lazy("Assembly"),
    "board": lazy("Board meeting"),
    "executive": lazy("Executive meeting"),
    "seminar": lazy("Seminar"),
    "workshop": lazy("Workshop"),
    "training": lazy("Training"),
    "webinar": lazy("Webinar"),
    "visit": lazy("Visit"),
    "award": lazy("Award"),
    "campaign": lazy("Campaign"),
    "day": lazy("Day"),
}
FORMATS: Final[dict[str, Any]] = {
    "in_person": lazy("In person"),
    "online": lazy("Online"),
    "hybrid": lazy("In person and online"),
}
GENDERS: Final[dict[str, Any]] = {
    "woman": lazy("Woman"),
    "man": lazy("Man"),
    "non-binary": lazy("Non-binary"),
    "prefer not to say": lazy("Prefers not to say"),
}
STATUSES: Final[dict[str, Any]] = {
    "invited": lazy("Invited"),
    "nominated": lazy("Nominated"),
    "submitted": lazy("Place held"),
    "waiting": lazy("Waiting list"),
    "approved": lazy("Approved"),
    "confirmed": lazy("Confirmed"),
    "rejected": lazy("Declined"),
    "cancelled": lazy("Cancelled"),
    "expired": lazy("Expired"),
}

# The World Bank's groups, as a fee names them.
INCOME_GROUPS: Final[dict[str, Any]] = {
    "low": lazy("For people from low-income countries."),
    "lower_middle": lazy("For people from lower-middle-income countries."),
    "upper_middle": lazy("For people from upper-middle-income countries."),
    "high": lazy("For people from high-income countries."),
}


def label(words: dict[str, Any], code: str) -> str:
    """Give the word for a code; a code without a word stands for itself."""
    return str(words.get(code, code))


def place_of(event: Event) -> str:
    """Give city and country in the current language; nothing for an event that is only online."""
    parts = [city_name(event.city_id, current_language()), country_name(event.country)]
    return ", ".join(part for part in parts if part)
