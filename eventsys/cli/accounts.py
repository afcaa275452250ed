"""Staff accounts by command: the first one is made here."""

from __future__ import annotations

import click
from email_validator import EmailNotValidError, validate_email
from flask import current_app
from flask.cli import AppGroup

from eventsys.accounts.operations.create import create_account
from eventsys.accounts.operations.second_factor import reset
from eventsys.accounts.queries import find_account
from eventsys.accounts.rules import Role
from eventsys.cli.transaction import COMMAND, now, say, writing
from eventsys.core.errors import NotFound
from eventsys.events.queries import get_event

accounts = AppGroup("accounts", help="Staff accounts.")


@accounts.command("create")
@click.argument("email")
@click.option("--role", required=True, type=click.Choice([role.value for role in Role]))
@click.option(
    "--event", "slug", help="Slug of the one event that the role is for; without it, all events."
)
@click.option("--name", default="", help="Name to show.")
@click.option("--language", default="en", type=click.Choice(["en", "es", "fr"]))
def create(email: str, role: str, slug: str | None, name: str, language: str) -> None:
    """Create a staff account and print its one-time link to set a password."""
    try:
        validate_email(email, check_deliverability=False)
    except EmailNotValidError as error:
        raise click.BadParameter(
            f"{email!r} is no email address: {error}", param_hint="EMAIL"
        ) from error
    with writing():
        event_id = get_event(slug).id if slug else None
        _, token = create_account(
            email,
            role,
            actor=COMMAND,
            now=now(),
            name=name,
            language=language,
            event_id=event_id,
        )
    say(
        f"Account {email} made, role {role}. The link sets the password, works once and lasts three days:"
    )
    click.echo(f"{current_app.config['EVENTSYS'].base_url}/{language}/sign-in/{token}")


@accounts.command("reset-second-factor")
@click.argument("email")
def reset_second_factor(email: str) -> None:
    """Take the second factor off an account whose phone and recovery codes are lost; the owner is told by mail."""
    with writing():
        account = find_account(email)
        if account is None:
            raise NotFound(email=email)
        reset(account.id, actor=COMMAND, now=now())
    say(f"The second factor of {email} is off, and its sessions have ended.")
