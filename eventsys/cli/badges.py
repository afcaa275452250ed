"""Badges by command: all of an event into one PDF."""

from __future__ import annotations

from pathlib import Path

import click
from flask import current_app
from flask.cli import AppGroup

from eventsys.badges.operations.render import render_event
from eventsys.badges.queries import list_unprintable
from eventsys.badges.rules.face import LAYOUTS
from eventsys.cli.transaction import reading, say
from eventsys.core.i18n import LANGUAGES, SOURCE
from eventsys.events.queries import get_event

badges = AppGroup("badges", help="Badges.")


@badges.command("render")
@click.argument("slug", metavar="EVENT")
@click.option(
    "--output", required=True, type=click.Path(dir_okay=False, writable=True, path_type=Path)
)
@click.option("--layout", default=LAYOUTS[0], type=click.Choice(LAYOUTS), show_default=True)
@click.option(
    "--language", default=SOURCE, type=click.Choice(LANGUAGES), help="Language of the file's title."
)
def render(slug: str, output: Path, layout: str, language: str) -> None:
    """Set the badges of everybody confirmed for EVENT into one PDF, by name."""
    settings = current_app.config["EVENTSYS"]
    with reading():
        event = get_event(slug)
        for person in list_unprintable(event.id):
            codes = " ".join(f"{letter} (U+{ord(letter):04X})" for letter in person.characters)
            say(f"no font has these characters: {person.name}: {codes}")
        made = render_event(
            event,
            secret=settings.secret_key,
            base_url=settings.base_url,
            layout=layout,
            language=language,
            progress=lambda done, of: say(f"{done} of {of} badges"),
        )
        output.write_bytes(made)
    say(f"{output}: {len(made) // 1024} kB")
