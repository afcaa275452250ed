"""Read the tables that staff brought."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import select
from sqlalchemy.orm import defer

from eventsys.core.db import db
from eventsys.core.errors import NotFound
from eventsys.registration.models import ImportFile

if TYPE_CHECKING:
    from collections.abc import Sequence

__all__ = ["ImportFile", "get_import_file", "get_import_file_by_id", "list_import_files"]


def get_import_file(event_id: int, key: str) -> ImportFile:
    """Get a table of an event by its key, without its content; raises NotFound."""
    query = select(ImportFile).where(ImportFile.event_id == event_id, ImportFile.key == key)
    file = db.session.scalar(query.options(defer(ImportFile.content)))
    if file is None:
        raise NotFound
    return file


def get_import_file_by_id(number: int) -> ImportFile:
    """Get a table with its content, for the worker; raises NotFound."""
    file = db.session.get(ImportFile, number)
    if file is None:
        raise NotFound
    return file


def list_import_files(event_id: int, *, limit: int = 10) -> Sequence[ImportFile]:
    """List the latest tables of an event, without their contents."""
    query = (
        select(ImportFile)
        .where(ImportFile.event_id == event_id)
        .options(defer(ImportFile.content))
        .order_by(ImportFile.id.desc())
        .limit(limit)
    )
    return db.session.scalars(query).all()
