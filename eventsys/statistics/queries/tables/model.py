"""What a table of figures is, and the open veil that hides nothing."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from eventsys.core.i18n import gettext as _
from eventsys.statistics.rules.publication import Veil

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

Cell = str | int | float | None

#: Hides nothing: the office sees exact figures.
OPEN: Final = Veil(0, {}, frozenset())


@dataclass(frozen=True, slots=True)
class Row:
    """One line of a table: a stable key, its name, and its values in the order of the columns."""

    key: str
    label: str
    values: tuple[Cell, ...]


@dataclass(frozen=True, slots=True)
class Table:
    """A titled table. ``keys`` are the stable names of the columns after the first."""

    key: str
    title: str
    head: str
    keys: tuple[str, ...]
    columns: tuple[str, ...]
    rows: tuple[Row, ...]

    @property
    def empty(self) -> bool:
        """Tell whether there is nothing to show."""
        return not self.rows


def people_table(rows: Iterable[tuple[str, str, Cell]], key: str, title: str, head: str) -> Table:
    return Table(
        key,
        title,
        head,
        ("people",),
        (_("People"),),
        tuple(Row(code, label, (n,)) for code, label, n in rows),
    )


def long_rows(tables: Iterable[Table]) -> Iterator[tuple[Cell, ...]]:
    """Give every value on a line of its own: figure, key, part, name, part's name, value."""
    for table in tables:
        for row in table.rows:
            for key, column, value in zip(table.keys, table.columns, row.values, strict=True):
                yield table.key, row.key, key, row.label, column, value
