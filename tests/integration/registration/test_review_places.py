"""Decisions about typed places: applied at once, remembered, taken back."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import select

from eventsys.audit.models import AuditEntry
from eventsys.places.errors import AlreadyUndone, EmptyName, MergeCircle, UnknownCity
from eventsys.places.queries import list_aliases, list_merges
from eventsys.registration.operations.review_places import (
    count_apart,
    count_as,
    decide_places,
    take_back,
)
from eventsys.registration.queries.undecided import (
    count_undecided,
    list_undecided,
    list_undecided_countries,
)
from tests.factories.events import STAFF, make_event
from tests.factories.tables import import_table, registered, table

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from eventsys.events.models import Event

MADRID, BARCELONA, LIMA, BROOKLYN, NEW_YORK = 3117735, 3128760, 3936456, 5110302, 5128581
NOW = datetime.now(UTC)
TYPED = "Villaconejos de Arriba"


@pytest.fixture
def event(session: Session) -> Event:
    made = make_event()
    import_table(
        made,
        table(
            {"email": "a@example.org", "city": TYPED},
            {"email": "b@example.org", "city": TYPED.upper()},
            {"email": "c@example.org", "city": TYPED, "country": "PE"},
            {"email": "d@example.org", "city": "Madrid"},
        ),
    )
    return made


def place(email: str) -> tuple[str, int | None, str]:
    row = registered(f"{email}@example.org")
    return row.city_typed, row.city_id, row.city_status


def test_the_queue_groups_texts_by_country_and_counts_registrations(event: Event) -> None:
    import_table(make_event("other"), table({"email": "e@example.org", "city": TYPED}))
    assert [(row.typed, row.country, row.registrations, row.events) for row in list_undecided()] == [
        (TYPED, "ES", 2, 2), (TYPED.upper(), "ES", 1, 1), (TYPED, "PE", 1, 1),
    ]  # fmt: skip
    assert count_undecided() == (3, 4)
    assert [row.country for row in list_undecided(country="PE")] == ["PE"]
    assert list_undecided_countries() == ["ES", "PE"]
    assert [row.country for row in list_undecided(page=2, size=2)] == ["PE"]


def test_a_decision_reaches_every_spelling_of_its_country_and_leaves_the_typed_text(
    event: Event,
) -> None:
    assert decide_places([TYPED], "ES", MADRID, actor=STAFF, now=NOW) == 2
    assert place("a") == (TYPED, MADRID, "resolved")
    assert place("b") == (TYPED.upper(), MADRID, "resolved")
    assert place("c") == (TYPED, None, "unknown")


def test_a_decision_is_remembered_for_those_to_come(event: Event) -> None:
    decide_places([TYPED], "ES", MADRID, actor=STAFF, now=NOW)
    survey, _done = import_table(
        event, table({"email": "new@example.org", "city": f"{TYPED}, España"})
    )
    assert survey.warnings == []
    assert place("new")[1:] == (MADRID, "resolved")


def test_a_decision_without_country_holds_everywhere(event: Event) -> None:
    assert decide_places([TYPED], None, LIMA, actor=STAFF, now=NOW) == 3
    assert place("c")[1:] == (LIMA, "resolved")


def test_no_city_keeps_the_text_and_leaves_the_queue(event: Event) -> None:
    assert decide_places([TYPED], "ES", None, actor=STAFF, now=NOW) == 2
    assert place("a") == (TYPED, None, "none")
    assert count_undecided() == (1, 1)


def test_a_second_decision_replaces_the_first(event: Event) -> None:
    decide_places([TYPED], "ES", None, actor=STAFF, now=NOW)
    assert decide_places([TYPED], "ES", BARCELONA, actor=STAFF, now=NOW) == 2
    assert place("a")[1:] == (BARCELONA, "resolved")
    assert len(list_aliases()) == 1


def test_a_decision_taken_back_sends_its_registrations_to_the_queue_again(event: Event) -> None:
    decide_places([TYPED], "ES", MADRID, actor=STAFF, now=NOW)
    later = NOW + timedelta(minutes=1)
    import_table(event, table({"email": "later@example.org", "city": TYPED}), now=later)
    alias = list_aliases()[0]
    assert take_back(alias.id, actor=STAFF, now=later) == 3
    for email in ("a", "b", "later"):
        assert place(email)[1:] == (None, "unknown")
    assert place("d")[1:] == (MADRID, "resolved")  # somebody who really said Madrid
    with pytest.raises(AlreadyUndone):
        take_back(alias.id, actor=STAFF, now=later)


def test_taking_no_city_back_asks_again(event: Event) -> None:
    decide_places([TYPED], "ES", None, actor=STAFF, now=NOW)
    assert take_back(list_aliases()[0].id, actor=STAFF, now=NOW) == 2
    assert place("b")[1:] == (None, "unknown")


def test_texts_that_mean_the_same_are_decided_together(event: Event) -> None:
    import_table(event, table({"email": "e@example.org", "city": "Villaconejos de Ariba"}))
    texts = [TYPED, "Villaconejos de Ariba", TYPED]
    assert decide_places(texts, "ES", MADRID, actor=STAFF, now=NOW) == 3
    assert count_undecided() == (1, 1)


def test_what_cannot_be_decided_is_refused(event: Event) -> None:
    with pytest.raises(UnknownCity):
        decide_places([TYPED], "ES", 1, actor=STAFF, now=NOW)
    with pytest.raises(EmptyName):
        decide_places(["…"], "ES", MADRID, actor=STAFF, now=NOW)


def test_a_city_is_counted_as_another_and_as_itself_again(event: Event) -> None:
    import_table(
        event,
        table(
            {"email": "x@example.org", "city": "Brooklyn", "country": "US"},
            {"email": "y@example.org", "city": "New York", "country": "US"},
        ),
    )
    assert place("x")[1] == BROOKLYN
    assert count_as(BROOKLYN, NEW_YORK, actor=STAFF, now=NOW) == 1
    assert place("x")[1] == place("y")[1] == NEW_YORK
    with pytest.raises(MergeCircle):
        count_as(NEW_YORK, BROOKLYN, actor=STAFF, now=NOW)
    import_table(event, table({"email": "z@example.org", "city": "Brooklyn", "country": "US"}))
    assert place("z")[1] == NEW_YORK
    assert count_apart(list_merges()[0].id, actor=STAFF, now=NOW) == 2
    assert (place("x")[1], place("y")[1], place("z")[1]) == (BROOKLYN, NEW_YORK, BROOKLYN)


def test_each_decision_is_in_the_log(session: Session, event: Event) -> None:
    decide_places([TYPED], "ES", MADRID, actor=STAFF, now=NOW)
    take_back(list_aliases()[0].id, actor=STAFF, now=NOW)
    session.flush()
    actions = session.scalars(
        select(AuditEntry.action).where(AuditEntry.action.startswith("places."))
    ).all()
    assert sorted(actions) == [
        "places.add_alias",
        "places.review",
        "places.take_back",
        "places.undo_alias",
    ]
