"""Whether a connection to PostgreSQL that was kept can still be used.

A server that goes away, or that ends a connection, says so on the connection itself. So it is only looked
whether anything was said: to ask the server, as SQLAlchemy does by itself, costs a round trip for every
transaction. After a longer pause it is asked all the same.
"""

from __future__ import annotations

import select
import time
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import event
from sqlalchemy.exc import InvalidatePoolError

if TYPE_CHECKING:
    from sqlalchemy import Engine
    from sqlalchemy.pool import ConnectionPoolEntry

LONG_PAUSE: Final = 30.0  # seconds
_USED: Final = "used"


def keep_usable(engine: Engine) -> None:
    """Replace connections that have died unnoticed before anybody works with them."""

    def check(raw: Any, record: ConnectionPoolEntry, _fairy: object) -> None:  # noqa: ANN401 (DB-API)
        used = record.info.get(_USED)
        if used is None or (time.monotonic() - used < LONG_PAUSE and _silent(raw)):
            return
        try:
            engine.dialect.do_ping(raw)
        except engine.dialect.loaded_dbapi.Error as error:
            # The others have most likely died with it.
            raise InvalidatePoolError from error

    event.listen(engine, "checkout", check)
    event.listen(engine, "checkin", _note_use)


def _note_use(_raw: object, record: ConnectionPoolEntry) -> None:
    record.info[_USED] = time.monotonic()


def _silent(raw: Any) -> bool:  # noqa: ANN401 (DB-API)
    """Tell whether nothing has come that nobody has asked for: the end of the connection is something."""
    if raw.closed:
        return False
    poll = select.poll()
    poll.register(raw.fileno(), select.POLLIN)
    return not poll.poll(0)
