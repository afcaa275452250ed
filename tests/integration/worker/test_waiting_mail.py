"""The mail about the waiting list says what is true when it goes out, not what was true when it was queued."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest

from eventsys.core.db import db
from eventsys.core.i18n import LANGUAGES
from eventsys.mail.models import Message
from eventsys.registration.models import Registration
from eventsys.registration.operations.cancel import cancel
from tests.factories.events import STAFF, make_event
from tests.factories.fees import make_plan
from tests.factories.registrations import register

if TYPE_CHECKING:
    from collections.abc import Callable

    from sqlalchemy.orm import Session

    from eventsys.events.models import Event

NOW = datetime.now(UTC)


@pytest.fixture
def event(session: Session) -> Event:
    return make_event(capacity=1, waiting_list=True)


def enter(event: Event, name: str, language: str = "en") -> int:
    number = register(event, f"{name}@example.org", language=language).registration_id
    assert number is not None
    return number


def leave(number: int) -> None:
    cancel(number, window=None, actor=STAFF, now=NOW)
    db.session.commit()


def mail(number: int) -> tuple[str, str, str]:
    db.session.rollback()
    sent = (
        db.session.query(Message)
        .filter_by(registration_id=number, template="registration/waiting")
        .one()
    )
    assert sent.body_html
    return str(sent.subject), str(sent.body_text).replace("\xa0", " "), sent.body_html


def test_who_waits_is_told_so_with_the_number(event: Event, worker: Callable[[], object]) -> None:
    enter(event, "ana")
    bea = enter(event, "bea")
    worker()
    subject, text, _ = mail(bea)
    assert subject == "You are on the waiting list: Metropolitan Summit"
    assert "You have no place yet." in text
    assert "You are number 1 in line." in text
    assert "leave the list" in text


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_place_that_was_given_before_the_mail_went_out_is_not_denied(
    event: Event, worker: Callable[[], object], language: str
) -> None:
    ana, bea = enter(event, "ana"), enter(event, "bea", language)
    leave(ana)
    worker()
    subject, text, html = mail(bea)
    said = {
        "en": ("You have a place", "is now confirmed", "no place yet"),
        "es": ("Tiene plaza", "confirmada", "no tiene plaza"),
        "fr": ("Vous avez une place", "confirmée", "pas encore de place"),
    }[language]
    assert subject.startswith(said[0])
    for body in (text, html):
        assert said[1] in body
        assert said[2] not in body


def test_a_place_that_waits_for_its_fee_is_told_with_the_fee(
    event: Event, worker: Callable[[], object]
) -> None:
    make_plan(event)
    ana, bea = enter(event, "ana"), enter(event, "bea")
    leave(ana)
    assert db.session.get_one(Registration, bea).status == "submitted"
    worker()
    subject, text, html = mail(bea)
    assert subject == "Pay to keep your place: Metropolitan Summit"
    assert "is held for you until" in text
    assert "To pay: €250.00" in text
    assert "no place yet" not in text + html


def test_who_has_left_the_list_is_not_told_to_wait(
    event: Event, worker: Callable[[], object]
) -> None:
    enter(event, "ana")
    bea = enter(event, "bea")
    leave(bea)
    worker()
    subject, text, html = mail(bea)
    assert subject == "You were on the waiting list: Metropolitan Summit"
    assert "Your registration has ended since." in text
    assert "no place yet" not in text + html
