"""The figures of one event on one rung: plain values only, so that they can be frozen as they are."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field, fields
from typing import TYPE_CHECKING, Any

from eventsys.statistics.rules.ladder import RULE_VERSION, Rung
from eventsys.statistics.rules.shares import Composition

if TYPE_CHECKING:
    from collections.abc import Mapping


@dataclass(frozen=True, slots=True)
class Figures:
    """Exact figures. ``docs/figures.md`` defines each; times are ISO 8601, days are the event's own.

    Unit: registrations of people at this event (participations), but ``speakers``: unique persons,
    ``members_present`` and ``organisations``: organisations, ``cities``, ``countries``: places.
    Categories that are not counted (such as accompanying persons) are only in ``not_counted``.
    """

    event: str
    title: dict[str, str]
    kind: str
    starts_at: str
    ends_at: str
    timezone: str
    city_id: int | None
    country: str | None
    rung: str
    data_at: str
    total: int
    registrations: int
    approved: int
    confirmed: int
    attended: int
    no_shows: int | None
    cancelled: int
    waiting: int
    declined: int
    cities: int
    countries: int
    gender: dict[str, int]
    by_country: dict[str, int]
    by_city: dict[str, int]
    by_region: dict[str, int]
    by_un_region: dict[str, int]
    by_category: dict[str, int]
    category_names: dict[str, dict[str, str]]
    members_present: int
    member_representatives: int
    non_members: int
    members_by_region: dict[str, int]
    organisations: list[dict[str, Any]]
    speakers: int
    speakers_by_gender: dict[str, int]
    gender_by_category: dict[str, dict[str, int]]
    gender_by_country: dict[str, dict[str, int]]
    arrivals_by_day: dict[str, int]
    arrivals_by_hour: dict[str, int]
    registrations_over_time: list[dict[str, Any]]
    unresolved_cities: int
    city_not_stated: int
    country_not_stated: int
    not_counted: dict[str, int]
    #: The association's region of each country that occurs.
    region_of_country: dict[str, str] = field(default_factory=dict)
    #: [country or "", city id or 0, count]: what the two-level table of places is made of.
    places: list[list[Any]] = field(default_factory=list)
    rule_version: int = RULE_VERSION
    #: With these every registration is in one line: confirmed, approved only, here, waiting, declined, cancelled, here.
    submitted: int = 0
    expired: int = 0

    @property
    def composition(self) -> Composition:
        """Everybody on the rung by gender."""
        return Composition(self.gender)

    @property
    def on(self) -> Rung:
        """The rung of these figures."""
        return Rung(self.rung)

    def as_dict(self) -> dict[str, Any]:
        """Give the figures as JSON has them (CONTRACT, ``statistics event``)."""
        return asdict(self)

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> Figures:
        """Read frozen figures; what a later version added is empty in an older one."""
        known = {item.name for item in fields(cls)}
        return cls(**{name: value for name, value in data.items() if name in known})
