"""All tables of one event, and what of them may be published."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from eventsys.statistics.queries.tables import people, places, summary, time
from eventsys.statistics.queries.tables.model import OPEN, Table
from eventsys.statistics.rules.publication import Veil, veil

if TYPE_CHECKING:
    from collections.abc import Callable

    from eventsys.statistics.queries.figures import Figures

_PUBLIC: Final = (
    summary.summary, people.gender, people.by_category, places.by_region, places.by_country, places.by_city,
    people.members, people.gender_by_category, people.speakers,
)  # fmt: skip
# Lists that would need a protection of their own are for the office only.
_OFFICE: Final = (
    people.organisations, people.gender_by_country, places.by_un_region, time.by_day, time.by_hour, time.over_time,
)  # fmt: skip


def veil_of(figures: Figures, k: int) -> Veil:
    """Choose what to hide of an event's figures when groups of fewer than ``k`` people must not show."""
    regions = figures.region_of_country
    return veil(
        k,
        ladder={
            "registrations": figures.registrations,
            "confirmed": figures.confirmed,
            "cancelled": figures.cancelled,
            "attended": figures.attended,
        },
        rung=figures.rung,
        gender_by_category=figures.gender_by_category,
        gender=figures.gender,
        places={
            (regions.get(country, ""), country, str(city)): n for country, city, n in figures.places
        },
        members={"members": figures.member_representatives, "others": figures.non_members},
    )


def event_tables(figures: Figures, hidden: Veil = OPEN) -> list[Table]:
    """Make all tables of an event; empty ones are left out."""
    makers: tuple[Callable[[Figures, Veil], Table], ...] = _PUBLIC
    if hidden is OPEN:
        makers = (*_PUBLIC, *_OFFICE)
    made = [make(figures, hidden) for make in makers]
    return [table for table in made if not table.empty]
