"""Two transactions of PostgreSQL wait for each other: the page says “send it again”, and nothing is half done."""

from __future__ import annotations

import threading
import time
from typing import TYPE_CHECKING, Any

import pytest
import sqlalchemy as sa

from eventsys.core.db import db
from eventsys.mail.models import Message
from eventsys.registration.models import Registration
from eventsys.registration.queries.integrity import find_faults
from tests.factories.events import make_event
from tests.factories.registrations import register

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from tests.support.page import Client

WAITING = "SELECT count(*) FROM pg_locks WHERE NOT granted"


class Crosswise(threading.Thread):
    """Another connection that locks event and registration in the wrong order, and is never the one to give way.

    PostgreSQL ends whoever notices first: this connection looks only after minutes.
    """

    def __init__(self, event_id: int, registration_id: int) -> None:
        super().__init__()
        self.of_event = f"SELECT id FROM event WHERE id = {event_id} FOR UPDATE"
        self.of_person = f"SELECT id FROM registration WHERE id = {registration_id} FOR UPDATE"
        self.engine = db.engine
        self.holds, self.done = threading.Event(), False

    def run(self) -> None:
        with self.engine.connect() as mine, self.engine.connect() as watch:
            mine.exec_driver_sql("SET LOCAL deadlock_timeout = '5min'")
            mine.exec_driver_sql(self.of_event)
            self.holds.set()
            for _ in range(500):
                watch.rollback()
                if watch.exec_driver_sql(WAITING).scalar():
                    break
                time.sleep(0.01)
            watch.rollback()
            mine.exec_driver_sql(self.of_person)
            mine.rollback()
            self.done = True


@pytest.fixture
def person(session: Session, engine: str) -> Any:
    if engine != "postgresql":
        pytest.skip("SQLite has one writer: nobody waits crosswise")
    # With a limit, so that a cancellation gives the place back to the event.
    event = make_event(capacity=5)
    outcome = register(event)
    return event.id, outcome.registration_id, outcome.link


def test_a_deadlock_asks_to_send_it_again_and_the_second_time_it_is_done(
    page: Client, session: Session, person: Any
) -> None:
    event_id, number, link = person
    form = page.get(page.get(f"/registrations/{link}").link("Cancel my registration"))
    other = Crosswise(event_id, number)
    other.start()
    assert other.holds.wait(30)
    answer = page.submit(form)
    other.join(30)
    assert other.done
    assert answer.status == 503
    assert "Nothing was stored." in answer.main
    assert "send it again" in answer.main
    for inside in ("deadlock", "psycopg", "SELECT"):
        assert inside not in answer.body.decode()
    db.session.rollback()
    assert db.session.get_one(Registration, number).status == "confirmed"
    mails = sa.select(sa.func.count()).where(Message.template == "registration/cancelled")
    assert db.session.scalar(mails) == 0
    assert find_faults() == []
    assert page.submit(form).status == 303
    db.session.rollback()
    assert db.session.get_one(Registration, number).status == "cancelled"
    assert db.session.scalar(mails) == 1
    assert find_faults() == []
