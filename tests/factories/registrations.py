"""Registrations for tests, made by the product's own operation."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from eventsys.core.actor import Actor
from eventsys.core.db import db
from eventsys.registration.operations.submit import Outcome, Place, Submission, submit
from tests.factories.events import facts_of
from tests.support.database import SECRET

ANA = Actor("person", None, "Ana")


def submission(
    event: Any, email: str = "ana@example.org", *, category: str = "delegate", **more: Any
) -> Submission:
    """Give what Ana fills in."""
    facts = facts_of(event)
    values: dict[str, Any] = {
        "first_name": "Ana",
        "last_name": "Ñandú",
        "gender": "woman",
        "country": "ES",
        "city": Place(3128760, "Barcelona", "resolved"),
        "organisation": "Ajuntament",
        "job_title": "Head of mobility",
        "language": "en",
        "consent_version": "test",
        **more,
    }
    category_id = next(item.id for item in facts.categories if item.code == category)
    return Submission(category_id=category_id, email=email, **values)


def register(
    event: Any,
    email: str = "ana@example.org",
    *,
    now: datetime | None = None,
    actor: Actor = ANA,
    **more: Any,
) -> Outcome:
    """Register somebody and commit."""
    wanted = submission(event, email, **more)
    outcome = submit(
        facts_of(event), wanted, actor=actor, now=now or datetime.now(UTC), secret=SECRET
    )
    db.session.commit()
    return outcome
