"""Fees entered for an event with registrations: the office is told on the spot who was never billed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from eventsys.core.db import db
from eventsys.payments.models import Charge
from tests.factories.events import make_event
from tests.factories.fees import make_plan
from tests.factories.registrations import register

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from tests.support.page import Client

FEES = "/office/events/summit/fees"
TOLD = "2 persons with a place registered before there was a fee"


def test_after_the_first_fee_the_office_sees_how_many_were_never_billed(
    staff: Client, session: Session
) -> None:
    event = make_event()
    register(event, "ana@example.org")
    register(event, "bea@example.org")
    make_plan(event, 0)
    assert TOLD not in staff.get(FEES).main
    saved = staff.follow(
        staff.submit(staff.get(f"{FEES}/new"), {"label_en": "Fee", "amount": "250"})
    )
    assert "Saved." in saved.main
    assert TOLD in saved.main
    shown = staff.get(saved.link("See what they would pay"))
    assert "Together they would pay €500.00." in shown.main
    assert db.session.query(Charge).count() == 0


def test_a_manager_is_told_who_can_bill_them(page: Client, session: Session) -> None:
    event = make_event()
    register(event, "ana@example.org")
    register(event, "bea@example.org")
    make_plan(event)
    page.sign_in("manager", event_id=event.id)
    shown = page.get(FEES)
    assert TOLD in shown.main
    assert "Finance or the secretariat can bill them" in shown.main
    assert "See what they would pay" not in shown.main


def test_nothing_is_said_where_everybody_was_asked(staff: Client, session: Session) -> None:
    event = make_event()
    make_plan(event)
    register(event)
    assert "registered before there was a fee" not in staff.get(FEES).main
