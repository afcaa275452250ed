"""A table that staff bring to the office: kept, read in the background, looked at, stored.

Nothing is stored before somebody has seen what would become of every row. Reading and storing are jobs,
so no page waits for thousands of rows and no lock is held while a file is read.
"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import delete, insert, update

from eventsys.audit.operations import record
from eventsys.core.db import db
from eventsys.core.tokens import new_key
from eventsys.jobs.operations import enqueue
from eventsys.registration.errors import ImportInHand
from eventsys.registration.models import ImportFile
from eventsys.registration.queries.import_files import get_import_file

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from eventsys.core.actor import Actor

# How long a table that nobody stored is kept: it holds people's data.
KEPT: Final = timedelta(days=14)


def bring_file(event_id: int, name: str, content: bytes, *, actor: Actor, now: datetime) -> str:
    """Keep a table and have it read; gives the key of its page. Tables that nobody stored are dropped."""
    db.session.execute(delete(ImportFile).where(ImportFile.brought_at < now - KEPT))
    key = new_key()
    number: int = db.session.execute(
        insert(ImportFile)
        .values(
            key=key, event_id=event_id, name=name[:200], content=content, matching={}, create_categories=False,
            state="reading", revision=0, report={}, brought_by_id=actor.id, brought_by=actor.label[:200],
            brought_at=now,
        )
        .returning(ImportFile.id),
    ).scalar_one()  # fmt: skip
    record(
        "registration.bring_file", "import_file", number, actor=actor, now=now, event_id=event_id,
        facts={"name": name[:200], "bytes": len(content)},
    )  # fmt: skip
    _have_read(number, 0, now=now)
    return key


def match_file(
    event_id: int,
    key: str,
    matching: Mapping[str, str],
    *,
    create_categories: bool,
    actor: Actor,
    now: datetime,
) -> None:
    """Say which column is which field, and have the table read again. Raises ImportInHand."""
    file = get_import_file(event_id, key)
    _read_again(file, now=now, matching=dict(matching), create_categories=create_categories)
    record(
        "registration.match_file", "import_file", file.id, actor=actor, now=now, event_id=event_id
    )


def choose_encoding(event_id: int, key: str, encoding: str, *, actor: Actor, now: datetime) -> None:
    """Say in which encoding a CSV file is written, and have it read again; "" has it found out.

    The columns are matched anew: their names may be others now. Raises ImportInHand.
    """
    file = get_import_file(event_id, key)
    _read_again(file, now=now, matching={}, encoding=encoding)
    record(
        "registration.encode_file", "import_file", file.id, actor=actor, now=now, event_id=event_id,
        facts={"encoding": encoding},
    )  # fmt: skip


def store_file(event_id: int, key: str, *, actor: Actor, now: datetime) -> None:
    """Have a table stored that was read and looked at. Raises ImportInHand for a second click."""
    file = get_import_file(event_id, key)
    _move(file.id, ("read",), "storing", revision=file.revision)
    record(
        "registration.store_file", "import_file", file.id, actor=actor, now=now, event_id=event_id
    )
    enqueue(
        "registration.import",
        {"import_file_id": file.id},
        now=now,
        unique_key=f"import:{file.id}:store",
    )


def keep_reading(import_file_id: int, state: str, report: Mapping[str, Any]) -> None:
    """Keep what the worker read in a table: ``read``, or ``refused`` with the reason."""
    _update(import_file_id, "reading", state=state, report=dict(report))


def keep_stored(import_file_id: int, report: Mapping[str, Any], *, now: datetime) -> None:
    """Keep what was stored, and drop the table itself."""
    _update(
        import_file_id, "storing", state="stored", report=dict(report), content=b"", stored_at=now
    )


def _have_read(number: int, revision: int, *, now: datetime) -> None:
    unique = f"import:{number}:read:{revision}"
    enqueue("registration.read_file", {"import_file_id": number}, now=now, unique_key=unique)


def _read_again(file: ImportFile, *, now: datetime, **values: Any) -> None:  # noqa: ANN401 (columns)
    revision = file.revision + 1
    _move(file.id, ("read", "refused"), "reading", revision=revision)
    db.session.execute(update(ImportFile).where(ImportFile.id == file.id).values(**values))
    _have_read(file.id, revision, now=now)


def _move(number: int, before: tuple[str, ...], after: str, *, revision: int) -> None:
    result = db.session.execute(
        update(ImportFile)
        .where(ImportFile.id == number, ImportFile.state.in_(before))
        .values(state=after, revision=revision),
        execution_options={"synchronize_session": False},
    )
    if result.rowcount != 1:  # type: ignore[attr-defined]  # CursorResult of an UPDATE
        raise ImportInHand


def _update(number: int, before: str, **values: Any) -> None:  # noqa: ANN401 (columns)
    db.session.execute(
        update(ImportFile)
        .where(ImportFile.id == number, ImportFile.state == before)
        .values(**values),
        execution_options={"synchronize_session": False},
    )
