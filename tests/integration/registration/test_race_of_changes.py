"""People cancel, wait and change their category at one moment: every place is counted once, nobody is refused."""

from __future__ import annotations

import threading
from datetime import UTC, datetime

import pytest
import sqlalchemy as sa

from eventsys.core.db import db, transaction_mode
from eventsys.events.models import Category
from eventsys.events.operations.places import hold_places
from eventsys.jobs.models import Job
from eventsys.registration.models import Registration
from eventsys.registration.operations import amend as amend_module
from eventsys.registration.operations.amend import amend_many, move_to_category, write_note
from eventsys.registration.operations.cancel import cancel
from eventsys.registration.operations.promote import promote
from eventsys.registration.queries.integrity import find_faults
from tests.factories.events import STAFF, make_event
from tests.factories.registrations import register
from tests.support.race import one_after_the_other, together


def now():
    return datetime.now(UTC)


@pytest.fixture
def event(session):
    return make_event(capacity=4, quotas={"delegate": None, "press": None})


@pytest.fixture
def press(event):
    return db.session.scalars(sa.select(Category.id).where(Category.code == "press")).one()


def enter(event, count, prefix):
    return [register(event, f"{prefix}{n}@example.org").registration_id for n in range(count)]


def leaving(number):
    return lambda: cancel(number, window=None, actor=STAFF, now=now())


def moving(number, category):
    return lambda: move_to_category(number, category, actor=STAFF, now=now())


def the_worker_goes_on(app, event_id):
    """Do what the job does that somebody's turn was left to."""
    works = [lambda: promote(event_id, actor=STAFF, now=now())]
    assert [error for error in together(app, works) if isinstance(error, Exception)] == []


def standing(numbers):
    db.session.expire_all()
    rows = [db.session.get_one(Registration, number) for number in numbers]
    return [row.status for row in rows]


def test_a_place_goes_to_somebody_who_is_just_changing_category(app, event, press):
    """The place is that of the new category: the one who gives it looks at what stands when it is theirs."""
    held, (first, *_) = enter(event, 4, "h"), enter(event, 2, "w")
    assert one_after_the_other(app, moving(first, press), leaving(held[0])) == (None, None)
    assert find_faults() == []
    the_worker_goes_on(app, event.id)
    assert standing([first]) == ["confirmed"]
    assert find_faults() == []


def test_whoever_is_being_changed_keeps_the_turn(app, event):
    """A note written about the first in the queue must not give their place to the second."""
    held, (first, second) = enter(event, 4, "h"), enter(event, 2, "w")

    def note():
        write_note(first, "called twice", actor=STAFF, now=now())
        db.session.flush()

    assert one_after_the_other(app, note, leaving(held[0])) == (None, None)
    again = db.session.scalars(sa.select(Job).where(Job.name == "registration.promote")).all()
    if again:
        the_worker_goes_on(app, event.id)
    assert standing([first, second]) == ["confirmed", "waiting"]
    assert find_faults() == []


def test_nobody_waits_for_each_other_in_a_circle(app, event, press):
    """One holds the event and comes to who waits; the other holds who waits and comes to the event."""
    held, (first, second) = enter(event, 4, "h"), enter(event, 2, "w")
    event_id = event.id

    def leave():
        cancel(held[0], window=None, actor=STAFF, now=now())

    ended = one_after_the_other(
        app, lambda: hold_places(event_id), moving(first, press), between=leave
    )
    assert ended == (None, None)
    assert find_faults() == []
    assert standing([first, second]).count("confirmed") == 1


def test_one_person_moved_twice_and_cancelled_at_once(app, event, press):
    held = enter(event, 4, "h")
    works = [work for number in held for work in (moving(number, press), leaving(number))] * 2
    results = together(app, works)
    refused = [result for result in results if isinstance(result, Exception)]
    assert {getattr(error, "code", error) for error in refused} <= {"wrong_state"}
    assert standing(held) == ["cancelled"] * 4
    assert find_faults() == []


def test_without_the_guard_a_place_is_counted_twice(app, event, press, monkeypatch):
    """Look, then change, as before: two who move one person both take the place of the new category."""
    (one,), looked = enter(event, 1, "h"), threading.Barrier(2)

    def look_only(number):
        with transaction_mode("plain"):
            found = db.session.get_one(Registration, number)
            db.session.expunge(found)
            db.session.rollback()
        looked.wait(30)
        return db.session.merge(found, load=False)

    monkeypatch.setattr(amend_module, "lock_registration", look_only)
    together(app, [moving(one, press)] * 2)
    assert "places taken of the category" in " ".join(fault.rule for fault in find_faults())


def test_two_lists_of_the_same_people_in_opposite_order(app, event, press):
    """Staff confirm and move the same queue at once: each row is locked in one order."""
    enter(event, 2, "h")
    waiting = enter(event, 8, "w")
    event_id = event.id

    def many(action, numbers):
        return lambda: amend_many(
            event_id, numbers, action, actor=STAFF, now=now(), category_id=press
        )

    works = [many("category", waiting), many("confirm", waiting[::-1])] * 3
    results = together(app, works)
    assert [result for result in results if isinstance(result, Exception)] == []
    assert find_faults() == []


@pytest.mark.parametrize("_round", range(5))
def test_a_crowd_that_comes_goes_and_moves(app, event, press, _round):
    held, waiting = enter(event, 4, "h"), enter(event, 6, "w")
    delegate = db.session.scalars(sa.select(Category.id).where(Category.code == "delegate")).one()
    works = [leaving(number) for number in held[:3]]
    works += [moving(number, press) for number in waiting[:4]]
    works += [moving(held[3], press), moving(held[3], delegate), leaving(waiting[5])]
    results = together(app, works)
    assert [result for result in results if isinstance(result, Exception)] == []
    the_worker_goes_on(app, event.id)
    assert find_faults() == []
    assert standing([*held, *waiting]).count("confirmed") == 4
