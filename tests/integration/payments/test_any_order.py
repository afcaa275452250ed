"""Whatever people, Stripe, the office and crashes do, in any order: the money and the places agree in the end."""

from __future__ import annotations

import time
from datetime import timedelta
from random import Random

import pytest
import sqlalchemy as sa

from eventsys.core.db import db
from eventsys.core.errors import DomainError
from eventsys.events.models import Category, Event
from eventsys.jobs.operations import enqueue
from eventsys.payments.models import (
    Case,
    Charge,
    Payment,
)
from eventsys.payments.operations.pay import keep_session, start_payment
from eventsys.payments.rules.cases import choices_of
from eventsys.registration.models import FeePlan, Registration
from eventsys.registration.operations.amend import move_to_category
from eventsys.registration.operations.cancel import cancel
from eventsys.registration.operations.change import change
from eventsys.registration.operations.decide_case import decide_case
from eventsys.registration.operations.office_fee import (
    HandPayment,
    change_fee,
    record_by_hand,
    refund_fee,
    waive_fee,
)
from eventsys.registration.operations.submit import submit
from eventsys.registration.operations.take_back import take_back
from eventsys.worker import payments as jobs
from tests.factories.events import STAFF, facts_of, make_event
from tests.factories.fees import make_code, make_fee, make_plan
from tests.factories.registrations import ANA, submission
from tests.support.database import SECRET
from tests.support.money_judge import judge
from tests.support.money_world import BEGIN, Bank, World

SECONDS = 8.0
STEPS = 40
PEOPLE = [f"p{number}@example.org" for number in range(7)]
ENDED = {"cancelled", "rejected", "expired"}
ACTIONS = {
    "register": 10, "go_to_pay": 10, "pay": 8, "debit": 3, "bank_decides": 3, "message": 12, "work": 8, "wait": 5,
    "office_refund": 2, "dashboard": 2, "refund_comes_back": 2, "dispute": 1, "dispute_ends": 2, "cancel": 3,
    "staff_cancel": 1, "category": 3, "waive": 1, "transfer": 2, "capacity": 1, "odd": 1, "abandon": 2,
    "promise": 1, "agree": 1, "mistake": 1, "correct": 2, "decide": 3, "book": 3,
}  # fmt: skip


class Story:
    """One random history of an event with three places, three fees and three codes."""

    def __init__(self, app, monkeypatch, seed):
        self.rng = Random(seed)
        self.bank = Bank(self.rng)
        monkeypatch.setattr(jobs, "make_gateway", lambda _settings: self.bank)
        self.world = World(app, self.bank, self.rng, crashes=0.15)
        # Whoever the office, the payer's bank or a change of category left with less than the fee.
        self.excused = set()
        # Charges of which a person has decided that what is too much stays, or was settled elsewhere.
        self.kept = set()
        self._event()

    def _event(self):
        event = make_event(
            capacity=3, quotas={"delegate": None, "press": 2, "student": None},
            starts_at=BEGIN + timedelta(days=300), ends_at=BEGIN + timedelta(days=302), published_at=BEGIN,
            change_until=BEGIN + timedelta(days=299),
        )  # fmt: skip
        self.event_id = event.id
        self.categories = {
            row.code: row.id for row in db.session.query(Category).filter_by(event_id=event.id)
        }
        make_plan(
            event, 0, pay_hours=self.rng.choice((24, 72)), tax_rate=self.rng.choice((0, 2100)),
            refund_until=BEGIN + timedelta(days=8), refund_percent=self.rng.choice((0, 50, 100)),
        )  # fmt: skip
        make_fee(event, 0, position=0, income_group="low")
        make_fee(event, 40_000, position=1, category_id=self.categories["press"])
        make_fee(event, 5_001, position=2, category_id=self.categories["student"])
        make_fee(event, 20_000, position=3, until=BEGIN + timedelta(days=3))
        make_fee(event, 25_000, position=4)
        make_code(event, "ONE", "amount", value=1_000, most=1)
        make_code(event, "HALF", "percent", value=50, most=2)
        make_code(event, "GIFT", "free", most=1)

    @property
    def now(self):
        return self.world.now

    def play(self):
        for _ in range(STEPS):
            name = self.rng.choices(list(ACTIONS), ACTIONS.values())[0]
            getattr(self, f"_{name}")()

    def _do(self, what, work):
        try:
            return self.world.do(what, work)
        except DomainError as refusal:
            db.session.rollback()
            self.world.story.append(f"  refused: {type(refusal).__name__}")
            return None

    def _pick(self, query):
        found = db.session.scalars(query).all()
        db.session.rollback()
        return self.rng.choice(found) if found else None

    def _charge(self, *, owed=False):
        query = sa.select(Charge.id).order_by(Charge.id)
        return self._pick(query.where(Charge.billed > Charge.received) if owed else query)

    def _live(self):
        return self._pick(
            sa.select(Registration.id)
            .where(Registration.status.not_in(ENDED))
            .order_by(Registration.id)
        )

    def _any(self, known):
        return self.rng.choice(sorted(known)) if known else None

    # ------------------------------------------------------------------------------------- people
    def _register(self):
        event = db.session.get_one(Event, self.event_id)
        wanted = submission(
            event, self.rng.choice(PEOPLE), category=self.rng.choice(list(self.categories)),
            country=self.rng.choice(("ES", "FR", "MX", "NE")), code=self.rng.choice(("", "", "one", "HALF", "GIFT")),
        )  # fmt: skip
        facts = facts_of(event)
        db.session.rollback()
        self._do(
            f"register {wanted.email} {wanted.category_id} {wanted.country} {wanted.code}",
            lambda: submit(facts, wanted, actor=ANA, now=self.now, secret=SECRET).registration_id,
        )

    def _go_to_pay(self):
        charge_id = self._charge(owed=True)
        if charge_id is None:
            return

        def start():
            payment = start_payment(charge_id, now=self.now)
            return payment.id, payment.key, payment.amount, payment.session_id

        made = self._do(f"go to pay {charge_id}", start)
        if made is None or made[3] is not None:
            return
        page = self.bank.open_page(made[1], made[2], "EUR")
        if self.rng.random() < 0.1:
            self.world.story.append("  died before the page was kept")
        else:
            if self.rng.random() < 0.1:
                self._cancel()
            self._do("keep page", lambda: keep_session(made[0], page, now=self.now))

    def _pay(self):
        if page := self._any(self.bank.sessions):
            self.world.story.append(f"pay {page}")
            self.bank.pay(page, by_debit=False)

    def _debit(self):
        if page := self._any(self.bank.sessions):
            self.world.story.append(f"debit {page}")
            self.bank.pay(page, by_debit=True)

    def _odd(self):
        if page := self._any(self.bank.sessions):
            self.world.story.append(f"odd amount {page}")
            self.bank.pay(page, by_debit=False, odd=self.rng.choice((-1, 100)))

    def _abandon(self):
        if page := self._any(self.bank.sessions):
            self.bank.expire_session(page)

    def _cancel(self):
        self._end(by_person=True)

    def _staff_cancel(self):
        self._end(by_person=False)

    def _end(self, *, by_person):
        if (number := self._live()) is None:
            return
        window = facts_of(db.session.get_one(Event, self.event_id)).window if by_person else None
        db.session.rollback()
        actor = ANA if by_person else STAFF
        self._do(
            f"cancel {number} {by_person=}",
            lambda: cancel(number, window=window, actor=actor, now=self.now),
        )

    # ------------------------------------------------------------------------------------- Stripe
    def _bank_decides(self):
        if page := self._any(self.bank.sessions):
            self.bank.decide_debit(page, paid=self.rng.random() < 0.7)

    def _message(self):
        if not self.bank.news:
            return
        # Any of them, and some are told twice or for the payment behind them.
        kind, number = self.rng.choice(self.bank.news)
        if self.rng.random() < 0.7:
            self.bank.news.remove((kind, number))
        page = self.bank.sessions.get(number)
        if page is not None and page.intent_id and self.rng.random() < 0.3:
            kind, number = "payment_intent", page.intent_id
        self.world.tell(kind, number)

    def _dashboard(self):
        if intent := self._any(self.bank.intents):
            amount = self.rng.choice((100, self.bank.left(intent)))
            self.world.story.append(f"dashboard {intent} {amount}")
            self._excuse_intent(intent)
            self.bank.refund_by_hand(intent, amount)

    def _refund_comes_back(self):
        if refund := self._any(self.bank.refunds):
            self.world.story.append(f"refund moves {refund}")
            self.bank.conclude_refund(refund, self.rng.choice(("succeeded", "failed")))

    def _dispute(self):
        if intent := self._any(self.bank.intents):
            self.world.story.append(f"dispute {intent}")
            self._excuse_intent(intent)
            self.bank.dispute(intent)

    def _dispute_ends(self):
        if dispute := self._any(self.bank.disputes):
            self.bank.decide_dispute(dispute, self.rng.choice(("won", "lost")))

    def _book(self):
        self.bank.book()

    # ------------------------------------------------------------------------------------- office
    def _office_refund(self):
        payment = self._pick(
            sa.select(Payment).where(Payment.status == "succeeded").order_by(Payment.id)
        )
        if payment is None:
            return
        number = payment.id
        amount = self.rng.choice((100, payment.amount))
        key, owed_again = f"{self.rng.getrandbits(64):x}", self.rng.random() < 0.5
        self._excuse_charge(payment.charge_id)
        for _ in range(self.rng.choice((1, 2))):
            self._do(
                f"office refund {number} {amount} {owed_again=}",
                lambda: refund_fee(
                    number, amount, owed_again=owed_again, reason="office", key=key, actor=STAFF, now=self.now
                ),
            )  # fmt: skip

    def _category(self):
        number = self._live()
        if number is not None:
            wanted = self.rng.choice(list(self.categories.values()))
            self.excused.add(number)
            self._do(
                f"category {number} {wanted}",
                lambda: move_to_category(number, wanted, actor=STAFF, now=self.now),
            )

    def _mistake(self):
        by_hand = sa.select(Payment).where(Payment.status == "succeeded", Payment.method == "bank")
        if (payment := self._pick(by_hand.order_by(Payment.id))) is None:
            return
        number = payment.id
        self._excuse_charge(payment.charge_id)
        self._do(
            f"mistake {number}",
            lambda: take_back(number, reason="mistake", actor=STAFF, now=self.now),
        )

    def _agree(self):
        if (number := self._live()) is None:
            return
        total = self.rng.choice((0, 5_000, 30_000))
        self.excused.add(number)
        self._do(
            f"agree {number} {total}",
            lambda: change_fee(number, total, reason="agreed", actor=STAFF, now=self.now),
        )

    def _correct(self):
        """Another country: mostly of the same price, and then nobody owes more or less."""
        if (number := self._live()) is None:
            return
        before = self._owes(number)
        country = self.rng.choice(("ES", "FR", "MX", "NE"))
        person = db.session.get_one(Registration, number)
        event = db.session.get_one(Event, self.event_id)
        category = next(code for code, key in self.categories.items() if key == person.category_id)
        same = (person.country == "NE") is (country == "NE")
        wanted = submission(event, person.email, category=category, country=country)
        db.session.rollback()
        if not same:
            self.excused.add(number)
        self._do(
            f"correct {number} {country}",
            lambda: change(number, wanted, window=None, actor=STAFF, now=self.now),
        )
        assert not same or self._owes(number) == before, self.world.story

    def _owes(self, number):
        found = db.session.scalar(sa.select(Charge.billed).where(Charge.registration_id == number))
        db.session.rollback()
        return found

    def _decide(self):
        case = self._pick(sa.select(Case).where(Case.closed_at.is_(None)).order_by(Case.id))
        if case is None:
            return
        number, choice = case.id, self.rng.choice(choices_of(case.kind, case.facts))
        # What a person says is settled elsewhere, or stays, is so.
        if choice in {"keep", "other"}:
            self.kept.add(case.charge_id)
        if case.charge_id is not None:
            self._excuse_charge(case.charge_id)
        self._do(
            f"decide {case.kind} {case.charge_id} {choice}",
            lambda: decide_case(number, choice, note="x", actor=STAFF, now=self.now),
        )

    def _waive(self):
        if (charge_id := self._charge(owed=True)) is None:
            return

        def work():
            number = db.session.get_one(Charge, charge_id).registration_id
            waive_fee(number, reason="guest", actor=STAFF, now=self.now)

        self._do(f"waive {charge_id}", work)

    def _transfer(self):
        if (charge_id := self._charge()) is None:
            return
        charge = db.session.get_one(Charge, charge_id)
        amount = max(1, self.rng.choice((charge.billed, charge.billed - charge.received, 100)))
        number = charge.registration_id
        db.session.rollback()
        key = f"{self.rng.getrandbits(64):x}"

        def work():
            money = HandPayment(amount, "bank", key)
            record_by_hand(number, money, actor=STAFF, now=self.now)

        self._do(f"transfer {charge_id} {amount}", work)

    def _capacity(self):
        def work():
            taken = db.session.get_one(Event, self.event_id, populate_existing=True).places_taken
            db.session.execute(
                sa.update(Event).where(Event.id == self.event_id)
                .values(capacity=taken + self.rng.choice((0, 1)))
            )  # fmt: skip
            enqueue("registration.promote", {"event_id": self.event_id}, now=self.now)

        self._do("capacity", work)

    def _promise(self):
        def work():
            plan = db.session.get_one(FeePlan, self.event_id)
            plan.confirm_unpaid = not plan.confirm_unpaid
            plan.updated_at = self.now

        self.excused |= set(db.session.scalars(sa.select(Registration.id)))
        db.session.rollback()
        self._do("confirmed but unpaid", work)

    # ------------------------------------------------------------------------------------- time
    def _work(self):
        self.world.work()

    def _wait(self):
        self.world.wait(timedelta(minutes=self.rng.choice((2, 45, 600, 2_000))))

    def _excuse_intent(self, intent_id):
        page = self.bank.find_session(intent_id)
        charge_id = db.session.scalar(
            sa.select(Payment.charge_id).where(Payment.key == page.payment_key)
        )
        db.session.rollback()
        self._excuse_charge(charge_id)

    def _excuse_charge(self, charge_id):
        self.excused.add(db.session.get_one(Charge, charge_id).registration_id)
        db.session.rollback()

    def end(self):
        """Let all banks decide, tell everything but what concerns pages, and wait until nothing is left to do."""
        for _ in range(6):
            for page in list(self.bank.sessions):
                self.bank.decide_debit(page, paid=self.rng.random() < 0.5)
                if self.rng.random() < 0.5:
                    self.bank.expire_session(page)
            for refund in [
                item.id for item in self.bank.refunds.values() if item.status == "pending"
            ]:
                self.bank.conclude_refund(refund, "succeeded")
            for kind, number in self.bank.news:
                # The message of a page that we know may be lost for good; of anything else, it comes one day.
                known = db.session.scalar(sa.select(Payment.id).where(Payment.session_id == number))
                db.session.rollback()
                if kind != "checkout.session" or known is None or self.rng.random() < 0.5:
                    self.world.tell(kind, number)
            self.bank.news.clear()
            self.bank.book()
            self.world.wait(timedelta(days=4))
        self.world.wait(timedelta(days=20))
        for kind, number in self.bank.news:
            self.world.tell(kind, number)
        self.world.work()


def play(app, monkeypatch, seed):
    story = Story(app, monkeypatch, seed)
    story.play()
    story.end()
    return story, judge(story)


@pytest.mark.slow
def test_whatever_happens_money_and_places_agree(app, session, monkeypatch, empty):
    until, seed = time.monotonic() + SECONDS, 0
    while time.monotonic() < until:
        story, wrong = play(app, monkeypatch, seed)
        assert wrong == [], f"seed {seed}\n" + "\n".join(story.world.story)
        db.session.remove()
        empty()
        seed += 1
    assert seed > 3
