"""Places by command: what the resolver makes of typed names, one by one or a whole file."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Final

import click
from flask.cli import AppGroup
from sqlalchemy.exc import OperationalError, ProgrammingError

from eventsys.cli.refusals import say_refusal
from eventsys.cli.transaction import print_json, say
from eventsys.core.db import db, transaction_mode
from eventsys.core.errors import DomainError
from eventsys.core.i18n import LANGUAGES
from eventsys.files.sheets import read_table, write_csv
from eventsys.places.queries import NOTHING, all_learned, resolve_country, resolve_typed

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from eventsys.files.sheets import Row
    from eventsys.places.queries import Learned

ADDED: Final = ("status", "geonameid", "name", "score")
PROGRESS_ROWS: Final = 1_000

places = AppGroup("places", help="Names of cities.")


@places.command("resolve")
@click.argument("text", required=False)
@click.option("--country", help="Name or code of the country that was given with the city.")
@click.option(
    "--language", default="en", type=click.Choice(LANGUAGES), help="Language of the answer."
)
@click.option(
    "--csv",
    "source",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="File with the columns typed and country.",
)
@click.option(
    "--output", type=click.Path(dir_okay=False, writable=True, path_type=Path), help="CSV to write."
)
def resolve(
    text: str | None, country: str | None, language: str, source: Path | None, output: Path | None
) -> None:
    r"""Say which city TEXT means, as JSON; or resolve each row of a file.

    \b
    flask places resolve "Ville de Bruxelles" --country Belgique
    flask places resolve --csv typed.csv --output resolved.csv
    """
    if source is None and text is not None and output is None:
        _resolve_text(text, country, language)
    elif source is not None and output is not None and text is None:
        _resolve_file(source, output, country, language)
    else:
        raise click.UsageError("give a TEXT, or --csv together with --output")


def _resolve_text(text: str, country: str | None, language: str) -> None:
    if country and resolve_country(country) is None:
        raise click.BadParameter(f"no country is known as {country!r}", param_hint="--country")
    with transaction_mode("read"):
        found = resolve_typed(text, country, language, _decisions())
    print_json(
        {
            "status": found.status,
            "geonameid": found.geonameid,
            "name": found.name,
            "country": found.country,
            "score": found.score,
            "alternatives": [asdict(item) for item in found.alternatives],
        },
    )


def _decisions() -> Learned:
    """Give what people decided; nothing where the database is not made yet: the shipped names do."""
    try:
        return all_learned()
    except (OperationalError, ProgrammingError):
        db.session.rollback()
        say("there is no database with decisions of people: only the shipped names are used")
        return NOTHING


def _resolve_file(source: Path, output: Path, country: str | None, language: str) -> None:
    counts = {"resolved": 0, "ambiguous": 0, "unknown": 0}
    try:
        with source.open("rb") as file, transaction_mode("read"):
            table = read_table(file)
            if "typed" not in table.columns:
                raise click.ClickException(f"{source}: there is no column named typed")
            kept = [name for name in table.columns if name not in ADDED]
            rows = _resolved(table.rows, kept, country, language, counts)
            part = output.with_name(output.name + ".part")
            with part.open("wb") as target:
                write_csv(target, [*kept, *ADDED], rows, bom=False)
            part.replace(output)
    except DomainError as error:
        raise click.ClickException(f"{source}: {say_refusal(error)}") from error
    say(", ".join(f"{status}: {count}" for status, count in counts.items()))


def _resolved(
    rows: Iterable[Row], kept: list[str], country: str | None, language: str, counts: dict[str, int]
) -> Iterator[list[str]]:
    learned = _decisions()
    for number, row in enumerate(rows, start=1):
        typed, where = row.values.get("typed", ""), row.values.get("country", "") or country
        found = resolve_typed(typed, where, language, learned)
        counts[found.status] += 1
        added = [found.status, str(found.geonameid or ""), found.name or "", f"{found.score:g}"]
        yield [*(row.values.get(name, "") for name in kept), *added]
        if number % PROGRESS_ROWS == 0:
            say(f"{number:,} rows")
