"""Congresses that nobody has seen before: imported, each gives exactly its true figures."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import pytest

from eventsys.core.db import db
from eventsys.events.operations.apply_document import apply_document
from eventsys.members.operations.import_members import import_members
from eventsys.registration.models import Registration
from eventsys.registration.queries.integrity import find_faults
from eventsys.statistics.queries.event import event_figures
from eventsys.statistics.queries.proof import find_wrong_figures
from eventsys.statistics.rules.ladder import Rung
from tests.factories.congresses import EVENT, correct, make_congress
from tests.factories.events import STAFF
from tests.factories.tables import import_table
from tests.support.true_figures import assert_everywhere, assert_on_the_command_line

if TYPE_CHECKING:
    from flask import Flask
    from sqlalchemy.orm import Session

    from eventsys.events.models import Event
    from tests.factories.congresses import Congress
    from tests.support.page import Client

NOW = datetime(2026, 11, 21, 12, tzinfo=UTC)


def store(congress: Congress) -> Event:
    plan = import_members(congress.members, actor=STAFF, now=NOW)
    assert {row.action for row in plan.rows} == {"created"}
    event, _result = apply_document(EVENT, actor=STAFF, now=NOW)
    db.session.commit()
    return event


def figures() -> dict[str, Any]:
    return event_figures("congress", Rung.ATTENDED, now=NOW).as_dict()


def as_resolved(congress: Congress) -> dict[str, Any]:
    """Give the true figures less the cities that the resolver leaves to a person: never wrong, and few."""
    stored = {row.email_key: row for row in db.session.query(Registration)}
    asked: Counter[str] = Counter()
    for person in congress.people:
        row = stored[person.email]
        if row.city_id is None:
            assert row.city_status in {"ambiguous", "unknown"}, person
            asked[str(person.city.id)] += person.arrived is not None
        else:
            assert row.city_id == person.city.id, person
    assert asked.total() <= len(congress.people) // 50
    by_city = {city: n - asked[city] for city, n in congress.truth["by_city"].items()}
    by_city = {city: n for city, n in by_city.items() if n}
    return {
        **congress.truth, "by_city": by_city, "cities": len(by_city), "unresolved_cities": asked.total(),
    }  # fmt: skip


def assert_true(truth: dict[str, Any]) -> None:
    found = figures()
    for name in truth.keys() - {"rows", "duplicates", "rejected"}:
        value = found[name]
        if isinstance(value, dict):
            value = {key: n for key, n in value.items() if n}
        assert value == truth[name], name
    assert find_faults() == []
    assert list(find_wrong_figures(now=NOW)) == []


@pytest.mark.parametrize(
    ("seed", "wild"), [(1, False), (2, False), *((seed, True) for seed in range(3, 9))]
)
def test_the_figures_are_the_true_ones_and_the_same_file_again_changes_nothing(
    session: Session, seed: int, wild: bool
) -> None:
    congress = make_congress(seed, 200, wild=wild)
    event = store(congress)
    survey, done = import_table(event, congress.registrations)
    counted = (survey.rows, len(survey.duplicates), len(survey.rejected), done.created)
    assert counted == tuple(
        congress.truth[name] for name in ("rows", "duplicates", "rejected", "registrations")
    )
    truth = as_resolved(congress)
    assert_true(truth)
    _survey, again = import_table(event, congress.registrations)
    assert (again.created, again.updated, again.unchanged) == (0, 0, done.created)
    assert_true(truth)


@pytest.mark.parametrize("seed", [11, 12])
def test_a_corrected_file_gives_the_corrected_figures(session: Session, seed: int) -> None:
    congress = make_congress(seed, 200, wild=True)
    event = store(congress)
    import_table(event, congress.registrations)
    corrected, changed = correct(congress, seed)
    _survey, done = import_table(event, corrected.registrations)
    assert (done.created, done.updated) == (0, changed)
    assert_true(as_resolved(corrected))


@pytest.mark.slow
@pytest.mark.parametrize("seed", [21])
def test_all_outputs_say_the_same(app: Flask, session: Session, page: Client, seed: int) -> None:
    congress = make_congress(seed, 300)
    import_table(store(congress), congress.registrations)
    truth = as_resolved(congress)
    assert_everywhere(app, page, truth)
    found = assert_on_the_command_line(app, truth)
    shown = page.get("/office/events/congress/statistics").text
    for language, words in (
        ("en", "from {cities} cities and {countries} countries."), ("es", "de {cities} ciudades y {countries} países."),
        ("fr", "de {cities} villes et {countries} pays."),
    ):  # fmt: skip
        sentence = found["sentences"][language][0]
        assert words.format(**truth) in sentence
        assert " ".join(sentence.split()) in shown
