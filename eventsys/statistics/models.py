"""Frozen figures: what was said, by which rule, of which data, by whom. Rows are only ever added."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from eventsys.core.db import Base, UtcDateTime


class FrozenFigures(Base):
    """The figures of an event or a year as they stood at one moment; no person is named in them.

    ``published``: frozen by publishing; the public page shows the newest of these.
    """

    __tablename__ = "frozen_figures"
    __table_args__ = (
        CheckConstraint("(event_id IS NULL) <> (year IS NULL)", name="subject"),
        Index(None, "event_id", "id"),
        Index(None, "year", "id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    event_id: Mapped[int | None] = mapped_column(ForeignKey("event.id"))
    year: Mapped[int | None]
    rung: Mapped[str] = mapped_column(String(12))
    rule_version: Mapped[int]
    title: Mapped[str] = mapped_column(String(200), default="")
    published: Mapped[bool] = mapped_column(default=False)
    values: Mapped[dict[str, Any]] = mapped_column(JSON)
    data_at: Mapped[datetime] = mapped_column(UtcDateTime)
    author: Mapped[str] = mapped_column(String(254))
    author_id: Mapped[int | None]
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
