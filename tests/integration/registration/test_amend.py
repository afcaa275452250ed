"""What staff amend: note, badge, category, mails; one person and many."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import select

from eventsys.audit.models import AuditEntry
from eventsys.core.db import db
from eventsys.core.errors import NotFound
from eventsys.events.models import Category
from eventsys.mail.models import Message
from eventsys.registration.errors import CategoryFull, WrongState
from eventsys.registration.models import Registration, RetiredBadge
from eventsys.registration.operations.amend import (
    amend_many,
    move_to_category,
    renew_badge,
    send_confirmation,
    write_note,
)
from eventsys.registration.operations.cancel import cancel
from tests.factories.events import STAFF, make_event
from tests.factories.registrations import register
from tests.support.database import SECRET

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from eventsys.events.models import Event

NOW = datetime.now(UTC)


def person(event: Event, email: str = "ana@example.org", **more: object) -> Registration:
    return db.session.get_one(Registration, register(event, email, **more).registration_id)


def category_id(event: Event, code: str) -> int:
    return db.session.scalars(
        select(Category.id).where(Category.event_id == event.id, Category.code == code)
    ).one()


def taken(event: Event) -> dict[str, int]:
    db.session.expire_all()
    return {
        row.code: row.places_taken
        for row in db.session.scalars(select(Category).where(Category.event_id == event.id))
    }


def templates() -> list[str]:
    return list(db.session.scalars(select(Message.template).order_by(Message.id)))


def test_a_note_is_kept_and_the_log_does_not_repeat_it(session: Session) -> None:
    ana = person(make_event())
    write_note(ana.id, "Comes late", actor=STAFF, now=NOW)
    write_note(ana.id, "Comes late", actor=STAFF, now=NOW)
    assert ana.note == "Comes late"
    lines = session.scalars(
        select(AuditEntry).where(AuditEntry.action == "registration.note")
    ).all()
    assert [line.facts for line in lines] == [{}]


def test_a_new_badge_code_retires_the_old_one_once_for_two_clicks(session: Session) -> None:
    ana = person(make_event())
    old, code = ana.badge_digest, ana.short_code
    for _click in range(2):
        renew_badge(ana.id, 0, actor=STAFF, now=NOW, secret=SECRET)
    session.commit()
    assert (ana.badge_generation, ana.badge_digest != old, ana.short_code != code) == (
        1,
        True,
        True,
    )
    assert session.scalars(select(RetiredBadge.digest)).all() == [old]


def test_the_confirmation_goes_again_to_the_confirmed_and_the_waiting_only(
    session: Session,
) -> None:
    event = make_event(capacity=1)
    ana, eva = person(event), person(event, "eva@example.org")
    send_confirmation(ana.id, actor=STAFF, now=NOW)
    send_confirmation(eva.id, actor=STAFF, now=NOW)
    assert templates() == [
        "registration/confirmed", "registration/waiting", "registration/confirmed", "registration/waiting",
    ]  # fmt: skip
    cancel(eva.id, window=None, actor=STAFF, now=NOW)
    with pytest.raises(WrongState):
        send_confirmation(eva.id, actor=STAFF, now=NOW)
    with pytest.raises(WrongState):
        renew_badge(eva.id, 0, actor=STAFF, now=NOW, secret=SECRET)


def test_another_category_takes_the_place_along(session: Session) -> None:
    event = make_event(quotas={"delegate": 1, "press": 1})
    ana, eva = person(event), person(event, "eva@example.org")
    assert eva.status == "waiting"
    assert move_to_category(ana.id, category_id(event, "press"), actor=STAFF, now=NOW) is True
    session.commit()
    assert taken(event) == {"delegate": 1, "press": 1}
    assert (
        session.get_one(Registration, eva.id).status == "confirmed"
    )  # the place that became free is hers
    assert move_to_category(ana.id, category_id(event, "press"), actor=STAFF, now=NOW) is False
    with pytest.raises(CategoryFull):
        move_to_category(eva.id, category_id(event, "press"), actor=STAFF, now=NOW)
    session.rollback()
    assert taken(event) == {"delegate": 1, "press": 1}


def test_many_are_amended_together_and_who_cannot_be_is_counted(session: Session) -> None:
    event, other = make_event(capacity=1), make_event("other")
    ana, eva, ida = (
        person(event),
        person(event, "eva@example.org"),
        person(event, "ida@example.org"),
    )
    stranger = person(other, "stranger@example.org")
    cancel(ida.id, window=None, actor=STAFF, now=NOW)
    chosen = [ana.id, eva.id, ida.id, stranger.id]
    assert amend_many(event.id, chosen, "confirmation", actor=STAFF, now=NOW) == (2, 1)
    assert amend_many(event.id, [eva.id], "confirm", actor=STAFF, now=NOW) == (0, 1)  # no place
    press = category_id(event, "press")
    assert amend_many(event.id, [ana.id], "category", actor=STAFF, now=NOW, category_id=press) == (
        1,
        0,
    )
    session.commit()
    assert taken(event) == {"delegate": 0, "press": 1}
    assert session.get_one(Registration, stranger.id).category_id == category_id(other, "delegate")


def test_an_unheard_of_action_does_nothing(session: Session) -> None:
    event = make_event()
    with pytest.raises(NotFound):
        amend_many(event.id, [person(event).id], "explode", actor=STAFF, now=NOW)
