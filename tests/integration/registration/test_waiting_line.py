"""The line of those who wait: nobody is overlooked, nobody overtaken, and everybody is told the true number."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
import sqlalchemy as sa

from eventsys.core.db import db
from eventsys.events.models import Event
from eventsys.jobs.models import Job
from eventsys.mail.models import Message
from eventsys.registration.models import Registration
from eventsys.registration.operations.cancel import cancel
from eventsys.registration.operations.promote import promote
from eventsys.registration.operations.submit import submit
from eventsys.registration.queries.integrity import find_faults
from eventsys.registration.queries.waiting import waiting_number
from tests.factories.events import STAFF, facts_of, make_event
from tests.factories.registrations import ANA, register, submission
from tests.support.database import SECRET
from tests.support.race import one_after_the_other


def now():
    return datetime.now(UTC)


def entering(event, email):
    facts, wanted = facts_of(event), submission(event, email)
    return lambda: submit(facts, wanted, actor=ANA, now=now(), secret=SECRET)


def leaving(number):
    return lambda: cancel(number, window=None, actor=ANA, now=now())


def states(event):
    db.session.expire_all()
    rows = db.session.query(Registration.email, Registration.status).filter_by(event_id=event.id)
    return {email.partition("@")[0]: status for email, status in rows}


def number_of(email):
    db.session.expire_all()
    found = db.session.scalars(sa.select(Registration).where(Registration.email == email)).one()
    return waiting_number(found)


@pytest.mark.parametrize("order", ["cancel first", "register first"])
def test_who_comes_while_the_last_place_is_given_back_has_it(app, session, order):
    """Neither sees what the other has not committed: one would leave the place empty, the other wait for ever."""
    event = make_event(capacity=1)
    holder = register(event, "ana@example.org").registration_id
    works = [leaving(holder), entering(event, "bea@example.org")]
    if order == "register first":
        works.reverse()
    assert one_after_the_other(app, *works) == (None, None)
    assert states(event) == {"ana": "cancelled", "bea": "confirmed"}
    assert find_faults() == []


def test_nobody_of_another_category_overtakes_who_waits(session, worker):
    event = make_event(capacity=1)
    register(event, "ana@example.org")
    register(event, "bea@example.org", category="press")
    # The capacity is raised, and the worker has not come round yet.
    db.session.get_one(Event, event.id).capacity = 2
    db.session.commit()
    assert register(event, "cem@example.org", category="delegate").status == "waiting"
    worker()
    assert states(event) == {"ana": "confirmed", "bea": "confirmed", "cem": "waiting"}


def test_who_waits_for_a_full_category_holds_up_nobody_else(session):
    event = make_event(capacity=5, quotas={"delegate": None, "press": 1})
    register(event, "ana@example.org", category="press")
    assert register(event, "bea@example.org", category="press").status == "waiting"
    assert register(event, "cem@example.org").status == "confirmed"


def test_a_place_that_stayed_free_is_given_when_the_next_person_comes(session, worker):
    """However it came about that nobody gave it: the next form is what finds it."""
    event = make_event(capacity=1)
    first = register(event, "ana@example.org").registration_id
    register(event, "bea@example.org")
    db.session.execute(
        sa.update(Registration)
        .where(Registration.id == first)
        .values(status="cancelled", holds_place=False)
    )
    db.session.execute(sa.update(Event).values(places_taken=0))
    db.session.commit()
    assert register(event, "cem@example.org").status == "waiting"
    assert db.session.scalar(sa.select(sa.func.count(Job.id))) == 1
    worker()
    assert states(event) == {"ana": "cancelled", "bea": "confirmed", "cem": "waiting"}


def test_the_number_counts_everybody_who_would_be_given_the_place_before(session):
    event = make_event(capacity=2, quotas={"delegate": None, "press": 1})
    register(event, "a@example.org")
    register(event, "b@example.org", category="press")
    for name, category in (("c", "press"), ("d", "delegate"), ("e", "delegate")):
        assert register(event, f"{name}@example.org", category=category).status == "waiting"
    # Press is full: whoever of the delegates leaves, the first in line is d.
    assert [number_of(f"{name}@example.org") for name in "cde"] == [1, 1, 2]
    register(event, "f@example.org", category="press")
    # For press, delegates who came earlier stand before: the capacity of the event is everybody's.
    assert number_of("f@example.org") == 4


def test_nobody_gets_a_place_at_an_event_that_is_over(session):
    event = make_event(capacity=1)
    first = register(event, "ana@example.org").registration_id
    register(event, "bea@example.org")
    past = db.session.get_one(Event, event.id)
    past.starts_at, past.ends_at = now() - timedelta(days=3), now() - timedelta(days=2)
    db.session.commit()
    cancel(first, window=None, actor=STAFF, now=now())
    assert promote(event.id, actor=STAFF, now=now()) == 0
    db.session.commit()
    assert states(event) == {"ana": "cancelled", "bea": "waiting"}
    assert not db.session.query(Message).filter_by(template="registration/promoted").count()
