"""What an import of members would do, row by row, before anything is written."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, BinaryIO, Final, Literal

from sqlalchemy import select

from eventsys.core.db import db
from eventsys.core.text import fold
from eventsys.files.sheets import read_table
from eventsys.members.errors import MissingColumn, TooManyRows
from eventsys.members.models import Organisation
from eventsys.members.queries.lists import draft_of, list_periods
from eventsys.members.rules import (
    MemberDraft,
    Period,
    draft_problems,
    match_columns,
    period_problems,
    read_row,
)
from eventsys.places.queries import resolve_city, resolve_country

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from eventsys.members.rules import MemberRow, Problem

MOST_ROWS: Final = 20_000
Action = Literal["created", "updated", "unchanged", "rejected"]
ACTIONS: Final[tuple[Action, ...]] = ("created", "updated", "unchanged", "rejected")
# Columns that are copied as they are; the others are resolved, or are dates.
PLAIN: Final = ("name", "kind", "nature", "region", "website", "external_id")


@dataclass(slots=True)
class PlannedRow:
    """One row and what becomes of it. ``notes`` are said but do not reject: a city that is not known."""

    line: int
    name: str
    action: Action
    draft: MemberDraft | None = None
    organisation_id: int | None = None
    periods: list[Period] | None = None
    problems: list[Problem] = field(default_factory=list)
    notes: list[Problem] = field(default_factory=list)


@dataclass(slots=True)
class Plan:
    """All rows of a file, and the headings that were not understood."""

    unknown_columns: list[str]
    rows: list[PlannedRow]

    def count(self, action: Action) -> int:
        """Count the rows of which this becomes."""
        return sum(row.action == action for row in self.rows)


@dataclass(slots=True)
class _Known:
    """The organisations that are there, and the rows of this file so far."""

    by_external_id: dict[str, Organisation]
    by_name: dict[str, list[Organisation]]
    periods: dict[int, list[Period]]
    lines: dict[tuple[str, str], dict[str | None, int]] = field(default_factory=dict)

    def first_line(self, row: MemberRow, country: str | None) -> int:
        """Give the line on which the organisation of a row stands first in this file.

        The same name in another country is another organisation; where a country is not given it may be
        the same.
        """
        lines = self.lines.setdefault(row.key(), {})
        if row.given.get("external_id") or country is None:
            found = next(iter(lines.values()), row.line)
        else:
            found = lines.get(country, lines.get(None, row.line))
        lines.setdefault(country, row.line)
        return found


def plan_import(source: BinaryIO | bytes, encoding: str = "") -> Plan:
    """Read a table of members and say of every row what an import would do; writes nothing.

    ``encoding`` is what a person says of a CSV file; "": it is found out. Raises SheetError, MissingColumn when
    there is no name, TooManyRows.
    """
    table = read_table(source, encoding)
    matched, unknown = match_columns(table.columns)
    if "name" not in matched.values():
        raise MissingColumn(column="name")
    known = _load()
    rows: list[PlannedRow] = []
    for row in table.rows:
        if len(rows) >= MOST_ROWS:
            raise TooManyRows(limit=MOST_ROWS)
        values = {name: row.values.get(heading, "") for heading, name in matched.items()}
        rows.append(_plan(read_row(row.line, values), known))
    return Plan(unknown, rows)


def _load() -> _Known:
    organisations = db.session.scalars(select(Organisation).order_by(Organisation.id)).all()
    by_name: dict[str, list[Organisation]] = {}
    for row in organisations:
        by_name.setdefault(fold(row.name), []).append(row)
    return _Known(
        {row.external_id: row for row in organisations if row.external_id},
        by_name,
        list_periods([row.id for row in organisations]),
    )


def _plan(row: MemberRow, known: _Known) -> PlannedRow:
    planned = PlannedRow(row.line, row.given.get("name", ""), "rejected", problems=row.problems)
    country = resolve_country(row.given.get("country"))
    first = known.first_line(row, country)
    if first != row.line and row.given.get("name"):
        planned.problems.append(("name", "twice_in_file", {"first": first}))
    if planned.problems:
        return planned
    found = _find(row, country, known)
    draft = _draft(row, draft_of(found) if found else MemberDraft(name=""), planned)
    planned.problems.extend(draft_problems(draft))
    before = known.periods.get(found.id, []) if found else []
    planned.periods = _periods(row, before, planned)
    if found is None and draft.kind == "member" and not planned.periods and not planned.problems:
        planned.problems.append(("since", "missing_since", {}))
    if planned.problems:
        return planned
    planned.draft = draft
    planned.organisation_id = found.id if found else None
    if found is None:
        planned.action = "created"
    else:
        same = draft == draft_of(found) and planned.periods == before
        planned.action = "unchanged" if same else "updated"
    return planned


def _find(row: MemberRow, country: str | None, known: _Known) -> Organisation | None:
    external_id = row.given.get("external_id")
    if external_id and external_id in known.by_external_id:
        return known.by_external_id[external_id]
    named = known.by_name.get(fold(row.given["name"]), [])
    same = [item for item in named if country in {None, item.country}]
    found = next(iter(same), None) or _corrected(row, country, named)
    # The same name under another external id is another organisation; saving it will say so.
    return None if found and external_id and found.external_id else found


def _corrected(
    row: MemberRow, country: str | None, named: Sequence[Organisation]
) -> Organisation | None:
    """Give the organisation whose wrong country the row corrects; None when it is another one of that name.

    Hyderabad of India is not Hyderabad of Pakistan: where both cities are known, both organisations stand.
    """
    if len(named) != 1:
        return None
    only = named[0]
    both_known = only.country is not None and only.city_id is not None
    if both_known and resolve_city(row.given.get("city", ""), country).status == "resolved":
        return None
    return only


def _draft(row: MemberRow, draft: MemberDraft, planned: PlannedRow) -> MemberDraft:
    """Write what the row says over what is known; an empty cell says nothing."""
    changes: dict[str, object] = {name: row.given[name] for name in PLAIN if name in row.given}
    names = {name[-2:]: text for name, text in row.given.items() if name.startswith("name_")}
    if names:
        changes["names"] = {**draft.names, **names}
    country = draft.country
    if "country" in row.given:
        country = resolve_country(row.given["country"])
        if country is None:
            planned.problems.append(("country", "unknown_country", {"value": row.given["country"]}))
        changes["country"] = country
    if "city" in row.given and not planned.problems:
        changes |= _city(row.given["city"], country, planned)
    return replace(draft, **changes)  # type: ignore[arg-type]  # the columns are the fields


def _city(typed: str, country: str | None, planned: PlannedRow) -> dict[str, object]:
    answer = resolve_city(typed, country)
    if answer.status != "resolved":
        planned.notes.append(("city", f"city_{answer.status}", {"value": typed}))
        return {"city_id": None, "city_typed": typed}
    return {"city_id": answer.geonameid, "city_typed": typed, "country": country or answer.country}


def _periods(row: MemberRow, before: list[Period], planned: PlannedRow) -> list[Period]:
    """Add the row's period, or mend the one it is about: the same beginning, or the only open one."""
    if row.since is None:
        return before
    period = Period(row.since, row.until)
    others = [item for item in before if item.since != row.since]
    same = next((item for item in before if item.since == row.since), None)
    if same is not None:
        period = Period(row.since, row.until or same.until)
    elif row.until is None:
        opened = [item for item in before if item.until is None]
        others = [item for item in others if item not in opened]
    planned.problems.extend(period_problems(period, others))
    return sorted([*others, period], key=lambda item: item.since)


def list_accepted(plan: Plan) -> Iterator[PlannedRow]:
    """Give the rows that will be written."""
    return (row for row in plan.rows if row.action in ("created", "updated"))
