"""Judge a scan: facts in, verdict out. No clock, no database.

The order is fixed and published in ``docs/check-in.md``: form of the code, identity, event, revocation,
direction, state of the registration, payment, repeat. ``tests/vectors/scans.json`` holds facts and
verdicts; every engine that judges scans (this one, the phone's) must agree with it.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, datetime, time, timedelta
from enum import StrEnum
from typing import Final, Literal
from zoneinfo import ZoneInfo

from eventsys.core.tokens import digest, find_short_code, find_token

Direction = Literal["in", "out"]
DIRECTIONS: Final = ("in", "out")

# A scan that reaches the server later than this was made without it: the phone's own verdict stood.
LIVE: Final = timedelta(seconds=30)
# How long a device may take back what it did; the office may at any time.
UNDO_WINDOW: Final = timedelta(minutes=15)
# The point of devices that were not given another one; its name is shown translated.
MAIN_POINT: Final = "entrance"
LONGEST_OFFLINE: Final = timedelta(days=60)
MAX_BATCH: Final = 500
MAX_CODE: Final = 300
MIN_SEARCH: Final = 3


class Result(StrEnum):
    """What a person at the door is told: a closed set. Never remove or rename one."""

    ADMITTED = "admitted"
    ALREADY_IN = "already_in"
    LEFT = "left"
    UNKNOWN = "unknown"
    MALFORMED = "malformed"
    WRONG_EVENT = "wrong_event"
    REVOKED = "revoked"
    CANCELLED = "cancelled"
    WAITING_LIST = "waiting_list"
    NOT_CONFIRMED = "not_confirmed"
    NOT_PAID = "not_paid"


class Reason(StrEnum):
    """Why, finer than the result: a closed set. Plainly admitted and plainly left have none."""

    RE_ENTRY = "re_entry"
    EARLIER_SCAN = "earlier_scan"
    OVERRIDE = "override"
    EARLIER_ENTRY = "earlier_entry"
    NO_ENTRY = "no_entry"
    NO_SUCH_CODE = "no_such_code"
    AMBIGUOUS_CODE = "ambiguous_code"
    NOT_A_BADGE = "not_a_badge"
    OTHER_EVENT = "other_event"
    REPLACED = "replaced"
    INVITED = "invited"
    NOMINATED = "nominated"
    SUBMITTED = "submitted"
    WAITING = "waiting"
    APPROVED = "approved"
    REJECTED = "rejected"
    CANCELLED = "cancelled"
    EXPIRED = "expired"
    DUE = "due"


class Profile(StrEnum):
    """What a device may do: ``desk`` also searches names and may override; ``door`` only scans."""

    DESK = "desk"
    DOOR = "door"


# Only what the state of a registration says may be overridden by a person; identity never.
OVERRIDABLE: Final = frozenset(
    {Result.CANCELLED, Result.WAITING_LIST, Result.NOT_CONFIRMED, Result.NOT_PAID}
)
# Verdicts that may name the person: the code was a badge of this event.
NAMING: Final = frozenset(Result) - {Result.UNKNOWN, Result.MALFORMED, Result.WRONG_EVENT}


@dataclass(frozen=True, slots=True)
class Code:
    """What was read: ``badge`` with the digest of its token, ``short`` with the typed code, or neither."""

    kind: Literal["badge", "short", "malformed"]
    value: str = ""


@dataclass(frozen=True, slots=True)
class Holder:
    """Whom a code belongs to, as far as a verdict needs it."""

    event_id: int
    status: str
    payment: str
    retired: bool = False


@dataclass(frozen=True, slots=True)
class Stay:
    """A person's presence at one point: first arrival, whether inside now, time of the last move."""

    first_at: datetime
    inside: bool
    moved_at: datetime


@dataclass(frozen=True, slots=True)
class Sighting:
    """One scan: corrected time, time of receipt, direction, and whether a person overrides the rules."""

    at: datetime
    received_at: datetime
    direction: Direction = "in"
    override: bool = False

    @property
    def late(self) -> bool:
        """Tell whether the scan was made without the server and came later."""
        return self.received_at - self.at > LIVE


@dataclass(frozen=True, slots=True)
class Days:
    """The days of an event where it takes place: from the first midnight to the last, as moments.

    A scan outside of them is judged like any other (it happened), and shown to the office: a phone whose
    clock was wrong without a network, or somebody who tried a badge weeks before.
    """

    begin: datetime
    end: datetime

    def have(self, moment: datetime) -> bool:
        """Tell whether a moment is in them."""
        return self.begin <= moment < self.end


def days_of(starts_at: datetime, ends_at: datetime, timezone: str) -> Days:
    """Give the days of an event; one that ends at midnight has no part in the day that begins then."""
    zone = ZoneInfo(timezone)
    last = max(ends_at - timedelta(microseconds=1), starts_at)
    first_day, last_day = starts_at.astimezone(zone).date(), last.astimezone(zone).date()
    midnights = (first_day, last_day + timedelta(days=1))
    return Days(*(datetime.combine(day, time(), zone).astimezone(UTC) for day in midnights))


@dataclass(frozen=True, slots=True)
class Verdict:
    """The result, the reason, and the stay as it is afterwards (None: nobody is or was in)."""

    result: Result
    reason: Reason | None = None
    stay: Stay | None = None


def read_code(raw: str) -> Code:
    """Read what a camera, a scanner or a finger gave: badge address, bare token, or short code.

    >>> read_code("nonsense").kind
    'malformed'
    """
    if len(raw) > MAX_CODE:
        return Code("malformed")
    token = find_token(raw)
    if token is not None:
        return Code("badge", digest(token))
    short = find_short_code(raw)
    return Code("short", short) if short is not None else Code("malformed")


def corrected_time(
    device_at: datetime, sent_at: datetime | None, received_at: datetime
) -> datetime:
    """Correct the device's clock by what it said when sending; never later than the receipt.

    A time that no phone can have kept since then comes from a clock that was never set: the receipt counts,
    or the first entry of a person would be in another century.
    """
    offset = received_at - sent_at if sent_at is not None else timedelta()
    # Their difference, because a sum may leave the calendar.
    age = received_at - device_at - offset
    return received_at - age if timedelta() <= age <= LONGEST_OFFLINE else received_at


def judge(
    code: Code, holders: tuple[Holder, ...], sighting: Sighting, event_id: int, stay: Stay | None
) -> Verdict:
    """Judge one scan at the door of an event.

    ``holders`` are the registrations that the code may mean: none, one, or several that share a short
    code. ``stay`` is what is known of the one holder at this point.
    """
    foreign = _identify(code, holders, event_id)
    if foreign is not None:
        return replace(foreign, stay=stay if foreign.result in NAMING else None)
    if sighting.direction == "out":
        return _leave(sighting, stay)
    refusal = _refusal(holders[0])
    if refusal is not None and not (sighting.override and refusal.result in OVERRIDABLE):
        return replace(refusal, stay=stay)
    return _enter(sighting, stay, Reason.OVERRIDE if refusal is not None else None)


def _identify(code: Code, holders: tuple[Holder, ...], event_id: int) -> Verdict | None:
    if code.kind == "malformed":
        return Verdict(Result.MALFORMED, Reason.NOT_A_BADGE)
    if len(holders) != 1:
        return Verdict(Result.UNKNOWN, Reason.AMBIGUOUS_CODE if holders else Reason.NO_SUCH_CODE)
    if holders[0].event_id != event_id:
        return Verdict(Result.WRONG_EVENT, Reason.OTHER_EVENT)
    return Verdict(Result.REVOKED, Reason.REPLACED) if holders[0].retired else None


def _refusal(holder: Holder) -> Verdict | None:
    if holder.status == "cancelled":
        return Verdict(Result.CANCELLED, Reason.CANCELLED)
    if holder.status == "waiting":
        return Verdict(Result.WAITING_LIST, Reason.WAITING)
    if holder.status != "confirmed":
        return Verdict(Result.NOT_CONFIRMED, Reason(holder.status))
    if holder.payment == "due":
        return Verdict(Result.NOT_PAID, Reason.DUE)
    return None


def _leave(sighting: Sighting, stay: Stay | None) -> Verdict:
    """Leaving is never refused: whoever stands at the exit is outside a moment later."""
    if stay is None:
        return Verdict(Result.LEFT, Reason.NO_ENTRY)
    if sighting.at < stay.moved_at:
        return Verdict(Result.LEFT, None, stay)
    return Verdict(Result.LEFT, None, replace(stay, inside=False, moved_at=sighting.at))


def _enter(sighting: Sighting, stay: Stay | None, reason: Reason | None) -> Verdict:
    if stay is None:
        return Verdict(
            Result.ADMITTED, reason, Stay(sighting.at, inside=True, moved_at=sighting.at)
        )
    if sighting.late and sighting.at < stay.first_at:
        # The true first entry was made on a phone without network: the arrival moves back, and what
        # was taken for the first entry is from now on a repeat. Nobody is counted twice.
        return Verdict(Result.ADMITTED, Reason.EARLIER_SCAN, replace(stay, first_at=sighting.at))
    if stay.inside or (sighting.late and sighting.at < stay.moved_at):
        return Verdict(Result.ALREADY_IN, Reason.EARLIER_ENTRY, stay)
    return Verdict(
        Result.ADMITTED,
        Reason.RE_ENTRY,
        replace(stay, inside=True, moved_at=max(sighting.at, stay.moved_at)),
    )


def may_override(profile: str) -> bool:
    """Tell whether a device may let somebody in against the rules, with a note."""
    return profile == Profile.DESK


def may_search(profile: str) -> bool:
    """Tell whether a device may search people by name."""
    return profile == Profile.DESK


def within_undo_window(received_at: datetime, now: datetime) -> bool:
    """Tell whether a device may still undo its scan."""
    return now - received_at <= UNDO_WINDOW
