"""All figures of one event on one rung: at most twelve statements, whatever the size."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from eventsys.events.queries import get_event, list_categories
from eventsys.registration.models import Registration
from eventsys.registration.rules.states import Status
from eventsys.statistics.queries import counts
from eventsys.statistics.queries.counts import Scope, Series
from eventsys.statistics.queries.figures import Figures
from eventsys.statistics.rules.ladder import Rung, on_rung
from eventsys.statistics.rules.periods import hour_key, local_days, local_hours, periods_of
from eventsys.statistics.rules.regions import own_region, un_region
from eventsys.statistics.rules.shares import GENDERS, NOT_STATED

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from datetime import date, datetime

    from eventsys.events.models import Category, Event


def event_figures(slug: str, rung: Rung, *, now: datetime) -> Figures:
    """Count one event. ``now`` is the time of the data and tells whether no-shows can be known."""
    event = get_event(slug)
    categories = list_categories(event.id)
    people = _People(counts.count_people(event.id), categories, rung)
    scope = Scope(event.id, tuple(category.id for category in categories if not category.counted))
    places = _Places(counts.count_places(scope, rung), rung)
    organisations = _Organisations(counts.count_organisations(scope, rung, _day(event)), rung)
    speakers = _speakers(event.id, categories, rung)
    given = counts.regions_of_members()
    regions = {country: own_region(country, given) for country in places.by_country}
    return Figures(
        event=event.slug,
        title=event.title,
        kind=event.kind,
        starts_at=event.starts_at.isoformat(),
        ends_at=event.ends_at.isoformat(),
        timezone=event.timezone,
        city_id=event.city_id,
        country=event.country,
        rung=rung.value,
        data_at=now.isoformat(),
        total=people.total,
        **people.ladder(begun=now >= event.starts_at),
        gender=_by_gender(people.gender),
        by_country=_ranked(places.by_country),
        by_city=_ranked(places.by_city),
        countries=len(places.by_country),
        cities=len(places.by_city),
        by_region=_ranked(_sum((regions[country], n) for country, n in places.by_country.items())),
        region_of_country=regions,
        by_un_region=_ranked(
            _sum((un_region(country), n) for country, n in places.by_country.items())
        ),
        by_category=people.by_category,
        category_names={category.code: category.name for category in categories},
        **organisations.figures(people.total),
        speakers=sum(speakers.values()),
        speakers_by_gender={gender: n for gender, n in _by_gender(speakers).items() if n},
        gender_by_category={
            code: _by_gender(cells) for code, cells in people.gender_by_category.items()
        },
        gender_by_country={
            country: _by_gender(people.gender_by_country[country])
            for country in _ranked(places.by_country)
        },
        **_over_time(event, scope),
        unresolved_cities=places.unresolved,
        city_not_stated=places.not_stated,
        country_not_stated=people.total - sum(places.by_country.values()),
        not_counted=dict(people.not_counted),
        places=places.rows,
    )


def _day(event: Event) -> Any:  # noqa: ANN401 (a date)
    return event.starts_at.astimezone(ZoneInfo(event.timezone)).date()


def _ranked(cells: Mapping[str, int]) -> dict[str, int]:
    """Order by count, the largest first, then by key."""
    return dict(
        sorted(((key, n) for key, n in cells.items() if n), key=lambda item: (-item[1], item[0]))
    )


def _sum(pairs: Iterable[tuple[str, int]]) -> dict[str, int]:
    sums: dict[str, int] = defaultdict(int)
    for key, n in pairs:
        sums[key] += n
    return dict(sums)


def _by_gender(cells: Mapping[str | None, int]) -> dict[str, int]:
    known = {gender or NOT_STATED: n for gender, n in cells.items()}
    return {gender: known.get(gender, 0) for gender in GENDERS}


class _People:
    """Counts by status, category, gender and country, folded onto one rung."""

    def __init__(self, rows: Sequence[Any], categories: Sequence[Category], rung: Rung) -> None:
        counted = {category.id: category.code for category in categories if category.counted}
        codes = {category.id: category.code for category in categories}
        self.by_status: dict[str, int] = defaultdict(int)
        self.attended = self.total = 0
        self.gender: dict[str | None, int] = defaultdict(int)
        self.by_category = dict.fromkeys(counted.values(), 0)
        self.gender_by_category: dict[str, dict[str | None, int]] = {
            code: defaultdict(int) for code in counted.values()
        }
        self.gender_by_country: dict[str, dict[str | None, int]] = defaultdict(
            lambda: defaultdict(int)
        )
        self.not_counted: dict[str, int] = defaultdict(int)
        for status, category, gender, country, n, came in rows:
            here = on_rung(rung, status, n, came)
            if category not in counted:
                self.not_counted[codes[category]] += here
                continue
            self.by_status[status] += n
            self.attended += on_rung(Rung.ATTENDED, status, n, came)
            self.total += here
            self.gender[gender] += here
            self.by_category[counted[category]] += here
            self.gender_by_category[counted[category]][gender] += here
            self.gender_by_country[country][gender] += here

    def _on(self, rung: Rung) -> int:
        return sum(on_rung(rung, status, n, 0) for status, n in self.by_status.items())

    def ladder(self, *, begun: bool) -> dict[str, Any]:
        """Give the counts of all rungs; what ended or waits stands apart."""
        confirmed = self._on(Rung.CONFIRMED)
        return {
            "registrations": self._on(Rung.REGISTERED),
            "approved": self._on(Rung.APPROVED),
            "confirmed": confirmed,
            "attended": self.attended,
            "no_shows": confirmed - self.attended if begun else None,
            "cancelled": self.by_status[Status.CANCELLED],
            "submitted": self.by_status[Status.SUBMITTED],
            "waiting": self.by_status[Status.WAITING],
            "declined": self.by_status[Status.REJECTED],
            "expired": self.by_status[Status.EXPIRED],
        }


class _Places:
    """Counts by country and city. A city that the resolver did not find counts as unresolved, never as none."""

    def __init__(self, rows: Sequence[Any], rung: Rung) -> None:
        self.by_country: dict[str, int] = defaultdict(int)
        self.by_city: dict[str, int] = defaultdict(int)
        self.unresolved = self.not_stated = 0
        pairs: dict[tuple[str, int], int] = defaultdict(int)
        for status, country, city, city_status, n, came in rows:
            here = on_rung(rung, status, n, came)
            if not here:
                continue
            pairs[country or "", city or 0] += here
            if country:
                self.by_country[country] += here
            if city:
                self.by_city[str(city)] += here
            elif city_status == "none":
                self.not_stated += here
            else:
                self.unresolved += here
        self.rows = [[country, city, n] for (country, city), n in sorted(pairs.items())]


class _Organisations:
    """Counts by represented organisation, and what the members among them add up to."""

    def __init__(self, rows: Sequence[Any], rung: Rung) -> None:
        found: dict[int, dict[str, Any]] = {}
        for id_, name, names, kind, region, member, status, n, came in rows:
            entry = found.setdefault(
                id_,
                {
                    "name": name,
                    "names": names,
                    "kind": kind,
                    "region": region,
                    "member": bool(member),
                    "n": 0,
                },
            )
            entry["n"] += on_rung(rung, status, n, came)
        present = [entry for entry in found.values() if entry["n"]]
        self.list = sorted(present, key=lambda entry: (-entry["n"], entry["name"]))
        self.members = [entry for entry in self.list if entry["member"]]

    def figures(self, total: int) -> dict[str, Any]:
        """Give the figures about members, and the list of organisations."""
        representatives = sum(entry["n"] for entry in self.members)
        return {
            "members_present": len(self.members),
            "member_representatives": representatives,
            "non_members": total - representatives,
            "members_by_region": _ranked(_sum((entry["region"], 1) for entry in self.members)),
            "organisations": self.list,
        }


def _speakers(event_id: int, categories: Sequence[Category], rung: Rung) -> dict[str | None, int]:
    speaking = [category.id for category in categories if category.speaker]
    return counts.count_speakers(event_id, speaking, rung) if speaking else {}


def _over_time(event: Event, scope: Scope) -> dict[str, Any]:
    span = counts.span_of(event.id)
    days, hours = _days(event, span.first, span.last), _hours(event, span)
    # Arrivals over many weeks, as at an exhibition, are counted by days only.
    arrivals = hours or periods_of(
        _days(event, span.first_arrival, span.last_arrival), event.timezone
    )
    registered, came = counts.count_series(
        scope,
        (
            Series(
                Registration.registered_at,
                periods_of(days, event.timezone),
                (Rung.REGISTERED, Rung.CONFIRMED),
            ),
            Series(Registration.attended_at, arrivals, (Rung.CONFIRMED,)),
        ),
    )
    return {
        "registrations_over_time": [
            {"day": day.isoformat(), "registered": everybody, "confirmed": confirmed}
            for day, (everybody, confirmed) in zip(days, registered, strict=True)
        ],
        **_arrivals(event, arrivals, came, by_the_hour=bool(hours)),
    }


def _days(event: Event, first: datetime | None, last: datetime | None) -> Sequence[date]:
    return local_days(first, last, event.timezone) if first and last else ()


def _hours(event: Event, span: counts.Span) -> Sequence[tuple[datetime, datetime]]:
    if span.first_arrival is None or span.last_arrival is None:
        return ()
    return local_hours(span.first_arrival, span.last_arrival, event.timezone)


def _arrivals(
    event: Event,
    periods: Sequence[tuple[datetime, datetime]],
    counted: Sequence[tuple[int, ...]],
    *,
    by_the_hour: bool,
) -> dict[str, dict[str, int]]:
    by_day: dict[str, int] = defaultdict(int)
    by_hour: dict[str, int] = {}
    for (low, _high), (n,) in zip(periods, counted, strict=True):
        key = hour_key(low, event.timezone)
        if n:
            by_day[key[:10]] += n
            if by_the_hour:
                by_hour[key] = by_hour.get(key, 0) + n
    return {"arrivals_by_day": dict(by_day), "arrivals_by_hour": by_hour}
