"""Commands about money."""

from __future__ import annotations

from dataclasses import asdict
from datetime import UTC
from typing import TYPE_CHECKING, Final

import click
from flask import current_app
from flask.cli import AppGroup

from eventsys.cli.transaction import now, print_json, reading, say, writing
from eventsys.core.actor import Actor
from eventsys.payments.gateway import make_gateway
from eventsys.payments.queries.stripe import list_pages_waiting
from eventsys.payments.rules.comparing import USUAL_SPAN
from eventsys.registration.operations.reconcile import reconcile

if TYPE_CHECKING:
    from datetime import datetime

ACTOR: Final = Actor.system("reconcile")

payments = AppGroup("payments", help="Money.")


@payments.command("reconcile")
@click.option(
    "--since",
    type=click.DateTime(["%Y-%m-%d"]),
    help="First day to compare (default: 30 days ago).",
)
def reconcile_command(since: datetime | None) -> None:
    """Compare with Stripe: mend what lost messages left, and open cases for what a person must decide.

    JSON: since, checked, foreign (of other systems), mended, undecided. Nothing is asked for or paid out.
    """
    gateway = make_gateway(current_app.config["EVENTSYS"])
    if gateway is None:
        raise click.ClickException("EVENTSYS_STRIPE_SECRET_KEY is not set")
    begin = since.replace(tzinfo=UTC) if since else now() - USUAL_SPAN
    with reading():
        waiting = list_pages_waiting(begin)
    with reading():
        listed = gateway.list_all(begin, waiting)
    with writing():
        report = asdict(reconcile(listed, actor=ACTOR, now=now()))
    print_json({"since": begin.isoformat(), **report})
    if report["undecided"]:
        say(f"{len(report['undecided'])} to be decided in the office, under Payments")
