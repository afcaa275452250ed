"""Receive scans: one row each, one verdict each, the same verdict for the same scan for ever."""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

from eventsys.audit.operations import record
from eventsys.checkin.errors import OverrideNotAllowed, ScanIdTaken
from eventsys.checkin.models import Scan
from eventsys.checkin.operations.presence import insert_ignoring_conflict, store_stays
from eventsys.checkin.queries.devices import get_caller_and_answers, list_answers
from eventsys.checkin.queries.holders import Found, Presented, find_holders, list_stays
from eventsys.checkin.rules import (
    MAIN_POINT,
    NAMING,
    Code,
    Direction,
    Reason,
    Result,
    Sighting,
    Stay,
    Verdict,
    corrected_time,
    judge,
    may_override,
    read_code,
)
from eventsys.core.text import clean, fold
from eventsys.core.tokens import digest
from eventsys.registration.operations.attendance import mark_many_attended

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from datetime import datetime

    from eventsys.checkin.operations.presence import Key
    from eventsys.core.actor import Actor

# A race is lost at most once per rival; more rounds than this mean a fault, not a rush.
ROUNDS: Final = 8
POINT_LENGTH: Final = 80
NOTE_LENGTH: Final = 200


@dataclass(frozen=True, slots=True)
class Reading:
    """One scan as the device sent it. ``id`` is a UUID in lower case; ``override`` the note of who lets in."""

    id: str
    code: str
    at: datetime
    point: str = ""
    direction: Direction = "in"
    override: str = ""


@dataclass(frozen=True, slots=True)
class _Door:
    """Where scans come from: a device of an event, or a colleague in its office."""

    event_id: int
    name: str
    point: str
    device_id: int | None = None
    account_id: int | None = None


@dataclass(frozen=True, slots=True)
class _Scan:
    """A reading with everything that its verdict needs."""

    reading: Reading
    code: Code
    point: str
    point_key: str
    sighting: Sighting
    found: tuple[Found, ...]

    @property
    def key(self) -> Key | None:
        """Give (registration, point) when the code means exactly one person."""
        return (self.found[0].registration_id, self.point_key) if len(self.found) == 1 else None


@dataclass(slots=True)
class _Outcome:
    """A verdict, the door of the first arrival, and whether the scan moved the person."""

    verdict: Verdict
    where: str
    changed: bool


def apply_scans(
    token: str, readings: Sequence[Reading], *, sent_at: datetime | None, now: datetime
) -> list[str]:
    """Judge and keep scans of a device; give the answers (JSON) in the order sent.

    A scan id that was answered before gets the stored answer, byte for byte, before any rule is asked.
    Within a batch the corrected time decides the order, not the place in the list. Raises
    UnknownDevice, DeviceWithdrawn, OverrideNotAllowed, ScanIdTaken.
    """
    caller, answers = get_caller_and_answers(token, {reading.id for reading in readings}, now=now)
    if any(reading.override for reading in readings) and not may_override(caller.profile):
        raise OverrideNotAllowed
    fresh: dict[str, Reading] = {}
    for reading in readings:
        if reading.id not in answers:
            fresh.setdefault(reading.id, reading)
    if fresh:
        door = _Door(caller.event_id, caller.name, caller.point, device_id=caller.id)
        scans = _prepare(fresh.values(), door, sent_at, now)
        answers |= _settle(scans, door, now)
    return [answers[reading.id] for reading in readings]


def admit_by_staff(event_id: int, reading: Reading, *, actor: Actor, now: datetime) -> str:
    """Judge and keep one scan made by hand in the office, by the rules of the door; give the answer (JSON).

    The same scan id gets the same answer. Raises ScanIdTaken.
    """
    answers = list_answers(event_id, [reading.id])
    if not answers:
        door = _Door(event_id, actor.label, MAIN_POINT, account_id=actor.id)
        scans = _prepare([reading], door, None, now)
        answers = _settle(scans, door, now)
        result = json.loads(answers[reading.id])["result"]
        record(
            "checkin.by_hand",
            "registration",
            _registration_of(scans[0], door),
            actor=actor,
            now=now,
            event_id=event_id,
            facts={} if result == Result.ADMITTED else {"result": result},
        )
    return answers[reading.id]


def _prepare(
    readings: Iterable[Reading], door: _Door, sent_at: datetime | None, now: datetime
) -> list[_Scan]:
    """Read the codes, correct the times, find the people; the earliest scan comes first."""
    codes = {reading.id: read_code(reading.code) for reading in readings}
    holders = find_holders(door.event_id, codes.values())
    scans = []
    for reading in readings:
        point = clean(reading.point)[:POINT_LENGTH] or door.point
        at = corrected_time(reading.at, sent_at, now)
        sighting = Sighting(at, now, reading.direction, override=bool(reading.override))
        code = codes[reading.id]
        scans.append(
            _Scan(reading, code, point, fold(point)[:POINT_LENGTH], sighting, holders.get(code, ()))
        )
    return sorted(scans, key=lambda scan: scan.sighting.at)


def _settle(scans: list[_Scan], door: _Door, now: datetime) -> dict[str, str]:
    """Judge, store who is where, and judge again whatever a rival decided meanwhile."""
    stays: dict[Key, Presented | None] = {scan.key: _known_stay(scan) for scan in scans if scan.key}
    stored: dict[Key, Presented | None] = {
        scan.key: scan.found[0].stays.get(scan.point_key) for scan in scans if scan.key
    }
    outcomes: dict[str, _Outcome] = {}
    arrivals: dict[int, datetime] = {}
    pending = scans
    for _ in range(ROUNDS):
        changed = _judge_all(pending, stays, outcomes, door)
        lost = store_stays(door.event_id, stored, changed)
        for key, presented in changed.items():
            if key not in lost:
                first = presented.stay.first_at
                arrivals[key[0]] = min(first, arrivals.get(key[0], first))
        if not lost:
            break
        now_known = list_stays(lost)
        for key in lost:
            stays[key] = stored[key] = now_known.get(key)
        pending = [scan for scan in pending if scan.key in lost]
    else:
        raise RuntimeError("scans could not be settled")
    answers = {scan.reading.id: _answer(scan, outcomes[scan.reading.id]) for scan in scans}
    answers = _keep(scans, outcomes, answers, door, now)
    mark_many_attended(arrivals)
    return answers


def _known_stay(scan: _Scan) -> Presented | None:
    """Give the stay at this point; an imported check-in stands for the main entrance."""
    found = scan.found[0]
    known = found.stays.get(scan.point_key)
    if (
        known is None
        and found.attended_at is not None
        and scan.point_key == MAIN_POINT
        # An arrival at another point, by a scan, has its stay there.
        and all(found.attended_at < other.stay.first_at for other in found.stays.values())
    ):
        return Presented(Stay(found.attended_at, inside=True, moved_at=found.attended_at), "", "")
    return known


def _judge_all(
    scans: Sequence[_Scan],
    stays: dict[Key, Presented | None],
    outcomes: dict[str, _Outcome],
    door: _Door,
) -> dict[Key, Presented]:
    """Judge scans one after the other, each on what the one before left; give the changed stays."""
    changed: dict[Key, Presented] = {}
    for scan in scans:
        known = stays[scan.key] if scan.key else None
        holders = tuple(found.holder for found in scan.found)
        verdict = judge(
            scan.code, holders, scan.sighting, door.event_id, known.stay if known else None
        )
        after = _after(scan, verdict, known, door)
        if scan.key and after is not None and after != known:
            stays[scan.key] = changed[scan.key] = after
        outcomes[scan.reading.id] = _Outcome(
            verdict, after.first_where if after else "", after != known
        )
    return changed


def _after(scan: _Scan, verdict: Verdict, known: Presented | None, door: _Door) -> Presented | None:
    """Give the stay after a verdict; a new or an earlier arrival is this scan's, at this door."""
    if verdict.stay is None:
        return known
    if known is None or verdict.stay.first_at != known.stay.first_at:
        return Presented(verdict.stay, scan.reading.id, door.name)
    return replace(known, stay=verdict.stay)


def _answer(scan: _Scan, outcome: _Outcome) -> str:
    verdict = outcome.verdict
    named = verdict.result in NAMING
    first_at = verdict.stay.first_at if named and verdict.stay else None
    body = {
        "id": scan.reading.id,
        "result": verdict.result.value,
        "reason": verdict.reason.value if verdict.reason else None,
        "person": scan.found[0].person if named else None,
        "first_at": first_at.isoformat().replace("+00:00", "Z") if first_at else None,
        "first_where": outcome.where or None if first_at else None,
    }
    return json.dumps(body, ensure_ascii=False, separators=(",", ":"))


def _keep(
    scans: Sequence[_Scan],
    outcomes: Mapping[str, _Outcome],
    answers: dict[str, str],
    door: _Door,
    now: datetime,
) -> dict[str, str]:
    """Store the rows. A scan that a retry brought at the same moment keeps the answer stored first."""
    rows = [
        _row(scan, outcomes[scan.reading.id].verdict, answers[scan.reading.id], door, now)
        for scan in scans
    ]
    kept = {
        scan_id for (scan_id,) in insert_ignoring_conflict(Scan, ("scan_id",), ("scan_id",), rows)
    }
    taken = answers.keys() - kept
    if not taken:
        return answers
    stored = list_answers(door.event_id, taken)
    if stored.keys() != taken or any(outcomes[scan_id].changed for scan_id in taken):
        # Not a retry but two different scans under one id: nothing of this batch is kept.
        raise ScanIdTaken
    return answers | stored


def _row(
    scan: _Scan, verdict: Verdict, answer: str, door: _Door, now: datetime
) -> dict[str, object]:
    overridden = verdict.reason is Reason.OVERRIDE
    return {
        "scan_id": scan.reading.id,
        "event_id": door.event_id,
        "registration_id": _registration_of(scan, door),
        "code_digest": scan.code.value if scan.code.kind == "badge" else digest(scan.reading.code),
        "point": scan.point,
        "point_key": scan.point_key,
        "direction": scan.reading.direction,
        "device_id": door.device_id,
        "account_id": door.account_id,
        "device_at": scan.reading.at,
        "at": scan.sighting.at,
        "received_at": now,
        "result": verdict.result.value,
        "reason": verdict.reason.value if verdict.reason else None,
        "override": overridden,
        "note": clean(scan.reading.override)[:NOTE_LENGTH] if overridden else "",
        "answer": answer,
    }


def _registration_of(scan: _Scan, door: _Door) -> int | None:
    """Name the person of a row only within the event: a foreign badge stays foreign in our log."""
    if len(scan.found) != 1 or scan.found[0].holder.event_id != door.event_id:
        return None
    return scan.found[0].registration_id
