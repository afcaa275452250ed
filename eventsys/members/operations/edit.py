"""Add and change organisations, their periods of membership and their further cities."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from eventsys.audit.operations import record
from eventsys.core.db import db
from eventsys.core.errors import NotFound
from eventsys.core.i18n import LANGUAGES
from eventsys.members.errors import InvalidMember, MemberExists
from eventsys.members.models import Membership, Organisation, OrganisationCity
from eventsys.members.rules import (
    MemberDraft,
    Period,
    draft_problems,
    name_key,
    period_problems,
    search_text,
)
from eventsys.places.queries import get_cities

if TYPE_CHECKING:
    from datetime import date, datetime

    from eventsys.core.actor import Actor


def get_organisation(organisation_id: int) -> Organisation:
    """Get an organisation to change it; raises NotFound."""
    found = db.session.get(Organisation, organisation_id)
    if found is None:
        raise NotFound
    return found


def save_organisation(
    draft: MemberDraft,
    *,
    actor: Actor,
    now: datetime,
    organisation_id: int | None = None,
) -> tuple[Organisation, list[str]]:
    """Add an organisation, or write a draft over one; gives it and the names of what changed.

    Raises InvalidMember with every problem, and MemberExists (name whatever its case in the same country,
    or external id).
    """
    problems = draft_problems(draft)
    if problems:
        raise InvalidMember(problems)
    wanted = asdict(draft)
    if organisation_id is None:
        organisation = Organisation(created_at=now, updated_at=now, name_key="", **wanted)
        changed = sorted(wanted)
    else:
        organisation = get_organisation(organisation_id)
        changed = sorted(
            name for name, value in wanted.items() if getattr(organisation, name) != value
        )
    if not changed:
        return organisation, []
    try:
        with db.session.begin_nested():
            for name in changed:
                setattr(organisation, name, wanted[name])
            organisation.name_key = _name_key(draft, organisation_id)
            organisation.updated_at = now
            db.session.add(organisation)
            db.session.flush()
            organisation.search_text = _search_text(organisation, draft)
    except IntegrityError:
        raise MemberExists(name=draft.name) from None
    verb = "add" if organisation_id is None else "edit"
    record(
        f"members.{verb}", "organisation", organisation.id, actor=actor, now=now,
        facts={"name": draft.name, "fields": changed if verb == "edit" else []},
    )  # fmt: skip
    return organisation, changed


def _name_key(draft: MemberDraft, organisation_id: int | None) -> str:
    query = select(Organisation.country).where(
        Organisation.name_key == name_key(draft.name, None, None),
        Organisation.id != (organisation_id or 0),
    )
    with db.session.no_autoflush:
        return name_key(draft.name, draft.country, db.session.scalar(query))


def _search_text(organisation: Organisation, draft: MemberDraft) -> str:
    further = select(OrganisationCity.city_id).where(
        OrganisationCity.organisation_id == organisation.id
    )
    cities = get_cities([draft.city_id, *db.session.scalars(further)])
    return search_text(
        draft, [city.name_in(language) for city in cities.values() for language in LANGUAGES]
    )


def save_period(organisation_id: int, period: Period, *, actor: Actor, now: datetime) -> None:
    """Add a period of membership, or change the end of the one that began on the same day.

    Raises InvalidMember when it ends before it begins or overlaps another one.
    """
    get_organisation(organisation_id)
    others = [item for item in _periods(organisation_id) if item.since != period.since]
    problems = period_problems(period, others)
    if problems:
        raise InvalidMember(problems)
    query = select(Membership).where(
        Membership.organisation_id == organisation_id, Membership.since == period.since
    )
    row = db.session.scalar(query)
    if row is not None and row.until == period.until:
        return
    if row is None:
        db.session.add(
            Membership(organisation_id=organisation_id, since=period.since, until=period.until)
        )
    else:
        row.until = period.until
    db.session.flush()
    _record("save_period", organisation_id, period, actor, now)


def remove_period(organisation_id: int, since: date, *, actor: Actor, now: datetime) -> None:
    """Remove a period that was entered by mistake. Raises NotFound."""
    db.session.delete(_period_row(organisation_id, since))
    _record("remove_period", organisation_id, Period(since), actor, now)


def add_city(organisation_id: int, city_id: int, *, actor: Actor, now: datetime) -> None:
    """Add a further city that the organisation stands for. Twice changes nothing."""
    organisation = get_organisation(organisation_id)
    known = db.session.get(OrganisationCity, (organisation_id, city_id))
    if known is not None or city_id == organisation.city_id:
        return
    db.session.add(OrganisationCity(organisation_id=organisation_id, city_id=city_id))
    _refresh_search(organisation)
    facts = {"city": city_id}
    record("members.add_city", "organisation", organisation_id, actor=actor, now=now, facts=facts)


def remove_city(organisation_id: int, city_id: int, *, actor: Actor, now: datetime) -> None:
    """Take a further city away. Raises NotFound."""
    row = db.session.get(OrganisationCity, (organisation_id, city_id))
    if row is None:
        raise NotFound
    db.session.delete(row)
    _refresh_search(get_organisation(organisation_id))
    facts = {"city": city_id}
    record(
        "members.remove_city", "organisation", organisation_id, actor=actor, now=now, facts=facts
    )


def _refresh_search(organisation: Organisation) -> None:
    db.session.flush()
    names = {
        name: getattr(organisation, name)
        for name in ("name", "names", "city_id", "city_typed", "external_id")
    }
    organisation.search_text = _search_text(organisation, MemberDraft(**names))


def _period_row(organisation_id: int, since: date) -> Membership:
    query = select(Membership).where(
        Membership.organisation_id == organisation_id, Membership.since == since
    )
    row = db.session.scalar(query)
    if row is None:
        raise NotFound
    return row


def _periods(organisation_id: int) -> list[Period]:
    query = select(Membership.since, Membership.until).where(
        Membership.organisation_id == organisation_id
    )
    return [Period(since, until) for since, until in db.session.execute(query)]


def _record(verb: str, organisation_id: int, period: Period, actor: Actor, now: datetime) -> None:
    until = period.until.isoformat() if period.until else None
    facts = {"since": period.since.isoformat(), "until": until}
    record(f"members.{verb}", "organisation", organisation_id, actor=actor, now=now, facts=facts)
