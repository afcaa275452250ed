"""Keys, links and codes of a registration, derived from the server's secret."""

from __future__ import annotations

from dataclasses import dataclass

from eventsys.core.text import fold
from eventsys.core.tokens import derive, digest, new_key, short_code
from eventsys.registration.rules.names import search_key, sort_key


@dataclass(frozen=True, slots=True)
class Identity:
    """What is stored of a registration's key, link and badge."""

    key: str
    link: str
    link_digest: str
    badge_digest: str
    short_code: str


def link_token(secret: str, key: str, generation: int) -> str:
    """Give the token of a person's own page."""
    return derive(secret, "link", key, generation)


def badge_token(secret: str, key: str, generation: int) -> str:
    """Give the token in the badge's QR code."""
    return derive(secret, "badge", key, generation)


def address_proof(secret: str, key: str, before: str, wanted: str) -> str:
    """Give the token that only the mail to a new address holds; it is spent when the address has changed."""
    return derive(secret, "address", f"{key}:{before}:{wanted}", 0)


def new_identity(secret: str) -> Identity:
    """Make the identity of a new registration."""
    key = new_key()
    link, badge = link_token(secret, key, 0), badge_token(secret, key, 0)
    return Identity(key, link, digest(link), digest(badge), short_code(badge))


def searchable(first_name: str, last_name: str, email_key: str, *more: str) -> dict[str, str]:
    """Give the columns for lists and search: accent-blind, family name first."""
    first, last = fold(first_name), fold(last_name)
    return {
        "sort_name": sort_key(first, last),
        "search_text": search_key(
            f"{first} {last}".strip(), f"{last} {first}".strip(), email_key, *map(fold, more)
        ),
    }
