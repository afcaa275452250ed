"""Send a person the link of the registration that exists already; a stranger learns nothing."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Final

from sqlalchemy import select

from eventsys.audit.operations import record
from eventsys.core.db import db
from eventsys.core.text import email_key
from eventsys.mail.operations import queue
from eventsys.mail.queries import has_recent
from eventsys.registration.models import LIVE, Registration
from eventsys.registration.rules.names import full_name

if TYPE_CHECKING:
    from eventsys.core.actor import Actor

NOT_AGAIN_FOR: Final = timedelta(minutes=10)


def remind(event_id: int, email: str, *, actor: Actor, now: datetime) -> None:
    """Queue the mail with the link, at most one in ten minutes, if the address has a registration."""
    registration = db.session.scalar(
        select(Registration).where(
            Registration.event_id == event_id,
            Registration.email_key == email_key(email),
            LIVE,
        ),
    )
    if registration is None or has_recent(
        registration.id, "registration/existing", since=now - NOT_AGAIN_FOR
    ):
        return
    queue(
        "registration/existing",
        (registration.email, full_name(registration.first_name, registration.last_name)),
        registration.language,
        {},
        now=now,
        event_id=event_id,
        registration_id=registration.id,
    )
    record(
        "registration.remind",
        "registration",
        registration.id,
        actor=actor,
        now=now,
        event_id=event_id,
    )
