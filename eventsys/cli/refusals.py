"""What a refused command says: one English sentence that names the thing; never a bare code, never a traceback."""

from __future__ import annotations

from functools import wraps
from typing import TYPE_CHECKING, Any, Final

import click
from flask import current_app
from sqlalchemy.exc import OperationalError, ProgrammingError

from eventsys.core.i18n import in_language

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from flask import Flask

    from eventsys.core.errors import DomainError

KEY: Final = "eventsys.sentence"
# What a page says otherwise: it offers a button or a field that a command has not.
_OWN: Final = {
    "columns_missing": "The table has no column for: {fields}. Its columns are: {columns}.",
    "unknown_role": "There is no role “{role}” of that kind; secretariat is a role for all events.",
    "sheet_unreadable": "This file could not be read as a table: it has to be CSV (UTF-8) or XLSX.",
    "no_badge": "There is no confirmed registration, so there is no badge.",
}
LONGEST: Final = 200
_NOT_MADE: Final = ("no such table", "no such column")


def say_refusal(error: DomainError) -> str:
    """Give the sentence for a refusal."""
    facts = {name: _plain(value) for name, value in error.facts.items()}
    if error.code in _OWN:
        return _OWN[error.code].format_map(facts)
    if error.status == 404 and facts:
        return "; ".join(f"There is no {name} “{value}”" for name, value in facts.items()) + "."
    with in_language("en"):
        sentence: Callable[[DomainError], str] = current_app.extensions[KEY]
        return _named(sentence(error).rstrip("."), facts)


def _named(text: str, facts: Mapping[str, str]) -> str:
    # Who reads a log of many commands has to see which account or file was meant.
    missing = ", ".join(f"{name}: {value}" for name, value in facts.items() if value not in text)
    return f"{text} ({missing})." if missing else f"{text}."


def _plain(value: object) -> str:
    text = ", ".join(map(str, value)) if isinstance(value, list | tuple) else str(value)
    # A table may bring anything: what would steer a terminal, or fill it, is not passed on.
    return "".join(letter if letter.isprintable() else "?" for letter in text[:LONGEST])


def _database(error: OperationalError | ProgrammingError) -> click.ClickException | None:
    said = str(error.orig).strip().partition("\n")[0]
    # "does not exist" is said of a table, and on connecting of a database or a user, which no migration makes.
    undefined = isinstance(error, ProgrammingError) and "does not exist" in said
    if undefined or any(words in said for words in _NOT_MADE):
        return click.ClickException(
            "The database has no tables yet, or those of an older version: run flask db upgrade first."
        )
    if isinstance(error, OperationalError):
        return click.ClickException(f"The database does not answer: {said}")
    return None


def _guarded(callback: Callable[..., Any]) -> Callable[..., Any]:
    @wraps(callback)
    def run(*args: object, **kwargs: object) -> object:
        try:
            return callback(*args, **kwargs)
        except (OperationalError, ProgrammingError) as error:
            failure = _database(error)
            if failure is None:
                raise
            raise failure from error

    return run


def _guard(command: click.Command) -> None:
    if isinstance(command, click.Group):
        for inner in command.commands.values():
            _guard(inner)
    elif command.callback is not None and not hasattr(command, "guarded"):
        command.callback = _guarded(command.callback)
        command.guarded = True  # type: ignore[attr-defined]  # commands outlive the application, in tests


def install(app: Flask, sentence: Callable[[DomainError], str]) -> None:
    """Let every command of the application fail in words; the factory hands in the sentences of refusals."""
    app.extensions[KEY] = sentence
    for command in app.cli.commands.values():
        _guard(command)
