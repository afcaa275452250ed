"""Jobs about registrations."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from eventsys.core.actor import Actor
from eventsys.jobs.operations import enqueue
from eventsys.registration.operations.promote import AT_ONCE, promote

if TYPE_CHECKING:
    from datetime import datetime

    from flask import Flask


def promote_waiting(_app: Flask, arguments: dict[str, Any], *, now: datetime) -> None:
    """Give places that became free (a raised capacity) to those who wait."""
    count = promote(arguments["event_id"], actor=Actor.system("worker"), now=now)
    if count == AT_ONCE:
        enqueue("registration.promote", arguments, now=now)
