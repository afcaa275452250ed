"""Events from a JSON document, through the command."""

from __future__ import annotations

import json

import pytest

from eventsys.events.queries import find_event, get_event, list_categories, list_questions

GOOD = {
    "slug": "world-congress-2023",
    "title": {"en": "World Congress", "es": "Congreso Mundial", "fr": "Congrès mondial"},
    "kind": "congress",
    "format": "in_person",
    "starts_at": "2023-06-12T09:00",
    "ends_at": "2023-06-15T18:00",
    "timezone": "Europe/Brussels",
    "city": "Bruselas",
    "country": "Bélgica",
    "capacity": 2000,
    "published": True,
}


@pytest.fixture
def run(app, tmp_path):
    def create(data):
        file = tmp_path / "event.json"
        file.write_text(data if isinstance(data, str) else json.dumps(data), encoding="utf-8")
        return app.test_cli_runner().invoke(args=["events", "create", str(file)])

    return create


def test_a_document_makes_an_event(run, app):
    answer = run(GOOD)
    assert answer.exit_code == 0, answer.output
    assert json.loads(answer.stdout) == {
        "slug": "world-congress-2023",
        "result": "created",
        "published": True,
        "url": "http://localhost/events/world-congress-2023",
    }
    with app.app_context():
        event = get_event("world-congress-2023")
        assert (event.country, event.city_id, event.capacity) == ("BE", 2800866, 2000)
        assert len(list_categories(event.id)) == 8


def test_the_same_document_again_changes_nothing(run):
    run(GOOD)
    assert json.loads(run(GOOD).stdout)["result"] == "unchanged"


def test_a_document_changes_only_what_it_names(run, app):
    run(GOOD)
    change = {
        "slug": "world-congress-2023",
        "capacity": 2500,
        "published": False,
        "categories": [{"code": "delegate", "quota": 100}, {"code": "vip", "name": {"en": "VIP"}}],
        "questions": [{"name": "diet", "kind": "text", "label": {"en": "Diet"}}],
    }
    assert json.loads(run(change).stdout)["result"] == "updated"
    with app.app_context():
        event = get_event("world-congress-2023")
        assert event.title["fr"] == "Congrès mondial"
        assert event.capacity == 2500
        assert event.published_at is None
        codes = {row.code: row.quota for row in list_categories(event.id)}
        assert codes["delegate"] == 100
        assert "vip" in codes
        assert "speaker" in codes
        assert [row.name for row in list_questions(event.id)] == ["diet"]
    assert json.loads(run(change).stdout)["result"] == "unchanged"


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"titel": "x"}, "titel: no such field"),
        ({"kind": None}, "kind: unknown"),
        ({"timezone": "Mars/Base"}, "timezone: unknown (Mars/Base)"),
        ({"city": "Springfield", "country": "US"}, "city: city ambiguous (Springfield"),
        ({"city": "Zzyzxq"}, "city: city unknown (Zzyzxq"),
        ({"country": "Atlantis"}, "country: unknown country (Atlantis)"),
        ({"ends_at": "2023-06-01T09:00"}, "ends_at: before start"),
        ({"capacity": 0}, "capacity: out of range"),
        (
            {"categories": [{"code": "vip", "name": {"en": "V"}, "colour": "#ffff00"}]},
            "categories[0].colour: pale colour",
        ),
    ],
)
def test_a_wrong_document_is_refused_in_one_line_that_names_the_field(run, app, changes, said):
    answer = run({**GOOD, **changes})
    assert answer.exit_code == 1
    assert answer.stdout == ""
    [line] = answer.stderr.strip().splitlines()
    assert said in line
    with app.app_context():
        assert find_event("world-congress-2023") is None


def test_what_is_missing_is_named(run):
    answer = run({"slug": "x"})
    for name in ("title", "kind", "format", "starts_at", "ends_at", "timezone"):
        assert f"{name}: is missing" in answer.stderr


@pytest.mark.parametrize("text", ["", "{", "[" * 100_000, "[]", '"x"', "\ufeff{}", "null"])
def test_what_is_not_a_document_is_refused(run, text):
    answer = run(text)
    assert answer.exit_code == 1
    assert answer.stderr.startswith("Error: ")


def test_a_refused_part_leaves_the_whole_event_as_it_was(run, app):
    run(GOOD)
    change = {
        "slug": GOOD["slug"],
        "capacity": 9,
        "questions": [{"name": "email", "kind": "text", "label": {"en": "x"}}],
    }
    answer = run(change)
    assert answer.exit_code == 1
    assert "questions[email].name: name taken" in answer.stderr
    with app.app_context():
        assert get_event("world-congress-2023").capacity == 2000
