"""Take a scan back. The scan stays as it is; the undo is a further row that says who and why."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from sqlalchemy import delete, select, update

from eventsys.audit.operations import record
from eventsys.checkin.errors import NothingToUndo, ScanIdTaken, ScanNotFound, UndoTooLate
from eventsys.checkin.models import Presence, Scan
from eventsys.checkin.operations.presence import insert_ignoring_conflict
from eventsys.checkin.queries.devices import get_caller
from eventsys.checkin.queries.scans import (
    find_imported_arrival,
    find_scan,
    find_undo,
    list_standing_entries,
)
from eventsys.checkin.rules import MAIN_POINT, UNDO_WINDOW, within_undo_window
from eventsys.core.actor import Actor
from eventsys.core.db import db
from eventsys.core.text import clean
from eventsys.registration.operations.attendance import unmark_attended

if TYPE_CHECKING:
    from datetime import datetime

UNDOABLE: Final = ("admitted", "left")
NOTE_LENGTH: Final = 200


@dataclass(frozen=True, slots=True)
class Undo:
    """What is asked: the undo's own id (a UUID, for retries), the scan's id, and why."""

    id: str
    scan_id: str
    note: str = ""


def undo_by_device(token: str, undo: Undo, *, now: datetime) -> str:
    """Undo a scan of this device; give the answer (JSON), the same for a retry.

    Raises UnknownDevice, DeviceWithdrawn, ScanNotFound, NothingToUndo, UndoTooLate.
    """
    caller = get_caller(token, now=now)
    scan = find_scan(caller.event_id, undo.scan_id)
    if scan is None or scan.device_id != caller.id:
        raise ScanNotFound
    earlier = find_undo(scan)
    if earlier is not None and earlier.scan_id == undo.id:
        return earlier.answer
    if not within_undo_window(scan.received_at, now):
        raise UndoTooLate(minutes=int(UNDO_WINDOW.total_seconds() // 60))
    return _undo(scan, undo, actor=Actor("device", caller.id, caller.name), now=now)


def undo_by_staff(event_id: int, undo: Undo, *, actor: Actor, now: datetime) -> str:
    """Undo any scan of an event, at any time; raises ScanNotFound, NothingToUndo."""
    scan = find_scan(event_id, undo.scan_id)
    if scan is None:
        raise ScanNotFound
    return _undo(scan, undo, actor=actor, now=now)


def _undo(scan: Scan, undo: Undo, *, actor: Actor, now: datetime) -> str:
    if scan.result not in UNDOABLE or scan.registration_id is None or find_undo(scan) is not None:
        raise NothingToUndo
    answer = json.dumps(
        {"id": undo.id, "result": "undone", "scan": scan.scan_id}, separators=(",", ":")
    )
    row = {
        "scan_id": undo.id,
        "event_id": scan.event_id,
        "registration_id": scan.registration_id,
        "code_digest": scan.code_digest,
        "point": scan.point,
        "point_key": scan.point_key,
        "direction": "undo",
        "device_id": actor.id if actor.kind == "device" else None,
        "account_id": actor.id if actor.kind == "staff" else None,
        "device_at": now,
        "at": now,
        "received_at": now,
        "result": "undone",
        "reason": None,
        "note": clean(undo.note)[:NOTE_LENGTH],
        "undoes_id": scan.id,
        "answer": answer,
    }
    # Both unique columns are guarded: the id of the undo, and that a scan is undone once.
    if not insert_ignoring_conflict(Scan, (), ("id",), [row]):
        raise NothingToUndo if find_undo(scan) is not None else ScanIdTaken
    _restore(scan, now)
    facts = {"scan": scan.scan_id, "registration": scan.registration_id, "note": row["note"]}
    record(
        "checkin.undo", "scan", scan.id, actor=actor, now=now, event_id=scan.event_id, facts=facts
    )
    return answer


def _restore(scan: Scan, now: datetime) -> None:
    """Put presence and attendance back to what the standing scans say."""
    registration_id = scan.registration_id or 0
    here = (Presence.registration_id == registration_id, Presence.point_key == scan.point_key)
    if scan.result == "left":
        change = (
            update(Presence)
            .where(*here, Presence.moved_at <= scan.at)
            .values(inside=True, moved_at=now)
        )
        db.session.execute(change, execution_options={"synchronize_session": False})
        return
    arrivals = [
        (entry.at, entry.scan_id)
        for entry in list_standing_entries(registration_id, scan.point_key)
    ]
    imported = find_imported_arrival(registration_id)
    if imported is not None and scan.point_key == MAIN_POINT:
        arrivals.append((imported, ""))
    if not arrivals:
        db.session.execute(
            delete(Presence).where(*here), execution_options={"synchronize_session": False}
        )
    else:
        first_at, first_scan = min(arrivals)
        inside = scan.reason != "re_entry"
        values = {
            "first_scan": first_scan,
            "first_at": first_at,
            "inside": inside,
            "moved_at": now,
        }
        db.session.execute(
            update(Presence).where(*here).values(values),
            execution_options={"synchronize_session": False},
        )
    if imported is not None:
        return  # earlier than any scan, or attendance would be a scan's
    earliest = select(Presence.first_at).where(Presence.registration_id == registration_id)
    unmark_attended(
        registration_id,
        db.session.scalar(earliest.order_by(Presence.first_at, Presence.id).limit(1)),
    )
