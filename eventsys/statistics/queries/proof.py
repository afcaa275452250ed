"""Are the figures what the rows say? Counted once more, row by row, without the SQL of the figures."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final
from zoneinfo import ZoneInfo

from sqlalchemy import select

from eventsys.core.db import db
from eventsys.core.fault import Fault
from eventsys.events.models import Category
from eventsys.events.queries import list_events
from eventsys.members.models import Membership, Organisation
from eventsys.registration.models import Registration
from eventsys.statistics.queries.event import event_figures
from eventsys.statistics.rules.ladder import REGISTERED, Rung
from eventsys.statistics.rules.shares import NOT_STATED

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from datetime import date, datetime

    from eventsys.events.models import Event

TABLES: Final = (
    "gender", "by_country", "by_city", "by_category", "speakers_by_gender", "arrivals_by_day", "arrivals_by_hour",
)  # fmt: skip


def find_wrong_figures(*, now: datetime) -> Iterator[Fault]:
    """Compare the figures of every event, on the rung *attended*, with a plain count of its rows."""
    for event in list_events():
        shown = event_figures(event.slug, Rung.ATTENDED, now=now).as_dict()
        for name, expected in _count(event).figures().items():
            value = shown[name]
            if isinstance(value, dict):
                value = {key: number for key, number in value.items() if number}
            if name == "arrivals_by_hour" and not value:
                continue  # not shown hour by hour where arrivals span weeks
            if value != expected:
                yield Fault(
                    "a figure is what the rows say", f"{event.slug}: {name}", expected, value
                )


@dataclass(slots=True)
class _Counts:
    """What was counted so far, one row after the other."""

    zone: ZoneInfo
    members: frozenset[int]
    totals: Counter[str] = field(default_factory=Counter)
    tables: dict[str, Counter[str]] = field(
        default_factory=lambda: {name: Counter() for name in TABLES}
    )
    represented: Counter[int] = field(default_factory=Counter)
    speaking: set[int] = field(default_factory=set)

    def add(self, row: Any) -> None:  # noqa: ANN401 (a row of the query)
        """Count one registration."""
        came = row.status == "confirmed" and row.attended_at is not None
        gender = row.gender or NOT_STATED
        if row.speaker and came and row.person_id not in self.speaking:
            self.speaking.add(row.person_id)
            self.tables["speakers_by_gender"][gender] += 1
        if not row.counted:
            return
        self.totals["registrations"] += row.status in REGISTERED
        self.totals[row.status] += 1
        if came:
            self._add_attended(row, gender)

    def _add_attended(self, row: Any, gender: str) -> None:  # noqa: ANN401 (a row of the query)
        self.totals["attended"] += 1
        local = row.attended_at.astimezone(self.zone)
        cells = {
            "gender": gender,
            "by_category": row.code,
            "by_country": row.country,
            "by_city": row.city_id and str(row.city_id),
            "arrivals_by_day": local.strftime("%Y-%m-%d"),
            "arrivals_by_hour": local.strftime("%Y-%m-%dT%H"),
        }
        for name, key in cells.items():
            if key:
                self.tables[name][key] += 1
        if row.organisation_id in self.members:
            self.represented[row.organisation_id] += 1

    def figures(self) -> Mapping[str, Any]:
        """Give the counts by the names of the figures."""
        names = ("registrations", "confirmed", "cancelled", "attended")
        return {
            **{name: self.totals[name] for name in names},
            **{name: dict(table) for name, table in self.tables.items()},
            "countries": len(self.tables["by_country"]),
            "cities": len(self.tables["by_city"]),
            "speakers": len(self.speaking),
            "members_present": len(self.represented),
            "member_representatives": self.represented.total(),
        }


def _count(event: Event) -> _Counts:
    zone = ZoneInfo(event.timezone)
    counts = _Counts(zone, _members_on(event.starts_at.astimezone(zone).date()))
    columns = (
        Registration.status, Registration.attended_at, Registration.gender, Registration.country, Registration.city_id,
        Registration.organisation_id, Registration.person_id, Category.code, Category.counted, Category.speaker,
    )  # fmt: skip
    query = (
        select(*columns)
        .join(Category, Category.id == Registration.category_id)
        .where(Registration.event_id == event.id)
        .execution_options(yield_per=5_000)
    )
    for row in db.session.execute(query):
        counts.add(row)
    return counts


def _members_on(day: date) -> frozenset[int]:
    query = (
        select(Organisation.id, Membership.since, Membership.until)
        .join(Membership, Membership.organisation_id == Organisation.id)
        .where(Organisation.kind == "member")
    )
    return frozenset(
        number
        for number, since, until in db.session.execute(query)
        if since <= day and (until is None or day < until)
    )
