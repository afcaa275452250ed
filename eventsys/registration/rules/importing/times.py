"""Moments as tables hold them."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from zoneinfo import ZoneInfo

# Day before month, as the secretariat writes dates in all three languages.
_DAY_FIRST: Final = re.compile(
    r"(\d{1,2})[/.\-](\d{1,2})[/.\-](\d{4})(?:,?[ T]+(\d{1,2})[:.h](\d{2})(?:[:.](\d{2}))?)?"
)
EARLIEST: Final = 1950
LATEST: Final = 2200


def read_moment(text: str, zone: ZoneInfo) -> datetime | None:
    """Read a moment: ISO 8601, or day/month/year with an optional time; None when it is none.

    A time without an offset is local time of the event. Gives UTC.

    >>> from zoneinfo import ZoneInfo
    >>> read_moment("12/06/2023 09:30", ZoneInfo("Europe/Brussels")).isoformat()
    '2023-06-12T07:30:00+00:00'
    """
    try:
        moment = _day_first(text) or datetime.fromisoformat(text)
    except ValueError:
        return None
    if not EARLIEST <= moment.year <= LATEST:
        return None
    return (moment if moment.tzinfo else moment.replace(tzinfo=zone)).astimezone(UTC)


def _day_first(text: str) -> datetime | None:
    found = _DAY_FIRST.fullmatch(text)
    if found is None:
        return None
    day, month, year, hour, minute, second = (int(part or 0) for part in found.groups())
    return datetime(year, month, day, hour, minute, second)  # noqa: DTZ001 (the zone is given by the caller)
