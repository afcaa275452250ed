"""Count one city as another: a district as its city, a twin entry of GeoNames as the real one."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import update

from eventsys.audit.operations import record
from eventsys.core.db import db
from eventsys.places.errors import AlreadyUndone, MergeCircle, UnknownCity
from eventsys.places.models import PlaceMerge
from eventsys.places.queries.cities import get_cities
from eventsys.places.queries.learned import all_learned, find_merge, get_merge

if TYPE_CHECKING:
    from datetime import datetime

    from eventsys.core.actor import Actor


@dataclass(frozen=True, slots=True)
class MergeDecision:
    """Registrations of the first city are counted in the second one (or, undone, again in the first)."""

    merge_id: int
    from_city_id: int
    into_city_id: int


def merge_cities(
    from_city_id: int, into_city_id: int, *, actor: Actor, now: datetime, note: str = ""
) -> MergeDecision:
    """Count a city as another one from now on; an earlier merge of it is undone.

    Raises UnknownCity and MergeCircle. Registrations that have the first city are to be given the
    second one by the caller, who keeps the typed text and so can take it back.
    """
    cities = get_cities([from_city_id, into_city_id])
    for city_id in (from_city_id, into_city_id):
        if city_id not in cities:
            raise UnknownCity(id=city_id)
    if all_learned().counted_as(into_city_id) == from_city_id or from_city_id == into_city_id:
        raise MergeCircle(from_city=from_city_id, into_city=into_city_id)
    earlier = find_merge(from_city_id)
    if earlier is not None:
        undo_merge(earlier.id, actor=actor, now=now)
    merge = PlaceMerge(
        from_city_id=from_city_id,
        into_city_id=into_city_id,
        note=note[:500],
        decided_by_id=actor.id,
        decided_by=actor.label[:200],
        decided_at=now,
    )
    db.session.add(merge)
    db.session.flush()
    facts = {"from": from_city_id, "into": into_city_id}
    record("places.merge", "place_merge", merge.id, actor=actor, now=now, facts=facts)
    return MergeDecision(merge.id, from_city_id, into_city_id)


def undo_merge(merge_id: int, *, actor: Actor, now: datetime) -> MergeDecision:
    """Count the city as itself again. Raises NotFound and AlreadyUndone."""
    merge = get_merge(merge_id)
    changed = db.session.execute(
        update(PlaceMerge)
        .where(PlaceMerge.id == merge_id, PlaceMerge.undone_at.is_(None))
        .values(undone_at=now, undone_by=actor.label[:200]),
    )
    if changed.rowcount != 1:  # type: ignore[attr-defined]  # CursorResult of an UPDATE
        raise AlreadyUndone(id=merge_id)
    facts = {"from": merge.from_city_id, "into": merge.into_city_id}
    record("places.undo_merge", "place_merge", merge_id, actor=actor, now=now, facts=facts)
    return MergeDecision(merge_id, merge.from_city_id, merge.into_city_id)
