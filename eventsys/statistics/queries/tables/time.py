"""Tables of days and hours, on the clock of the event."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from eventsys.core.i18n import format_date, pgettext
from eventsys.core.i18n import gettext as _
from eventsys.statistics.queries.tables.model import Row, Table, people_table

if TYPE_CHECKING:
    from eventsys.statistics.queries.figures import Figures
    from eventsys.statistics.rules.publication import Veil


def _written(day: str) -> str:
    return format_date(date.fromisoformat(day), form="medium")


def by_day(figures: Figures, _hidden: Veil) -> Table:
    """Tabulate arrivals by day."""
    rows = [(day, _written(day), n) for day, n in figures.arrivals_by_day.items()]
    return people_table(rows, "arrivals_by_day", _("Arrivals by day"), pgettext("date", "Day"))


def by_hour(figures: Figures, _hidden: Veil) -> Table:
    """Tabulate arrivals by hour."""
    rows = [
        (hour, f"{_written(hour[:10])}, {hour[11:]}:00", n)
        for hour, n in figures.arrivals_by_hour.items()
    ]
    return people_table(
        rows, "arrivals_by_hour", _("Arrivals by hour"), _("Hour (clock of the event)")
    )


def over_time(figures: Figures, _hidden: Veil) -> Table:
    """Tabulate registrations by day, or by week where there are many."""
    rows = tuple(
        Row(entry["day"], _written(entry["day"]), (entry["registered"], entry["confirmed"]))
        for entry in figures.registrations_over_time
    )
    columns = (pgettext("counted", "Registered"), _("Of these confirmed"))
    title = _("Registrations over time")
    return Table(
        "registrations_over_time", title, _("From"), ("registered", "confirmed"), columns, rows
    )
