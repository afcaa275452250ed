"""The report of one event."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING, Any, Final

from eventsys.core.i18n import (
    country_name,
    current_language,
    format_date,
    format_date_range,
    format_datetime,
    format_number,
    text_in,
)
from eventsys.core.i18n import (
    gettext as _,
)
from eventsys.files.pdf import render
from eventsys.places.queries import city_name
from eventsys.statistics.queries import labels
from eventsys.statistics.queries.report.drawings import lines_svg, map_svg
from eventsys.statistics.queries.report.parts import (
    bars_section,
    definitions,
    known_answers,
    table_section,
    text_of,
)
from eventsys.statistics.queries.sentence import event_sentences
from eventsys.statistics.queries.tables.event import event_tables
from eventsys.statistics.queries.tables.model import OPEN

if TYPE_CHECKING:
    from collections.abc import Mapping

    from eventsys.statistics.queries.figures import Figures
    from eventsys.statistics.queries.tables.model import Table
    from eventsys.statistics.rules.publication import Veil

Section = dict[str, Any]
#: Cities drawn as bars; all of them stand in the annex, so many a line.
MOST_CITIES: Final = 20
ACROSS: Final = 3
#: The large numbers at the head; the rest of the summary stands below as bars.
_LARGE: Final = (
    "total", "cities", "countries", "members_present", "member_representatives", "speakers", "no_shows", "cancelled",
)  # fmt: skip


def event_report(figures: Figures, hidden: Veil = OPEN) -> bytes:
    """Set the report; with a veil, small groups are hidden and lists for the office are left out."""
    tables = {table.key: table for table in event_tables(figures, hidden)}
    sections = [
        *_head(figures, tables, hidden), *_ladder(tables), *_people(figures, tables), *_places(figures, tables, hidden),
        *_members(tables), *_time(figures, tables), *_all_cities(tables, hidden),
    ]  # fmt: skip
    return render(
        "report",
        {
            "language": current_language(),
            "kicker": _("Participation report"),
            "title": text_in(figures.title),
            "subtitle": _dates(figures),
            "meta": _meta(figures, hidden),
            "sections": sections,
            "definitions_title": _("What the words mean"),
            "definitions": definitions(),
            "footer": f"{text_in(figures.title)} · {_day(figures)}",
        },
    )


def _day(figures: Figures) -> str:
    return format_date(datetime.fromisoformat(figures.data_at), figures.timezone)


def _dates(figures: Figures) -> str:
    start, end = datetime.fromisoformat(figures.starts_at), datetime.fromisoformat(figures.ends_at)
    return format_date_range(start, end, figures.timezone)


def _meta(figures: Figures, hidden: Veil) -> list[tuple[str, str]]:
    place = [city_name(figures.city_id, current_language()), country_name(figures.country)]
    moment = format_datetime(datetime.fromisoformat(figures.data_at), figures.timezone)
    rows = [
        (_("Place"), ", ".join(part for part in place if part)),
        (
            _("Who is counted"),
            labels.rung_definition(figures.rung),
        ),
        (_("Data of"), moment),
        (_("Small groups"), _privacy(hidden)),
    ]
    return [(label, text) for label, text in rows if text]


def _privacy(hidden: Veil) -> str:
    if hidden is OPEN:
        return _("Exact figures with small groups, for internal use.")
    return _("Groups of fewer than %(k)s people are hidden.", k=format_number(hidden.k))


def _head(figures: Figures, tables: Mapping[str, Table], hidden: Veil) -> list[Section]:
    shown = {row.key: row for row in tables["summary"].rows}
    grid = [
        {
            "label": labels.rung_label(figures.rung) if key == "total" else shown[key].label,
            "value": format_number(shown[key].values[0]),  # type: ignore[arg-type]  # the summary holds numbers
        }
        for key in _LARGE
        if key in shown and isinstance(shown[key].values[0], int)
    ]
    text = " ".join(event_sentences(figures, current_language(), hidden))
    return [{"text": [{"text": text, "style": "quote"}]}, {"figure_grid": grid}]


def _ladder(tables: Mapping[str, Table]) -> list[Section]:
    rungs = (
        "registrations",
        "confirmed",
        "attended",
        "no_shows",
        "cancelled",
        "waiting",
        "declined",
    )
    seldom = ("submitted", "expired")  # where there are fees
    rows = [
        row
        for row in tables["summary"].rows
        if isinstance(row.values[0], int)
        and (row.key in rungs or (row.key in seldom and row.values[0]))
    ]
    return [
        {
            "heading": _("From registration to attendance"),
            "bars": [
                {
                    "label": row.label,
                    "value": row.values[0],
                    "text": format_number(row.values[0]),  # type: ignore[arg-type]  # chosen above
                    "muted": row.key not in {"registrations", "confirmed", "attended"},
                }
                for row in rows
            ],
        },
    ]


def _places(figures: Figures, tables: Mapping[str, Table], hidden: Veil) -> list[Section]:
    sections: list[Section] = []
    if "by_city" in tables:
        note = _(
            "The area of a circle stands for the number of people. Borders are not shown; the map expresses no "
            "opinion on the status of any territory.",
        )
        sections.append(
            {
                "heading": _("Where people came from"),
                "svg": map_svg(tables["by_city"]),
                "svg_alt": _("World map of cities"),
                "note": note,
            },
        )
    sections += bars_section(tables.get("by_region"))
    sections += bars_section(
        tables.get("by_country"), columns=2, note=_unknown(figures) if hidden is OPEN else ""
    )
    sections += _largest_cities(tables)
    return sections


def _unknown(figures: Figures) -> str:
    return _(
        "Country not stated: %(country)s. City not stated: %(city)s. City not resolved: %(unresolved)s.",
        country=format_number(figures.country_not_stated),
        city=format_number(figures.city_not_stated),
        unresolved=format_number(figures.unresolved_cities),
    )


def _largest_cities(tables: Mapping[str, Table]) -> list[Section]:
    table = tables.get("by_city")
    if table is None:
        return []
    shown = replace(table, title=_("Cities with most people"), rows=table.rows[:MOST_CITIES])
    return bars_section(shown, columns=2)


def _all_cities(tables: Mapping[str, Table], hidden: Veil) -> list[Section]:
    """List all cities as an annex, three a line: bars of ones and twos would fill pages."""
    table = tables.get("by_city")
    if table is None or len(table.rows) <= MOST_CITIES:
        return []
    cells = [(f"{row.label}, {row.values[0]}", text_of(row.values[1])) for row in table.rows]
    cells += [("", "")] * (-len(cells) % ACROSS)
    lines = [cells[start : start + ACROSS] for start in range(0, len(cells), ACROSS)]
    content = {
        "columns": [table.head, _("People")] * ACROSS,
        "rows": [[text for cell in line for text in cell] for line in lines],
        "align": ["left", "right"] * ACROSS,
        "widths": [1, 0] * ACROSS,
    }
    exact = hidden is OPEN
    heading = _("All cities") if exact else _("Cities")
    note = "" if exact else _("Cities whose number is hidden are left out.")
    return [{"heading": heading, "table": content, "note": note, "new_page": True}]


def _people(figures: Figures, tables: Mapping[str, Table]) -> list[Section]:
    note = known_answers(figures.composition)
    secret = "gender" not in tables or any(row.values[0] is None for row in tables["gender"].rows)
    return [
        *table_section(tables.get("gender"), note="" if secret else note),
        *table_section(tables.get("gender_by_category")),
        *table_section(tables.get("speakers_by_gender")),
        *bars_section(tables.get("by_category")),
    ]


def _members(tables: Mapping[str, Table]) -> list[Section]:
    return [*bars_section(tables.get("members")), *table_section(tables.get("organisations"))]


def _time(figures: Figures, tables: Mapping[str, Table]) -> list[Section]:
    sections: list[Section] = []
    if "registrations_over_time" in tables:
        table = tables["registrations_over_time"]
        sections.append({"heading": table.title, "svg": lines_svg(figures), "svg_alt": table.title})
    return [*sections, *bars_section(tables.get("arrivals_by_hour"))]
