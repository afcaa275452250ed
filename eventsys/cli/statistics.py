"""Figures by command: of one event, of a year."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import click
from flask.cli import AppGroup

from eventsys.cli.transaction import now, print_json, reading, say
from eventsys.core.i18n import LANGUAGES, in_language
from eventsys.statistics.queries.event import event_figures
from eventsys.statistics.queries.files import csv_of, xlsx_of
from eventsys.statistics.queries.report import event_report, year_report
from eventsys.statistics.queries.sentence import event_sentences, year_sentences
from eventsys.statistics.queries.tables.event import event_tables, veil_of
from eventsys.statistics.queries.tables.model import OPEN
from eventsys.statistics.queries.tables.year import year_tables
from eventsys.statistics.queries.year import year_figures
from eventsys.statistics.rules.hiding import K_RANGE
from eventsys.statistics.rules.ladder import Rung

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

FORMATS: Final = ("json", "csv", "xlsx", "pdf")

statistics = AppGroup("statistics", help="Figures.")


def _options(command: Callable[..., None]) -> Callable[..., None]:
    """Add the options that both commands share."""
    rungs = [rung.value for rung in Rung]
    shared: tuple[Callable[[Callable[..., None]], Callable[..., None]], ...] = (
        click.option(
            "--output", type=click.Path(dir_okay=False, path_type=Path), help="Write to a file."
        ),
        click.option("--language", default="en", type=click.Choice(LANGUAGES), show_default=True),
        click.option(
            "--format", "form", default="json", type=click.Choice(FORMATS), show_default=True
        ),
        click.option(
            "--rung", default=Rung.ATTENDED.value, type=click.Choice(rungs), show_default=True
        ),
    )
    for add in shared:
        add(command)
    return command


@statistics.command("event")
@click.argument("slug", metavar="EVENT")
@click.option(
    "--hide-under",
    type=click.IntRange(*K_RANGE),
    help="Hide groups of fewer people, for sharing (CSV, XLSX and PDF).",
)
@_options
def event(
    slug: str, *, rung: str, form: str, language: str, output: Path | None, hide_under: int | None
) -> None:
    """Print or write the figures of EVENT on one rung of the ladder."""
    if hide_under and form == "json":
        raise click.UsageError("--hide-under is for CSV, XLSX and PDF; JSON is exact")
    with reading(), in_language(language):
        figures = event_figures(slug, Rung(rung), now=now())
        if form == "json":
            sentences = {code: event_sentences(figures, code) for code in LANGUAGES}
            _write_json(figures.as_dict() | {"sentences": sentences}, output)
            return
        veil = veil_of(figures, hide_under) if hide_under else OPEN
        if form == "pdf":
            _write([event_report(figures, veil)], output)
            return
        tables = event_tables(figures, veil)
        _write(csv_of(tables) if form == "csv" else xlsx_of(tables), output)


@statistics.command("year")
@click.argument("year", type=click.IntRange(1900, 2200))
@_options
def year(year: int, rung: str, form: str, language: str, output: Path | None) -> None:
    """Print or write the figures of all events of YEAR: participations and unique persons."""
    with reading(), in_language(language):
        figures = year_figures(year, Rung(rung), now=now())
        if form == "json":
            sentences = {code: year_sentences(figures, code) for code in LANGUAGES}
            _write_json(figures.as_dict() | {"sentences": sentences}, output)
        elif form == "pdf":
            _write([year_report(figures)], output)
        else:
            tables = year_tables(figures)
            _write(csv_of(tables) if form == "csv" else xlsx_of(tables), output)


def _write_json(value: dict[str, Any], output: Path | None) -> None:
    if output is None:
        print_json(value)
        return
    with output.open("w", encoding="utf-8") as file:
        file.write(json.dumps(value, ensure_ascii=False, indent=1) + "\n")
    say(f"Written to {output}")


def _write(pieces: Iterable[bytes], output: Path | None) -> None:
    if output is None:
        if sys.stdout.isatty():
            raise click.UsageError("a file would fill the screen: name one with --output")
        for piece in pieces:
            sys.stdout.buffer.write(piece)
        return
    with output.open("wb") as file:
        for piece in pieces:
            file.write(piece)
    say(f"Written to {output}")
