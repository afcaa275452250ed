"""Where the code and the database stand, without loading Alembic: a start with nothing to migrate is quicker.

Only looked at here; what migrates is Alembic, through ``flask db upgrade``.
"""

from __future__ import annotations

import re
from ast import literal_eval
from pathlib import Path
from typing import TYPE_CHECKING, Final

from sqlalchemy import inspect, text

if TYPE_CHECKING:
    from sqlalchemy import Connection

VERSIONS: Final = Path(__file__).parent.parent.parent / "migrations" / "versions"
_LINE: Final = re.compile(r"^(revision|down_revision)\b[^=\n]*=\s*(.+?)\s*$", re.MULTILINE)


def code_version(versions: Path = VERSIONS) -> str:
    """Give the last migration of the code: the one that no other follows.

    Raises RuntimeError when that is not exactly one, or when a file does not say where it stands.
    """
    made: set[str] = set()
    followed: set[str] = set()
    for file in sorted(versions.glob("*.py")):
        said = {name: literal_eval(value) for name, value in _LINE.findall(file.read_text("utf-8"))}
        if "revision" not in said or "down_revision" not in said:
            raise RuntimeError(
                f"{file.name} does not say which migration it is and which one it follows"
            )
        before = said["down_revision"]
        made.add(said["revision"])
        followed.update((before,) if isinstance(before, str) else before or ())
    last = made - followed
    if len(last) != 1 or not followed <= made:
        raise RuntimeError(f"the migrations of the code do not end in one: {sorted(last)}")
    return last.pop()


def database_version(connection: Connection) -> str | None:
    """Give the migration that the database is at; None before the first one, and when it is not exactly one."""
    if not inspect(connection).has_table("alembic_version"):
        return None
    found = connection.scalars(text("SELECT version_num FROM alembic_version")).all()
    return str(found[0]) if len(found) == 1 else None
