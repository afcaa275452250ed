"""Events by command."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import click
from flask import current_app
from flask.cli import AppGroup

from eventsys.cli.transaction import COMMAND, now, print_json, say, writing
from eventsys.core.i18n import gettext
from eventsys.events.errors import InvalidEvent, PlacesGiven
from eventsys.events.operations.apply_document import apply_document

if TYPE_CHECKING:
    from collections.abc import Mapping
    from io import BufferedReader

events = AppGroup("events", help="Events.")


@events.command("create")
@click.argument("file", type=click.File("rb"))
def create(file: BufferedReader) -> None:
    """Create an event from a JSON file, or change the one with the same slug.

    Fields: slug, title {es, en, fr}, kind, format, starts_at, ends_at, timezone, city, country, capacity,
    published, and more: see docs/events.md.
    """
    try:
        data = json.loads(file.read().decode("utf-8-sig"))
    except (UnicodeDecodeError, json.JSONDecodeError, RecursionError) as error:
        raise click.ClickException(gettext("This is not JSON: %(error)s", error=error)) from None
    with writing():
        try:
            event, result = apply_document(data, actor=COMMAND, now=now())
        except InvalidEvent as error:
            lines = [f"{name}: {_words(reason, facts)}" for name, reason, facts in error.problems]
            raise click.ClickException("; ".join(lines)) from None
        except PlacesGiven as error:
            words = gettext("%(taken)s places are given already", **error.facts)
            raise click.ClickException(f"capacity: {words}") from None
        slug, published = event.slug, event.published_at is not None
    say(gettext("Event “%(slug)s”: %(result)s.", slug=slug, result=result))
    url = f"{current_app.config['EVENTSYS'].base_url}/events/{slug}"
    print_json({"slug": slug, "result": result, "published": published, "url": url})


def _words(reason: str, facts: Mapping[str, object]) -> str:
    words = {
        "missing_field": gettext("is missing"),
        "unknown_field": gettext("no such field"),
        "code_twice": gettext("is there twice"),
        "not_an_object": gettext("must be an object {…}"),
        "not_a_list": gettext("must be a list"),
        "not_text": gettext("must be a text"),
        "not_texts": gettext('must be a text, or texts by language such as {"en": …, "es": …}'),
        "unknown_language": gettext("languages are en, es and fr"),
        "not_whole_number": gettext("must be a whole number"),
        "not_true_or_false": gettext("must be true or false"),
        "bad_moment": gettext("must be a time like 2026-10-12T09:00"),
    }
    text = words.get(reason, reason.replace("_", " "))
    beside = ", ".join(str(value) for value in facts.values() if value not in (None, ""))
    return f"{text} ({beside})" if beside else text
