"""What people decided about typed names: asked before anything else."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import bindparam, literal, select, union_all

from eventsys.core.db import db
from eventsys.core.errors import NotFound
from eventsys.places.models import PlaceAlias, PlaceMerge
from eventsys.places.rules import fold

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from sqlalchemy import Executable

LONGEST_KEY: Final = 200
PAGE: Final = 100
CHAIN: Final = 10  # merges followed one after the other


@dataclass(frozen=True, slots=True)
class Learned:
    """The decisions that bear on a question: (key, country) → city or None, and merges of cities."""

    aliases: Mapping[tuple[str, str], int | None]
    merges: Mapping[int, int]

    def find(self, keys: Iterable[str], country: str | None) -> tuple[int | None] | None:
        """Give the decided city as a tuple of one (None in it: no city), or None when undecided."""
        for text_key in keys:
            for place in ((text_key, country or ""), (text_key, "")):
                if place in self.aliases:
                    return (self.aliases[place],)
        return None

    def counted_as(self, city_id: int) -> int:
        """Follow the merges from a city to the one it is counted as."""
        for _step in range(CHAIN):
            if city_id not in self.merges:
                break
            city_id = self.merges[city_id]
        return city_id


NOTHING: Final = Learned({}, {})


def alias_key(typed: str) -> str:
    """Give the key under which a decision about a typed text is kept."""
    return fold.key(typed)[:LONGEST_KEY]


_DECIDED: Final = select(
    literal(True), PlaceAlias.key, PlaceAlias.country, PlaceAlias.city_id, literal(0)
).where(PlaceAlias.undone_at.is_(None))
_MERGED: Final = select(
    literal(False),
    literal(""),
    literal(""),
    PlaceMerge.into_city_id,
    PlaceMerge.from_city_id,
).where(PlaceMerge.undone_at.is_(None))
# Decisions and merges in one statement, made once: every registration asks this.
_OF_SOME: Final[Executable] = union_all(
    _DECIDED.where(PlaceAlias.key.in_(bindparam("keys"))), _MERGED
)
_ALL: Final[Executable] = union_all(_DECIDED, _MERGED)


def _read(statement: Executable, wanted: Mapping[str, Sequence[str]]) -> Learned:
    aliases: dict[tuple[str, str], int | None] = {}
    merges: dict[int, int] = {}
    found: Iterable[Any] = db.session.execute(statement, wanted)
    for is_alias, text_key, country, city_id, from_city_id in found:
        if is_alias:
            aliases[text_key, country] = city_id
        else:
            merges[from_city_id] = city_id
    return Learned(aliases, merges)


def learned_for(keys: Sequence[str]) -> Learned:
    """Read the decisions about some keys."""
    return _read(_OF_SOME, {"keys": keys})


def all_learned() -> Learned:
    """Read all decisions at once, for work on thousands of rows."""
    return _read(_ALL, {})


def get_alias(alias_id: int) -> PlaceAlias:
    """Give a decision, or raise NotFound."""
    alias = db.session.get(PlaceAlias, alias_id)
    if alias is None:
        raise NotFound(what="place_alias", id=alias_id)
    return alias


def find_alias(typed: str, country: str | None = None) -> PlaceAlias | None:
    """Give the decision in force about a typed text, the one for the country before the general one."""
    return db.session.scalars(
        select(PlaceAlias)
        .where(
            PlaceAlias.key == alias_key(typed),
            PlaceAlias.country.in_([country or "", ""]),
            PlaceAlias.undone_at.is_(None),
        )
        .order_by(PlaceAlias.country.desc(), PlaceAlias.id),
    ).first()


def list_aliases(
    q: str = "", *, undone: bool = False, limit: int = PAGE, offset: int = 0
) -> list[PlaceAlias]:
    """Give decisions, the newest first; ``undone`` shows those taken back as well."""
    statement = select(PlaceAlias)
    if not undone:
        statement = statement.where(PlaceAlias.undone_at.is_(None))
    if q:
        statement = statement.where(PlaceAlias.key.contains(alias_key(q), autoescape=True))
    statement = (
        statement.order_by(PlaceAlias.decided_at.desc(), PlaceAlias.id.desc())
        .limit(limit)
        .offset(offset)
    )
    return list(db.session.scalars(statement))


def get_merge(merge_id: int) -> PlaceMerge:
    """Give a merge, or raise NotFound."""
    merge = db.session.get(PlaceMerge, merge_id)
    if merge is None:
        raise NotFound(what="place_merge", id=merge_id)
    return merge


def find_merge(from_city_id: int) -> PlaceMerge | None:
    """Give the merge in force of a city."""
    return db.session.scalars(
        select(PlaceMerge).where(
            PlaceMerge.from_city_id == from_city_id, PlaceMerge.undone_at.is_(None)
        ),
    ).first()


def list_merges(*, undone: bool = False, limit: int = PAGE, offset: int = 0) -> list[PlaceMerge]:
    """Give merges, the newest first."""
    statement = select(PlaceMerge)
    if not undone:
        statement = statement.where(PlaceMerge.undone_at.is_(None))
    statement = (
        statement.order_by(PlaceMerge.decided_at.desc(), PlaceMerge.id.desc())
        .limit(limit)
        .offset(offset)
    )
    return list(db.session.scalars(statement))
