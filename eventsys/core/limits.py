"""How often something may be tried: counted in the database, or in Redis when one is set.

Nothing is counted in process memory: another process must see it.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from functools import cache
from importlib import import_module
from typing import TYPE_CHECKING, cast

from sqlalchemy import String, delete, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Mapped, mapped_column

from eventsys.core.db import Base, UtcDateTime, db

if TYPE_CHECKING:
    from redis import Redis

    from eventsys.core.settings import Settings


class RateWindow(Base):
    """Tries in one window of time; the key holds no address in clear."""

    __tablename__ = "rate_window"

    key: Mapped[str] = mapped_column(String(120), primary_key=True)
    tries: Mapped[int] = mapped_column(default=0)
    ends_at: Mapped[datetime] = mapped_column(UtcDateTime, index=True)


def count_try(
    settings: Settings, key: str, *, limit: int, window: timedelta, now: datetime
) -> bool:
    """Count one try and tell whether it is still within the limit of its window.

    In the database the count belongs to the caller's transaction: tries that leave no trace (a
    rolled-back request) are not counted.
    """
    if not settings.rate_limits:
        return True
    slot = int(now.timestamp() // window.total_seconds())
    full_key = f"{key}:{slot}"
    if settings.redis_url is not None:
        return _count_in_redis(settings.redis_url, full_key, window) <= limit
    dialect = db.engine.dialect.name
    insert = postgresql.insert(RateWindow) if dialect == "postgresql" else sqlite.insert(RateWindow)
    statement = (
        insert.values(key=full_key, tries=1, ends_at=now + window)
        .on_conflict_do_update(index_elements=["key"], set_={"tries": RateWindow.tries + 1})
        .returning(RateWindow.tries)
    )
    return db.session.execute(statement).scalar_one() <= limit


def tries_left(
    settings: Settings, key: str, *, limit: int, window: timedelta, now: datetime
) -> bool:
    """Tell whether another try is within the limit, without counting one."""
    if not settings.rate_limits or settings.redis_url is not None:
        return True
    slot = int(now.timestamp() // window.total_seconds())
    tries = db.session.scalar(select(RateWindow.tries).where(RateWindow.key == f"{key}:{slot}"))
    return (tries or 0) < limit


def forget_old_tries(*, now: datetime) -> None:
    """Delete windows that have ended."""
    db.session.execute(delete(RateWindow).where(RateWindow.ends_at < now))


@cache
def _redis(url: str) -> Redis:
    # Only who sets an address pays for the package: it is a tenth of the whole start.
    return cast("Redis", import_module("redis").Redis.from_url(url, socket_timeout=2))


def _count_in_redis(url: str, key: str, window: timedelta) -> int:
    pipeline = _redis(url).pipeline()
    pipeline.incr(f"eventsys:{key}")
    pipeline.expire(f"eventsys:{key}", int(window.total_seconds()))
    return cast("int", pipeline.execute()[0])
