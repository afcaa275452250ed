"""What is entered about who issues the documents, and what is wrong with it. Pure."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from eventsys.payments.rules.problems import texts_too_long, too_long

if TYPE_CHECKING:
    from eventsys.payments.rules.problems import Problem

LIMITS: Final = {
    "name": 200,
    "address": 500,
    "tax_number": 40,
    "email": 254,
    "series": 6,
}
NOTE_LENGTH: Final = 600
_SERIES: Final = re.compile(r"[A-Z0-9]{0,6}")
_EMAIL: Final = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+")


@dataclass(frozen=True, slots=True)
class IssuerDraft:
    """Who issues documents, as entered; the prefix is in capitals."""

    name: str = ""
    address: str = ""
    country: str | None = None
    tax_number: str = ""
    email: str = ""
    footer: dict[str, str] = field(default_factory=dict)
    series: str = ""


def problems_of(draft: IssuerDraft, countries: frozenset[str]) -> list[Problem]:
    """List what is wrong: field, reason, facts."""
    found = too_long(draft, LIMITS) + texts_too_long("footer", draft.footer, NOTE_LENGTH)
    wrong = (
        ("name", "missing_issuer", not draft.name),
        ("address", "missing_address", not draft.address),
        ("country", "unknown", draft.country not in countries),
        ("email", "bad_email", bool(draft.email) and not _EMAIL.fullmatch(draft.email)),
        ("series", "bad_series", not _SERIES.fullmatch(draft.series)),
    )
    return found + [(name, reason, {}) for name, reason, is_wrong in wrong if is_wrong]
