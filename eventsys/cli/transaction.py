"""The only commit of a command, and how a command fails: one line on stderr, a non-zero exit."""

from __future__ import annotations

import json
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import click

from eventsys.cli.refusals import say_refusal
from eventsys.core.actor import Actor
from eventsys.core.db import db, transaction_mode
from eventsys.core.errors import DomainError

if TYPE_CHECKING:
    from collections.abc import Iterator

COMMAND = Actor.system("command")
# What the name of a file can be wrong in.
UNWRITABLE = (FileNotFoundError, IsADirectoryError, NotADirectoryError, PermissionError)


def now() -> datetime:
    """Give the present moment in UTC, for commands."""
    return datetime.now(UTC)


@contextmanager
def writing() -> Iterator[None]:
    """Commit what was done inside, or nothing at all."""
    with transaction_mode("write"):
        try:
            yield
            db.session.commit()
        except DomainError as error:
            db.session.rollback()
            raise _failure(error) from error
        except BaseException:
            db.session.rollback()
            raise


@contextmanager
def reading() -> Iterator[None]:
    """Read only; what is refused ends the command with one line."""
    with transaction_mode("read"):
        try:
            yield
        except DomainError as error:
            raise _failure(error) from error
        except UNWRITABLE as error:
            raise click.FileError(str(error.filename), error.strerror) from error
        finally:
            db.session.rollback()


def _failure(error: DomainError) -> click.ClickException:
    return click.ClickException(say_refusal(error))


def print_json(value: Any) -> None:  # noqa: ANN401 (any JSON)
    """Write data to stdout."""
    click.echo(json.dumps(value, ensure_ascii=False, indent=1))


def say(message: str) -> None:
    """Write a message to stderr."""
    click.echo(message, err=True)
