"""Persons: one row per address."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from sqlalchemy.dialects import postgresql, sqlite

from eventsys.core.db import add_row, db, table_of
from eventsys.core.text import email_key
from eventsys.people.models import Consent, Person
from eventsys.people.queries import find_people

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from sqlalchemy import Executable


def find_or_create_person(
    email: str, names: tuple[str, str], language: str, *, now: datetime
) -> int:
    """Give the id of the person with this address, made now if need be.

    What is known of a person is not overwritten: anybody may type anybody's address into a form.
    """
    key = email_key(email)
    values = {
        "email": email,
        "email_key": key,
        "first_name": names[0],
        "last_name": names[1],
        "language": language,
        "created_at": now,
    }
    return int(db.session.execute(_find_or_create(db.engine.dialect.name), values).scalar_one())


@cache
def _find_or_create(dialect: str) -> Executable:
    table = table_of(Person)
    statement = postgresql.insert(table) if dialect == "postgresql" else sqlite.insert(table)
    # The update changes nothing: it makes the row's id come back in the same statement.
    same = {"email_key": statement.excluded.email_key}
    return statement.on_conflict_do_update(index_elements=["email_key"], set_=same).returning(
        table.c.id
    )


def find_or_create_people(
    people: Sequence[tuple[str, tuple[str, str], str]],
    *,
    now: datetime,
) -> dict[str, int]:
    """Give the ids of many persons (address, names, language) by the key of their address, making who is missing.

    Two statements more than the reading one at most; what is known of a person is not overwritten.
    """
    by_key = {email_key(email): (email, names, language) for email, names, language in people}
    found = find_people(by_key)
    rows = [
        {
            "email": email, "email_key": key, "first_name": names[0], "last_name": names[1], "language": language,
            "created_at": now,
        }
        for key, (email, names, language) in by_key.items()
        if key not in found
    ]  # fmt: skip
    if not rows:
        return found
    dialect = db.engine.dialect.name
    statement = postgresql.insert(Person) if dialect == "postgresql" else sqlite.insert(Person)
    made = db.session.execute(
        statement.on_conflict_do_nothing(index_elements=["email_key"]).returning(
            Person.email_key, Person.id
        ),
        rows,
    )
    found |= {key: number for key, number in made}
    # Whom another transaction made meanwhile, the insert has left out.
    missing = by_key.keys() - found.keys()
    return found | find_people(missing) if missing else found


def give_consent(
    person_id: int, kind: str, text_version: str, language: str, subject: str, *, now: datetime
) -> None:
    """Store what was agreed to: kind, version of the text, language it was read in, where and when."""
    add_row(
        Consent,
        person_id=person_id,
        kind=kind,
        text_version=text_version,
        language=language,
        subject=subject,
        given_at=now,
    )
