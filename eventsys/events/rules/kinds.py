"""Kinds and formats of events, and what an event of each kind starts with."""

from __future__ import annotations

import re
from typing import Final

from eventsys.core.text import fold

SLUG: Final = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
SLUG_LENGTH: Final = 80

KINDS: Final = (
    "congress", "summit", "forum", "assembly", "board", "executive", "seminar", "workshop", "training", "webinar",
    "visit", "award", "campaign", "day",
)  # fmt: skip
FORMATS: Final = ("in_person", "online", "hybrid")
ONLINE_KINDS: Final = frozenset({"webinar"})

# code, English, Spanish, French, colour (contrast with white ≥ 4.5), speaker, counted, open to the public
CATEGORY_KINDS: Final = (
    ("delegate", "Delegate", "Delegación", "Délégué·e", "#0a5a7a", False, True, True),
    ("speaker", "Speaker", "Ponente", "Intervenant·e", "#a8201a", True, True, False),
    ("observer", "Observer", "Observador/a", "Observateur·rice", "#5b4a9c", False, True, True),
    ("partner", "Partner", "Entidad socia", "Partenaire", "#14633f", False, True, True),
    ("press", "Press", "Prensa", "Presse", "#7a4b00", False, True, True),
    ("staff", "Staff", "Organización", "Équipe", "#3d4a57", False, True, False),
    ("volunteer", "Volunteer", "Voluntariado", "Bénévole", "#8a3b6d", False, False, False),
    (
        "accompanying",
        "Accompanying person",
        "Acompañante",
        "Personne accompagnante",
        "#54616e",
        False,
        False,
        False,
    ),
)

# What an event of each kind starts with.
CATEGORIES_OF_KIND: Final = {
    "congress": (
        "delegate",
        "speaker",
        "observer",
        "partner",
        "press",
        "staff",
        "volunteer",
        "accompanying",
    ),
    "summit": ("delegate", "speaker", "partner", "press", "staff"),
    "forum": ("delegate", "speaker", "partner", "press", "staff"),
    "assembly": ("delegate", "observer", "staff"),
    "board": ("delegate", "observer", "staff"),
    "executive": ("delegate", "observer", "staff"),
}
DEFAULT_CATEGORIES: Final = ("delegate", "speaker", "staff")


def valid_slug(slug: str) -> bool:
    """Tell whether a slug can stand in an address for ever: lower-case words with dashes."""
    return bool(SLUG.fullmatch(slug)) and len(slug) <= SLUG_LENGTH


def suggest_slug(title: str, year: int) -> str:
    """Make a slug from a title: its words without accents, and the year when the title does not say it."""
    words = re.findall(r"[a-z0-9]+", fold(title))
    if words and str(year) not in words:
        words.append(str(year))
    return "-".join(words)[:SLUG_LENGTH].strip("-")


def has_entrance(event_format: str) -> bool:
    """Tell whether people come through a door, with a badge; online they come by a link."""
    return event_format != "online"


def categories_of(kind: str) -> tuple[str, ...]:
    """Give the codes of the categories that an event of a kind starts with."""
    return CATEGORIES_OF_KIND.get(kind, DEFAULT_CATEGORIES)
