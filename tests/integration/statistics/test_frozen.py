"""Frozen figures stand still, whatever happens to the people behind them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import delete, select

from eventsys.audit.models import AuditEntry
from eventsys.core.db import db
from eventsys.core.errors import NotFound
from eventsys.registration.models import Registration
from eventsys.statistics.errors import SmallGroupSetting, TooFewToPublish
from eventsys.statistics.operations.freeze import freeze_event, freeze_year
from eventsys.statistics.operations.publish import publish, withdraw
from eventsys.statistics.queries.event import event_figures
from eventsys.statistics.queries.frozen import (
    find_published,
    get_frozen,
    get_frozen_of_year,
    list_frozen,
    list_frozen_of_year,
)
from eventsys.statistics.rules.ladder import RULE_VERSION, Rung
from tests.factories.events import STAFF, make_event
from tests.factories.statistics import make_people

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from eventsys.events.models import Event

START = datetime(2026, 3, 2, 8, tzinfo=UTC)
NOW = datetime(2026, 4, 1, 12, tzinfo=UTC)


def summit() -> Event:
    event = make_event("summit", starts_at=START, ends_at=START + timedelta(days=1))
    make_people(event, 12, came=True)
    return event


def test_a_frozen_figure_survives_erasure(session: Session) -> None:
    event = summit()
    before = event_figures("summit", Rung.ATTENDED, now=NOW)
    frozen = freeze_event("summit", Rung.ATTENDED, title="Annual report", actor=STAFF, now=NOW)
    session.commit()
    session.execute(delete(Registration))
    session.commit()

    row, figures = get_frozen(frozen, event_id=event.id)

    assert figures == before
    assert event_figures("summit", Rung.ATTENDED, now=NOW).total == 0
    assert (row.title, row.author, row.rule_version, row.data_at) == (
        "Annual report",
        "Eva",
        RULE_VERSION,
        NOW,
    )
    assert [entry.id for entry in list_frozen(event.id)] == [frozen]


def test_freezing_is_in_the_log(session: Session) -> None:
    summit()
    freeze_event("summit", Rung.ATTENDED, actor=STAFF, now=NOW)
    entry = session.scalars(
        select(AuditEntry).where(AuditEntry.action == "statistics.freeze")
    ).one()
    assert (entry.actor_label, entry.facts) == (
        "Eva",
        {"rung": "attended", "total": 12, "published": False},
    )


def test_frozen_figures_of_another_event_are_not_found(session: Session) -> None:
    summit()
    other = make_event("other")
    frozen = freeze_event("summit", Rung.ATTENDED, actor=STAFF, now=NOW)
    with pytest.raises(NotFound):
        get_frozen(frozen, event_id=other.id)


def test_a_year_is_frozen_as_well(session: Session) -> None:
    summit()
    frozen = freeze_year(2026, Rung.ATTENDED, title="Yearbook", actor=STAFF, now=NOW)
    row, figures = get_frozen_of_year(frozen, year=2026)
    assert (row.event_id, figures.participations) == (None, 12)
    assert [entry.id for entry in list_frozen_of_year(2026)] == [frozen]
    with pytest.raises(NotFound):
        get_frozen_of_year(frozen, year=2025)


def test_what_is_published_stands_still(session: Session) -> None:
    event = summit()
    publish("summit", Rung.ATTENDED, 5, actor=STAFF, now=NOW)
    make_people(event, 30, came=True)

    published = find_published(event.id, "attended")

    assert published is not None
    assert published.total == 12
    assert event.figures_published_at == NOW


def test_publishing_again_shows_the_new_figures(session: Session) -> None:
    event = summit()
    publish("summit", Rung.ATTENDED, 5, actor=STAFF, now=NOW)
    make_people(event, 30, came=True)
    publish("summit", Rung.ATTENDED, 5, actor=STAFF, now=NOW)
    published = find_published(event.id, "attended")
    assert published is not None
    assert published.total == 42


def test_withdrawing_keeps_what_was_frozen(session: Session) -> None:
    event = summit()
    publish("summit", Rung.ATTENDED, 5, actor=STAFF, now=NOW)
    withdraw("summit", actor=STAFF, now=NOW)
    db.session.refresh(event)
    assert event.figures_published_at is None
    assert len(list_frozen(event.id)) == 1


@pytest.mark.parametrize("small_group", [0, 2, 11])
def test_the_smallest_group_has_limits(session: Session, small_group: int) -> None:
    summit()
    with pytest.raises(SmallGroupSetting):
        publish("summit", Rung.ATTENDED, small_group, actor=STAFF, now=NOW)


def test_an_event_of_four_people_has_no_public_figures(session: Session) -> None:
    event = make_event("board", starts_at=START, ends_at=START + timedelta(hours=2))
    make_people(event, 4, came=True)
    with pytest.raises(TooFewToPublish):
        publish("board", Rung.ATTENDED, 5, actor=STAFF, now=NOW)
