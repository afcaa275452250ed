"""A world in which people register, pay, change their mind and get their money back, in any order.

The product's own operations and jobs run on a real database. Beyond the gateway stands a small model of what
Stripe holds, so that what is ours can be compared with where the money truly is.
"""

from __future__ import annotations

import itertools
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from eventsys.core.db import db
from eventsys.jobs.models import Job
from eventsys.payments.gateway import Notice, RefusedByStripe
from eventsys.payments.operations.notices import store_notice
from eventsys.payments.rules.comparing import Listed
from eventsys.payments.rules.settling import Booking, DisputeFacts, RefundFacts, SessionFacts
from eventsys.worker.table import JOBS

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from random import Random

    from flask import Flask

BEGIN = datetime(2030, 3, 1, 9, tzinfo=UTC)
PAID_OUT = ("pending", "succeeded")


class Crash(BaseException):
    """The process dies here. No ``except Exception`` of the product may hold it up."""


@contextmanager
def dying(after: int | None) -> Iterator[None]:
    """Die before the statement with this number; None: live on."""
    count = itertools.count()

    def look(*_arguments: object) -> None:
        if next(count) == after:
            raise Crash

    engine = db.engine
    sa.event.listen(engine, "before_cursor_execute", look)
    try:
        yield
    finally:
        sa.event.remove(engine, "before_cursor_execute", look)


@dataclass
class Intent:
    """Money that came at Stripe: what is left of it is ours until it goes back."""

    id: str
    amount: int
    session_id: str


class Bank:
    """What Stripe holds and answers; stands where the gateway is."""

    livemode = False

    def __init__(self, rng: Random) -> None:
        self.rng = rng
        self.numbers = itertools.count(1)
        self.sessions: dict[str, SessionFacts] = {}
        self.intents: dict[str, Intent] = {}
        self.refunds: dict[str, RefundFacts] = {}
        self.disputes: dict[str, DisputeFacts] = {}
        # What is booked on the account, by its number, in its currency; and payments that are booked later.
        self.currency = rng.choice(("EUR", "EUR", "USD"))
        self.bookings: dict[str, Booking] = {}
        self.unbooked: list[str] = []
        # Objects that changed and of which no message has been sent yet.
        self.news: list[tuple[str, str]] = []

    # -------------------------------------------------------------------------- what the gateway asks
    def open_page(self, key: str, amount: int, currency: str) -> SessionFacts:
        """Make a payment page; the same try to pay has one."""
        known = [item for item in self.sessions.values() if item.payment_key == key]
        if known:
            return known[0]
        number = f"cs_{next(self.numbers)}"
        self.sessions[number] = SessionFacts(
            number, "open", "unpaid", amount, currency, livemode=False, payment_key=key, url="x"
        )
        return self.sessions[number]

    def get_session(self, session_id: str) -> SessionFacts:
        """Tell how a page stands."""
        return self._told(self.sessions[session_id])

    def find_session(self, intent_id: str) -> SessionFacts | None:
        """Find the page of an intent."""
        found = (item for item in self.sessions.values() if item.intent_id == intent_id)
        return next(map(self._told, found), None)

    def intent_of_charge(self, charge_id: str) -> str:
        """Find the intent of a charge."""
        return charge_id.replace("ch_", "pi_")

    def _told(self, session: SessionFacts) -> SessionFacts:
        return replace(session, booking=self.bookings.get(f"txn_{session.intent_id}"))

    def expire_session(self, session_id: str) -> SessionFacts:
        """Close a page that nobody has paid on."""
        if self.sessions[session_id].status == "open":
            self._set(session_id, status="expired")
        return self.sessions[session_id]

    def create_refund(self, key: str, intent_id: str, amount: int, currency: str) -> RefundFacts:
        """Send money back once, or refuse."""
        for item in self.refunds.values():
            if item.refund_key == key:
                return item
        if amount > self.left(intent_id) or self.disputed(intent_id):
            raise RefusedByStripe("no money left, or disputed")
        status = self.rng.choice(("succeeded", "succeeded", "pending"))
        # The answer does not tell what was booked: that is asked for when the message comes.
        return replace(self._refund(status, amount, currency, intent_id, key), booking=None)

    def get_refund(self, refund_id: str) -> RefundFacts:
        """Tell how a refund stands."""
        return self.refunds[refund_id]

    def list_refunds(self, *, intent_id: str = "", since: object = None) -> Iterator[RefundFacts]:
        """List the refunds of an intent."""
        return iter([item for item in self.refunds.values() if item.intent_id == intent_id])

    def get_dispute(self, dispute_id: str) -> DisputeFacts:
        """Tell how a dispute stands."""
        return self.disputes[dispute_id]

    def list_all(self, since: datetime, waiting: object, unbooked: object) -> Listed:
        """List everything there is."""
        return Listed(
            since,
            self.livemode,
            [self._told(session) for session in self.sessions.values()],
            list(self.refunds.values()),
            list(self.disputes.values()),
        )

    # ---------------------------------------------------------------------- what people do over there
    def pay(self, session_id: str, *, by_debit: bool, odd: int = 0) -> None:
        """Pay on a page that is open; ``odd`` cents more come than were asked for."""
        page = self.sessions[session_id]
        if page.status != "open":
            return
        intent = f"pi_{next(self.numbers)}"
        now_paid = {} if by_debit else {"payment_status": "paid", "intent_status": "succeeded"}
        amount = page.amount + odd
        self._set(session_id, status="complete", intent_id=intent, amount=amount, **now_paid)
        if not by_debit:
            self._receive(Intent(intent, amount, session_id))

    def decide_debit(self, session_id: str, *, paid: bool) -> None:
        """Let the bank decide on a direct debit."""
        page = self.sessions[session_id]
        if page.status != "complete" or page.payment_status == "paid" or page.intent_status:
            return
        if paid:
            self._set(session_id, payment_status="paid", intent_status="succeeded")
            self._receive(Intent(str(page.intent_id), page.amount, session_id))
        else:
            self._set(session_id, intent_status="requires_payment_method")

    def _receive(self, intent: Intent) -> None:
        self.intents[intent.id] = intent
        self.unbooked.append(intent.id)
        if self.rng.random() < 0.5:
            self.book()

    def book(self) -> None:
        """Book what came on the account, and keep the fee."""
        for number in self.unbooked:
            self._book(f"txn_{number}", self.intents[number].amount, self.rng.choice((0, 325)))
            self.news.append(("charge", number.replace("pi_", "ch_")))
        self.unbooked.clear()

    def _book(self, number: str, amount: int, fee: int) -> Booking:
        self.bookings[number] = Booking(number, amount, fee, self.currency, BEGIN)
        return self.bookings[number]

    def refund_by_hand(self, intent_id: str, amount: int) -> None:
        """Refund in Stripe's dashboard."""
        if 0 < amount <= self.left(intent_id) and not self.disputed(intent_id):
            self._refund("succeeded", amount, "EUR", intent_id, "")

    def conclude_refund(self, refund_id: str, status: str) -> None:
        """Let a refund arrive, or come back: some do so after they had succeeded."""
        refund = self.refunds[refund_id]
        if refund.status in PAID_OUT and refund.status != status:
            failure = None
            if status == "failed":
                failure = self._book(f"txn_back_{refund_id}", refund.amount, 0)
            self.refunds[refund_id] = replace(refund, status=status, failure=failure)
            self.news.append(("refund", refund_id))

    def dispute(self, intent_id: str) -> None:
        """Let a payer ask their bank for all that is left."""
        left = self.left(intent_id)
        if left > 0 and not self.disputed(intent_id):
            number = f"du_{next(self.numbers)}"
            booked = self._book(f"txn_{number}", -left, 2_000)
            self.disputes[number] = DisputeFacts(
                number, "needs_response", left, "EUR", intent_id, (booked,)
            )
            self.news.append(("dispute", number))

    def decide_dispute(self, dispute_id: str, status: str) -> None:
        """Close a dispute."""
        if self.disputes[dispute_id].status == "needs_response":
            known = self.disputes[dispute_id]
            if status == "won":
                back = self._book(f"txn_won_{dispute_id}", known.amount, -1_500)
                known = replace(known, bookings=(*known.bookings, back))
            self.disputes[dispute_id] = replace(known, status=status)
            self.news.append(("dispute", dispute_id))

    # ------------------------------------------------------------------------------------ the truth
    def left(self, intent_id: str) -> int:
        """Give what is left of a payment at Stripe."""
        refunded = sum(
            item.amount
            for item in self.refunds.values()
            if item.intent_id == intent_id and item.status in PAID_OUT
        )
        withdrawn = sum(
            item.amount
            for item in self.disputes.values()
            if item.intent_id == intent_id and item.status != "won"
        )
        return self.intents[intent_id].amount - refunded - withdrawn

    def disputed(self, intent_id: str) -> bool:
        """Tell whether a payment is, or was, disputed: nothing can be refunded of it."""
        return any(
            item.intent_id == intent_id and item.status != "won" for item in self.disputes.values()
        )

    @property
    def balance(self) -> int:
        """Give all the money that Stripe holds for us, less the fees that our ledger can count."""
        kept = sum(row.fee for row in self.bookings.values() if row.currency == "EUR")
        return sum(self.left(intent_id) for intent_id in self.intents) - kept

    def _set(self, session_id: str, **values: Any) -> None:
        self.sessions[session_id] = replace(self.sessions[session_id], **values)
        self.news.append(("checkout.session", session_id))

    def _refund(
        self, status: str, amount: int, currency: str, intent_id: str, key: str
    ) -> RefundFacts:
        number = f"re_{next(self.numbers)}"
        booked = self._book(f"txn_{number}", -amount, self.rng.choice((0, 0, 40)))
        self.refunds[number] = RefundFacts(number, status, amount, currency, intent_id, key, booked)
        self.news.append(("refund", number))
        return self.refunds[number]


class World:
    """The clock, the queue, and whoever dies in between."""

    def __init__(self, app: Flask, bank: Bank, rng: Random, *, crashes: float) -> None:
        self.app, self.bank, self.rng, self.crashes = app, bank, rng, crashes
        self.now = BEGIN
        self.story: list[str] = []

    def do(self, what: str, work: Callable[[], Any]) -> Any:
        """Do something in one transaction. Sometimes it dies on the way, and is tried again."""
        self.story.append(what)
        # Nothing happens at the same moment as something else: what came first can always be told.
        self.now += timedelta(microseconds=1)
        for _ in range(20):
            after = self.rng.randrange(40) if self.rng.random() < self.crashes else None
            try:
                with dying(after):
                    made = work()
                    db.session.commit()
            except Crash:
                db.session.rollback()
                db.session.expunge_all()
                self.story.append(f"  died before statement {after}")
            else:
                return made
        raise AssertionError("it died twenty times")

    def tell(self, kind: str, object_id: str) -> None:
        """Let a message of Stripe arrive."""
        notice = Notice(
            f"evt_{next(self.bank.numbers)}", f"{kind}.x", object_id, kind, False, self.now, ""
        )
        self.do(f"message: {object_id}", lambda: store_notice(notice, now=self.now))

    def work(self) -> None:
        """Do everything that is due."""
        while (job := self._next()) is not None:
            number, name, arguments = job

            def work(name: str = name, number: int = number, arguments: Any = arguments) -> None:
                for _ in JOBS[name](self.app, dict(arguments), now=self.now) or ():
                    db.session.commit()
                db.session.execute(sa.update(Job).where(Job.id == number).values(status="done"))

            self.do(f"job: {name} {arguments}", work)

    def _next(self) -> tuple[int, str, dict[str, Any]] | None:
        query = (
            sa.select(Job.id, Job.name, Job.arguments)
            .where(Job.status == "queued", Job.due_at <= self.now)
            .order_by(Job.due_at, Job.id)
        )
        found = db.session.execute(query).first()
        db.session.rollback()
        return tuple(found) if found else None

    def wait(self, time: timedelta) -> None:
        """Let time pass, and the worker work as things become due."""
        until = self.now + time
        while True:
            due = db.session.scalar(
                sa.select(sa.func.min(Job.due_at)).where(Job.status == "queued")
            )
            db.session.rollback()
            if due is None or due > until:
                break
            self.now = max(self.now, due)
            self.work()
        self.now = until
