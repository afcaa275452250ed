"""The congress of the sample, imported, gives exactly its true figures: command, page, CSV, workbook, PDF."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from eventsys.cli import demo
from eventsys.core.db import db
from eventsys.events.models import Category
from eventsys.members.operations.import_members import import_members
from tests.factories.events import STAFF, make_event
from tests.factories.tables import import_table
from tests.support.true_figures import assert_everywhere, assert_on_the_command_line

if TYPE_CHECKING:
    from flask import Flask
    from sqlalchemy.orm import Session

    from tests.support.page import Client

DATA = Path(__file__).parents[2] / "data" / "congress"
TRUTH = json.loads((DATA / "truth.json").read_text())
CODES = ("delegate", "speaker", "observer", "press", "staff")


@pytest.fixture
def congress(session: Session) -> None:
    import_members((DATA / "members.csv").read_bytes(), actor=STAFF, now=datetime.now(UTC))
    event = make_event(
        "congress", kind="congress", quotas=dict.fromkeys(CODES), timezone="Europe/Brussels", city_id=2800866,
        country="BE", starts_at=datetime(2023, 6, 12, 6, tzinfo=UTC), ends_at=datetime(2023, 6, 15, 16, tzinfo=UTC),
    )  # fmt: skip
    for category in db.session.query(Category).filter_by(event_id=event.id, code="speaker"):
        category.speaker = True
    db.session.commit()
    import_table(event, (Path(demo.__file__).parent / "registrations.csv").read_bytes())


@pytest.mark.slow
def test_the_congress_gives_exactly_its_true_figures_everywhere(
    congress: None, app: Flask, page: Client
) -> None:
    assert_everywhere(app, page, TRUTH)
    found = assert_on_the_command_line(app, TRUTH)
    assert found["unresolved_cities"] == 0
    assert found["sentences"]["en"][0] == (
        "Metropolitan Summit brought together more than 1,400 attendees from 322 cities and 82 countries."
    )
