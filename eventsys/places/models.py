"""What people decided about typed names: learned aliases, and cities that are one city for us."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Index, String, text
from sqlalchemy.orm import Mapped, mapped_column

from eventsys.core.db import Base, UtcDateTime

_LIVE = text("undone_at IS NULL")


class PlaceAlias(Base):
    """A typed name that a person has decided on: a city, or none. An undone row stays as history."""

    __tablename__ = "place_alias"
    __table_args__ = (
        Index(
            "uq_place_alias_live",
            "key",
            "country",
            unique=True,
            sqlite_where=_LIVE,
            postgresql_where=_LIVE,
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(String(200))
    # ISO alpha-2; "" means that the decision holds whatever the country
    country: Mapped[str] = mapped_column(String(2), default="")
    typed: Mapped[str] = mapped_column(String(200))
    # GeoNames id; NULL means that the text names no city
    city_id: Mapped[int | None]
    note: Mapped[str] = mapped_column(String(500), default="")
    decided_by_id: Mapped[int | None]
    decided_by: Mapped[str] = mapped_column(String(200))
    decided_at: Mapped[datetime] = mapped_column(UtcDateTime)
    undone_by: Mapped[str | None] = mapped_column(String(200))
    undone_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class PlaceMerge(Base):
    """A city that is counted as another one: a district as its city, a twin entry of GeoNames."""

    __tablename__ = "place_merge"
    __table_args__ = (
        Index(
            "uq_place_merge_live",
            "from_city_id",
            unique=True,
            sqlite_where=_LIVE,
            postgresql_where=_LIVE,
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    from_city_id: Mapped[int]
    into_city_id: Mapped[int] = mapped_column(index=True)
    note: Mapped[str] = mapped_column(String(500), default="")
    decided_by_id: Mapped[int | None]
    decided_by: Mapped[str] = mapped_column(String(200))
    decided_at: Mapped[datetime] = mapped_column(UtcDateTime)
    undone_by: Mapped[str | None] = mapped_column(String(200))
    undone_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
