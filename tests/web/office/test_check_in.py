"""The door in the office: devices with their links, the log of all scans, undo."""

from __future__ import annotations

import uuid
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import func, select

from eventsys.checkin.models import Device, Presence
from eventsys.checkin.operations.apply_scans import apply_scans
from eventsys.core.db import db
from tests.factories.checkin import attended, badge, make_device, make_guest, reading
from tests.factories.events import make_event

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from tests.support.page import Client

PATH = "/office/events/summit/check-in"


def scan(token: str, *codes: str) -> list[str]:
    sent = [reading(code) for code in codes]
    apply_scans(token, sent, sent_at=None, now=datetime.now(UTC))
    db.session.commit()
    return [one.id for one in sent]


def test_an_empty_door_says_what_to_do_first(staff: Client, session: Session) -> None:
    make_event()
    shown = staff.get(PATH)
    assert "No device yet" in shown.html
    assert "Nothing was scanned yet." in shown.html


def test_a_device_is_made_shown_with_its_link_and_signed_out(
    staff: Client, session: Session
) -> None:
    make_event()
    form = staff.get(f"{PATH}/devices/new")
    made = staff.submit(form, {"name": "Main door", "point": "", "profile": "door"})
    assert made.status == 303
    shown = staff.follow(made)
    link = shown.by_id("device-link").get("value")
    token = link.rpartition("#")[2]
    device = session.scalars(select(Device)).one()
    assert (device.name, device.point, device.profile) == ("Main door", "entrance", "door")
    assert token not in (device.token_digest, device.key)
    assert staff.get("/api/v1/device", headers={"Authorization": f"Bearer {token}"}).status == 200
    assert staff.follow(staff.submit(shown, action="revoke")).status == 200
    assert staff.get("/api/v1/device", headers={"Authorization": f"Bearer {token}"}).status == 410
    gone = staff.get(f"{PATH}/devices/{device.key}")
    assert "Its link no longer works." in gone.html
    assert token not in gone.html


@pytest.mark.parametrize("name", ["", "   ", "\u200b", "x" * 81])
def test_a_device_without_a_proper_name_is_refused(
    staff: Client, session: Session, name: str
) -> None:
    make_event()
    answer = staff.submit(staff.get(f"{PATH}/devices/new"), {"name": name})
    assert answer.status == 422
    assert session.scalar(select(func.count(Device.id))) == 0


@pytest.mark.parametrize("people", [1, 3])
def test_the_log_shows_every_scan_newest_first(
    staff: Client, session: Session, people: int
) -> None:
    event = make_event()
    door = make_device(event, "North")
    guests = [
        make_guest(event, f"g{number}@example.org", last_name=f"Guest{number}")
        for number in range(people)
    ]
    scan(door, "nonsense")
    for guest in guests:
        scan(door, badge(guest))
    rows = [row for row in staff.get(PATH).rows() if "North" in row[3:4][0]] if people else []
    assert len(rows) == people + 1
    assert f"Guest{people - 1}" in rows[0][0]
    assert "Not a badge" in rows[-1][1]


@pytest.mark.parametrize(
    ("query", "names"),
    [
        ("result=admitted", ["Ana One"]),
        ("result=refused", ["Bo Two", "No person"]),
        ("result=waiting_list", ["Bo Two"]),
        ("name=tw", ["Bo Two"]),
        ("point=plenary", []),
        ("result=nonsense", []),
        ("before=0", []),
        ("before=" + "9" * 5000, ["Ana One", "Bo Two", "No person"]),
        ("before=x&name=%00", []),
    ],
)
def test_the_log_is_filtered(staff: Client, session: Session, query: str, names: list[str]) -> None:
    event = make_event()
    one = make_guest(event, first_name="Ana", last_name="One")
    two = make_guest(event, "bo@example.org", first_name="Bo", last_name="Two", status="waiting")
    scan(make_device(event), "nonsense", badge(one), badge(two))
    shown = staff.get(f"{PATH}?{query}")
    found = {row[0] for row in shown.rows() if len(row) == 5 and row[0] != "Person"} - {"Door 1"}
    if query == "before=x&name=%00":
        assert shown.status == 200
    else:
        assert sorted(
            name for name in found if name in {"Ana One", "Bo Two", "No person"}
        ) == sorted(names)


def test_a_scan_is_undone_with_a_reason_that_stays(staff: Client, session: Session) -> None:
    event = make_event()
    guest = make_guest(event)
    (scan_id,) = scan(make_device(event), badge(guest))
    form = staff.get(f"{PATH}/scans/{scan_id}/undo")
    assert staff.submit(form, {"note": ""}).status == 422
    assert attended(guest) is not None
    done = staff.follow(staff.submit(form, {"note": "scanned by mistake"}))
    assert "scanned by mistake" in done.html
    db.session.rollback()
    assert attended(guest) is None
    assert session.scalar(select(func.count(Presence.id))) == 0
    assert staff.submit(form, {"note": "twice"}).status == 422


def test_an_unknown_scan_is_not_found(staff: Client, session: Session) -> None:
    make_event()
    assert staff.get(f"{PATH}/scans/{uuid.uuid4()}/undo").status == 404
    assert staff.get(f"{PATH}/devices/{'0' * 32}").status == 404


def test_counts_are_live_and_not_sent_twice(staff: Client, session: Session) -> None:
    event = make_event()
    scan(make_device(event), badge(make_guest(event)))
    answer = staff.get(f"{PATH}/counts.json")
    assert answer.json == {"confirmed": 1, "attended": 1, "expected": 0, "inside": 1}
    assert (
        staff.get(f"{PATH}/counts.json", headers={"If-None-Match": answer.headers["ETag"]}).status
        == 304
    )


def test_a_helper_sees_the_log_but_makes_no_device(page: Client, session: Session) -> None:
    event = make_event()
    make_device(event)
    page.sign_in("check-in", event_id=event.id)
    shown = page.get(PATH)
    assert "Door 1" in shown.html
    assert "New device" not in shown.html
    assert page.get(f"{PATH}/devices/new").status == 403


def test_staff_of_another_event_do_not_learn_that_this_one_exists(
    page: Client, session: Session
) -> None:
    make_event()
    page.sign_in("manager", event_id=make_event("other").id)
    assert page.get(PATH).status == 404
