"""Charts of the figures for pages: numbers from tables, geometry from the rules, texts in the page's language."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any, Final

from eventsys.core.i18n import (
    country_name,
    current_language,
    format_date,
    format_number,
    format_percent,
    ngettext,
    pgettext,
)
from eventsys.core.i18n import (
    gettext as _,
)
from eventsys.statistics.queries import labels
from eventsys.statistics.rules.charts.lines import Frame, LineChart, line_chart, running
from eventsys.statistics.rules.charts.worldmap import Spot, WorldMap, draw
from eventsys.statistics.rules.shares import GENDERS, KNOWN_GENDERS, Composition

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from eventsys.statistics.queries.figures import Figures
    from eventsys.statistics.queries.tables.model import Row, Table

#: Drawn twice, for wide and for narrow screens: text in a drawing must not shrink with it.
WIDE: Final = Frame(width=580, height=300, left=48, right=98, top=16)
NARROW: Final = Frame(width=358, height=260, left=44, right=92, top=16)
#: So many bars are shown at once; the rest stands in the table behind.
MOST_BARS: Final = 15


@dataclass(frozen=True, slots=True)
class Lines:
    """A line chart in two widths, the names of its lines, the dates below, the message in words."""

    drawings: tuple[tuple[str, LineChart], ...]
    names: tuple[str, ...]
    dates: Mapping[int, str]
    message: str


@dataclass(frozen=True, slots=True)
class Map:
    """The world map in two widths and its message in words."""

    drawings: tuple[tuple[str, int, WorldMap], ...]
    message: str
    cities: int


def bars(table: Table, *, most: int = MOST_BARS) -> list[dict[str, Any]]:
    """Give the rows of a bar table: the last column is the number; a hidden one has no bar."""
    rows = table.rows[:most]
    largest = max((row.values[-1] or 0 for row in table.rows), default=0)
    return [_bar(row, float(largest or 1)) for row in rows]


def _bar(row: Row, largest: float) -> dict[str, Any]:
    value = row.values[-1]
    if not isinstance(value, int):
        return {"label": row.label, "value": _("hidden"), "share": 0}
    return {"label": row.label, "value": value, "share": value / largest}


def ladder(figures: Figures, shown: Mapping[str, int | None]) -> list[dict[str, Any]]:
    """Give the rungs as bars, each with its share of the one above."""
    rows: list[dict[str, Any]] = []
    above: int | None = None
    for key, text in (
        ("registrations", pgettext("counted", "Registered")),
        ("confirmed", pgettext("counted", "Confirmed")),
        ("attended", pgettext("counted", "Attended")),
    ):
        value = shown.get(key)
        if value is None:
            continue
        note = format_percent(value / above) if above and value <= above else ""
        share = value / figures.registrations if figures.registrations else 0
        rows.append({"label": text, "value": value, "share": share, "note": note})
        above = value
    return rows


def gender_rows(everybody: int, tables: Mapping[str, Table]) -> list[dict[str, Any]]:
    """Give 100 % bars: everybody first, then each category; a row with a hidden cell has no bar."""
    rows = []
    if "gender" in tables:
        counts = [row.values[0] for row in tables["gender"].rows]
        rows.append(_split(_("Everybody"), counts, everybody))
    if "gender_by_category" in tables:
        rows += [
            _split(row.label, row.values[: len(GENDERS)], row.values[len(GENDERS)])
            for row in tables["gender_by_category"].rows
        ]
    return rows


def _split(label: str, counts: Sequence[Any], total: Any) -> dict[str, Any]:  # noqa: ANN401 (hidden or a number)
    complete = all(count is not None for count in counts)
    composition = Composition(dict(zip(GENDERS, (count or 0 for count in counts), strict=True)))
    texts = []
    for gender, count in zip(GENDERS, counts, strict=True):
        share = composition.share(gender) if complete else None
        text = _("hidden") if count is None else format_number(count)
        texts.append(f"{text} ({format_percent(share)})" if share is not None and count else text)
    shares = [(count or 0) / (composition.total or 1) for count in counts] if complete else []
    return {
        "label": label,
        "shares": shares,
        "texts": texts,
        "total": _("hidden") if total is None else format_number(total),
    }


def gender_parts() -> list[str]:
    """Name the parts of a gender bar in their fixed order."""
    return [labels.gender_label(gender) for gender in GENDERS]


def known_note(tables: Mapping[str, Table]) -> str:
    """Say how many answers are known and not known; nothing when one of the numbers is hidden."""
    if "gender" not in tables:
        return ""
    cells = {row.key: row.values[0] for row in tables["gender"].rows}
    if any(value is None for value in cells.values()):
        return _("Percentages are not shown where they would give a small group away.")
    composition = Composition(
        {key: value for key, value in cells.items() if isinstance(value, int)}
    )
    return _(
        "Percentages are over known answers: %(known)s known, %(refused)s prefer not to say, %(missing)s not stated. "
        "No percentage is given for fewer than 20 known answers.",
        known=format_number(composition.known),
        refused=format_number(composition.refused),
        missing=format_number(composition.not_stated),
    )


def gender_message(tables: Mapping[str, Table]) -> str:
    """Say the composition in one sentence."""
    if "gender" not in tables:
        return ""
    shown = [
        f"{row.label} {format_percent(row.values[1])}"
        for row in tables["gender"].rows
        if row.key in KNOWN_GENDERS and isinstance(row.values[1], float)
    ]
    return ", ".join(shown)


def registrations(figures: Figures) -> Lines | None:
    """Draw how registrations and, of these, confirmed places added up."""
    rows = figures.registrations_over_time
    if not rows:
        return None
    series = [running([row[name] for row in rows]) for name in ("registered", "confirmed")]
    days = [date.fromisoformat(row["day"]) for row in rows]
    drawings = (
        ("wide-only", line_chart(series, WIDE, columns=5)),
        ("narrow-only", line_chart(series, NARROW, columns=3)),
    )
    message = _(
        "From %(first)s to %(last)s, %(registered)s registrations came in; %(confirmed)s of them are confirmed.",
        first=format_date(days[0]),
        last=format_date(days[-1]),
        registered=format_number(series[0][-1]),
        confirmed=format_number(series[1][-1]),
    )
    dates = {index: format_date(day, form="d MMM") for index, day in enumerate(days)}
    return Lines(
        drawings,
        (pgettext("counted", "Registered"), pgettext("counted", "Confirmed")),
        dates,
        message,
    )


def world(figures: Figures, table: Table | None) -> Map | None:
    """Draw the cities that the table shows; hidden ones are not in the table and not on the map."""
    if table is None:
        return None
    names, cities = labels.city_labels([row.key for row in table.rows], current_language())
    spots = [
        Spot(cities[int(row.key)].lon, cities[int(row.key)].lat, row.values[-1], names[row.key])
        for row in table.rows
        if int(row.key) in cities and isinstance(row.values[-1], int)
    ]
    if not spots:
        return None
    drawings = (
        ("wide-only", 13, draw(spots, labels=14, largest=12, smallest=1.8)),
        ("narrow-only", 32, draw(spots[:120], labels=6, font=32, largest=24, smallest=4)),
    )
    first = table.rows[0]
    message = ngettext(
        "People came from %(n)s city.", "People came from %(n)s cities.", figures.cities
    )
    most = _(
        "Most came from %(city)s (%(country)s): %(people)s.",
        city=first.label,
        country=country_name(cities[int(first.key)].country) if int(first.key) in cities else "",
        people=format_number(first.values[-1] if isinstance(first.values[-1], int) else 0),
    )
    return Map(drawings, f"{message} {most}", len(spots))


def hours(tables: Mapping[str, Table]) -> list[dict[str, Any]]:
    """Give arrivals by hour as bars, all of them."""
    table = tables.get("arrivals_by_hour")
    return bars(table, most=len(table.rows)) if table is not None else []
