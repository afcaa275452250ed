"""Organisations and membership."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, Integer, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from eventsys.core.db import Base, Localised, UtcDateTime


class Organisation(Base):
    """A member, a partner or another body. Never the same thing as a city.

    ``kind`` and ``nature``: the words of ``rules``.
    ``region``: the association's own region, set per member (ACCEPTANCE A10).
    """

    __tablename__ = "organisation"
    __table_args__ = (Index(None, "name_key", unique=True),)

    id: Mapped[int] = mapped_column(primary_key=True)
    external_id: Mapped[str | None] = mapped_column(String(80), unique=True)
    name: Mapped[str] = mapped_column(String(200))
    name_key: Mapped[str] = mapped_column(String(200))
    names: Mapped[dict[str, str]] = mapped_column(Localised, default=dict)
    kind: Mapped[str] = mapped_column(String(20))
    nature: Mapped[str] = mapped_column(String(20), default="city")
    country: Mapped[str | None] = mapped_column(String(2))
    city_id: Mapped[int | None] = mapped_column(Integer, index=True)
    city_typed: Mapped[str] = mapped_column(String(200), default="")
    region: Mapped[str] = mapped_column(String(60), default="")
    website: Mapped[str] = mapped_column(String(300), default="")
    # Folded names in all languages, of cities too: what the office's list is searched by.
    search_text: Mapped[str] = mapped_column(Text, default="")
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    updated_at: Mapped[datetime] = mapped_column(UtcDateTime)


class OrganisationCity(Base):
    """The further cities an organisation stands for: an association of municipalities has many."""

    __tablename__ = "organisation_city"

    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"), primary_key=True)
    city_id: Mapped[int] = mapped_column(Integer, primary_key=True)


class Membership(Base):
    """A period of membership: ``since`` inclusive, ``until`` exclusive or open (A01, A02)."""

    __tablename__ = "membership"
    __table_args__ = (
        CheckConstraint("until IS NULL OR until > since", name="period"),
        Index(None, "organisation_id", "since", unique=True),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    since: Mapped[date]
    until: Mapped[date | None]
