"""Scans are kept one row each, answered once for ever, and let each person in once."""

from __future__ import annotations

import json
import uuid
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import func, select

from eventsys.checkin.errors import DeviceWithdrawn, OverrideNotAllowed, ScanIdTaken, UnknownDevice
from eventsys.checkin.models import Device, Presence, Scan
from eventsys.checkin.operations import apply_scans as module
from eventsys.checkin.operations.apply_scans import Reading, apply_scans
from eventsys.checkin.operations.devices import revoke_device
from eventsys.checkin.rules import Profile
from eventsys.core.db import db
from tests.factories.checkin import (
    EVA,
    attended,
    badge,
    make_device,
    make_guest,
    reading,
    replace_badge,
)
from tests.factories.events import make_event

if TYPE_CHECKING:
    from collections.abc import Callable

    from sqlalchemy.orm import Session

NOW = datetime.now(UTC).replace(microsecond=0)


def scan(
    token: str, *readings: Reading, now: datetime = NOW, sent_at: datetime | None = None
) -> list[dict[str, Any]]:
    """Send scans in a request of their own and give the verdicts."""
    answers = apply_scans(token, readings, sent_at=sent_at, now=now)
    db.session.commit()
    return [json.loads(answer) for answer in answers]


def results(verdicts: list[dict[str, Any]]) -> list[str]:
    return [verdict["result"] for verdict in verdicts]


def rows(session: Session) -> int:
    return session.scalar(select(func.count(Scan.id))) or 0


def test_a_confirmed_person_is_let_in_and_named(session: Session) -> None:
    event = make_event()
    door, guest = make_device(event), make_guest(event)
    (verdict,) = scan(door, reading(badge(guest), NOW - timedelta(seconds=2)))
    assert verdict["result"] == "admitted"
    assert verdict["reason"] is None
    assert verdict["person"] == {
        "name": "Ana Ñandú",
        "organisation": "Ajuntament",
        "city": "Barcelona",
        "country": "ES",
        "category": "delegate",
    }
    assert attended(guest) == NOW - timedelta(seconds=2)
    assert verdict["first_at"] == (NOW - timedelta(seconds=2)).isoformat().replace("+00:00", "Z")


def test_the_same_person_at_another_door_is_already_in_since_then_and_there(
    session: Session,
) -> None:
    event = make_event()
    first, second, guest = (
        make_device(event, "North"),
        make_device(event, "South"),
        make_guest(event),
    )
    scan(first, reading(badge(guest), NOW))
    (verdict,) = scan(
        second, reading(badge(guest), NOW + timedelta(minutes=3)), now=NOW + timedelta(minutes=3)
    )
    assert verdict["result"] == "already_in"
    assert verdict["first_at"] == NOW.isoformat().replace("+00:00", "Z")
    assert verdict["first_where"] == "North"
    assert rows(session) == 2


def test_the_same_scan_gets_the_same_answer_byte_for_byte_whatever_happened_since(
    session: Session,
) -> None:
    event = make_event()
    door, guest = make_device(event), make_guest(event)
    sent = reading(badge(guest), NOW)
    first = apply_scans(door, [sent], sent_at=None, now=NOW)
    db.session.commit()
    guest.status, guest.first_name = "cancelled", "Somebody"
    db.session.commit()
    assert apply_scans(door, [sent, sent], sent_at=NOW, now=NOW + timedelta(hours=3)) == first * 2
    db.session.commit()
    assert rows(session) == 1


def test_a_scan_twice_in_one_batch_is_one_scan(session: Session) -> None:
    event = make_event()
    door, sent = make_device(event), reading(badge(make_guest(event)))
    assert results(scan(door, sent, sent)) == ["admitted", "admitted"]
    assert rows(session) == 1


@pytest.mark.parametrize(
    ("status", "result", "reason"),
    [
        ("cancelled", "cancelled", "cancelled"),
        ("waiting", "waiting_list", "waiting"),
        ("submitted", "not_confirmed", "submitted"),
        ("approved", "not_confirmed", "approved"),
        ("rejected", "not_confirmed", "rejected"),
        ("expired", "not_confirmed", "expired"),
    ],
)
def test_who_is_not_confirmed_is_named_refused_and_kept_in_the_log(
    session: Session, status: str, result: str, reason: str
) -> None:
    event = make_event()
    door, guest = make_device(event), make_guest(event, status=status)
    (verdict,) = scan(door, reading(badge(guest)))
    assert (verdict["result"], verdict["reason"]) == (result, reason)
    assert verdict["person"]["name"] == "Ana Ñandú"
    assert attended(guest) is None
    assert rows(session) == 1
    assert session.scalar(select(func.count(Presence.id))) == 0


def test_a_badge_of_another_event_tells_nothing_about_its_holder(session: Session) -> None:
    event, other = make_event(), make_event("other")
    door, stranger = make_device(event), make_guest(other, first_name="Zebulon")
    answers = apply_scans(
        door, [reading(badge(stranger)), reading(stranger.short_code)], sent_at=None, now=NOW
    )
    db.session.commit()
    assert results([json.loads(answer) for answer in answers]) == ["wrong_event", "wrong_event"]
    assert "Zebulon" not in "".join(answers)
    assert "other" not in "".join(answers).replace("other_event", "")
    assert session.scalars(select(Scan.registration_id)).all() == [None, None]


def test_a_short_code_means_who_is_here_before_anybody_elsewhere(session: Session) -> None:
    """Short codes are of an event: two events may have drawn one code, and a typed one is looked for here first."""
    event, other, third = make_event(), make_event("other"), make_event("third")
    door, guest = make_device(event), make_guest(event)
    for namesake in (make_guest(other), make_guest(third)):
        namesake.short_code = guest.short_code
    only_elsewhere = make_guest(other, "far@example.org").short_code
    make_guest(third, "far@example.org").short_code = only_elsewhere
    db.session.commit()
    assert results(scan(door, reading(guest.short_code))) == ["admitted"]
    assert results(scan(door, reading(only_elsewhere))) == ["wrong_event"]
    assert session.scalars(select(Scan.registration_id).order_by(Scan.id)).all() == [guest.id, None]


def test_a_replaced_badge_is_refused_and_the_new_one_lets_in(session: Session) -> None:
    event = make_event()
    door, guest = make_device(event), make_guest(event)
    old = badge(guest)
    replace_badge(guest)
    assert results(scan(door, reading(old))) == ["revoked"]
    assert attended(guest) is None


def test_a_short_code_lets_in_like_the_square_code(session: Session) -> None:
    event = make_event()
    door, guest = make_device(event), make_guest(event)
    typed = f"{guest.short_code[:4].lower()}-{guest.short_code[4:]}"
    assert results(scan(door, reading(typed), reading(badge(guest)))) == ["admitted", "already_in"]


def test_what_is_no_badge_and_what_nobody_has_are_kept_too(session: Session) -> None:
    door = make_device(make_event())
    assert results(scan(door, reading("HTTPSM!!HOST"), reading("A" * 26))) == [
        "malformed",
        "unknown",
    ]
    assert rows(session) == 2


def test_the_corrected_time_decides_within_a_batch_and_the_answers_keep_its_order(
    session: Session,
) -> None:
    event = make_event()
    door, guest = make_device(event), make_guest(event)
    later = reading(badge(guest), NOW - timedelta(hours=1))
    earlier = reading(badge(guest), NOW - timedelta(hours=2))
    assert results(scan(door, later, earlier)) == ["already_in", "admitted"]
    assert attended(guest) == NOW - timedelta(hours=2)


def test_an_earlier_scan_in_a_later_sync_moves_the_arrival_and_counts_nobody_twice(
    session: Session,
) -> None:
    event = make_event()
    north, south, guest = (
        make_device(event, "North"),
        make_device(event, "South"),
        make_guest(event),
    )
    scan(south, reading(badge(guest), NOW - timedelta(minutes=18)))
    (verdict,) = scan(north, reading(badge(guest), NOW - timedelta(minutes=20)))
    assert (verdict["result"], verdict["reason"]) == ("admitted", "earlier_scan")
    assert attended(guest) == NOW - timedelta(minutes=20)
    assert session.scalar(select(func.count(Presence.id))) == 1
    (again,) = scan(south, reading(badge(guest), NOW))
    assert (again["result"], again["first_where"]) == ("already_in", "North")


def test_a_device_with_a_slow_clock_is_corrected(session: Session) -> None:
    event = make_event()
    door, guest = make_device(event), make_guest(event)
    slow = timedelta(minutes=10)
    scan(door, reading(badge(guest), NOW - slow - timedelta(seconds=5)), sent_at=NOW - slow)
    assert attended(guest) == NOW - timedelta(seconds=5)
    row = session.scalars(select(Scan)).one()
    assert (row.device_at, row.at, row.received_at) == (
        NOW - slow - timedelta(seconds=5),
        NOW - timedelta(seconds=5),
        NOW,
    )


def test_leaving_and_coming_back(session: Session) -> None:
    event = make_event()
    door, guest = make_device(event), make_guest(event)
    code = badge(guest)
    steps = [
        scan(
            door,
            reading(code, NOW + timedelta(minutes=minute), direction=direction),
            now=NOW + timedelta(minutes=minute),
        )
        for minute, direction in enumerate(("in", "out", "in", "in"))
    ]
    assert [(step[0]["result"], step[0]["reason"]) for step in steps] == [
        ("admitted", None),
        ("left", None),
        ("admitted", "re_entry"),
        ("already_in", "earlier_entry"),
    ]
    assert attended(guest) == NOW


def test_each_point_counts_its_own_entries(session: Session) -> None:
    event = make_event()
    door, guest = make_device(event), make_guest(event)
    code = badge(guest)
    verdicts = scan(
        door, reading(code), reading(code, point="Plenary"), reading(code, point="  PLENARY ")
    )
    assert results(verdicts) == ["admitted", "admitted", "already_in"]


def test_an_imported_arrival_counts_as_being_in_at_the_entrance(session: Session) -> None:
    event = make_event()
    door, guest = make_device(event), make_guest(event)
    guest.attended_at = NOW - timedelta(hours=4)
    db.session.commit()
    (verdict,) = scan(door, reading(badge(guest), NOW))
    assert verdict["result"] == "already_in"
    assert verdict["first_at"] == (NOW - timedelta(hours=4)).isoformat().replace("+00:00", "Z")


def test_an_imported_arrival_stands_for_the_entrance_after_a_side_room_too(
    session: Session,
) -> None:
    event = make_event()
    door, guest = make_device(event), make_guest(event)
    guest.attended_at = NOW - timedelta(hours=4)
    db.session.commit()
    (aside,) = scan(door, reading(badge(guest), NOW - timedelta(hours=1), point="Plenary"))
    (verdict,) = scan(door, reading(badge(guest), NOW))
    assert (aside["result"], verdict["result"]) == ("admitted", "already_in")
    assert verdict["first_at"] == (NOW - timedelta(hours=4)).isoformat().replace("+00:00", "Z")


def test_a_desk_lets_in_against_the_rules_with_its_reason(session: Session) -> None:
    event = make_event()
    desk, guest = make_device(event), make_guest(event, status="waiting")
    (verdict,) = scan(desk, reading(badge(guest), override="The mayor's own guest"))
    assert (verdict["result"], verdict["reason"]) == ("admitted", "override")
    row = session.scalars(select(Scan)).one()
    assert (row.override, row.note) == (True, "The mayor's own guest")


def test_a_door_may_not(session: Session) -> None:
    event = make_event()
    door, guest = make_device(event, profile=Profile.DOOR), make_guest(event, status="waiting")
    with pytest.raises(OverrideNotAllowed):
        scan(door, reading(badge(guest), override="please"))


def test_an_unknown_a_revoked_and_an_expired_device_are_told_so(session: Session) -> None:
    event = make_event()
    token = make_device(event)
    with pytest.raises(UnknownDevice):
        scan(token[::-1], reading("x"))
    with pytest.raises(DeviceWithdrawn):
        scan(token, reading("x"), now=NOW + timedelta(days=400))
    revoke_device(event.id, session.scalars(select(Device.key)).one(), actor=EVA, now=NOW)
    db.session.commit()
    with pytest.raises(DeviceWithdrawn):
        scan(token, reading("x"))


def test_one_id_for_two_scans_of_two_events_is_refused(session: Session) -> None:
    event, other = make_event(), make_event("other")
    here, there = make_device(event), make_device(other)
    same = str(uuid.uuid4())
    scan(there, reading("x", id=same))
    with pytest.raises(ScanIdTaken):
        scan(here, reading("y", id=same))
    db.session.rollback()
    assert rows(session) == 1


def test_a_rival_that_was_faster_is_noticed_after_the_first_judgement(
    session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    event = make_event()
    north, south, guest = (
        make_device(event, "North"),
        make_device(event, "South"),
        make_guest(event),
    )
    code = badge(guest)
    real = module.store_stays

    def slow(*arguments: Any) -> Any:
        monkeypatch.setattr(module, "store_stays", real)
        apply_scans(north, [reading(code, NOW)], sent_at=None, now=NOW)
        return real(*arguments)

    monkeypatch.setattr(module, "store_stays", slow)
    (verdict,) = scan(south, reading(code, NOW))
    assert (verdict["result"], verdict["first_where"]) == ("already_in", "North")
    assert session.scalar(select(func.count(Presence.id))) == 1


def test_a_scan_costs_at_most_five_statements(
    session: Session, count_queries: Callable[[], Any]
) -> None:
    event = make_event()
    door, guest = make_device(event), make_guest(event)
    code = badge(guest)
    stranger = make_guest(make_event("other")).short_code
    for said in (code, code, "nonsense", guest.short_code, stranger):
        sent = reading(said)
        with count_queries() as queries:
            apply_scans(door, [sent], sent_at=None, now=NOW)
        db.session.commit()
        assert len(queries) <= 5, queries.statements


def test_a_batch_costs_no_more_statements_than_a_scan(
    session: Session, count_queries: Callable[[], Any]
) -> None:
    event = make_event()
    door = make_device(event)
    codes = [badge(make_guest(event, f"guest{number}@example.org")) for number in range(30)]
    with count_queries() as queries:
        answers = apply_scans(door, [reading(code) for code in codes], sent_at=None, now=NOW)
    assert [json.loads(answer)["result"] for answer in answers] == ["admitted"] * 30
    assert len(queries) <= 5, queries.statements
