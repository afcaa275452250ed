"""Write who is where. Every change is conditional on what was read, so one of two phones loses."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import CursorResult, update
from sqlalchemy.dialects import postgresql, sqlite

from eventsys.checkin.models import Presence
from eventsys.core.db import Base, db

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from eventsys.checkin.queries.holders import Presented

Key = tuple[int, str]


def insert_ignoring_conflict(
    model: type[Base],
    index: Sequence[str],
    returning: Sequence[str],
    rows: Sequence[Mapping[str, object]],
) -> set[tuple[Any, ...]]:
    """Insert rows, skip those that a unique index refuses (any, when none is named), give columns of the others."""
    dialect = db.session.get_bind().dialect.name
    make = postgresql.insert if dialect == "postgresql" else sqlite.insert
    table = model.__table__
    statement = make(table).on_conflict_do_nothing(index_elements=list(index) or None)  # type: ignore[arg-type]  # a Table
    result = db.session.connection().execute(
        statement.returning(*(table.c[name] for name in returning)), rows
    )
    return {tuple(row) for row in result}


def store_stays(
    event_id: int,
    before: Mapping[Key, Presented | None],
    after: Mapping[Key, Presented],
) -> set[Key]:
    """Store changed stays; give the keys that somebody else changed first.

    ``before`` is what the change was judged on (None: no row). Rows are written in the order of their
    keys, so that two batches never wait for each other in a circle.
    """
    new = [key for key in sorted(after) if before.get(key) is None]
    lost: set[Key] = set()
    if new:
        rows = [_row(event_id, key, after[key]) for key in new]
        kept = insert_ignoring_conflict(
            Presence, ("registration_id", "point_key"), ("registration_id", "point_key"), rows
        )
        lost |= set(new) - kept
    for key in sorted(after):
        old = before.get(key)
        if old is not None and not _update(key, old, after[key]):
            lost.add(key)
    return lost


def _row(event_id: int, key: Key, presented: Presented) -> dict[str, object]:
    return {
        "event_id": event_id,
        "registration_id": key[0],
        "point_key": key[1],
        "first_scan": presented.first_scan,
        "first_where": presented.first_where,
        "first_at": presented.stay.first_at,
        "inside": presented.stay.inside,
        "moved_at": presented.stay.moved_at,
    }


def _update(key: Key, old: Presented, new: Presented) -> bool:
    statement = (
        update(Presence)
        .where(
            Presence.registration_id == key[0],
            Presence.point_key == key[1],
            Presence.first_scan == old.first_scan,
            Presence.inside == old.stay.inside,
            Presence.moved_at == old.stay.moved_at,
        )
        .values(
            first_scan=new.first_scan,
            first_where=new.first_where,
            first_at=new.stay.first_at,
            inside=new.stay.inside,
            moved_at=new.stay.moved_at,
        )
        .execution_options(synchronize_session=False)
    )
    result = db.session.execute(statement)
    return isinstance(result, CursorResult) and result.rowcount == 1
