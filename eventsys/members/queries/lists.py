"""Organisations for the office: one, a page of them, all for a file."""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import TYPE_CHECKING

from sqlalchemy import and_, exists, func, or_, select

from eventsys.core.db import db
from eventsys.core.errors import NotFound
from eventsys.core.i18n import country_name
from eventsys.core.text import fold
from eventsys.members.models import Membership, Organisation, OrganisationCity
from eventsys.members.rules import COLUMNS, MORE_COLUMNS, MemberDraft, Period
from eventsys.places.queries import get_cities

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Sequence
    from datetime import date

    from sqlalchemy import ColumnElement

    from eventsys.files.sheets.cells import Cell

__all__ = [
    "Organisation",
    "OrganisationFilter",
    "draft_of",
    "export_rows",
    "get_organisation",
    "is_member_on",
    "list_further_cities",
    "list_organisations",
    "list_periods",
]


@dataclass(frozen=True, slots=True)
class OrganisationFilter:
    """What the office asked for; empty means all. ``state``: current, former, city (city not known)."""

    words: str = ""
    kind: str = ""
    region: str = ""
    country: str = ""
    state: str = ""


def is_member_on(organisation_id: int, day: date) -> bool:
    """Tell whether an organisation is a member on a day; a partner with a period is none."""
    member = exists().where(
        Organisation.id == organisation_id, Organisation.kind == "member", _running(day)
    )
    query = select(member)
    return bool(db.session.scalar(query))


def get_organisation(organisation_id: int) -> Organisation:
    """Get an organisation by id; raises NotFound."""
    found = db.session.get(Organisation, organisation_id)
    if found is None:
        raise NotFound
    return found


def _running(day: date) -> ColumnElement[bool]:
    return exists().where(
        Membership.organisation_id == Organisation.id,
        Membership.since <= day,
        or_(Membership.until.is_(None), Membership.until > day),
    )


def _conditions(wanted: OrganisationFilter, day: date) -> list[ColumnElement[bool]]:
    found = [
        Organisation.search_text.contains(word, autoescape=True)
        for word in fold(wanted.words).split()
    ]
    for name in ("kind", "region", "country"):
        value = getattr(wanted, name)
        if value:
            found.append(getattr(Organisation, name) == value)
    if wanted.state == "current":
        found += [Organisation.kind == "member", _running(day)]
    elif wanted.state == "former":
        ended = exists().where(
            Membership.organisation_id == Organisation.id, Membership.until <= day
        )
        found.append(and_(Organisation.kind == "member", ended, ~_running(day)))
    elif wanted.state == "city":
        found.append(and_(Organisation.city_id.is_(None), Organisation.city_typed != ""))
    return found


def list_organisations(
    wanted: OrganisationFilter,
    *,
    day: date,
    page: int = 1,
    size: int = 50,
) -> tuple[Sequence[Organisation], int]:
    """List one page of organisations by name, and how many there are in all."""
    conditions = _conditions(wanted, day)
    total = (
        db.session.scalar(select(func.count()).select_from(Organisation).where(*conditions)) or 0
    )
    query = select(Organisation).where(*conditions).order_by(Organisation.name_key, Organisation.id)
    return db.session.scalars(query.limit(size).offset((page - 1) * size)).all(), total


def list_periods(organisation_ids: Collection[int]) -> dict[int, list[Period]]:
    """List the periods of membership of some organisations, by organisation, the oldest first."""
    query = (
        select(Membership)
        .where(Membership.organisation_id.in_(organisation_ids))
        .order_by(Membership.organisation_id, Membership.since, Membership.id)
    )
    found: dict[int, list[Period]] = {}
    for row in db.session.scalars(query):
        found.setdefault(row.organisation_id, []).append(Period(row.since, row.until))
    return found


def list_further_cities(organisation_id: int) -> Sequence[int]:
    """List the ids of the further cities of an organisation."""
    query = select(OrganisationCity.city_id).where(
        OrganisationCity.organisation_id == organisation_id
    )
    return db.session.scalars(query.order_by(OrganisationCity.city_id)).all()


def draft_of(organisation: Organisation) -> MemberDraft:
    """Give what the secretariat entered of an organisation."""
    return MemberDraft(
        **{item.name: getattr(organisation, item.name) for item in fields(MemberDraft)}
    )


def export_rows(wanted: OrganisationFilter, *, day: date, language: str) -> Iterator[list[Cell]]:
    """Give the rows of the members' file, one for each period, in the columns of the import."""
    conditions = _conditions(wanted, day)
    query = select(Organisation).where(*conditions).order_by(Organisation.name_key, Organisation.id)
    organisations = db.session.scalars(query).all()
    periods = list_periods([row.id for row in organisations])
    cities = get_cities([row.city_id for row in organisations])
    for row in organisations:
        city = cities.get(row.city_id) if row.city_id else None
        for period in periods.get(row.id, [None]):
            values: dict[str, Cell] = {
                "name": row.name,
                "city": city.name_in(language) if city else row.city_typed,
                "country": country_name(row.country, language),
                "region": row.region,
                "kind": row.kind,
                "since": period.since if period else None,
                "external_id": row.external_id,
                "until": period.until if period else None,
                "nature": row.nature,
                "website": row.website,
                **{f"name_{code}": text for code, text in row.names.items()},
            }
            yield [values.get(name) for name in (*COLUMNS, *MORE_COLUMNS)]
