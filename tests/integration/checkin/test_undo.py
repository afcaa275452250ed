"""An undo is a row of its own; presence and attendance follow what still stands."""

from __future__ import annotations

import json
import uuid
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import func, select

from eventsys.audit.models import AuditEntry
from eventsys.checkin.errors import NothingToUndo, ScanNotFound, UndoTooLate
from eventsys.checkin.models import Presence, Scan
from eventsys.checkin.operations.apply_scans import Reading, apply_scans
from eventsys.checkin.operations.undo import Undo, undo_by_device, undo_by_staff
from eventsys.core.db import db
from tests.factories.checkin import EVA, attended, badge, make_device, make_guest, reading
from tests.factories.events import make_event

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

NOW = datetime.now(UTC).replace(microsecond=0)


def scan(token: str, sent: Reading, now: datetime = NOW) -> str:
    (answer,) = apply_scans(token, [sent], sent_at=None, now=now)
    db.session.commit()
    return str(json.loads(answer)["result"])


def take_back(token: str, sent: Reading, **more: Any) -> str:
    undo = Undo(more.pop("id", str(uuid.uuid4())), sent.id, more.pop("note", ""))
    answer = undo_by_device(token, undo, now=more.pop("now", NOW + timedelta(minutes=1)))
    db.session.commit()
    return answer


def test_an_undone_entry_never_happened_for_the_figures_and_stays_in_the_log(
    session: Session,
) -> None:
    event = make_event()
    door, guest = make_device(event), make_guest(event)
    sent = reading(badge(guest), NOW)
    scan(door, sent)
    take_back(door, sent, note="wrong person")
    assert attended(guest) is None
    assert session.scalar(select(func.count(Presence.id))) == 0
    directions = session.scalars(select(Scan.direction).order_by(Scan.id)).all()
    assert directions == ["in", "undo"]
    assert (
        session.scalars(select(AuditEntry.action).order_by(AuditEntry.id.desc())).first()
        == "checkin.undo"
    )


def test_after_an_undo_the_next_scan_lets_in_and_the_old_one_still_says_what_it_said(
    session: Session,
) -> None:
    event = make_event()
    door, guest = make_device(event), make_guest(event)
    sent = reading(badge(guest), NOW)
    scan(door, sent)
    take_back(door, sent)
    assert scan(door, sent) == "admitted"
    assert attended(guest) is None
    assert scan(door, reading(badge(guest), NOW)) == "admitted"
    assert attended(guest) == NOW


def test_a_retry_of_an_undo_gets_the_same_answer(session: Session) -> None:
    event = make_event()
    door, sent = make_device(event), reading(badge(make_guest(event)), NOW)
    scan(door, sent)
    same = str(uuid.uuid4())
    assert take_back(door, sent, id=same) == take_back(door, sent, id=same)
    with pytest.raises(NothingToUndo):
        take_back(door, sent)


def test_undoing_the_first_of_two_entries_leaves_the_other(session: Session) -> None:
    event = make_event()
    north, south, guest = (
        make_device(event, "North"),
        make_device(event, "South"),
        make_guest(event),
    )
    late, early = (
        reading(badge(guest), NOW - timedelta(hours=1)),
        reading(badge(guest), NOW - timedelta(hours=2)),
    )
    scan(north, late)
    scan(south, early)
    assert attended(guest) == early.at
    take_back(south, early)
    assert attended(guest) == late.at


def test_undoing_an_exit_brings_the_person_back_inside(session: Session) -> None:
    event = make_event()
    door, guest = make_device(event), make_guest(event)
    scan(door, reading(badge(guest), NOW))
    out = reading(badge(guest), NOW + timedelta(minutes=5), direction="out")
    scan(door, out, NOW + timedelta(minutes=5))
    take_back(door, out, now=NOW + timedelta(minutes=6))
    assert session.scalars(select(Presence.inside)).all() == [True]


def test_undoing_a_return_leaves_the_person_outside_and_attended(session: Session) -> None:
    event = make_event()
    door, guest = make_device(event), make_guest(event)
    for minute, direction in enumerate(("in", "out", "in")):
        last = reading(badge(guest), NOW + timedelta(minutes=minute), direction=direction)
        scan(door, last, NOW + timedelta(minutes=minute))
    take_back(door, last, now=NOW + timedelta(minutes=4))
    assert session.scalars(select(Presence.inside)).all() == [False]
    assert attended(guest) == NOW


def test_a_refused_scan_cannot_be_undone(session: Session) -> None:
    door, sent = make_device(make_event()), reading("nonsense")
    scan(door, sent)
    with pytest.raises(NothingToUndo):
        take_back(door, sent)


def test_a_device_undoes_its_own_scans_only_and_only_for_a_while(session: Session) -> None:
    event = make_event()
    north, south, guest = (
        make_device(event, "North"),
        make_device(event, "South"),
        make_guest(event),
    )
    sent = reading(badge(guest), NOW)
    scan(north, sent)
    with pytest.raises(ScanNotFound):
        take_back(south, sent)
    with pytest.raises(UndoTooLate):
        take_back(north, sent, now=NOW + timedelta(minutes=16))
    undo_by_staff(
        event.id,
        Undo(str(uuid.uuid4()), sent.id, "asked by telephone"),
        actor=EVA,
        now=NOW + timedelta(days=1),
    )
    assert attended(guest) is None


def test_staff_of_another_event_find_no_such_scan(session: Session) -> None:
    event, other = make_event(), make_event("other")
    door, sent = make_device(event), reading(badge(make_guest(event)))
    scan(door, sent)
    with pytest.raises(ScanNotFound):
        undo_by_staff(other.id, Undo(str(uuid.uuid4()), sent.id), actor=EVA, now=NOW)


def imported(session: Session, event: Any) -> Any:
    """Give a guest whose arrival a table brought: there is no scan of it."""
    guest = make_guest(event)
    guest.attended_at = NOW - timedelta(hours=4)
    db.session.commit()
    return guest


def test_an_undo_in_a_side_room_leaves_an_imported_arrival(session: Session) -> None:
    event = make_event()
    door, guest = make_device(event), imported(session, event)
    sent = reading(badge(guest), NOW, point="Plenary")
    assert scan(door, sent) == "admitted"
    take_back(door, sent)
    assert attended(guest) == NOW - timedelta(hours=4)
    assert session.scalar(select(func.count(Presence.id))) == 0


def test_an_undone_re_entry_leaves_an_imported_arrival_and_the_person_outside(
    session: Session,
) -> None:
    event = make_event()
    door, guest = make_device(event), imported(session, event)
    code = badge(guest)
    assert scan(door, reading(code, NOW - timedelta(minutes=9), direction="out")) == "left"
    back = reading(code, NOW - timedelta(minutes=5))
    assert scan(door, back) == "admitted"
    take_back(door, back)
    assert attended(guest) == NOW - timedelta(hours=4)
    presence = session.scalars(select(Presence)).one()
    assert (presence.first_at, presence.inside) == (NOW - timedelta(hours=4), False)
    assert scan(door, reading(code, NOW)) == "admitted"
    assert attended(guest) == NOW - timedelta(hours=4)
