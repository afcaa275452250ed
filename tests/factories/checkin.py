"""Devices, badges and scans for tests."""

from __future__ import annotations

import uuid
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import select

from eventsys.checkin.operations.apply_scans import Reading
from eventsys.checkin.operations.devices import device_token, enrol_device
from eventsys.checkin.rules import Profile
from eventsys.core.actor import Actor
from eventsys.core.db import db
from eventsys.registration.models import Registration, RetiredBadge
from eventsys.registration.operations.identify import badge_token
from tests.factories.registrations import register
from tests.support.database import SECRET

EVA = Actor("staff", None, "Eva")


def make_device(event: Any, name: str = "Door 1", **more: Any) -> str:
    """Enrol a device and give its token."""
    values = {
        "profile": Profile.DESK,
        "event_ends_at": event.ends_at,
        "now": datetime.now(UTC),
        **more,
    }
    device = enrol_device(event.id, name, secret=SECRET, actor=EVA, **values)
    db.session.commit()
    return device_token(SECRET, device.key)


def make_guest(
    event: Any, email: str = "ana@example.org", *, status: str | None = None, **more: Any
) -> Registration:
    """Register somebody and put them into a state by hand."""
    outcome = register(event, email, **more)
    guest = db.session.get_one(Registration, outcome.registration_id)
    if status is not None:
        guest.status = status
        db.session.commit()
    return guest


def badge(guest: Registration) -> str:
    """Give what the square code on a badge says."""
    return f"HTTPS://HOST/B/{badge_token(SECRET, guest.key, guest.badge_generation)}"


def replace_badge(guest: Registration) -> None:
    """Give somebody a new badge: the old code is retired."""
    db.session.add(
        RetiredBadge(
            digest=guest.badge_digest, registration_id=guest.id, retired_at=datetime.now(UTC)
        )
    )
    guest.badge_digest = guest.badge_digest[::-1]
    guest.badge_generation += 1
    db.session.commit()


def reading(code: str, at: datetime | None = None, **more: Any) -> Reading:
    """Read a code with a device."""
    return Reading(more.pop("id", str(uuid.uuid4())), code, at or datetime.now(UTC), **more)


def attended(guest: Registration) -> datetime | None:
    """Give when somebody is recorded to have come."""
    return db.session.scalar(select(Registration.attended_at).where(Registration.id == guest.id))
