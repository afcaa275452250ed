"""Events, their categories and their own questions. Places (seats) are counted here.

``places_taken`` is changed only by ``operations/places.py``: a conditional UPDATE that the CHECK
constraint backs, so that no race on any engine gives away a place that is not there.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, Integer, String
from sqlalchemy.orm import Mapped, mapped_column

from eventsys.core.db import Base, Localised, UtcDateTime


class Event(Base):
    """Anything with a date: a congress, a summit, a webinar, a board meeting."""

    __tablename__ = "event"
    __table_args__ = (
        CheckConstraint("capacity IS NULL OR places_taken <= capacity", name="capacity"),
        CheckConstraint("places_taken >= 0", name="places_taken"),
        CheckConstraint("ends_at >= starts_at", name="period"),
        Index(None, "starts_at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    slug: Mapped[str] = mapped_column(String(80), unique=True)
    parent_id: Mapped[int | None] = mapped_column(ForeignKey("event.id"))
    series: Mapped[str] = mapped_column(String(80), default="")
    kind: Mapped[str] = mapped_column(String(20))
    format: Mapped[str] = mapped_column(String(12))
    title: Mapped[dict[str, str]] = mapped_column(Localised)
    summary: Mapped[dict[str, str]] = mapped_column(Localised, default=dict)
    description: Mapped[dict[str, str]] = mapped_column(Localised, default=dict)
    starts_at: Mapped[datetime] = mapped_column(UtcDateTime)
    ends_at: Mapped[datetime] = mapped_column(UtcDateTime)
    timezone: Mapped[str] = mapped_column(String(60))
    country: Mapped[str | None] = mapped_column(String(2))
    city_id: Mapped[int | None]
    venue: Mapped[dict[str, str]] = mapped_column(Localised, default=dict)
    online_url: Mapped[str] = mapped_column(String(500), default="")
    contact_email: Mapped[str] = mapped_column(String(254), default="")
    capacity: Mapped[int | None]
    places_taken: Mapped[int] = mapped_column(default=0)
    waiting_list: Mapped[bool] = mapped_column(default=True)
    registration_opens_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    registration_closes_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    change_until: Mapped[datetime | None] = mapped_column(UtcDateTime)
    published_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    figures_published_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    figures_rung: Mapped[str] = mapped_column(String(12), default="attended")
    small_group: Mapped[int] = mapped_column(default=5)
    hue: Mapped[str] = mapped_column(String(7), default="")
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    updated_at: Mapped[datetime] = mapped_column(UtcDateTime)


class Category(Base):
    """Who somebody is at an event: delegate, speaker, press. Quota, badge colour, counted or not."""

    __tablename__ = "category"
    __table_args__ = (
        CheckConstraint("quota IS NULL OR places_taken <= quota", name="quota"),
        CheckConstraint("places_taken >= 0", name="places_taken"),
        Index(None, "event_id", "code", unique=True),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    event_id: Mapped[int] = mapped_column(ForeignKey("event.id"))
    code: Mapped[str] = mapped_column(String(40))
    name: Mapped[dict[str, str]] = mapped_column(Localised, default=dict)
    hint: Mapped[dict[str, str]] = mapped_column(Localised, default=dict)
    colour: Mapped[str] = mapped_column(String(7), default="#0a5a7a")
    quota: Mapped[int | None]
    places_taken: Mapped[int] = mapped_column(default=0)
    counted: Mapped[bool] = mapped_column(default=True)
    speaker: Mapped[bool] = mapped_column(default=False)
    open_to_public: Mapped[bool] = mapped_column(default=True)
    position: Mapped[int] = mapped_column(default=0)


class Question(Base):
    """A further field of one event's form.

    ``kind``: text, long_text, choice, choices, yes_no, number, date. ``options`` is a list of
    ``{"value": code, "label": {"en": …}}``. ``category_codes`` empty: asked of everybody.
    """

    __tablename__ = "question"
    __table_args__ = (Index(None, "event_id", "name", unique=True),)

    id: Mapped[int] = mapped_column(primary_key=True)
    event_id: Mapped[int] = mapped_column(ForeignKey("event.id"))
    name: Mapped[str] = mapped_column(String(40))
    kind: Mapped[str] = mapped_column(String(12))
    label: Mapped[dict[str, str]] = mapped_column(Localised)
    hint: Mapped[dict[str, str]] = mapped_column(Localised, default=dict)
    section: Mapped[dict[str, str]] = mapped_column(Localised, default=dict)
    options: Mapped[list[dict[str, Any]]] = mapped_column(JSON, default=list)
    category_codes: Mapped[list[str]] = mapped_column(JSON, default=list)
    required: Mapped[bool] = mapped_column(default=False)
    sensitive: Mapped[bool] = mapped_column(default=False)
    position: Mapped[int] = mapped_column(Integer, default=0)
