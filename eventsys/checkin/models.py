"""Devices, scans and presence."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import BigInteger, ForeignKey, Index, Integer, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from eventsys.core.db import Base, UtcDateTime


class Device(Base):
    """A phone or a desk that may scan for one event. Its token can be derived, never read, from here."""

    __tablename__ = "device"
    __table_args__ = (Index(None, "event_id", "name"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(String(32), unique=True)
    event_id: Mapped[int] = mapped_column(ForeignKey("event.id"))
    name: Mapped[str] = mapped_column(String(80))
    token_digest: Mapped[str] = mapped_column(String(64), unique=True)
    point: Mapped[str] = mapped_column(String(80))
    profile: Mapped[str] = mapped_column(String(8))
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    expires_at: Mapped[datetime] = mapped_column(UtcDateTime)
    revoked_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    # Of the last sign of life without a scan; scans carry their own times.
    seen_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    clock_offset: Mapped[int] = mapped_column(default=0)
    unsent: Mapped[int] = mapped_column(default=0)


class Scan(Base):
    """One scan, or one undo of a scan. Rows are only ever added.

    ``answer`` is the verdict as it was first given, JSON, sent again byte for byte.
    """

    __tablename__ = "scan"
    __table_args__ = (
        Index(None, "event_id", "id"),
        Index(None, "registration_id", "id"),
        Index(None, "device_id", "received_at"),
    )

    id: Mapped[int] = mapped_column(BigInteger().with_variant(Integer, "sqlite"), primary_key=True)
    scan_id: Mapped[str] = mapped_column(String(36), unique=True)
    event_id: Mapped[int] = mapped_column(ForeignKey("event.id"))
    registration_id: Mapped[int | None] = mapped_column(ForeignKey("registration.id"))
    code_digest: Mapped[str] = mapped_column(String(64))
    point: Mapped[str] = mapped_column(String(80))
    point_key: Mapped[str] = mapped_column(String(80))
    direction: Mapped[str] = mapped_column(String(4))  # in | out | undo
    device_id: Mapped[int | None] = mapped_column(ForeignKey("device.id"))
    account_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    device_at: Mapped[datetime] = mapped_column(UtcDateTime)
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    received_at: Mapped[datetime] = mapped_column(UtcDateTime)
    result: Mapped[str] = mapped_column(String(16))
    reason: Mapped[str | None] = mapped_column(String(20))
    override: Mapped[bool] = mapped_column(default=False)
    note: Mapped[str] = mapped_column(String(200), default="")
    undoes_id: Mapped[int | None] = mapped_column(ForeignKey("scan.id"), unique=True)
    answer: Mapped[str] = mapped_column(Text)


class Presence(Base):
    """That a person came to a point. The unique index lets one of two phones admit, never both."""

    __tablename__ = "presence"
    __table_args__ = (
        Index(None, "registration_id", "point_key", unique=True),
        Index(None, "event_id", "point_key"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    event_id: Mapped[int] = mapped_column(ForeignKey("event.id"))
    registration_id: Mapped[int] = mapped_column(ForeignKey("registration.id"))
    point_key: Mapped[str] = mapped_column(String(80))
    # The scan that counts as the arrival, by its own id: both rows are written in one go.
    first_scan: Mapped[str] = mapped_column(String(36))
    first_where: Mapped[str] = mapped_column(String(80))
    first_at: Mapped[datetime] = mapped_column(UtcDateTime)
    inside: Mapped[bool] = mapped_column(default=True)
    moved_at: Mapped[datetime] = mapped_column(UtcDateTime)
