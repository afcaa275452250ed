"""Numbers without gaps: raised in the transaction of the document, so a document that is not kept takes none."""

from __future__ import annotations

from sqlalchemy.dialects import postgresql, sqlite

from eventsys.core.db import db
from eventsys.payments.models import DocumentCounter


def next_number(series: str, year: int) -> int:
    """Take the next number of a series in a year.

    One statement on both engines; the row stays locked until the transaction ends, so whoever comes next
    waits for it and gets the number after it, or the same one when it was rolled back.
    """
    dialect = db.engine.dialect.name
    insert = postgresql.insert if dialect == "postgresql" else sqlite.insert
    statement = insert(DocumentCounter).values(series=series, year=year, last=1)
    raised = statement.on_conflict_do_update(
        index_elements=["series", "year"], set_={"last": DocumentCounter.last + 1}
    )
    return int(db.session.execute(raised.returning(DocumentCounter.last)).scalar_one())
