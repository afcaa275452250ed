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
from eventsys.payments.queries.bookings import count_unbooked, list_unbooked_pages
from eventsys.payments.queries.stripe import list_pages_waiting
from eventsys.payments.rules.comparing import MOST_UNBOOKED, USUAL_SPAN
from eventsys.registration.operations.reconcile import Report, plan_steps

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

    JSON: since, checked, foreign (of other systems), booked (by Stripe, with its fee, and new to us), mended,
    undecided, failed, unbooked (payments whose fee is not known yet). Nothing is asked for or paid out.
    Each payment is a transaction of its own: one that cannot be applied leaves the others alone.
    """
    gateway = make_gateway(current_app.config["EVENTSYS"])
    if gateway is None:
        raise click.ClickException("EVENTSYS_STRIPE_SECRET_KEY is not set")
    begin = since.replace(tzinfo=UTC) if since else now() - USUAL_SPAN
    with reading():
        waiting, unbooked = list_pages_waiting(begin), list_unbooked_pages(begin, MOST_UNBOOKED)
    with reading():
        listed = gateway.list_all(begin, waiting, unbooked)
    report = Report()
    for step in plan_steps(listed, actor=ACTOR, now=now()):
        try:
            with writing():
                found = step.take()
        except Exception as error:  # noqa: BLE001 (whatever it is, the others are not held up by it)
            say(f"{step.name}: {error}")
            report.failed.append({"what": step.name, "error": f"{type(error).__name__}: {error}"})
        else:
            report.add(found)
    with reading():
        unbooked_left = count_unbooked()
    print_json({"since": begin.isoformat(), **asdict(report), "unbooked": unbooked_left})
    if not listed.sees_bookings:
        say("The key may not read what Stripe books on the account: its fees stay unknown")
    if report.undecided:
        say(f"{len(report.undecided)} to be decided in the office, under Payments")
    if report.failed:
        raise click.ClickException(f"{len(report.failed)} could not be applied; run it again")
