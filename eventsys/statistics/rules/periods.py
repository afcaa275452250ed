"""Days and hours of an event's own time zone, as moments in UTC: what is counted "by day and hour"."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from typing import TYPE_CHECKING, Final
from zoneinfo import ZoneInfo

if TYPE_CHECKING:
    from collections.abc import Sequence

#: More days of registration than this are counted by week, more hours of arrival not at all.
MOST_DAYS: Final = 200
MOST_HOURS: Final = 21 * 24

Period = tuple[datetime, datetime]


def local_days(first: datetime, last: datetime, zone: str) -> list[date]:
    """List the days from the first to the last moment; above 200 the first day of each week from then on."""
    tz = ZoneInfo(zone)
    start, end = first.astimezone(tz).date(), last.astimezone(tz).date()
    length = (end - start).days + 1
    step = 1 if length <= MOST_DAYS else 7 * (1 + length // (7 * MOST_DAYS))
    return [start + timedelta(days=offset) for offset in range(0, length, step)]


def periods_of(days: Sequence[date], zone: str) -> list[Period]:
    """Give the moments from each day to the next; the last ends as long after as the step before."""
    if not days:
        return []
    tz = ZoneInfo(zone)
    step = days[1] - days[0] if len(days) > 1 else timedelta(days=1)
    edges = [*days, days[-1] + step]
    moments = [datetime.combine(day, time(), tz).astimezone(UTC) for day in edges]
    return list(pairwise(moments))


def local_hours(first: datetime, last: datetime, zone: str) -> list[Period]:
    """List the hours from the first to the last moment as the event's clock shows them; none if too many.

    Half-hour zones and a change of the clock are right: hours are cut in local time.
    """
    tz = ZoneInfo(zone)
    local = first.astimezone(tz)
    start = (
        first
        - timedelta(minutes=local.minute, seconds=local.second, microseconds=local.microsecond)
    ).astimezone(UTC)
    count = int((last - start) / timedelta(hours=1)) + 1
    if count > MOST_HOURS:
        return []
    edges = [start + timedelta(hours=number) for number in range(count + 1)]
    return list(pairwise(edges))


def hour_key(moment: datetime, zone: str) -> str:
    """Name an hour of the event's clock: ``2023-06-12T08``."""
    return moment.astimezone(ZoneInfo(zone)).strftime("%Y-%m-%dT%H")
