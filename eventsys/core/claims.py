"""Work that waits in a table and is taken by one worker at a time, on both engines."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import and_, bindparam, or_, select, update

if TYPE_CHECKING:
    from collections.abc import Iterable

    from sqlalchemy import Table
    from sqlalchemy.sql.dml import ReturningUpdate


def claim_of(
    table: Table, *, waiting: str, taken: str, fields: Iterable[str]
) -> ReturningUpdate[Any]:
    """Make the one statement that takes due rows, also those whose worker died and let its lease run out.

    Made once and run often: to make it costs more than to run it. It is run with ``now``, ``most``, and what is
    written into the rows besides (``claimed_by``, ``lease_until``); it gives the named fields.
    """
    due = (
        select(table.c.id)
        .where(
            or_(
                and_(table.c.status == waiting, table.c.due_at <= bindparam("now")),
                and_(table.c.status == taken, table.c.lease_until < bindparam("now")),
            ),
        )
        .order_by(table.c.due_at, table.c.id)
        .limit(bindparam("most"))
        .with_for_update(skip_locked=True)
    )
    return (
        update(table)
        .where(table.c.id.in_(due.scalar_subquery()))
        .values(status=taken, attempts=table.c.attempts + 1)
        .returning(*(table.c[name] for name in fields))
    )
