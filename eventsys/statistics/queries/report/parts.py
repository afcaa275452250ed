"""Pieces of a report: numbers become texts in the language of now."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from eventsys.core.i18n import format_number, format_percent, pgettext
from eventsys.core.i18n import gettext as _
from eventsys.statistics.rules.ladder import RULE_VERSION

if TYPE_CHECKING:
    from collections.abc import Sequence

    from eventsys.statistics.queries.tables.model import Cell, Row, Table
    from eventsys.statistics.rules.shares import Composition


def text_of(cell: Cell, key: str = "") -> str:
    """Write a cell: whole numbers, shares as percentages, a word for what is hidden."""
    if cell is None:
        return "–" if key in {"share", "women_share"} else _("hidden")
    if isinstance(cell, float):
        return format_percent(cell)
    return format_number(cell) if isinstance(cell, int) else cell


def bar(row: Row) -> dict[str, Any]:
    """Make a bar of a row's last column."""
    value = row.values[-1]
    return {
        "label": row.label,
        "value": value if isinstance(value, int) else 0,
        "text": text_of(value),
    }


def bars_section(table: Table | None, *, columns: int = 1, note: str = "") -> list[dict[str, Any]]:
    """Make a section of bars; nothing when there is no table."""
    if table is None:
        return []
    found = [bar(row) for row in table.rows]
    return [{"heading": table.title, "bars": found, "bars_columns": columns, "note": note}]


def table_section(
    table: Table | None, *, note: str = "", columns: Sequence[str] = ()
) -> list[dict[str, Any]]:
    """Make a section with a table; ``columns`` chooses some of them by key."""
    if table is None:
        return []
    kept = [index for index, key in enumerate(table.keys) if not columns or key in columns]
    rows = [
        [row.label, *(text_of(row.values[index], table.keys[index]) for index in kept)]
        for row in table.rows
    ]
    sides = [
        "left",
        *("left" if isinstance(table.rows[0].values[index], str) else "right" for index in kept),
    ]
    heads = [table.head, *(table.columns[index] for index in kept)]
    return [
        {
            "heading": table.title,
            "table": {"columns": heads, "rows": rows, "align": sides},
            "note": note,
        }
    ]


def known_answers(composition: Composition) -> str:
    """Say over how many answers percentages are, and how many are not known: a report prints both."""
    return _(
        "%(known)s known answers; %(refused)s prefer not to say; %(missing)s not stated.",
        known=format_number(composition.known),
        refused=format_number(composition.refused),
        missing=format_number(composition.not_stated),
    )


def definitions() -> list[dict[str, str]]:
    """Define the words of the report; ``docs/figures.md`` has the long version."""
    pairs = (
        (
            pgettext("counted", "Registered"),
            _("Everybody who sent a registration, whatever became of it."),
        ),
        (pgettext("counted", "Confirmed"), _("Everybody who has a confirmed place.")),
        (
            pgettext("counted", "Attended"),
            _("Everybody with a confirmed place who checked in or joined online."),
        ),
        (_("No-shows"), _("Confirmed people who did not come.")),
        (
            _("City, country"),
            _("What the person stood for at this event, not residence or nationality."),
        ),
        (_("Members"), _("Organisations that were members on the first day of the event.")),
        (_("Gender"), _("What the person chose to state; it is never inferred.")),
        (_("Percentages"), _("Over known answers; none for fewer than 20 known answers.")),
        (_("Rules"), _("Version %(version)s.", version=RULE_VERSION)),
    )
    return [{"term": term, "text": text} for term, text in pairs]
