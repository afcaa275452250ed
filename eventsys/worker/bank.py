"""Jobs about transfers: match a line that a file brought, remind of a fee that is overdue."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from eventsys.core.actor import Actor
from eventsys.registration.operations.bank import match_new_line, remind_due

if TYPE_CHECKING:
    from datetime import datetime

    from flask import Flask

WORKER: Final = Actor.system("worker")


def match_line(_app: Flask, arguments: dict[str, Any], *, now: datetime) -> None:
    """Match one line of the bank by its reference, or leave it to a person."""
    match_new_line(int(arguments["line_id"]), now=now)


def remind_of_due(_app: Flask, arguments: dict[str, Any], *, now: datetime) -> None:
    """Remind somebody with a place of a fee that is overdue."""
    remind_due(int(arguments["registration_id"]), actor=WORKER, now=now)
