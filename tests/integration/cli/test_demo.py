"""The demo has money to look at, made by the product's own operations; loading it again adds nothing."""

from __future__ import annotations

from collections import Counter

import pytest
import sqlalchemy as sa

from eventsys.cli.demo.load import load_demo
from eventsys.core.db import db
from eventsys.events.models import Event
from eventsys.jobs.models import Job
from eventsys.payments.models import Document, LedgerLine
from eventsys.registration.models import Registration
from eventsys.registration.queries.integrity import find_faults


def states():
    db.session.rollback()
    query = (
        sa.select(Registration.status, Registration.payment)
        .join(Event, Event.id == Registration.event_id)
        .where(Event.slug == "metropolitan-summit")
    )
    return Counter(tuple(row) for row in db.session.execute(query))


@pytest.mark.slow
def test_the_summit_of_the_demo_has_money_of_each_kind(app, session):
    load_demo(app.config["EVENTSYS"])
    first = states()
    assert first == {
        ("submitted", "due"): 5,
        ("confirmed", "paid"): 42,
        ("confirmed", "waived"): 5,
        ("confirmed", "not_due"): 2,
        ("cancelled", "paid"): 1,
        ("cancelled", "refunded"): 1,
    }
    assert find_faults() == []
    assert set(db.session.scalars(sa.select(Document.kind))) == {"invoice", "pro_forma"}
    accounts = set(db.session.scalars(sa.select(LedgerLine.account)))
    assert accounts == {"receivable", "income", "stripe", "bank", "waived", "fees"}
    # Nothing that would ask Stripe, for which the demo has no key.
    asking = sa.select(Job.id).where(Job.name.in_(("payments.look_after", "payments.reconcile")))
    assert db.session.scalar(asking) is None
    lines = db.session.scalar(sa.select(sa.func.count(LedgerLine.id)))
    load_demo(app.config["EVENTSYS"])
    assert states() == first
    assert db.session.scalar(sa.select(sa.func.count(LedgerLine.id))) == lines
