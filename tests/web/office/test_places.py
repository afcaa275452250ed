"""Review of places in the office: decide, teach, put together, take back."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from sqlalchemy import select

from eventsys.places.models import PlaceAlias
from tests.factories.events import make_event
from tests.factories.tables import import_table, registered, table

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from tests.support.page import Client

MADRID, BARCELONA = 3117735, 3128760
ARRIBA, ABAJO = "Villaconejos de Arriba", "Villaconejos de Ariba"


@pytest.fixture
def queue(staff: Client, session: Session) -> Client:
    import_table(
        make_event(),
        table(
            {"city": ARRIBA},
            {"email": "b@example.org", "city": ABAJO},
            {"email": "c@example.org", "city": "Springfield", "country": "US"},
        ),
    )
    return staff


def test_an_empty_queue_says_so(staff: Client, session: Session) -> None:
    make_event()
    assert "Every place is decided" in staff.get("/office/places").main


@pytest.mark.parametrize("language", ["en", "es", "fr"])
def test_every_page_reads_well_in_each_language(queue: Client, language: str) -> None:
    queue.language = language
    for path in ("", "?country=ES", "/decisions", "/merges", f"/decide?text={ARRIBA}&country=ES"):
        assert queue.get(f"/office/places{path}").status == 200


def test_a_suggestion_is_taken_with_one_press(queue: Client) -> None:
    shown = queue.get("/office/places?country=US")
    first = next(
        node
        for node in shown.all("button")
        if node.get("name") == "what" and node.get("value") != "none"
    )
    done = queue.submit(shown, {"what": first.get("value")}, action="/decide")
    assert done.status == 303
    springfield = registered("c@example.org")
    assert (springfield.city_id, springfield.city_status) == (int(first.get("value")), "resolved")
    assert "1 registration was changed" in queue.follow(done).main


def test_not_a_city_keeps_the_text_and_leaves_the_queue(queue: Client) -> None:
    shown = queue.get("/office/places?country=US")
    queue.submit(shown, {"what": "none"}, action="/decide")
    springfield = registered("c@example.org")
    assert (springfield.city_typed, springfield.city_status) == ("Springfield", "none")
    assert "Springfield" not in [row[0] for row in queue.get("/office/places").rows()]


def test_another_city_is_entered_and_texts_that_look_alike_are_decided_along(queue: Client) -> None:
    shown = queue.get(f"/office/places/decide?text={ARRIBA}&country=ES")
    assert ABAJO in shown.main
    fields = {"what": "other", "city": "Madrid", "alike": ABAJO, "note": "They told us"}
    assert queue.submit(shown, fields, action="/decide").status == 303
    assert registered().city_id == registered("b@example.org").city_id == MADRID


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"what": "other", "city": ""}, "Choose a city, or say that the text names none."),
        ({"what": "other", "city": "Qwertzuiop"}, "We do not know this city."),
        ({"what": ""}, "Choose a city"),
        ({"what": "1"}, "We do not know this city"),
        ({"what": "x' OR 1=1"}, "Choose a city"),
    ],
)
def test_a_decision_that_is_none_is_asked_again(
    queue: Client, fields: dict[str, str], sentence: str
) -> None:
    shown = queue.get(f"/office/places/decide?text={ARRIBA}&country=ES")
    refused = queue.submit(shown, fields, action="/decide")
    assert refused.status == 422
    assert sentence in refused.main
    assert registered().city_status == "unknown"


def test_a_text_that_nobody_typed_has_no_page(queue: Client) -> None:
    assert queue.get("/office/places/decide?text=Nowhere&country=ES").status == 404
    assert queue.get("/office/places/decide").status == 404


def test_a_decision_is_listed_and_taken_back(queue: Client) -> None:
    shown = queue.get("/office/places?country=US")
    queue.submit(shown, {"what": str(BARCELONA)}, action="/decide")
    listed = queue.get("/office/places/decisions")
    assert "Springfield" in listed.main
    done = queue.submit(listed, action="/take-back")
    assert "1 registration was looked up anew" in queue.follow(done).main
    assert registered("c@example.org").city_status == "ambiguous"
    again = queue.submit(listed, action="/take-back")
    assert "taken back already" in queue.follow(again).main


def test_a_name_is_taught_before_anybody_types_it(staff: Client, session: Session) -> None:
    form = staff.get("/office/places/decisions")
    done = staff.submit(form, {"text": "AMB", "country": "ES", "city": "Barcelona"})
    assert done.status == 303
    alias = session.scalars(select(PlaceAlias)).one()
    assert (alias.typed, alias.country, alias.city_id) == ("AMB", "ES", BARCELONA)
    for fields in (
        {"text": "", "city": "Madrid"},
        {"text": "X", "city": ""},
        {"text": "…", "city": "Madrid", "country": "ES"},
    ):
        staff.get("/office/places/decisions")
        assert staff.post("/office/places/decisions", fields).status == 422


def test_a_city_is_counted_as_another_and_apart_again(queue: Client) -> None:
    import_table(
        make_event("other"), table({"email": "x@example.org", "city": "Brooklyn", "country": "US"})
    )
    fields = {"other": "Brooklyn", "country": "US", "city": "New York"}
    done = queue.submit(queue.get("/office/places/merges"), fields)
    assert "1 registration was changed" in queue.follow(done).main
    assert registered("x@example.org").city_id == 5128581
    circle = {"other": "5128581", "country": "US", "city": "Brooklyn"}
    queue.get("/office/places/merges")
    assert queue.post("/office/places/merges", circle).status == 422
    queue.submit(queue.get("/office/places/merges"), action="/take-back")
    assert registered("x@example.org").city_id == 5110302
    assert (
        queue.submit(
            queue.get("/office/places/merges"), {"other": "Qwertz", "city": "Madrid"}
        ).status
        == 422
    )


@pytest.mark.parametrize(
    "path", ["/office/places", "/office/places/decisions", "/office/places/merges"]
)
def test_places_are_the_secretariats(page: Client, session: Session, path: str) -> None:
    event = make_event()
    assert page.get(path).status == 302
    page.sign_in("manager", event_id=event.id)
    assert page.get(path).status == 403
