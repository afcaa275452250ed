"""The door by hand: somebody is checked in on the page of that person."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from sqlalchemy import func, select

from eventsys.audit.models import AuditEntry
from eventsys.checkin.models import Presence, Scan
from eventsys.core.db import db
from tests.factories.checkin import attended, make_guest
from tests.factories.events import make_event

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from eventsys.registration.models import Registration
    from tests.support.page import Client, Page


def of(guest: Registration, action: str = "") -> str:
    return f"/office/events/summit/participants/{guest.id}{action}"


def scans() -> list[tuple[str, str, int | None]]:
    db.session.rollback()
    rows = db.session.execute(select(Scan.result, Scan.point, Scan.account_id).order_by(Scan.id))
    return [tuple(row) for row in rows]


def press(client: Client, shown: Page) -> Page:
    return client.submit(shown, action="/check-in")


@pytest.mark.parametrize("role", ["check-in", "manager", "secretariat"])
def test_somebody_is_checked_in_by_hand_and_the_log_says_by_whom(
    page: Client, session: Session, role: str
) -> None:
    event = make_event()
    guest = make_guest(event)
    page.sign_in(role, event_id=None if role == "secretariat" else event.id)
    done = page.follow(press(page, page.get(of(guest))))
    assert "Checked in." in done.main
    assert "Arrived" in done.main
    assert attended(guest) is not None
    ((result, point, account),) = scans()
    assert (result, point) == ("admitted", "entrance")
    assert account is not None
    entry = db.session.scalars(
        select(AuditEntry).where(AuditEntry.action == "checkin.by_hand")
    ).one()
    assert (entry.subject_kind, entry.subject_id) == ("registration", guest.id)
    assert "Checked in by hand" in done.main


def test_a_second_press_is_the_same_scan_and_a_second_colleague_admits_nobody_twice(
    staff: Client, session: Session
) -> None:
    guest = make_guest(make_event())
    first, second = staff.get(of(guest)), staff.get(of(guest))
    for _ in range(2):
        assert "Checked in." in staff.follow(press(staff, first)).main
    assert len(scans()) == 1
    assert "Not checked in: Already in." in staff.follow(press(staff, second)).main
    assert [result for result, *_ in scans()] == ["admitted", "already_in"]
    assert session.scalar(select(func.count(Presence.id))) == 1


def test_it_is_undone_from_the_same_page(staff: Client, session: Session) -> None:
    guest = make_guest(make_event())
    done = staff.follow(press(staff, staff.get(of(guest))))
    ask = staff.get(done.link("Undo the check-in"))
    assert staff.submit(ask, {"note": "the wrong Ana"}).status == 303
    assert attended(guest) is None
    again = staff.get(of(guest))
    assert "Undo the check-in" not in again.main
    assert "Checked in." in staff.follow(press(staff, again)).main


@pytest.mark.parametrize("status", ["waiting", "cancelled", "submitted"])
def test_who_has_no_place_is_not_offered_and_not_let_in(
    staff: Client, session: Session, status: str
) -> None:
    guest = make_guest(make_event())
    form = staff.get(of(guest))
    guest.status, guest.waiting_since = status, guest.registered_at
    db.session.commit()
    assert "Check in</button>" not in staff.get(of(guest)).html
    assert "Not checked in:" in staff.follow(press(staff, form)).main
    assert attended(guest) is None


def test_a_viewer_of_the_figures_and_a_stranger_cannot(page: Client, session: Session) -> None:
    event = make_event()
    guest = make_guest(event)
    page.sign_in("viewer", event_id=event.id)
    assert page.post(of(guest, "/check-in"), {"scan": "x"}).status == 403
    assert scans() == []


@pytest.mark.parametrize("scan", ["", "1", "x" * 400, "<b>"])
def test_an_invented_scan_number_is_refused(staff: Client, session: Session, scan: str) -> None:
    guest = make_guest(make_event())
    assert staff.post(of(guest, "/check-in"), {"scan": scan}).status == 400
    assert scans() == []


def test_without_its_csrf_token_nothing_happens_and_the_address_leads_back(
    staff: Client, session: Session
) -> None:
    guest = make_guest(make_event())
    make_event("other")
    assert staff.post(of(guest, "/check-in"), {}, csrf=False).status == 400
    assert staff.follow(staff.get(of(guest, "/check-in"))).h1 == "Ana Ñandú"
    foreign = of(guest, "/check-in").replace("summit", "other")
    assert staff.post(foreign, {"scan": "x"}).status == 404
    assert scans() == []
