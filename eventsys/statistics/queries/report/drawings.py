"""The drawings of a report: map and lines as SVG with colours of their own, because paper has no style sheet."""

from __future__ import annotations

import re
from datetime import date
from functools import cache
from typing import TYPE_CHECKING, Final

from eventsys.core.i18n import current_language, format_date, pgettext
from eventsys.core.render import TEMPLATES, render
from eventsys.statistics.queries import labels
from eventsys.statistics.rules.charts.lines import Frame, line_chart, running
from eventsys.statistics.rules.charts.worldmap import HEIGHT, WIDTH, Spot, draw

if TYPE_CHECKING:
    from eventsys.statistics.queries.figures import Figures
    from eventsys.statistics.queries.tables.model import Table

FRAME: Final = Frame(width=620, height=240, left=44, right=90, top=14)
COLOURS: Final = ("#0a5a7a", "#b4452c")
_PATH: Final = re.compile(r' d="([^"]+)"')


@cache
def _land() -> str:
    found = _PATH.search((TEMPLATES.parent / "static" / "img" / "land.svg").read_text())
    if found is None:
        raise ValueError("static/img/land.svg has no path; run tools/build_map.py")
    return found.group(1)


def map_svg(table: Table) -> str:
    """Draw the cities of a table."""
    names, cities = labels.city_labels([row.key for row in table.rows], current_language())
    spots = [
        Spot(cities[int(row.key)].lon, cities[int(row.key)].lat, row.values[-1], names[row.key])
        for row in table.rows
        if int(row.key) in cities and isinstance(row.values[-1], int)
    ]
    drawing = draw(spots, labels=12, font=16, largest=13, smallest=2)
    return render(
        "documents/map.svg", width=WIDTH, height=HEIGHT, land=_land(), drawing=drawing, font=17
    )


def lines_svg(figures: Figures) -> str:
    """Draw how registrations and confirmed places added up."""
    rows = figures.registrations_over_time
    series = [running([row[name] for row in rows]) for name in ("registered", "confirmed")]
    days = [date.fromisoformat(row["day"]) for row in rows]
    return render(
        "documents/lines.svg",
        drawing=line_chart(series, FRAME, columns=5),
        dates={index: format_date(day, form="d MMM") for index, day in enumerate(days)},
        names=(pgettext("counted", "Registered"), pgettext("counted", "Confirmed")),
        colours=COLOURS,
    )
