"""Tables of registrations as people bring them, and what importing them does."""

from __future__ import annotations

import csv
import io
from datetime import UTC, datetime
from typing import Any

from eventsys.core.db import db
from eventsys.registration.models import Registration
from eventsys.registration.operations.import_registrations import Imported, import_registrations
from eventsys.registration.queries.importing import Survey, survey_file
from tests.factories.events import STAFF, facts_of
from tests.support.database import SECRET

ANA = {
    "first_name": "Ana",
    "last_name": "Ñandú",
    "email": "ana@example.org",
    "gender": "woman",
    "city": "Barcelona",
    "country": "ES",
    "organisation": "Ajuntament",
    "category": "delegate",
    "language": "es",
    "registered_at": "2023-03-01T10:00",
    "status": "confirmed",
}


def table(*people: dict[str, str], encoding: str = "utf-8", delimiter: str = ",") -> bytes:
    """Write people as a CSV file; each is Ana where nothing else is said."""
    rows = [{**ANA, **person} for person in people]
    columns = list(dict.fromkeys(name for row in rows for name in row))
    text = io.StringIO()
    writer = csv.DictWriter(text, columns, delimiter=delimiter, restval="")
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue().encode(encoding)


def import_table(event: Any, content: bytes, **more: Any) -> tuple[Survey, Imported]:
    """Import a file into an event and commit, as the command does."""
    source = io.BytesIO(content)
    options = {name: more.pop(name) for name in ("matching", "create_categories") if name in more}
    now = more.pop("now", datetime.now(UTC))
    survey = survey_file(facts_of(event), source, now=now, **options)
    done = import_registrations(
        facts_of(event), source, survey, actor=STAFF, now=now, secret=SECRET, **more
    )
    db.session.commit()
    db.session.expire_all()
    return survey, done


def registered(email: str = "ana@example.org") -> Registration:
    """Get the registration of an address, read anew."""
    db.session.expire_all()
    return db.session.query(Registration).filter_by(email_key=email).one()
