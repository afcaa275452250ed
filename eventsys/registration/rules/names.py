"""How names are sorted, searched and shown, in any script."""

from __future__ import annotations

from typing import Final

SEARCH_LENGTH: Final = 600


def full_name(first_name: str, last_name: str) -> str:
    """Give the name as it is read: given names, family name; either may be missing."""
    return f"{first_name} {last_name}".strip()


def sort_key(first_folded: str, last_folded: str) -> str:
    """Give the key for lists: family name first, as folded text."""
    return f"{last_folded} {first_folded}".strip()[:310]


def search_key(*folded: str) -> str:
    """Give the one text that a search looks through; parts are already folded.

    Cut where an index entry would become too long for PostgreSQL (2,704 bytes).
    """
    return " | ".join(part for part in folded if part)[:SEARCH_LENGTH]
