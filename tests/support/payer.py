"""Somebody who registers for an event that costs something and goes to pay, as our own pages lead them."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from eventsys.core.db import db
from eventsys.jobs.models import Job
from eventsys.mail.models import Message
from eventsys.payments.models import Case, Charge, LedgerEntry, LedgerLine, Payment, Refund
from eventsys.registration.models import Registration
from tests.factories.events import make_event
from tests.factories.fees import make_plan
from tests.factories.registrations import register
from tests.support.page import Client

if TYPE_CHECKING:
    from flask import Flask

    from eventsys.events.models import Event
    from tests.support.page import Page
    from tests.support.stripe.server import StandIn

FEE = 25_000


class Payer:
    """One person, their browser, and what our database says of them."""

    def __init__(
        self,
        app: Flask,
        stripe: StandIn,
        event: Event | None = None,
        email: str = "ana@example.org",
        **more: Any,
    ) -> None:
        if event is None:
            event = make_event(capacity=2)
            make_plan(event, FEE)
        self.stripe = stripe
        self.event_id = event.id
        outcome = register(event, email, **more)
        assert outcome.link is not None
        self.registration_id, self.link = outcome.registration_id, outcome.link
        self.client = Client(app)

    # ------------------------------------------------------------------------------------ what they do
    def own_page(self) -> Page:
        """Look at the own page."""
        return self.client.get(f"/registrations/{self.link}")

    def press_pay(self) -> Page:
        """Press the button to pay; gives the page that leads on to Stripe, or the own page with a sentence."""
        answer = self.client.post(f"/registrations/{self.link}/pay")
        assert answer.status == 303
        return self.client.follow(answer)

    def open_page(self) -> str:
        """Press the button to pay; gives the id of the payment page at Stripe."""
        page = self.press_pay()
        address = page.link("Go on to pay")
        assert address.startswith(self.stripe.url)
        return address.rpartition("/")[2]

    def come_back(self) -> Page:
        """Come back from the payment page."""
        return self.client.get(f"/registrations/{self.link}/paid")

    # ---------------------------------------------------------------------------------- what is stored
    def _fresh(self, query: Any) -> Any:
        db.session.commit()
        db.session.expire_all()
        return db.session.scalars(query).all()

    @property
    def registration(self) -> Registration:
        """The registration as it is now."""
        found = self._fresh(sa.select(Registration).where(Registration.id == self.registration_id))
        return found[0]

    @property
    def charge(self) -> Charge:
        """What was billed."""
        return self._fresh(sa.select(Charge).where(Charge.registration_id == self.registration_id))[
            0
        ]

    @property
    def state(self) -> tuple[str, str, bool]:
        """Registration, payment, place."""
        row = self.registration
        return row.status, row.payment, row.holds_place

    @property
    def payments(self) -> list[Payment]:
        """All tries to pay, in order."""
        return self._fresh(
            sa.select(Payment).where(Payment.charge_id == self.charge.id).order_by(Payment.id)
        )

    @property
    def refunds(self) -> list[tuple[int, str, str]]:
        """All refunds: amount, origin, status."""
        query = (
            sa.select(Refund)
            .join(Payment, Payment.id == Refund.payment_id)
            .where(Payment.charge_id == self.charge.id)
            .order_by(Refund.id)
        )
        return [(row.amount, row.origin, row.status) for row in self._fresh(query)]

    @property
    def mails(self) -> list[str]:
        """The kinds of mails to them, in order."""
        query = (
            sa.select(Message)
            .where(Message.registration_id == self.registration_id)
            .order_by(Message.id)
        )
        return [row.template.removeprefix("registration/") for row in self._fresh(query)]

    @property
    def accounts(self) -> dict[str, int]:
        """The balances of the ledger for this charge, those that are not zero."""
        db.session.commit()
        rows = db.session.execute(
            sa.select(LedgerLine.account, sa.func.sum(LedgerLine.amount))
            .join(LedgerEntry, LedgerEntry.id == LedgerLine.entry_id)
            .where(LedgerEntry.charge_id == self.charge.id)
            .group_by(LedgerLine.account)
        )
        return {account: int(amount) for account, amount in rows if amount}


def cases() -> list[str]:
    """List the kinds of open cases."""
    db.session.commit()
    query = sa.select(Case.kind).where(Case.closed_at.is_(None)).order_by(Case.id)
    return list(db.session.scalars(query))


def make_due(*names: str) -> None:
    """Let the time come for queued jobs with these names."""
    db.session.execute(
        sa.update(Job)
        .where(Job.name.in_(names), Job.status == "queued")
        .values(due_at=datetime.now(UTC))
    )
    db.session.commit()


def jobs(status: str) -> list[str]:
    """List the names of jobs in a state that are due by now or have failed before."""
    db.session.commit()
    query = sa.select(Job.name).where(Job.status == status, Job.attempts > 0).order_by(Job.id)
    return list(db.session.scalars(query))
