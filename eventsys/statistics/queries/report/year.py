"""The report of a year."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from eventsys.core.i18n import current_language, format_datetime, format_number
from eventsys.core.i18n import gettext as _
from eventsys.files.pdf import render
from eventsys.statistics.queries import labels
from eventsys.statistics.queries.report.parts import (
    bars_section,
    definitions,
    known_answers,
    table_section,
)
from eventsys.statistics.queries.sentence import year_sentences
from eventsys.statistics.queries.tables.year import year_tables

if TYPE_CHECKING:
    from eventsys.statistics.queries.year import YearFigures


def year_report(figures: YearFigures) -> bytes:
    """Set the report of a year: participations and unique persons, each event, kinds, gender, countries."""
    tables = {table.key: table for table in year_tables(figures)}
    columns = ("dates", "participations", "unique_persons", "cities", "countries", "members")
    grid = [
        {"label": row.label.split(" (")[0], "value": format_number(row.values[0])}  # type: ignore[arg-type]  # numbers
        for row in tables["summary"].rows
        if row.key
        in {
            "events",
            "participations",
            "unique_persons",
            "cities",
            "countries",
            "members",
            "members_total",
        }
    ]
    return render(
        "report",
        {
            "language": current_language(),
            "kicker": _("Participation report"),
            "title": _("The year %(year)s in figures", year=figures.year),
            "meta": [
                (
                    _("Who is counted"),
                    labels.rung_definition(figures.rung),
                ),
                (_("Data of"), format_datetime(datetime.fromisoformat(figures.data_at))),
            ],
            "sections": [
                {
                    "text": [
                        {"text": text, "style": "quote"}
                        for text in year_sentences(figures, current_language())
                    ]
                },
                {
                    "figure_grid": grid,
                    "note": _(
                        "Participations count a person once for each event, unique persons once for the year.",
                    ),
                },
                *table_section(tables.get("events"), columns=columns),
                *table_section(tables.get("by_kind")),
                *table_section(tables.get("gender"), note=known_answers(figures.composition)),
                *bars_section(tables.get("by_country"), columns=2, note=_unknown(figures)),
                *bars_section(tables.get("members_by_region")),
                *table_section(tables.get("new_members")),
            ],
            "definitions_title": _("What the words mean"),
            "definitions": definitions(),
        },
    )


def _unknown(figures: YearFigures) -> str:
    return _(
        "Unknown: city not resolved %(city)s, country not stated %(country)s.",
        city=format_number(figures.unresolved_cities),
        country=format_number(figures.country_not_stated),
    )
