"""What a row of a table changes in a registration that exists, and what it makes of one that does not."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from eventsys.registration.rules.states import ENDED, Status

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from eventsys.registration.rules.importing.rows import ImportRow

_SAME_NAME: Final = (
    "first_name", "last_name", "email", "gender", "country", "organisation", "job_title", "language", "registered_at",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Place:
    """What the resolver says of a typed city."""

    city_id: int | None
    status: str


NOWHERE: Final = Place(None, "none")


@dataclass(frozen=True, slots=True)
class Found:
    """What was looked up for a row: place, category, the organisation represented."""

    place: Place
    category_id: int | None
    organisation_id: int | None


def new_values(row: ImportRow, found: Found, *, now: datetime) -> dict[str, Any]:
    """Give the columns of a new registration, apart from keys and codes.

    Without a status the row is of somebody who is registered: confirmed. Nobody is asked for a time that
    was not kept: the moment of the import stands for it.
    """
    status = row.status or Status.CONFIRMED.value
    registered_at = row.registered_at or now
    return {
        "first_name": row.first_name,
        "last_name": row.last_name,
        "email": row.email,
        "email_key": row.email_key,
        "gender": row.gender or None,
        "country": row.country,
        "city_typed": row.city,
        "city_id": found.place.city_id,
        "city_status": found.place.status,
        "organisation": row.organisation or row.member,
        "organisation_id": found.organisation_id,
        "job_title": row.job_title,
        "category_id": found.category_id,
        "language": row.language or "en",
        "registered_at": registered_at,
        "attended_at": row.checked_in_at,
        "import_digest": row.digest,
        **status_columns(status, registered_at, now=now),
    }


def status_columns(status: str, since: datetime, *, now: datetime) -> dict[str, Any]:
    """Give the columns that follow from a status."""
    return {
        "status": status,
        "holds_place": status == Status.CONFIRMED,
        "confirmed_at": since if status == Status.CONFIRMED else None,
        "waiting_since": since if status == Status.WAITING else None,
        "ended_at": now if status in ENDED else None,
    }


def changes(
    before: Mapping[str, Any],
    row: ImportRow,
    found: Found,
    *,
    now: datetime,
    has_a_fee: bool = False,
) -> dict[str, Any]:
    """Give the columns of a registration that a row changes; none when it says nothing new.

    Where there is a fee, status and category stay: a table sends no money back and asks nobody for any.

    A row that was imported before changes nothing again: what staff or the person changed since stands.
    Only what could not be resolved then is filled in. Empty cells never erase.
    """
    changed = _resolved_since(before, row, found)
    if before["import_digest"] == row.digest:
        return changed
    for name in _SAME_NAME:
        value = getattr(row, name)
        if value and value != before[name]:
            changed[name] = value
    changed |= _moved(before, row, found)
    if (
        not has_a_fee
        and found.category_id is not None
        and row.category
        and found.category_id != before["category_id"]
    ):
        changed["category_id"] = found.category_id
    if found.organisation_id is not None and found.organisation_id != before["organisation_id"]:
        changed["organisation_id"] = found.organisation_id
    if has_a_fee and before["status"] != Status.CONFIRMED:
        return changed
    return changed | _states(before, row, now=now, has_a_fee=has_a_fee)


def _resolved_since(before: Mapping[str, Any], row: ImportRow, found: Found) -> dict[str, Any]:
    changed: dict[str, Any] = {}
    if found.organisation_id is not None and before["organisation_id"] is None:
        changed["organisation_id"] = found.organisation_id
    same_text = row.city == before["city_typed"] and row.country == before["country"]
    if (
        same_text
        and before["city_status"] in {"ambiguous", "unknown"}
        and found.place.status == "resolved"
    ):
        changed |= {"city_id": found.place.city_id, "city_status": "resolved"}
    return changed


def _moved(before: Mapping[str, Any], row: ImportRow, found: Found) -> dict[str, Any]:
    if not row.city or (row.city == before["city_typed"] and row.country == before["country"]):
        return {}
    if found.place.city_id is not None and found.place.city_id == before["city_id"]:
        return {}  # another name of the same city: what was typed first stays
    return {
        "city_typed": row.city,
        "city_id": found.place.city_id,
        "city_status": found.place.status,
    }


def _states(
    before: Mapping[str, Any], row: ImportRow, *, now: datetime, has_a_fee: bool
) -> dict[str, Any]:
    changed: dict[str, Any] = {}
    status = row.status or (Status.CONFIRMED.value if row.checked_in_at else "")
    if status and status != before["status"] and not has_a_fee:
        changed |= status_columns(status, row.registered_at or now, now=now)
    arrived = row.checked_in_at
    if arrived is not None and (before["attended_at"] is None or arrived < before["attended_at"]):
        changed["attended_at"] = arrived
    return changed
