"""Enrol a device, revoke it, note its sign of life."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Final

from sqlalchemy import update

from eventsys.audit.operations import record
from eventsys.checkin.errors import DeviceWithoutName
from eventsys.checkin.models import Device
from eventsys.checkin.queries.devices import get_caller, get_device
from eventsys.checkin.rules import MAIN_POINT, Profile
from eventsys.core.db import db
from eventsys.core.text import clean
from eventsys.core.tokens import derive, digest, new_key

if TYPE_CHECKING:
    from datetime import datetime

    from eventsys.core.actor import Actor

# A device works a few days beyond the event, and at least that long for one already over.
GRACE: Final = timedelta(days=7)
NAME_LENGTH: Final = 80


def device_token(secret: str, key: str) -> str:
    """Derive the token of a device: it can be shown again without ever being stored."""
    return derive(secret, "device", key, 0)


def desk_link(base_url: str, token: str) -> str:
    """Give the link that signs a phone in: the token is in the fragment, which no log keeps."""
    return f"{base_url}/desk#{token}"


def enrol_device(
    event_id: int,
    name: str,
    *,
    point: str = MAIN_POINT,
    profile: Profile = Profile.DESK,
    event_ends_at: datetime,
    secret: str,
    actor: Actor,
    now: datetime,
) -> Device:
    """Enrol a device for an event; raises DeviceWithoutName."""
    key = new_key()
    name = clean(name)[:NAME_LENGTH]
    if not name:
        raise DeviceWithoutName
    device = Device(
        key=key,
        event_id=event_id,
        name=name,
        token_digest=digest(device_token(secret, key)),
        point=clean(point)[:NAME_LENGTH] or MAIN_POINT,
        profile=profile.value,
        created_at=now,
        expires_at=max(event_ends_at, now) + GRACE,
    )
    db.session.add(device)
    db.session.flush()
    facts = {"name": device.name, "point": device.point, "profile": device.profile}
    record(
        "checkin.enrol_device",
        "device",
        device.id,
        actor=actor,
        now=now,
        event_id=event_id,
        facts=facts,
    )
    return device


def revoke_device(event_id: int, key: str, *, actor: Actor, now: datetime) -> Device:
    """Revoke a device: its next call is told to wipe itself. Revoking twice changes nothing."""
    device = get_device(event_id, key)
    if device.revoked_at is None:
        device.revoked_at = now
        record(
            "checkin.revoke_device",
            "device",
            device.id,
            actor=actor,
            now=now,
            event_id=event_id,
            facts={"name": device.name},
        )
    return device


def note_life(token: str, *, unsent: int, sent_at: datetime | None, now: datetime) -> None:
    """Note that a device lives, how many scans it still holds, and how far its clock is off (seconds)."""
    caller = get_caller(token, now=now)
    offset = int((now - sent_at).total_seconds()) if sent_at is not None else 0
    db.session.execute(
        update(Device)
        .where(Device.id == caller.id)
        .values(seen_at=now, unsent=unsent, clock_offset=max(min(offset, 2**31 - 1), -(2**31 - 1)))
        .execution_options(synchronize_session=False),
    )
