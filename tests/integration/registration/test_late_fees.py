"""Fees that come late: whoever waited for a place before there was a fee is billed when a place is given."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest

from eventsys.core.db import db
from eventsys.events.models import Event
from eventsys.mail.models import Message
from eventsys.payments.models import Charge
from eventsys.registration.models import Price, Registration
from eventsys.registration.operations.cancel import cancel
from eventsys.registration.operations.promote import confirm_waiting, promote
from eventsys.registration.queries.integrity import find_faults
from eventsys.registration.queries.unbilled import list_unbilled
from tests.factories.events import STAFF, make_event
from tests.factories.fees import make_fee, make_plan
from tests.factories.registrations import register

if TYPE_CHECKING:
    from collections.abc import Callable

    from sqlalchemy.orm import Session


NOW = datetime.now(UTC)


@pytest.fixture
def event(session: Session) -> Event:
    """Give a full event without fees: Ana has the place, Bea waits."""
    made = make_event(capacity=1, waiting_list=True)
    register(made, "ana@example.org")
    assert register(made, "bea@example.org", first_name="Bea").status == "waiting"
    return made


def of(name: str) -> Registration:
    db.session.rollback()
    return db.session.query(Registration).filter_by(email=f"{name}@example.org").one()


def free_the_place(event: Event) -> None:
    cancel(of("ana").id, window=None, actor=STAFF, now=NOW)
    db.session.commit()
    assert find_faults() == []


def mail_of(name: str, worker: Callable[[], object]) -> tuple[str, str]:
    worker()
    number = of(name).id
    mail = (
        db.session.query(Message).filter_by(registration_id=number).order_by(Message.id.desc())
    ).first()
    assert mail is not None
    return mail.template, str(mail.body_text).replace("\xa0", " ")


def test_the_promotion_bills_and_the_place_waits_for_the_fee(
    event: Event, worker: Callable[[], object]
) -> None:
    make_plan(event)
    free_the_place(event)
    bea = of("bea")
    assert (bea.status, bea.payment, bea.pay_until is not None) == ("submitted", "due", True)
    assert db.session.query(Charge).filter_by(registration_id=bea.id).one().billed == 25_000
    assert db.session.get_one(Price, bea.id).total == 25_000
    template, text = mail_of("bea", worker)
    assert template == "registration/pay"
    assert "To pay: €250.00" in text
    assert "the fees of this event had not been entered yet" in text


def test_where_it_may_be_paid_later_the_place_is_theirs_and_the_mail_says_what_is_due(
    event: Event, worker: Callable[[], object]
) -> None:
    make_plan(event, confirm_unpaid=True, methods=["stripe"])
    free_the_place(event)
    bea = of("bea")
    assert (bea.status, bea.payment, bea.pay_until) == ("confirmed", "due", None)
    template, text = mail_of("bea", worker)
    assert template == "registration/promoted"
    assert "To pay: €250.00" in text
    assert "To be paid by:" in text
    assert "the fees of this event had not been entered yet" in text


def test_who_is_confirmed_out_of_turn_is_billed_the_same(event: Event) -> None:
    make_plan(event)
    db.session.query(Event).filter_by(id=event.id).update({"capacity": 2})
    db.session.commit()
    confirm_waiting(of("bea").id, actor=STAFF, now=NOW)
    db.session.commit()
    assert (of("bea").status, of("bea").payment) == ("submitted", "due")
    assert find_faults() == []


def test_early_is_decided_by_the_day_of_registration(event: Event) -> None:
    make_plan(event, 0)
    make_fee(event, 20_000, position=1, until=datetime.now(UTC) + timedelta(seconds=1))
    make_fee(event, 30_000, position=2)
    cancel(of("ana").id, window=None, actor=STAFF, now=NOW + timedelta(days=1))
    db.session.commit()
    assert db.session.get_one(Price, of("bea").id).total == 20_000


def test_whoever_pays_nothing_is_confirmed_without_a_trace_of_money(
    event: Event, worker: Callable[[], object]
) -> None:
    make_plan(event, 0)
    make_fee(event, 25_000, income_group="low")
    free_the_place(event)
    bea = of("bea")
    assert (bea.status, bea.payment) == ("confirmed", "not_due")
    assert db.session.get(Price, bea.id) is None
    template, text = mail_of("bea", worker)
    assert template == "registration/promoted"
    assert "To pay" not in text
    assert "fees" not in text


def test_what_was_shown_to_who_waits_stays_theirs(
    session: Session, worker: Callable[[], object]
) -> None:
    event = make_event(capacity=1, waiting_list=True)
    register(event, "ana@example.org")
    plan = make_plan(event)
    register(event, "bea@example.org")
    make_fee(event, 99_000, position=1)
    assert plan.event_id == event.id
    free_the_place(event)
    assert db.session.get_one(Price, of("bea").id).total == 25_000
    assert "had not been entered yet" not in mail_of("bea", worker)[1]


def test_nobody_who_was_confirmed_for_free_is_billed_by_itself(event: Event) -> None:
    make_plan(event)
    promote(event.id, actor=STAFF, now=NOW)
    db.session.commit()
    assert (of("ana").status, of("ana").payment) == ("confirmed", "not_due")
    assert [row.registration_id for row in list_unbilled(event.id)] == [of("ana").id]
    assert db.session.query(Charge).count() == 0


def test_a_confirmation_says_what_is_still_to_be_paid(
    session: Session, worker: Callable[[], object]
) -> None:
    event = make_event()
    make_plan(event, confirm_unpaid=True, methods=["stripe"])
    register(event)
    template, text = mail_of("ana", worker)
    assert template == "registration/confirmed"
    assert "To pay: €250.00" in text
    assert "To be paid by:" in text
