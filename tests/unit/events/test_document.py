"""An event as a JSON document."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from eventsys.events.rules.document import read_document

GOOD = {
    "slug": "congress",
    "title": {"en": "Congress", "es": "Congreso"},
    "kind": "congress",
    "format": "in_person",
    "starts_at": "2026-06-12T09:00",
    "ends_at": "2026-06-15T18:00:00+02:00",
    "timezone": "Europe/Brussels",
}


def problems(**changes):
    return [(name, reason) for name, reason, _ in read_document({**GOOD, **changes}).problems]


def test_times_are_those_of_the_place_unless_they_say_otherwise():
    fields = read_document(GOOD).fields
    assert fields["starts_at"] == datetime(2026, 6, 12, 7, tzinfo=UTC)
    assert fields["ends_at"] == datetime(2026, 6, 15, 16, tzinfo=UTC)


def test_only_fields_that_are_there_are_read():
    assert read_document({"slug": "x", "capacity": None}).fields == {"slug": "x", "capacity": None}


def test_a_document_that_changes_an_event_reads_times_in_its_zone():
    found = read_document({"slug": "x", "ends_at": "2026-01-01T00:00"}, "America/Bogota")
    assert found.fields["ends_at"] == datetime(2026, 1, 1, 5, tzinfo=UTC)


@pytest.mark.parametrize(
    ("changes", "problem"),
    [
        ({"titel": "x"}, ("titel", "unknown_field")),
        ({"title": {"de": "Kongress"}}, ("title", "unknown_language")),
        ({"title": ["x"]}, ("title", "not_texts")),
        ({"slug": 7}, ("slug", "not_text")),
        ({"capacity": "many"}, ("capacity", "not_whole_number")),
        ({"capacity": True}, ("capacity", "not_whole_number")),
        ({"published": "yes"}, ("published", "not_true_or_false")),
        ({"starts_at": "tomorrow"}, ("starts_at", "bad_moment")),
        ({"starts_at": 20260612}, ("starts_at", "bad_moment")),
        ({"starts_at": "0001-01-01T00:00"}, ("starts_at", "bad_moment")),
        ({"ends_at": "9999-12-31T23:59"}, ("ends_at", "bad_moment")),
        ({"starts_at": "2026-03-29T02:30"}, ("starts_at", "no_such_time")),
        ({"city": 5}, ("city", "not_text")),
        ({"categories": {}}, ("categories", "not_a_list")),
        ({"categories": ["ghost"]}, ("categories[0]", "unknown")),
        ({"categories": [{"code": "x", "color": "#fff"}]}, ("categories[0]", "unknown_field")),
        ({"questions": [{"options": "a"}]}, ("questions[0]", "not_a_list")),
        ({"questions": ["diet"]}, ("questions[0]", "not_an_object")),
    ],
)
def test_a_wrong_field_is_named(changes, problem):
    assert problems(**changes) == [problem]


@pytest.mark.parametrize("data", [[], "event", None, 3])
def test_anything_but_an_object_is_refused(data):
    assert read_document(data).problems == [("document", "not_an_object", {})]


def test_a_usual_category_needs_only_its_code():
    found = read_document({"categories": ["speaker", {"code": "delegate", "quota": 5}]})
    assert [item.code for item in found.categories] == ["speaker", "delegate"]
    assert found.categories[0].speaker
    assert found.categories[1].quota == 5
    assert found.categories[1].name["fr"] == "Délégué·e"


def test_texts_are_cleaned_as_in_the_office_and_only_long_ones_keep_their_lines():
    odd = "Con\r\nBcc: x@y.example\u202e \x00gress"
    found = read_document(
        {
            **GOOD,
            "title": {"en": odd},
            "venue": odd,
            "series": odd,
            "description": {"en": f"{odd}\n\nSecond  part "},
            "categories": [{"code": "own", "name": {"en": odd}, "hint": {"en": odd}}],
        }
    )
    assert found.problems == []
    line = "Con Bcc: x@y.example gress"
    assert found.fields["title"] == found.fields["venue"] == {"en": line}
    assert found.fields["series"] == line
    assert found.fields["description"] == {"en": "Con\nBcc: x@y.example gress\n\nSecond part"}
    (category,) = found.categories
    assert (category.name, category.hint) == ({"en": line}, {"en": "Con\nBcc: x@y.example gress"})
