"""Scans at a moment that is not on a day of the event: kept and counted, and shown to the office."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest

from eventsys.checkin.operations.apply_scans import apply_scans
from eventsys.core.db import db
from eventsys.core.i18n import LANGUAGES
from tests.factories.checkin import attended, badge, make_device, make_guest, reading
from tests.factories.events import make_event

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from eventsys.events.models import Event
    from tests.support.page import Client

PATH = "/office/events/summit/check-in"
NOW = datetime.now(UTC)
NOON = NOW.replace(hour=12)
MARK = "not on a day of the event"
ONE = "1 person is recorded to have come at a moment that is not on a day of the event"


@pytest.fixture
def event(session: Session) -> Event:
    """Give an event from noon two days ago to noon in two days, in Madrid."""
    return make_event(starts_at=NOON - timedelta(days=2), ends_at=NOON + timedelta(days=2))


def scan(event: Event, name: str, at: datetime) -> str:
    """Scan a guest's badge with a phone that had no network at the time; gives the result."""
    guest = make_guest(event, f"{name}@example.org", first_name=name.title(), last_name="")
    (answer,) = apply_scans(
        make_device(event, name), [reading(badge(guest), at)], sent_at=NOW, now=NOW
    )
    db.session.commit()
    assert attended(guest) is not None
    return answer


def test_a_scan_of_weeks_before_is_kept_and_flagged(staff: Client, event: Event) -> None:
    assert '"admitted"' in scan(event, "tried", NOW - timedelta(days=20))
    scan(event, "came", NOW - timedelta(hours=1))
    shown = staff.get(PATH)
    assert ONE in shown.main
    marked = {row[0]: MARK in row[1] for row in shown.rows() if row[0] in {"Tried", "Came"}}
    assert marked == {"Tried": True, "Came": False}
    only = staff.get(shown.link("Look at these scans"))
    assert [row[0] for row in only.rows() if row[0] in {"Tried", "Came"}] == ["Tried"]
    assert only.by_id("filter-result").find("option[@selected]").get("value") == "outside"


def test_after_the_undo_nothing_is_flagged_any_more(staff: Client, event: Event) -> None:
    scan(event, "tried", NOW - timedelta(days=20))
    shown = staff.get(f"{PATH}?result=outside")
    undone = staff.follow(staff.submit(staff.get(shown.link("Undo")), {"note": "a try"}))
    assert "The scan is undone." in undone.main
    assert ONE not in undone.main


def test_the_first_and_the_last_day_count_whole(staff: Client, event: Event) -> None:
    """Accreditation opens before the first word, and somebody comes for the last coffee."""
    scan(event, "early", event.starts_at - timedelta(hours=11))
    assert MARK not in staff.get(PATH).main


def test_what_a_table_said_of_an_arrival_is_not_a_matter_of_the_door(
    staff: Client, event: Event
) -> None:
    guest = make_guest(event)
    guest.attended_at = NOW - timedelta(days=100)
    db.session.commit()
    assert ONE not in staff.get(PATH).main


@pytest.mark.parametrize("language", LANGUAGES)
def test_it_reads_well_in_each_language(staff: Client, event: Event, language: str) -> None:
    scan(event, "tried", NOW - timedelta(days=20))
    staff.language = language
    assert staff.get(f"{PATH}?result=outside").status == 200
