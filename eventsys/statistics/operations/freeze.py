"""Freeze figures: value, rung, version of the rules, time of the data, author."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from sqlalchemy import insert

from eventsys.audit.operations import record
from eventsys.core.db import db
from eventsys.events.queries import get_event
from eventsys.statistics.models import FrozenFigures
from eventsys.statistics.queries.event import event_figures
from eventsys.statistics.queries.year import year_figures

if TYPE_CHECKING:
    from eventsys.core.actor import Actor
    from eventsys.statistics.queries.figures import Figures
    from eventsys.statistics.rules.ladder import Rung


def freeze_event(slug: str, rung: Rung, *, title: str = "", actor: Actor, now: datetime) -> int:
    """Count an event now and keep the figures for ever; gives the id of the frozen figures."""
    event = get_event(slug)
    figures = event_figures(slug, rung, now=now)
    return keep_event(event.id, figures, title=title, published=False, actor=actor, now=now)


def keep_event(
    event_id: int, figures: Figures, *, title: str, published: bool, actor: Actor, now: datetime
) -> int:
    """Keep figures that were just counted."""
    frozen = _insert(
        event_id=event_id,
        rung=figures.rung,
        rule_version=figures.rule_version,
        title=title[:200],
        published=published,
        values=figures.as_dict(),
        data_at=datetime.fromisoformat(figures.data_at),
        actor=actor,
        now=now,
    )
    facts = {"rung": figures.rung, "total": figures.total, "published": published}
    record(
        "statistics.freeze",
        "frozen_figures",
        frozen,
        actor=actor,
        now=now,
        event_id=event_id,
        facts=facts,
    )
    return frozen


def freeze_year(year: int, rung: Rung, *, title: str = "", actor: Actor, now: datetime) -> int:
    """Count a year now and keep the figures for ever; gives the id of the frozen figures."""
    figures = year_figures(year, rung, now=now)
    frozen = _insert(
        year=year,
        rung=figures.rung,
        rule_version=figures.rule_version,
        title=title[:200],
        published=False,
        values=figures.as_dict(),
        data_at=now,
        actor=actor,
        now=now,
    )
    facts = {"year": year, "rung": figures.rung, "total": figures.participations}
    record("statistics.freeze", "frozen_figures", frozen, actor=actor, now=now, facts=facts)
    return frozen


def _insert(*, actor: Actor, now: datetime, **values: object) -> int:
    row = insert(FrozenFigures).values(
        author=actor.label[:254], author_id=actor.id, created_at=now, **values
    )
    return db.session.execute(row.returning(FrozenFigures.id)).scalar_one()
