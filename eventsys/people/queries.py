"""Read persons."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import select

from eventsys.core.db import db
from eventsys.people.models import Person

if TYPE_CHECKING:
    from collections.abc import Collection


def find_people(email_keys: Collection[str]) -> dict[str, int]:
    """Find persons by the keys of their addresses: key → id; who is not known is left out."""
    query = select(Person.email_key, Person.id).where(Person.email_key.in_(email_keys))
    return {key: number for key, number in db.session.execute(query)}
