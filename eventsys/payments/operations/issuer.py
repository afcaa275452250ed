"""Keep who issues documents. What was issued before keeps what stood there."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING

from eventsys.audit.operations import record
from eventsys.core.db import db
from eventsys.payments.errors import InvalidIssuer
from eventsys.payments.models import Issuer
from eventsys.payments.queries.documents import find_issuer
from eventsys.payments.rules.issuer import problems_of

if TYPE_CHECKING:
    from datetime import datetime

    from eventsys.core.actor import Actor
    from eventsys.payments.rules.issuer import IssuerDraft


def save_issuer(
    draft: IssuerDraft, countries: frozenset[str], *, actor: Actor, now: datetime
) -> Issuer:
    """Keep the issuer. Raises InvalidIssuer. The log names the fields that changed: a changed account matters."""
    problems = problems_of(draft, countries)
    if problems:
        raise InvalidIssuer(problems)
    issuer = find_issuer()
    if issuer is None:
        # One row, for ever the first: a second one at the same moment meets its key.
        issuer = Issuer(id=1, updated_at=now)
        db.session.add(issuer)
    values = asdict(draft)
    changed = sorted(name for name, value in values.items() if getattr(issuer, name) != value)
    for name in changed:
        setattr(issuer, name, values[name])
    issuer.updated_at = now
    db.session.flush()
    if changed:
        facts = {"fields": changed}
        record("payments.edit_issuer", "issuer", issuer.id, actor=actor, now=now, facts=facts)
    return issuer
