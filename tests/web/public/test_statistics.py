"""The public figures: only what is published, with small groups hidden."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest

from eventsys.statistics.operations.publish import publish
from eventsys.statistics.rules.ladder import Rung
from tests.factories.events import STAFF, make_event
from tests.factories.statistics import make_people

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from eventsys.events.models import Event
    from tests.support.page import Client

START = datetime(2026, 3, 2, 8, tzinfo=UTC)
PAGE = "/events/summit/statistics"


@pytest.fixture
def summit(session: Session) -> Event:
    event = make_event("summit", starts_at=START, ends_at=START + timedelta(days=1))
    make_people(event, 40, came=True)
    make_people(event, 30, came=True, gender="man", country="FR", city_id=2988507)
    make_people(event, 6, came=True, country="IT", city_id=3169070)
    make_people(
        event, 3, came=True, gender="non-binary", country="PT", city_id=2267057, category="press"
    )
    return event


def show(k: int = 5) -> None:
    publish("summit", Rung.ATTENDED, k, actor=STAFF, now=START + timedelta(days=9))


def test_figures_that_are_not_published_are_not_found(summit: Event, page: Client) -> None:
    assert page.get(PAGE).status == 404


def test_published_figures_can_be_read_by_everybody(summit: Event, page: Client) -> None:
    show()
    answer = page.get(PAGE)
    assert "brought together more than 70 attendees from 4 cities and 4 countries" in answer.main
    assert ["People on this rung", "79"] in answer.rows()


def test_small_groups_are_hidden_and_another_one_with_them(summit: Event, page: Client) -> None:
    show()
    people = {row[0]: row[-1] for row in page.get(PAGE).rows()}
    assert people["Spain"] == "40"
    assert people["Portugal"] == people["Italy"] == "hidden"
    assert "Lisbon" not in people
    assert people["Press"] == "hidden"


def test_a_smaller_limit_shows_more(summit: Event, page: Client) -> None:
    show(3)
    people = {row[0]: row[-1] for row in page.get(PAGE).rows()}
    assert (people["Portugal"], people["Italy"]) == ("3", "6")


def test_the_page_has_nothing_that_is_for_the_office(summit: Event, page: Client) -> None:
    show()
    text = page.get(PAGE).main
    for word in ("Arrivals", "Organisations represented", "Download", "Frozen"):
        assert word not in text


def test_the_page_does_not_change_when_the_data_do(summit: Event, page: Client) -> None:
    show()
    before = page.get(PAGE).main
    make_people(summit, 25, came=True, country="DE", city_id=2950159)
    assert page.get(PAGE).main == before


def test_a_draft_event_shows_no_figures(summit: Event, page: Client, session: Session) -> None:
    show()
    summit.published_at = None
    session.commit()
    assert page.get(PAGE).status == 404


@pytest.mark.parametrize("language", ["es", "fr"])
def test_the_page_is_good_in_the_other_languages(
    summit: Event, page: Client, language: str
) -> None:
    show()
    page.language = language
    assert {"es": "París", "fr": "Paris"}[language] in page.get(PAGE).main


def test_reading_takes_few_statements(summit: Event, page: Client, count_queries) -> None:  # type: ignore[no-untyped-def]
    show()
    with count_queries() as queries:
        page.get(PAGE)
    assert len(queries) <= 4
