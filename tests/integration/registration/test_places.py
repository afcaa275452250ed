"""Places: never one too many, free again at once, and those who wait come first."""

from __future__ import annotations

import threading
from collections import Counter
from datetime import UTC, datetime

import pytest

from eventsys.core.db import db, transaction_mode
from eventsys.events.models import Category, Event
from eventsys.registration.errors import CategoryNotOffered, EventFull, FormClosed, TooLate
from eventsys.registration.models import Registration
from eventsys.registration.operations.cancel import cancel
from eventsys.registration.operations.change import change
from eventsys.registration.operations.promote import promote
from eventsys.registration.operations.submit import submit
from tests.factories.events import STAFF, facts_of, make_event
from tests.factories.registrations import ANA, register, submission
from tests.support.database import SECRET


def states(event):
    db.session.expire_all()
    rows = db.session.query(Registration.email, Registration.status).filter_by(event_id=event.id)
    return {email.partition("@")[0]: status for email, status in rows}


def taken(event):
    db.session.expire_all()
    return db.session.get(Event, event.id).places_taken


def test_the_last_place_confirms_and_the_next_person_waits(session):
    event = make_event(capacity=1)
    assert register(event, "ana@example.org").status == "confirmed"
    assert register(event, "bea@example.org").status == "waiting"
    assert taken(event) == 1


def test_a_category_has_its_own_quota(session):
    event = make_event(capacity=10, quotas={"delegate": None, "press": 1})
    assert register(event, "ana@example.org", category="press").status == "confirmed"
    assert register(event, "bea@example.org", category="press").status == "waiting"
    assert register(event, "cem@example.org").status == "confirmed"
    assert taken(event) == 2


def test_a_cancelled_place_goes_to_who_waits_first(session):
    event = make_event(capacity=1)
    first = register(event, "ana@example.org")
    register(event, "bea@example.org")
    register(event, "cem@example.org")
    cancel(first.registration_id, window=None, actor=ANA, now=datetime.now(UTC))
    db.session.commit()
    assert states(event) == {"ana": "cancelled", "bea": "confirmed", "cem": "waiting"}
    assert taken(event) == 1


def test_a_second_click_on_cancel_frees_nothing_more(session):
    event = make_event(capacity=5)
    first = register(event, "ana@example.org")
    register(event, "bea@example.org")
    for expected in (True, False):
        assert (
            cancel(first.registration_id, window=None, actor=ANA, now=datetime.now(UTC)) is expected
        )
        db.session.commit()
    assert taken(event) == 1


def test_a_newcomer_does_not_overtake_who_waits(session):
    event = make_event(capacity=1)
    register(event, "ana@example.org")
    register(event, "bea@example.org")
    db.session.get(Event, event.id).capacity = 2
    db.session.commit()
    assert register(event, "cem@example.org").status == "waiting"
    assert promote(event.id, actor=STAFF, now=datetime.now(UTC)) == 1
    db.session.commit()
    assert states(event) == {"ana": "confirmed", "bea": "confirmed", "cem": "waiting"}


def test_a_full_category_does_not_hold_up_another(session):
    event = make_event(capacity=2, quotas={"delegate": None, "press": 1})
    first = register(event, "ana@example.org")
    register(event, "dia@example.org", category="press")
    register(event, "bea@example.org", category="press")
    register(event, "cem@example.org")
    cancel(first.registration_id, window=None, actor=ANA, now=datetime.now(UTC))
    db.session.commit()
    assert states(event) == {
        "ana": "cancelled",
        "dia": "confirmed",
        "bea": "waiting",
        "cem": "confirmed",
    }


def test_full_without_a_waiting_list_is_refused_and_leaves_nothing(session):
    event = make_event(capacity=1, waiting_list=False)
    register(event, "ana@example.org")
    with pytest.raises(EventFull):
        register(event, "bea@example.org")
    db.session.rollback()
    assert states(event) == {"ana": "confirmed"}


def test_a_closed_form_takes_no_place(session):
    event = make_event(capacity=1, registration_closes_at=datetime(2020, 1, 1, tzinfo=UTC))
    with pytest.raises(FormClosed):
        register(event)
    db.session.rollback()
    assert taken(event) == 0


def test_a_category_that_is_not_offered_takes_no_place(session):
    event = make_event(capacity=1)
    db.session.query(Category).filter_by(event_id=event.id, code="press").update(
        {"open_to_public": False}
    )
    db.session.commit()
    wanted = submission(event, category="press")
    with pytest.raises(CategoryNotOffered):
        submit(facts_of(event), wanted, actor=ANA, now=datetime.now(UTC), secret=SECRET)


def test_a_change_of_category_moves_the_place(session):
    event = make_event(capacity=2, quotas={"delegate": 1, "press": 1})
    first = register(event, "ana@example.org")
    register(event, "bea@example.org")
    wanted = submission(event, "ana@example.org", category="press")
    assert change(first.registration_id, wanted, window=None, actor=ANA, now=datetime.now(UTC)) == [
        "category"
    ]
    db.session.commit()
    assert states(event) == {"ana": "confirmed", "bea": "confirmed"}
    counts = {
        item.code: item.places_taken
        for item in db.session.query(Category).filter_by(event_id=event.id)
    }
    assert counts == {"delegate": 1, "press": 1}


def test_after_the_deadline_a_person_cannot_cancel_by_link(session):
    event = make_event(change_until=datetime(2020, 1, 1, tzinfo=UTC))
    outcome = register(event)
    with pytest.raises(TooLate):
        cancel(
            outcome.registration_id, window=facts_of(event).window, actor=ANA, now=datetime.now(UTC)
        )


def _race(app, count, work):
    """Let many threads begin at one moment; gives what each returned."""
    barrier, results = threading.Barrier(count), [None] * count

    def one(number):
        with app.app_context(), transaction_mode("write"):
            barrier.wait()
            results[number] = work(number)
            db.session.remove()

    threads = [threading.Thread(target=one, args=(number,)) for number in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return results


def test_three_places_and_twelve_people_at_one_moment(app, session):
    event = make_event(capacity=3)
    facts, wanted = (
        facts_of(event),
        [submission(event, f"p{number}@example.org") for number in range(12)],
    )
    db.session.rollback()

    def press(number):
        outcome = submit(facts, wanted[number], actor=ANA, now=datetime.now(UTC), secret=SECRET)
        db.session.commit()
        return outcome.status

    assert Counter(_race(app, 12, press)) == {"confirmed": 3, "waiting": 9}
    assert taken(event) == 3


def test_without_the_guard_the_same_race_sells_too_many(app, session):
    """Count, then insert, as others do: the race is real, so the test above can fail."""
    event = make_event(capacity=None)
    event_id, looked = event.id, threading.Barrier(12)
    wanted = [submission(event, f"p{number}@example.org") for number in range(12)]
    facts = facts_of(event)
    db.session.rollback()

    def press(number):
        with transaction_mode("plain"):
            count = db.session.query(Registration).filter_by(event_id=event_id).count()
            db.session.rollback()
        looked.wait()
        if count < 3:
            submit(facts, wanted[number], actor=ANA, now=datetime.now(UTC), secret=SECRET)
            db.session.commit()
            return "confirmed"
        return "waiting"

    assert Counter(_race(app, 12, press))["confirmed"] > 3


def test_one_address_pressed_by_eight_at_one_moment_is_registered_once(app, session):
    event = make_event(capacity=1)
    register(event, "first@example.org")
    facts, wanted = facts_of(event), submission(event, "ana@example.org")
    db.session.rollback()

    def press(_number):
        outcome = submit(facts, wanted, actor=ANA, now=datetime.now(UTC), secret=SECRET)
        db.session.commit()
        return outcome.status

    assert Counter(_race(app, 8, press)) == {"waiting": 1, None: 7}
    assert states(event) == {"first": "confirmed", "ana": "waiting"}


def test_places_and_cancellations_at_one_moment_never_lose_or_invent_a_place(app, session):
    event = make_event(capacity=4)
    held = [register(event, f"h{number}@example.org").registration_id for number in range(4)]
    facts, wanted = (
        facts_of(event),
        [submission(event, f"n{number}@example.org") for number in range(8)],
    )
    db.session.rollback()

    def act(number):
        now = datetime.now(UTC)
        if number < 4:
            cancel(held[number], window=None, actor=ANA, now=now)
        else:
            submit(facts, wanted[number - 4], actor=ANA, now=now, secret=SECRET)
        db.session.commit()

    _race(app, 12, act)
    promote(event.id, actor=STAFF, now=datetime.now(UTC))
    db.session.commit()
    counts = Counter(states(event).values())
    assert counts == {"cancelled": 4, "confirmed": 4, "waiting": 4}
    assert taken(event) == 4
