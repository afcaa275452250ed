"""Two rows of one person are one registration."""

from __future__ import annotations

from dataclasses import fields, replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Sequence

    from eventsys.registration.rules.importing.rows import ImportRow

_LAST: Final = datetime.max.replace(tzinfo=UTC)


def merge_rows(rows: Sequence[ImportRow]) -> ImportRow:
    """Make one row of several with the same address, in whatever order they stand.

    The earliest registration is the registration; what it leaves out is taken from the later ones. The
    latest word on the status counts, except that whoever was checked in was confirmed. The first
    check-in of any row is the arrival.
    """
    ordered = sorted(rows, key=lambda row: (row.registered_at or _LAST, row.line))
    merged = ordered[0]
    for later in ordered[1:]:
        merged = replace(
            merged,
            **{
                field.name: getattr(later, field.name)
                for field in fields(merged)
                if not getattr(merged, field.name) and getattr(later, field.name)
            },
        )
    merged = replace(merged, city=_city(merged.country, ordered))
    arrivals = [row.checked_in_at for row in rows if row.checked_in_at is not None]
    statuses = [row.status for row in ordered if row.status]
    return replace(
        merged,
        checked_in_at=min(arrivals, default=None),
        status="confirmed" if arrivals else statuses[-1] if statuses else "",
    )


def _city(country: str, ordered: Sequence[ImportRow]) -> str:
    """Give the first city that was typed for the country; one of another country is left where it stood."""
    return next((row.city for row in ordered if row.city and row.country == country), "")
