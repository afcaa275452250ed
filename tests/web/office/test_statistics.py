"""The office's figures: who sees them, each rung, files, freezing, publishing."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest

from eventsys.core.db import db
from eventsys.events.models import Category, Event
from eventsys.places.queries.index import current_index
from tests.factories.events import make_event
from tests.factories.statistics import make_member, make_people

if TYPE_CHECKING:
    from collections.abc import Callable

    from sqlalchemy.orm import Session

    from tests.support.page import Client

START = datetime(2026, 3, 2, 8, tzinfo=UTC)
HOME = "/office/events/summit/statistics"


@pytest.fixture
def summit(session: Session) -> Event:
    event = make_event(
        "summit",
        quotas={"delegate": None, "speaker": None, "volunteer": None},
        starts_at=START,
        ends_at=START + timedelta(days=1),
    )
    for category in db.session.query(Category):
        category.speaker, category.counted = (
            category.code == "speaker",
            category.code != "volunteer",
        )
    db.session.commit()
    make_people(event, 12, came=True)
    make_people(event, 9, came=True, gender="man", country="FR", city_id=2988507)
    make_people(
        event, 3, came=True, gender="man", country="PT", city_id=2267057, category="speaker"
    )
    make_people(event, 4, gender=None)
    make_people(event, 2, came=True, category="volunteer")
    return event


def test_the_page_shows_the_rung_of_attendance_first(summit: Event, staff: Client) -> None:
    page = staff.get(HOME)
    assert page.h1 == "Figures"
    assert ["Attended", "24"] in [row[:2] for row in page.rows()]
    assert "Everybody with a confirmed place who checked in" in page.main
    assert "Not counted: Volunteer, 2." in page.main


def test_the_whole_page_asks_twelve_questions_at_most(
    summit: Event, staff: Client, count_queries: Callable[[], Any]
) -> None:
    # Who is signed in, access and the frame of the page included (CONTRACT: 12 whatever the size).
    with count_queries() as queries:
        staff.get(HOME)
    assert len(queries.statements) <= 12, "\n".join(queries.statements)


def test_each_rung_is_a_link(summit: Event, staff: Client) -> None:
    page = staff.get(HOME)
    confirmed = staff.get(page.link("Confirmed"))
    assert ["People on this rung", "28"] in confirmed.rows()
    assert "12 (50%)" in confirmed.main


def test_an_unknown_rung_is_attendance(summit: Event, staff: Client) -> None:
    assert ["People on this rung", "24"] in staff.get(f"{HOME}?rung=<script>").rows()


def test_no_percentage_below_twenty_known_answers(session: Session, staff: Client) -> None:
    make_people(
        make_event("summit", starts_at=START, ends_at=START + timedelta(days=1)), 19, came=True
    )
    page = staff.get(HOME)
    assert "(100%)" not in page.main
    assert "19 known, 0 prefer not to say, 0 not stated" in page.main


def test_an_event_without_registrations_says_so(session: Session, staff: Client) -> None:
    make_event("summit")
    assert "Nobody stands on this rung yet." in staff.get(HOME).main


def test_the_sentence_is_there_in_three_languages(summit: Event, staff: Client) -> None:
    texts = staff.get(HOME).texts("p")
    assert any(
        "Metropolitan Summit brought together more than 20 attendees from 3 cities" in text
        for text in texts
    )
    assert any(text.startswith("El evento «Cumbre Metropolitana»") for text in texts)
    assert any(text.startswith("L’événement « Sommet métropolitain »") for text in texts)


@pytest.mark.parametrize("language", ["es", "fr"])
def test_the_page_is_good_in_the_other_languages(
    summit: Event, staff: Client, language: str
) -> None:
    staff.language = language
    names = {"es": "Lisboa", "fr": "Lisbonne"}
    assert names[language] in staff.get(HOME).main


def test_who_may_see_the_event_but_no_figures_is_refused(summit: Event, page: Client) -> None:
    page.sign_in("check-in")
    assert page.get(HOME).status == 403


def test_a_viewer_of_another_event_does_not_learn_that_it_exists(
    summit: Event, page: Client
) -> None:
    other = make_event("other")
    page.sign_in("viewer", event_id=other.id)
    assert page.get(HOME).status == 404


def test_a_viewer_sees_figures_but_cannot_publish(summit: Event, page: Client) -> None:
    page.sign_in("viewer", event_id=summit.id)
    assert "Publish these figures" not in page.get(HOME).main
    assert page.post(f"{HOME}/publish", {"rung": "attended", "small_group": "5"}).status == 403


@pytest.mark.parametrize(
    ("ending", "start"),
    [("csv", b"\xef\xbb\xbffigure,key,part"), ("xlsx", b"PK"), ("pdf", b"%PDF")],
)
def test_each_file_can_be_downloaded(
    summit: Event, staff: Client, ending: str, start: bytes
) -> None:
    answer = staff.get(f"{HOME}/figures.{ending}?rung=confirmed")
    assert answer.body.startswith(start)
    assert (
        answer.headers["Content-Disposition"] == f'attachment; filename="summit-confirmed.{ending}"'
    )
    assert answer.headers["Cache-Control"] == "no-store"


def test_the_file_for_sharing_hides_small_groups(summit: Event, staff: Client) -> None:
    exact = staff.get(f"{HOME}/figures.csv").body.decode()
    shared = staff.get(f"{HOME}/figures.csv?share=1").body.decode()
    assert "by_country,PT,people,Portugal,People,3" in exact
    assert "by_country,PT,people,Portugal,People,3" not in shared
    assert "by_country,PT,people,Portugal,People," in shared


def test_a_table_can_be_downloaded_alone(summit: Event, staff: Client) -> None:
    answer = staff.get(f"{HOME}/tables/by_country.csv?rung=attended")
    assert answer.body.decode("utf-8-sig").splitlines()[1] == "ES,Spain,Europe,12"
    assert staff.get(f"{HOME}/tables/nothing.csv").status == 404


def test_freezing_keeps_the_figures_of_now(summit: Event, staff: Client) -> None:
    frozen = staff.follow(
        staff.submit(staff.get(HOME), {"title": "Annual report 2026"}, action="/freeze")
    )
    assert frozen.h1 == "Annual report 2026"
    make_people(summit, 50, came=True)
    assert ["People on this rung", "24"] in staff.get(frozen.url).rows()
    assert ["People on this rung", "74"] in staff.get(HOME).rows()
    assert any(row[0] == "Annual report 2026" and row[2] == "24" for row in staff.get(HOME).rows())
    assert staff.get(f"{frozen.url}.pdf").body.startswith(b"%PDF")


def test_frozen_figures_of_another_event_are_not_found(summit: Event, staff: Client) -> None:
    frozen = staff.submit(staff.get(HOME), action="/freeze")
    make_event("other")
    assert staff.get(frozen.location.replace("summit", "other")).status == 404


def test_publishing_and_withdrawing(summit: Event, staff: Client, new_client) -> None:  # type: ignore[no-untyped-def]
    public = new_client()
    assert public.get("/events/summit/statistics").status == 404
    staff.follow(staff.submit(staff.get(HOME), {"small_group": "5"}, action="/publish"))
    assert public.get("/events/summit/statistics").status == 200
    staff.follow(staff.submit(staff.get(HOME), action="/withdraw"))
    assert public.get("/events/summit/statistics").status == 404


@pytest.mark.parametrize("small_group", ["2", "11", "", "five", "99999"])
def test_a_wrong_smallest_group_is_refused(summit: Event, staff: Client, small_group: str) -> None:
    answer = staff.submit(staff.get(HOME), {"small_group": small_group}, action="/publish")
    assert answer.status == 422
    assert "from 3 to 10" in answer.main


def test_the_year_shows_each_event_and_both_sums(summit: Event, staff: Client) -> None:
    page = staff.get("/office/statistics/2026")
    assert page.h1 == "The year 2026 in figures"
    row = next(row for row in page.rows() if row[0] == "Metropolitan Summit")
    assert row[2:4] == ["24", "24"]
    assert "In 2026, 1 event counted 24 participations by 24 people" in page.main


def test_the_year_tells_its_members_and_the_new_ones(summit: Event, staff: Client) -> None:
    make_member("Old", since=date(2000, 1, 1))
    make_member("Tangier", since=date(2026, 1, 15), region="Africa", country="MA")
    make_member("A partner", since=date(2026, 1, 15), kind="partner")
    page = staff.get("/office/statistics/2026")
    assert ["Tangier", "Morocco"] in page.rows()
    assert ["Africa", "1"] in page.rows()
    assert "1 member joined in 2026." in page.main
    assert "the association had 2 members." in page.main


def test_a_year_without_events_says_so(session: Session, staff: Client) -> None:
    assert "No event began in this year." in staff.get("/office/statistics/1999").main
    assert staff.get("/office/statistics/99999").status == 404


def test_the_year_can_be_frozen_and_downloaded(summit: Event, staff: Client) -> None:
    frozen = staff.follow(
        staff.submit(staff.get("/office/statistics/2026"), {"title": "Yearbook"}, action="/freeze")
    )
    assert frozen.h1 == "Yearbook"
    for ending, start in (("csv", b"\xef\xbb\xbf"), ("xlsx", b"PK"), ("pdf", b"%PDF")):
        assert staff.get(f"{frozen.url}.{ending}").body.startswith(start)
        assert staff.get(f"/office/statistics/2026/figures.{ending}").body.startswith(start)


def test_the_year_is_not_for_those_with_one_event(summit: Event, page: Client) -> None:
    page.sign_in("manager", event_id=summit.id)
    assert page.get("/office/statistics/2026").status == 403


def test_figures_of_the_year_lead_to_the_latest_with_events(summit: Event, staff: Client) -> None:
    assert staff.get("/office/statistics").location == "/en/office/statistics/2026"


def test_a_long_table_has_a_page_of_its_own_and_a_short_one_stays(
    summit: Event, staff: Client
) -> None:
    assert 'class="more"' not in staff.get(HOME).html
    rows = current_index().rows(
        "SELECT id, country FROM city WHERE population > 0 ORDER BY population DESC LIMIT 101"
    )
    for city_id, country in rows:
        make_people(summit, came=True, city_id=city_id, country=country)
    page = staff.get(HOME)
    figures = {row[0]: row[1] for row in page.rows() if len(row) == 2}
    whole = staff.get(page.link(f"Show all {figures['Cities']} lines: Cities"))
    assert whole.h1 == "Cities"
    assert len(whole.rows()) == int(figures["Cities"]) + 1
    assert len(page.html) < 100_000
    assert staff.get(whole.link("CSV")).status == 200
    assert staff.get(f"{HOME}/tables/nothing").status == 404


def test_a_table_needs_the_right_to_the_figures(summit: Event, page: Client) -> None:
    page.sign_in("check-in", event_id=summit.id)
    assert page.get(f"{HOME}/tables/by_city").status == 403
