"""Commands: data goes to stdout, messages to stderr; every command commits once, at its end."""

from __future__ import annotations

from typing import TYPE_CHECKING

from eventsys.cli import (
    accounts,
    badges,
    check,
    check_in,
    db,
    demo,
    events,
    members,
    payments,
    places,
    registrations,
    serve,
    statistics,
)

if TYPE_CHECKING:
    from flask import Flask

COMMANDS = (
    accounts.accounts,
    badges.badges,
    check.check,
    check_in.check_in,
    demo.demo,
    events.events,
    members.members,
    payments.payments,
    places.places,
    registrations.registrations,
    statistics.statistics,
    serve.serve,
)


def install(app: Flask) -> None:
    """Register all commands."""
    db.install(app)
    for command in COMMANDS:
        app.cli.add_command(command)
