"""Take a decision about a typed name back."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import update

from eventsys.audit.operations import record
from eventsys.core.db import db
from eventsys.places.errors import AlreadyUndone
from eventsys.places.models import PlaceAlias
from eventsys.places.operations.add_alias import AliasDecision
from eventsys.places.queries.learned import get_alias

if TYPE_CHECKING:
    from datetime import datetime

    from eventsys.core.actor import Actor


def undo_alias(alias_id: int, *, actor: Actor, now: datetime) -> AliasDecision:
    """Take a decision back and give what it was. Raises NotFound and AlreadyUndone.

    A text that bears its key is to be resolved anew by the caller.
    """
    alias = get_alias(alias_id)
    changed = db.session.execute(
        update(PlaceAlias)
        .where(PlaceAlias.id == alias_id, PlaceAlias.undone_at.is_(None))
        .values(undone_at=now, undone_by=actor.label[:200]),
    )
    if changed.rowcount != 1:  # type: ignore[attr-defined]  # CursorResult of an UPDATE
        raise AlreadyUndone(id=alias_id)
    facts = {"typed": alias.typed, "country": alias.country or None, "city_id": alias.city_id}
    record("places.undo_alias", "place_alias", alias_id, actor=actor, now=now, facts=facts)
    return AliasDecision(alias_id, alias.key, alias.country or None, alias.city_id, None)
