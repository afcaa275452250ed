"""What of an event's figures may be published: which cells stay hidden, which tables are left out.

The tables are protected together where they share numbers: gender, category and gender by category are
one network with known and unknown answers as sums; regions, countries and cities are another; what
became of the registrations is a third. The total of the rung is printed and counts as known.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from eventsys.statistics.rules.hiding import Flow, flows_of_row, flows_of_tree, hide
from eventsys.statistics.rules.shares import KNOWN_GENDERS

if TYPE_CHECKING:
    from collections.abc import Hashable, Mapping, Sequence

Cells = dict[str, frozenset[str]]


@dataclass(frozen=True, slots=True)
class Veil:
    """Hidden cells by table, and whole tables that must not be published.

    Keys of two-way tables are "row/column", of nested ones "region/country/city".
    """

    k: int
    hidden: Cells
    withheld: frozenset[str]

    def hides(self, table: str, key: str) -> bool:
        """Tell whether a cell, or its whole table, is hidden."""
        return table in self.withheld or key in self.hidden.get(table, frozenset())


def veil(
    k: int,
    *,
    ladder: Mapping[str, int],
    rung: str,
    gender_by_category: Mapping[str, Mapping[str, int]],
    gender: Mapping[str, int],
    places: Mapping[tuple[str, ...], int],
    members: Mapping[str, int],
) -> Veil:
    """Choose what to hide. ``places``: count by (region, country, city); ``members``: a plain row."""
    hidden: Cells = {}
    withheld: set[str] = set()
    for found in (
        _ladder(ladder, rung, k),
        _people(gender_by_category, gender, k),
        _one("places", flows_of_tree(places), k),
        _one("members", flows_of_row(members), k),
    ):
        hidden.update(found[0])
        withheld.update(found[1])
    return Veil(k, hidden, frozenset(withheld))


Found = tuple[Cells, set[str]]


def _text(key: Hashable) -> str:
    return "/".join(str(part) for part in key) if isinstance(key, tuple) else str(key)


def _one(table: str, flows: Sequence[Flow], k: int) -> Found:
    keys = hide(flows, k)
    return ({}, {table}) if keys is None else ({table: frozenset(map(_text, keys))}, set())


def _ladder(ladder: Mapping[str, int], rung: str, k: int) -> Found:
    """Registrations are confirmed, cancelled and others; the confirmed came or did not."""
    others = ladder["registrations"] - ladder["confirmed"] - ladder["cancelled"]
    flows = [
        Flow("attended", "people", "confirmed", ladder["attended"], rung == "attended"),
        Flow("no_shows", "people", "confirmed", ladder["confirmed"] - ladder["attended"]),
        Flow("confirmed", "confirmed", "registered", ladder["confirmed"], rung == "confirmed"),
        Flow("cancelled", "people", "registered", ladder["cancelled"]),
        Flow("others", "people", "registered", others),
        Flow(
            "registrations", "registered", "people", ladder["registrations"], rung == "registered"
        ),
    ]
    return _one("ladder", flows, k)


def _people(table: Mapping[str, Mapping[str, int]], gender: Mapping[str, int], k: int) -> Found:
    keys = hide(flows_of_people(table, gender), k)
    if keys is not None:
        return _split(keys), set()
    # The two-way table cannot be published; the two rows each for themselves perhaps can.
    alone = hide(flows_of_people({}, gender), k)
    categories = {code: sum(cells.values()) for code, cells in table.items()}
    rows, withheld = _one("category", flows_of_row(categories), k)
    cells = rows if alone is None else {**rows, **_split(alone)}
    return cells, {"gender_by_category", *withheld, *(("gender",) if alone is None else ())}


def flows_of_people(
    table: Mapping[str, Mapping[str, int]], gender: Mapping[str, int]
) -> list[Flow]:
    """Describe gender with its sums of known and unknown answers, crossed with categories where given.

    Everybody flows from "from" to "to"; the total is printed and fixed, so no circle leads through it.
    """
    flows = []
    for code, cells in table.items():
        flows.append(Flow(("category", code), "from", ("row", code), sum(cells.values())))
        flows += [
            Flow(("cell", code, answer), ("row", code), ("gender", answer), n)
            for answer, n in cells.items()
        ]
    sums = {"known": 0, "unknown": 0}
    for answer, n in gender.items():
        known = "known" if answer in KNOWN_GENDERS else "unknown"
        sums[known] += n
        # Without the two-way table each answer flows straight from everybody.
        flows.append(Flow(("gender", answer), ("gender", answer) if table else "from", known, n))
    flows += [Flow(("gender", known), known, "to", n) for known, n in sums.items()]
    return flows


def _split(keys: frozenset[Hashable]) -> Cells:
    names = {"category": "category", "gender": "gender", "cell": "gender_by_category"}
    found: dict[str, set[str]] = {name: set() for name in names.values()}
    for key in keys:
        if isinstance(key, tuple):
            found[names[key[0]]].add(_text(key[1:]))
    return {name: frozenset(cells) for name, cells in found.items()}
