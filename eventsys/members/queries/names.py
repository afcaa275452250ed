"""Organisations by name. Two of them may share one: Hyderabad of India and Hyderabad of Pakistan."""

from __future__ import annotations

import re
from collections import defaultdict
from typing import TYPE_CHECKING, Final, NamedTuple

from sqlalchemy import and_, bindparam, func, or_, select

from eventsys.core.db import db
from eventsys.core.text import fold
from eventsys.members.models import Organisation
from eventsys.members.rules import SUFFIX_LENGTH

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

_TOLD_APART: Final = re.compile(r"(.+) \(([A-Za-z]{2})\)")
# As long as the column.
LONGEST_NAME: Final = 200


# Made once: to make it costs as much as to run it, and every registration runs it.
_BEARERS: Final = (
    select(Organisation.id, Organisation.country, Organisation.city_id, Organisation.name)
    .where(
        or_(
            Organisation.name_key == bindparam("name"),
            and_(
                Organisation.name_key.like(bindparam("told_apart"), escape="/"),
                func.length(Organisation.name_key) == bindparam("length"),
            ),
        )
    )
    .order_by(Organisation.id)
)


class Bearer(NamedTuple):
    """An organisation that bears a name, and what tells it from another one of that name."""

    id: int
    country: str | None
    city_id: int | None


def choose_bearer(
    bearers: Iterable[Bearer], country: str | None = None, city_id: int | None = None
) -> int | None:
    """Choose among the organisations of one name by what is known of the person; None when it stays open."""
    found = list(bearers)
    found = [one for one in found if one.country == country] or found
    found = [one for one in found if one.city_id == city_id] or found
    return found[0].id if len(found) == 1 else None


def list_bearers(name: str) -> list[Bearer]:
    """List the organisations of a name, whatever its case and accents."""
    key = fold(name)
    if len(key) > LONGEST_NAME:
        return []  # SQLite refuses so long a pattern
    typed = re.sub("[/%_]", r"/\g<0>", key)
    wanted = {"name": key, "told_apart": f"{typed} (%", "length": len(key) + SUFFIX_LENGTH}
    found = db.session.execute(_BEARERS, wanted)
    return [Bearer(*row[:3]) for row in found if fold(row.name) == key]


def find_organisation_id(name: str, country: str | None = None) -> int | None:
    """Find an organisation by its name, whatever its case and accents; of several the one of the country.

    ``Hyderabad (IN)`` says which one of two is meant, whatever the country.
    """
    bearers = list_bearers(name)
    told = _TOLD_APART.fullmatch(name.strip())
    if not bearers and told:
        bearers = [one for one in list_bearers(told[1]) if one.country == told[2].upper()]
    return choose_bearer(bearers, country)


def name_told_apart(organisation: Organisation) -> str:
    """Give the name by which ``find_organisation_id`` finds exactly this organisation."""
    alone = len(list_bearers(organisation.name)) == 1
    return organisation.name if alone else f"{organisation.name} ({organisation.country})"


def names_of_organisations(comparable: Callable[[str], str]) -> Mapping[str, list[Bearer]]:
    """Give every name in every language, made comparable, with its bearers; an own name goes before a translation."""
    own: dict[str, list[Bearer]] = defaultdict(list)
    translated: dict[str, list[Bearer]] = defaultdict(list)
    query = select(
        Organisation.id,
        Organisation.country,
        Organisation.city_id,
        Organisation.name,
        Organisation.names,
    ).order_by(Organisation.id)
    for number, country, city_id, name, names in db.session.execute(query):
        bearer = Bearer(number, country, city_id)
        own[comparable(name)].append(bearer)
        for key in {*map(comparable, names.values())} - {comparable(name)}:
            translated[key].append(bearer)
    found = {**translated, **own}
    return {key: bearers for key, bearers in found.items() if key}
