"""Decide what typed places mean, for all registrations there are and, remembered, for those to come."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import and_, or_, update

from eventsys.audit.operations import record
from eventsys.core.db import db
from eventsys.places.operations.add_alias import add_alias
from eventsys.places.operations.merge import merge_cities, undo_merge
from eventsys.places.operations.undo_alias import undo_alias
from eventsys.places.queries import alias_key, all_learned, get_alias, resolve_typed
from eventsys.registration.models import UNRESOLVED, Registration
from eventsys.registration.queries.importing import place_of
from eventsys.registration.queries.undecided import bearing, list_texts, of_decision

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import datetime

    from eventsys.core.actor import Actor
    from eventsys.places.operations.add_alias import AliasDecision


def decide_places(
    texts: Sequence[str],
    country: str | None,
    city_id: int | None,
    *,
    actor: Actor,
    now: datetime,
    note: str = "",
) -> int:
    """Decide that typed texts mean a city, or (None) no city; gives the number of registrations it reached.

    ``country`` limits the decision to people of that country. Raises EmptyName, UnknownCity, UnknownCountry.
    """
    reached = 0
    for typed in dict.fromkeys(texts):
        decision = add_alias(typed, country, city_id, actor=actor, now=now, note=note)
        reached += _apply(decision, now=now)
    record(
        "places.review", "city", city_id, actor=actor, now=now,
        facts={"texts": list(texts), "country": country, "registrations": reached},
    )  # fmt: skip
    return reached


def take_back(alias_id: int, *, actor: Actor, now: datetime) -> int:
    """Take a decision back: what it had set is asked of the resolver anew. Raises NotFound, AlreadyUndone."""
    alias = get_alias(alias_id)
    # Found before it is undone, in the words of the decision.
    texts = [text for text in list_texts(of_decision(alias)) if alias.key in alias_key(text[0])]
    condition = of_decision(alias)
    undo_alias(alias_id, actor=actor, now=now)
    reached = _resolve_anew(texts, condition, now=now)
    record(
        "places.take_back", "place_alias", alias_id, actor=actor, now=now, facts={"registrations": reached},
    )  # fmt: skip
    return reached


def count_as(
    from_city_id: int, into_city_id: int, *, actor: Actor, now: datetime, note: str = ""
) -> int:
    """Count a city as another one, in all registrations. Raises UnknownCity, MergeCircle."""
    decision = merge_cities(from_city_id, into_city_id, actor=actor, now=now, note=note)
    target = all_learned().counted_as(decision.into_city_id)
    reached = _set(Registration.city_id == from_city_id, now=now, city_id=target)
    record(
        "places.count_as", "city", from_city_id, actor=actor, now=now,
        facts={"into": into_city_id, "registrations": reached},
    )  # fmt: skip
    return reached


def count_apart(merge_id: int, *, actor: Actor, now: datetime) -> int:
    """Count a city as itself again: by what was typed. Raises NotFound, AlreadyUndone."""
    decision = undo_merge(merge_id, actor=actor, now=now)
    target = all_learned().counted_as(decision.into_city_id)
    condition = Registration.city_id == target
    learned = all_learned()
    texts = [
        (typed, country)
        for typed, country in list_texts(condition)
        if resolve_typed(typed, country or None, "en", learned).geonameid == decision.from_city_id
    ]
    reached = (
        _set(and_(condition, bearing(texts)), now=now, city_id=decision.from_city_id)
        if texts
        else 0
    )
    record(
        "places.count_apart", "city", decision.from_city_id, actor=actor, now=now, facts={"registrations": reached},
    )  # fmt: skip
    return reached


def _apply(decision: AliasDecision, *, now: datetime) -> int:
    condition: Any = UNRESOLVED
    if decision.replaced_id is not None:
        condition = or_(UNRESOLVED, Registration.city_alias_id == decision.replaced_id)
    learned = all_learned()
    texts = [
        (typed, country)
        for typed, country in list_texts(condition)
        if decision.key in alias_key(typed)
        and decision.country in (None, country)
        and resolve_typed(typed, country or None, "en", learned).decided
    ]
    if not texts:
        return 0
    status = "none" if decision.city_id is None else "resolved"
    city_id = None if decision.city_id is None else learned.counted_as(decision.city_id)
    return _set(
        and_(condition, bearing(texts)),
        now=now,
        city_id=city_id,
        city_status=status,
        city_alias_id=decision.alias_id,
    )


def _resolve_anew(texts: Iterable[tuple[str, str]], condition: Any, *, now: datetime) -> int:  # noqa: ANN401 (SQL)
    learned = all_learned()
    reached = 0
    for typed, country in texts:
        place = place_of(resolve_typed(typed, country or None, "en", learned))
        reached += _set(
            and_(condition, bearing([(typed, country)])), now=now, city_id=place.city_id, city_status=place.status,
            city_alias_id=None,
        )  # fmt: skip
    return reached


def _set(condition: Any, *, now: datetime, **values: Any) -> int:  # noqa: ANN401 (an SQL condition, columns)
    result = db.session.execute(
        update(Registration).where(condition).values(**values, updated_at=now),
        execution_options={"synchronize_session": False},
    )
    return int(result.rowcount)  # type: ignore[attr-defined]  # CursorResult of an UPDATE
