"""Find devices by their token, list them for the office."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import and_, bindparam, func, select

from eventsys.checkin.errors import DeviceWithdrawn, UnknownDevice
from eventsys.checkin.models import Device, Scan
from eventsys.core.db import db
from eventsys.core.errors import NotFound
from eventsys.core.tokens import digest

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence
    from datetime import datetime


@dataclass(frozen=True, slots=True)
class Caller:
    """The device that asks, as far as its rights need it."""

    id: int
    event_id: int
    name: str
    point: str
    profile: str
    expires_at: datetime


@dataclass(frozen=True, slots=True)
class DeviceLine:
    """A device in the office's list: its last sign of life and how many scans it sent."""

    device: Device
    seen_at: datetime | None
    scans: int


# Built once: building a statement costs more than running it.
_CALLER = (
    select(
        Device.id,
        Device.event_id,
        Device.name,
        Device.point,
        Device.profile,
        Device.expires_at,
        Device.revoked_at,
        Scan.scan_id,
        Scan.answer,
    )
    .outerjoin(
        Scan,
        and_(
            Scan.event_id == Device.event_id,
            Scan.scan_id.in_(bindparam("scan_ids", expanding=True)),
        ),
    )
    .where(Device.token_digest == bindparam("token_digest"))
)


def get_caller(token: str, *, now: datetime) -> Caller:
    """Get the device of a token; raises UnknownDevice, or DeviceWithdrawn when it must wipe itself."""
    caller, _ = get_caller_and_answers(token, (), now=now)
    return caller


def get_caller_and_answers(
    token: str,
    scan_ids: Collection[str],
    *,
    now: datetime,
) -> tuple[Caller, dict[str, str]]:
    """Get the device of a token, and in the same look-up the answers that scan ids of its event got before.

    Raises UnknownDevice, or DeviceWithdrawn when the device was revoked or its time is over.
    """
    asked = {"token_digest": digest(token), "scan_ids": list(scan_ids)}
    rows = db.session.execute(_CALLER, asked).all()
    if not rows:
        raise UnknownDevice
    first = rows[0]
    if first.revoked_at is not None or first.expires_at <= now:
        raise DeviceWithdrawn
    caller = Caller(
        first.id, first.event_id, first.name, first.point, first.profile, first.expires_at
    )
    return caller, {row.scan_id: row.answer for row in rows if row.scan_id is not None}


def list_answers(event_id: int, scan_ids: Collection[str]) -> dict[str, str]:
    """List the answers that scan ids of an event got, by scan id."""
    query = select(Scan.scan_id, Scan.answer).where(
        Scan.event_id == event_id, Scan.scan_id.in_(scan_ids)
    )
    return {row.scan_id: row.answer for row in db.session.execute(query.order_by(Scan.id))}


def get_device(event_id: int, key: str) -> Device:
    """Get a device of an event by its public key; raises NotFound."""
    device = db.session.scalar(select(Device).where(Device.event_id == event_id, Device.key == key))
    if device is None:
        raise NotFound
    return device


def list_devices(event_id: int) -> Sequence[DeviceLine]:
    """List the devices of an event by name, with what they did."""
    last = func.max(Scan.received_at)
    query = (
        select(Device, last, func.count(Scan.id))
        .outerjoin(Scan, Scan.device_id == Device.id)
        .where(Device.event_id == event_id)
        .group_by(Device.id)
        .order_by(Device.revoked_at.is_not(None), Device.name, Device.id)
    )
    return [
        DeviceLine(device, max((t for t in (device.seen_at, scanned_at) if t), default=None), count)
        for device, scanned_at, count in db.session.execute(query)
    ]
