"""The race that decides: many people stand before the same button and press it at one moment."""

from __future__ import annotations

from collections import Counter

import pytest

from eventsys.core.db import db
from eventsys.events.models import Event
from eventsys.registration.models import Registration
from tests.factories.events import make_event
from tests.support.people import Visitor, press_together

PLACES, PEOPLE, ROUNDS = 3, 24, 4


@pytest.mark.slow
def test_of_24_people_exactly_3_are_confirmed_and_nobody_meets_an_error(session, start_server):
    server = start_server(workers=3, threads=4)
    for number in range(ROUNDS):
        event = make_event(f"race-{number}", capacity=PLACES)
        people = [
            Visitor(server.port, event.slug, f"p{each}@example.org") for each in range(PEOPLE)
        ]
        told = Counter(press_together(people))
        assert told == {"confirmed": PLACES, "waiting": PEOPLE - PLACES}
        db.session.rollback()
        stored = Counter(
            row.status for row in db.session.query(Registration).filter_by(event_id=event.id)
        )
        assert stored == told
        assert db.session.get(Event, event.id).places_taken == PLACES
        db.session.rollback()


@pytest.mark.slow
def test_without_a_waiting_list_the_others_get_a_kind_page(session, start_server):
    server = start_server(workers=3, threads=4)
    event = make_event(capacity=PLACES, waiting_list=False)
    people = [Visitor(server.port, event.slug, f"p{each}@example.org") for each in range(PEOPLE)]
    assert Counter(press_together(people)) == {"confirmed": PLACES, "status 409": PEOPLE - PLACES}


@pytest.mark.slow
def test_one_person_with_24_open_windows_is_registered_once(session, start_server):
    server = start_server(workers=3, threads=4)
    event = make_event(capacity=PLACES)
    people = [Visitor(server.port, event.slug, "ana@example.org") for _ in range(PEOPLE)]
    told = Counter(press_together(people))
    assert told == {"confirmed": 1, "other": PEOPLE - 1}
    db.session.rollback()
    assert db.session.query(Registration).filter_by(event_id=event.id).count() == 1
    assert db.session.get(Event, event.id).places_taken == 1
