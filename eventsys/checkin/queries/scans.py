"""The log of scans, for the office and for the desk's own list."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import exists, func, or_, select
from sqlalchemy.orm import aliased

from eventsys.checkin.errors import ScanNotFound
from eventsys.checkin.models import Device, Presence, Scan
from eventsys.core.db import db
from eventsys.core.text import fold
from eventsys.registration.models import Registration

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from sqlalchemy import Row, Select

    from eventsys.checkin.rules import Days


@dataclass(frozen=True, slots=True)
class Filter:
    """What the office wants to see of the log. ``result`` "refused" means everything not admitted.

    With ``outside`` only those who were let in at a moment that is not in these days.
    """

    result: str = ""
    device_key: str = ""
    point_key: str = ""
    name: str = ""
    before: int | None = None
    outside: Days | None = None
    limit: int = 50


@dataclass(frozen=True, slots=True)
class LogLine:
    """One line of the log. ``overtaken``: an earlier scan of another phone became the arrival later."""

    id: int
    scan_id: str
    at: datetime
    received_at: datetime
    direction: str
    point: str
    result: str
    reason: str | None
    override: bool
    note: str
    device: str | None
    name: str | None
    registration_id: int | None
    undone: bool
    overtaken: bool


def find_scan(event_id: int, scan_id: str) -> Scan | None:
    """Find a scan of an event by its own id."""
    return db.session.scalar(select(Scan).where(Scan.event_id == event_id, Scan.scan_id == scan_id))


def find_undo(scan: Scan) -> Scan | None:
    """Find the undo of a scan."""
    return db.session.scalar(select(Scan).where(Scan.undoes_id == scan.id))


def list_standing_entries(registration_id: int, point_key: str) -> Sequence[Scan]:
    """List the scans that let a person in at a point and were not undone, the earliest first."""
    undo = aliased(Scan)
    query = (
        select(Scan)
        .outerjoin(undo, undo.undoes_id == Scan.id)
        .where(
            Scan.registration_id == registration_id,
            Scan.point_key == point_key,
            Scan.direction == "in",
            Scan.result == "admitted",
            undo.id.is_(None),
        )
        .order_by(Scan.at, Scan.id)
    )
    return db.session.scalars(query).all()


def find_imported_arrival(registration_id: int) -> datetime | None:
    """Find an arrival that a table brought: the attendance of a person that no scan stands for."""
    by_scan = exists().where(
        Scan.registration_id == Registration.id,
        Scan.direction == "in",
        Scan.result == "admitted",
        Scan.at == Registration.attended_at,
    )
    return db.session.scalar(
        select(Registration.attended_at).where(Registration.id == registration_id, ~by_scan)
    )


def list_log(event_id: int, wanted: Filter) -> Sequence[LogLine]:
    """List the scans of an event, the newest first; ``before`` is the id to page on from."""
    query = _log(event_id).order_by(Scan.id.desc()).limit(wanted.limit)
    if wanted.result == "refused":
        query = query.where(Scan.result.not_in(("admitted", "left", "undone")))
    elif wanted.result:
        query = query.where(Scan.result == wanted.result)
    if wanted.outside is not None:
        days = wanted.outside
        outside = or_(Scan.at < days.begin, Scan.at >= days.end)
        query = query.where(Scan.result == "admitted", outside)
    if wanted.device_key:
        query = query.where(Device.key == wanted.device_key)
    if wanted.point_key:
        query = query.where(Scan.point_key == wanted.point_key)
    for word in fold(wanted.name).split():
        query = query.where(Registration.search_text.contains(word, autoescape=True))
    if wanted.before is not None:
        query = query.where(Scan.id < wanted.before)
    return [_line(row) for row in db.session.execute(query)]


def get_log_line(event_id: int, scan_id: str) -> LogLine:
    """Get one line of the log; raises ScanNotFound."""
    row = db.session.execute(_log(event_id).where(Scan.scan_id == scan_id)).one_or_none()
    if row is None:
        raise ScanNotFound
    return _line(row)


def _log(event_id: int) -> Select[*tuple[Any, ...]]:
    undo = aliased(Scan)
    here = (Presence.registration_id == Scan.registration_id) & (
        Presence.point_key == Scan.point_key
    )
    return (
        select(
            Scan,
            Device.name.label("device"),
            Registration.first_name,
            Registration.last_name,
            undo.id.label("undo_id"),
            Presence.first_scan,
        )
        .outerjoin(Device, Device.id == Scan.device_id)
        .outerjoin(Registration, Registration.id == Scan.registration_id)
        .outerjoin(undo, undo.undoes_id == Scan.id)
        .outerjoin(Presence, here)
        .where(Scan.event_id == event_id)
    )


def _line(row: Row[*tuple[Any, ...]]) -> LogLine:
    scan: Scan = row.Scan
    return LogLine(
        id=scan.id,
        scan_id=scan.scan_id,
        at=scan.at,
        received_at=scan.received_at,
        direction=scan.direction,
        point=scan.point,
        result=scan.result,
        reason=scan.reason,
        override=scan.override,
        note=scan.note,
        device=row.device,
        name=f"{row.first_name} {row.last_name}".strip() if scan.registration_id else None,
        registration_id=scan.registration_id,
        undone=row.undo_id is not None,
        overtaken=scan.result == "admitted"
        and scan.reason is None
        and row.first_scan not in {None, scan.scan_id},
    )


def list_points(event_id: int) -> Sequence[tuple[str, str]]:
    """List the points where somebody scanned: key and name as first written."""
    query = select(Scan.point_key, func.min(Scan.point)).where(Scan.event_id == event_id)
    rows = db.session.execute(query.group_by(Scan.point_key).order_by(Scan.point_key))
    return [(key, name) for key, name in rows]
