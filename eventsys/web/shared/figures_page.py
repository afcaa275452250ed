"""What the office's and the public page of an event's figures have in common."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from eventsys.core.i18n import LANGUAGES, OWN_NAMES, pgettext, text_in
from eventsys.core.i18n import gettext as _
from eventsys.statistics.queries import labels
from eventsys.statistics.queries.sentence import event_sentences
from eventsys.statistics.queries.tables.event import event_tables
from eventsys.statistics.queries.tables.model import OPEN
from eventsys.statistics.rules.charts.worldmap import HEIGHT, WIDTH
from eventsys.web.shared import charts

if TYPE_CHECKING:
    from collections.abc import Mapping

    from eventsys.statistics.queries.figures import Figures
    from eventsys.statistics.queries.tables.model import Table
    from eventsys.statistics.rules.publication import Veil

#: Tables drawn as bars, in the order of the page.
BARS: Final = (
    "by_region",
    "by_category",
    "by_country",
    "by_city",
    "members",
    "organisations",
    "by_un_region",
    "arrivals_by_day",
)


class Tile(NamedTuple):
    """A large figure and what it means."""

    label: str
    value: int
    note: str


def page_of(figures: Figures, hidden: Veil = OPEN) -> dict[str, Any]:
    """Give the context of ``components/charts/event.html``."""
    tables = {table.key: table for table in event_tables(figures, hidden)}
    return {
        "figures": figures,
        "tables": tables,
        "tiles_of": tiles(figures, tables),
        "rung_label": labels.rung_label(figures.rung),
        "rung_meaning": labels.rung_meaning(figures.rung),
        "data_at": datetime.fromisoformat(figures.data_at),
        "ladder": charts.ladder(figures, _shown(tables)),
        "gender_rows": charts.gender_rows(figures.total, tables),
        "gender_parts": charts.gender_parts(),
        "gender_message": charts.gender_message(tables),
        "known_note": charts.known_note(tables),
        "lines": charts.registrations(figures) if hidden is OPEN else None,
        "map": charts.world(figures, tables.get("by_city")),
        "map_size": (WIDTH, HEIGHT),
        "bars": {key: charts.bars(tables[key]) for key in BARS if key in tables},
        "hours": charts.hours(tables),
    }


def _shown(tables: Mapping[str, Table]) -> dict[str, int | None]:
    cells = ((row.key, row.values[0]) for row in tables["summary"].rows)
    return {key: value if isinstance(value, int) else None for key, value in cells}


def tiles(figures: Figures, tables: Mapping[str, Table]) -> list[Tile]:
    """Choose the headline figures; those that are hidden are left out."""
    shown = _shown(tables)
    wanted = (
        ("total", labels.rung_label(figures.rung), _("people")),
        ("cities", _("Cities"), ""),
        ("countries", _("Countries and territories"), ""),
        ("members_present", _("Members represented"), _("organisations")),
        ("member_representatives", _("Representatives of members"), _("people")),
        ("speakers", _("Speakers"), _("unique persons")),
        ("no_shows", _("No-shows"), _("confirmed, but did not come")),
        ("cancelled", pgettext("counted", "Cancelled"), _("in no figure of confirmed people")),
    )
    found = ((key, label, note, shown.get(key)) for key, label, note in wanted)
    return [Tile(label, value, note) for key, label, note, value in found if value is not None]


def sentences(figures: Figures) -> list[dict[str, str]]:
    """Give the sentences for the annual report in each language: code, own name, text."""
    return [
        {"code": code, "name": OWN_NAMES[code], "text": " ".join(event_sentences(figures, code))}
        for code in LANGUAGES
    ]


def file_name(figures: Figures, ending: str) -> str:
    """Name a download after event and rung."""
    return f"{figures.event}-{figures.rung}.{ending}"


def title_of(figures: Figures) -> str:
    """Give the title of the event."""
    return text_in(figures.title)
