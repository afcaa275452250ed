"""Decide what a typed name means; the decision is remembered for the next time."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import update

from eventsys.audit.operations import record
from eventsys.core.db import db
from eventsys.places.errors import EmptyName, UnknownCity, UnknownCountry
from eventsys.places.models import PlaceAlias
from eventsys.places.queries.cities import find_city
from eventsys.places.queries.countries import resolve_country
from eventsys.places.queries.learned import alias_key, find_alias

if TYPE_CHECKING:
    from datetime import datetime

    from eventsys.core.actor import Actor


@dataclass(frozen=True, slots=True)
class AliasDecision:
    """A decision in force: every text with this key (in this country, if one is given) means the city."""

    alias_id: int
    key: str
    country: str | None
    city_id: int | None
    replaced_id: int | None


def add_alias(
    typed: str,
    country: str | None,
    city_id: int | None,
    *,
    actor: Actor,
    now: datetime,
    note: str = "",
) -> AliasDecision:
    """Decide that a typed text means a city, or (None) no city at all.

    ``country`` limits the decision to people who gave that country; None makes it general. An
    earlier decision about the same text is undone. Raises EmptyName, UnknownCity, UnknownCountry.
    """
    key = alias_key(typed)
    if not key:
        raise EmptyName(typed=typed)
    code = resolve_country(country) if country else None
    if country and code is None:
        raise UnknownCountry(country=country)
    if city_id is not None and find_city(city_id) is None:
        raise UnknownCity(id=city_id)
    earlier = find_alias(typed, code)
    replaced = earlier.id if earlier is not None and earlier.country == (code or "") else None
    if replaced is not None:
        db.session.execute(
            update(PlaceAlias)
            .where(PlaceAlias.id == replaced, PlaceAlias.undone_at.is_(None))
            .values(undone_at=now, undone_by=actor.label[:200]),
        )
    alias = PlaceAlias(
        key=key,
        country=code or "",
        typed=typed[:200],
        city_id=city_id,
        note=note[:500],
        decided_by_id=actor.id,
        decided_by=actor.label[:200],
        decided_at=now,
    )
    db.session.add(alias)
    db.session.flush()
    facts = {"typed": alias.typed, "country": code, "city_id": city_id, "replaced": replaced}
    record("places.add_alias", "place_alias", alias.id, actor=actor, now=now, facts=facts)
    return AliasDecision(alias.id, key, code, city_id, replaced)
