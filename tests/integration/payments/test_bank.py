"""Transfers: stored once, matched by their reference, in part, too much, wrongly, by two people at once."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime, timedelta

import pytest
import sqlalchemy as sa
from flask import current_app

from eventsys.audit.models import AuditEntry
from eventsys.core.actor import Actor
from eventsys.core.db import db, transaction_mode
from eventsys.events.models import Event
from eventsys.jobs.models import Job
from eventsys.mail.models import Message
from eventsys.payments.errors import BankLineTaken, OtherCurrency, PartlyRefunded
from eventsys.payments.models import BankLine, Case, Charge, LedgerEntry, LedgerLine, Payment
from eventsys.payments.operations.bank import (
    bring_back_line,
    ignore_line,
    store_lines,
)
from eventsys.payments.operations.pay import record_payment
from eventsys.payments.operations.refund import request_refund
from eventsys.payments.queries.bank import plan_bank
from eventsys.payments.rules.movements import Movement, Statement
from eventsys.registration.models import Registration
from eventsys.registration.operations.bank import match_line, match_new_line, remind_due, undo_match
from eventsys.registration.operations.cancel import cancel
from eventsys.registration.operations.expire import expire
from eventsys.registration.operations.settle import settle
from eventsys.registration.queries.integrity import find_faults
from eventsys.registration.queries.open_fees import search_fees, suggest_fees
from eventsys.worker.run import work_once
from tests.factories.documents import make_issuer
from tests.factories.events import make_event
from tests.factories.fees import make_plan
from tests.factories.registrations import register

FEE = 25_000
EVA = Actor("staff", 1, "Eva")
DAY = date(2026, 11, 3)


def now():
    return datetime.now(UTC)


def fresh(model, **by):
    db.session.commit()
    db.session.expire_all()
    return db.session.scalars(sa.select(model).filter_by(**by).order_by(model.id)).all()


@pytest.fixture
def ana(app, session):
    event = make_event(capacity=5)
    make_plan(event, FEE)
    make_issuer()
    yield register(event).registration_id
    # Whatever happened, the money agrees with itself.
    db.session.commit()
    assert list(find_faults()) == []


def charge(registration_id=None):
    found = (
        fresh(Charge) if registration_id is None else fresh(Charge, registration_id=registration_id)
    )
    return found[-1]


def bring(*movements, at=None):
    """Store what a file says and let the worker match it; gives the lines."""
    plan = plan_bank(Statement("CSV", list(movements)))
    stored = store_lines(plan, actor=EVA, now=at or now())
    db.session.commit()
    work_once(current_app._get_current_object())
    return stored, fresh(BankLine)


def transfer(amount=FEE, text=None, **more):
    text = f"Summit {charge().reference}" if text is None else text
    return Movement(
        **{"booked_on": DAY, "currency": "EUR", "payer": "Ana Ñandú", **more},
        amount=amount,
        text=text,
    )


def accounts():
    db.session.commit()
    query = sa.select(LedgerLine.account, sa.func.sum(LedgerLine.amount)).group_by(
        LedgerLine.account
    )
    return {account: int(total) for account, total in db.session.execute(query) if total}


def state(registration_id):
    row = fresh(Registration, id=registration_id)[0]
    return row.status, row.payment, row.holds_place


def mails():
    return [m.template for m in fresh(Message)]


def test_the_exact_amount_confirms_the_place(ana):
    stored, lines = bring(transfer())
    assert (stored, [line.status for line in lines]) == (1, ["matched"])
    assert state(ana) == ("confirmed", "paid", True)
    assert accounts() == {"bank": FEE, "income": -FEE}
    payment = fresh(Payment)[0]
    assert (payment.method, payment.amount, payment.received_at.date()) == ("bank", FEE, DAY)
    entry = fresh(LedgerEntry, kind="payment")[0]
    assert (entry.source, entry.actor_label) == (f"bank:{lines[0].id}", "bank")
    assert mails()[:2] == ["registration/pay", "registration/confirmed"]


def test_the_same_file_again_changes_nothing(ana):
    bring(transfer())
    stored, lines = bring(transfer())
    assert (stored, len(lines)) == (0, 1)
    assert len(fresh(Payment)) == 1
    # The job itself may come twice as well.
    assert match_new_line(lines[0].id, now=now()) is False
    assert accounts() == {"bank": FEE, "income": -FEE}


def test_two_equal_lines_of_one_file_are_two_payments(ana):
    bring(transfer(FEE // 2), transfer(FEE // 2))
    assert state(ana) == ("confirmed", "paid", True)
    assert [p.amount for p in fresh(Payment)] == [FEE // 2, FEE // 2]


def test_too_little_is_kept_and_the_rest_is_asked_for(ana):
    bring(transfer(10_000))
    assert state(ana) == ("submitted", "due", True)
    assert (charge().received, charge().billed) == (10_000, FEE)
    mail = fresh(Message, template="registration/part_paid")[0]
    assert "€100.00 has arrived" in mail.body_text
    assert "To pay: €150.00" in mail.body_text
    bring(transfer(15_000, f"rest {charge().reference}"))
    assert state(ana) == ("confirmed", "paid", True)
    assert mails().count("registration/part_paid") == 1


def test_too_much_is_kept_and_a_person_pays_it_out(ana):
    bring(transfer(FEE + 5_000))
    assert state(ana) == ("confirmed", "paid", True)
    case = fresh(Case)[0]
    assert (case.kind, case.facts["amount"], case.facts["currency"]) == ("pay_out", 5_000, "EUR")
    assert accounts() == {"bank": FEE + 5_000, "receivable": -5_000, "income": -FEE}


@pytest.mark.parametrize(
    "text", ["congress", "RF00 0000 0001", "RF18 9999 9999", "RF68 0000 0012 and nothing else"]
)
def test_without_our_reference_a_person_must_look(ana, text):
    _, lines = bring(transfer(text=text))
    assert lines[0].status == "open"
    assert fresh(Payment) == []
    assert state(ana) == ("submitted", "due", True)


def test_a_line_with_two_references_is_nobodys_by_itself(ana):
    first = charge().reference
    register(make_event_of(ana), "b@example.org")
    _, lines = bring(transfer(text=f"{first} {charge().reference}", amount=2 * FEE))
    assert lines[0].status == "open"


def make_event_of(registration_id):
    return db.session.get(Event, fresh(Registration, id=registration_id)[0].event_id)


def test_another_currency_never_pays(ana):
    _, lines = bring(transfer(currency="USD"))
    assert lines[0].status == "open"
    with pytest.raises(OtherCurrency):
        match_line(lines[0].id, charge().id, actor=EVA, now=now())
    db.session.rollback()
    assert fresh(Payment) == []


def test_the_same_movement_from_another_kind_of_file_is_left_to_a_person(ana):
    bring(transfer(), at=now() - timedelta(days=1))
    _, lines = bring(transfer(text=f"SEPA CREDIT {charge().reference}", mark="X1"))
    assert [line.status for line in lines] == ["matched", "open"]
    assert charge().received == FEE


def test_a_fee_that_came_after_the_place_had_gone_is_settled_as_ever(ana):
    with_time = fresh(Registration, id=ana)[0]
    with_time.pay_until = now() - timedelta(minutes=1)
    db.session.commit()
    assert expire(ana, grace=timedelta(days=1), actor=EVA, now=now())
    db.session.commit()
    assert charge().billed == 0
    bring(transfer())
    assert state(ana) == ("confirmed", "paid", True)


def test_whoever_cancelled_gets_it_back_by_a_person(ana):
    cancel(ana, window=None, actor=EVA, now=now())
    db.session.commit()
    bring(transfer())
    cases = fresh(Case)
    assert [(case.kind, case.facts["amount"]) for case in cases] == [("pay_out", FEE)]
    assert "registration/part_paid" not in mails()


def test_suggestions_know_amounts_and_names(ana):
    event = make_event_of(ana)
    register(event, "li@example.org", first_name="Li", last_name="Wei", organisation="")
    register(event, "zoe@example.org", first_name="Zoë", last_name="Müller", organisation="")
    _, lines = bring(
        transfer(100, "no idea", payer="MUELLER, Zoe"),
        transfer(FEE, "no idea", payer="City of Nowhere"),
        transfer(100, "attendance of Mr Li Wei", payer=""),
        transfer(100, "no idea", payer="Nobody At All"),
    )
    found = [[(c.name, c.why) for c in suggest_fees(line)] for line in lines]
    assert found[0] == [("Zoë Müller", ("name",))]
    assert {why for _, why in found[1]} == {("amount",)}
    assert len(found[1]) == 3
    assert found[2] == [("Li Wei", ("name",))]
    assert found[3] == []


def test_a_search_finds_by_reference_name_or_address(ana):
    reference = charge().reference
    for text in (reference, f"{reference[:4]} {reference[4:8]} {reference[8:]}", "nandu", "ANA@ex"):
        assert [c.registration_id for c in search_fees(text, "EUR")] == [ana]
    assert search_fees("%", "EUR") == []
    assert search_fees("ana", "USD") == []


def test_a_wrong_match_is_taken_back_by_a_counter_entry(ana):
    other = register(make_event_of(ana), "b@example.org").registration_id
    _, lines = bring(transfer(text="who?"))
    line_id = lines[0].id
    match_line(line_id, charge(ana).id, actor=EVA, now=now())
    db.session.commit()
    assert state(ana) == ("confirmed", "paid", True)
    entries = len(fresh(LedgerEntry))
    assert undo_match(line_id, reason="wrong Ana", actor=EVA, now=now()) == ana
    assert state(ana) == ("confirmed", "due", True)
    assert len(fresh(LedgerEntry)) == entries + 1
    entry = fresh(LedgerEntry, kind="undo")[0]
    assert (entry.note, entry.actor_label) == ("wrong Ana", "Eva")
    assert accounts() == {"receivable": 2 * FEE, "income": -2 * FEE}
    match_line(line_id, charge(other).id, actor=EVA, now=now())
    assert state(other) == ("confirmed", "paid", True)
    assert accounts() == {"bank": FEE, "receivable": FEE, "income": -2 * FEE}
    assert [p.status for p in fresh(Payment)] == ["undone", "succeeded"]
    assert fresh(AuditEntry, action="payments.bank_undo")[0].facts["reason"] == "wrong Ana"
    assert fresh(Job, name="registration.remind_due")
    work_once(current_app._get_current_object())
    mail = fresh(Message, template="registration/payment_undone")[0]
    assert mail.registration_id == ana
    assert "€250.00 was recorded as your payment" in mail.body_text
    assert "the fee is still to be paid" in mail.body_html


def test_a_part_that_came_for_a_place_that_is_given_on_is_paid_out_by_a_person(ana):
    bring(transfer(10_000))
    fresh(Registration, id=ana)[0].pay_until = now() - timedelta(minutes=1)
    db.session.commit()
    assert expire(ana, grace=timedelta(days=1), actor=EVA, now=now())
    assert state(ana)[0] == "expired"
    assert [(c.kind, c.facts["amount"]) for c in fresh(Case)] == [("pay_out", 10_000)]


def test_an_undone_match_closes_the_case_of_its_excess(ana):
    _, lines = bring(transfer(FEE + 100))
    undo_match(lines[0].id, reason="not theirs", actor=EVA, now=now())
    case = fresh(Case)[0]
    assert (case.decision, case.closed_by) == ("undone", "Eva")
    match_line(lines[0].id, charge().id, actor=EVA, now=now())
    assert [c.closed_at is None for c in fresh(Case)] == [False, True]


def test_what_has_gone_back_in_part_cannot_be_undone(ana):
    _, lines = bring(transfer())
    request_refund(fresh(Payment)[0].id, 100, origin="office", reason="x", actor=EVA, now=now())
    settle(ana, actor=EVA, now=now())
    db.session.commit()
    with pytest.raises(PartlyRefunded):
        undo_match(lines[0].id, reason="x", actor=EVA, now=now())


def test_every_decision_counts_once(ana):
    _, lines = bring(transfer(text="?"))
    line_id = lines[0].id
    ignore_line(line_id, reason="a gift", actor=EVA, now=now())
    db.session.commit()
    for again in (
        lambda: ignore_line(line_id, reason="again", actor=EVA, now=now()),
        lambda: match_line(line_id, charge().id, actor=EVA, now=now()),
        lambda: undo_match(line_id, reason="x", actor=EVA, now=now()),
    ):
        with pytest.raises(BankLineTaken):
            again()
        db.session.rollback()
    assert fresh(Payment) == []
    bring_back_line(line_id, actor=EVA, now=now())
    match_line(line_id, charge().id, actor=EVA, now=now())
    assert state(ana) == ("confirmed", "paid", True)
    with pytest.raises(BankLineTaken):
        bring_back_line(line_id, actor=EVA, now=now())
    db.session.rollback()
    assert fresh(AuditEntry, action="payments.bank_ignore")[0].facts == {"reason": "a gift"}


def test_a_transfer_without_its_payment_is_found_by_the_check(ana):
    _, lines = bring(transfer())
    lines[0].payment_id = None
    db.session.commit()
    assert "a matched transfer has its payment" in {fault.rule for fault in find_faults()}
    lines[0].payment_id = fresh(Payment)[0].id


def test_of_ten_who_match_one_transfer_one_succeeds(app, ana):
    event = make_event_of(ana)
    others = [register(event, f"p{number}@example.org").registration_id for number in range(4)]
    _, lines = bring(transfer(text="?"))
    line_id = lines[0].id
    charges = [charge(number).id for number in (ana, *others)] * 2
    db.session.commit()
    db.session.remove()
    gate = threading.Barrier(len(charges))

    def match(charge_id):
        with app.app_context(), transaction_mode("write"):
            gate.wait(60)
            try:
                match_line(line_id, charge_id, actor=EVA, now=now())
                db.session.commit()
            except BankLineTaken:
                db.session.rollback()
                return None
            finally:
                db.session.remove()
            return charge_id

    with ThreadPoolExecutor(len(charges)) as pool:
        won = [found for found in pool.map(match, charges) if found is not None]
    assert len(won) == 1
    payments = fresh(Payment)
    assert [(p.charge_id, p.amount) for p in payments] == [(won[0], FEE)]
    assert accounts()["bank"] == FEE


def test_two_who_take_back_one_match_do_it_once(app, ana):
    _, lines = bring(transfer())
    line_id = lines[0].id
    db.session.remove()
    gate = threading.Barrier(4)

    def undo(_):
        with app.app_context(), transaction_mode("write"):
            gate.wait(60)
            try:
                undo_match(line_id, reason="x", actor=EVA, now=now())
                db.session.commit()
            except BankLineTaken:
                db.session.rollback()
                return False
            finally:
                db.session.remove()
            return True

    with ThreadPoolExecutor(4) as pool:
        assert sorted(pool.map(undo, range(4))) == [False, False, False, True]
    assert len(fresh(LedgerEntry, kind="undo")) == 1
    assert "bank" not in accounts()


def test_the_same_file_brought_by_two_at_once_is_stored_once(app, ana):
    text = f"x {charge().reference}"
    db.session.remove()
    gate = threading.Barrier(3)

    def store(_):
        with app.app_context(), transaction_mode("write"):
            statement = Statement("CSV", [transfer(text=text), transfer(1_00, text="?")])
            gate.wait(60)
            stored = store_lines(plan_bank(statement), actor=EVA, now=now())
            db.session.commit()
            db.session.remove()
            return stored

    with ThreadPoolExecutor(3) as pool:
        assert sum(pool.map(store, range(3))) == 2
    work_once(app)
    assert len(fresh(BankLine)) == 2
    assert accounts()["bank"] == FEE


def test_who_is_confirmed_and_has_not_paid_is_reminded_twice(app, session):
    event = make_event()
    make_plan(event, FEE, confirm_unpaid=True, invoice_days=30)
    make_issuer()
    number = register(event).registration_id
    jobs = fresh(Job, name="registration.remind_due")
    due_on = charge(number).due_on
    assert [(job.due_at.date() - due_on).days for job in jobs] == [1, 14]
    assert remind_due(number, actor=EVA, now=now())
    db.session.commit()
    work_once(app)
    mail = fresh(Message, template="registration/due_reminder")[0]
    assert "has not reached us yet" in mail.body_text
    assert "To pay: €250.00" in mail.body_text
    assert fresh(AuditEntry, action="registration.remind_due")[0].subject_id == number
    record_payment(charge(number).id, FEE, "cash", actor=EVA, now=now(), source="office")
    assert not remind_due(number, actor=EVA, now=now())


def test_a_file_of_many_lines_is_read_and_stored_in_few_statements(ana, count_queries):
    """500 lines: the fees of all are found at once, and the lines stored by the hundred."""
    reference = charge().reference
    many = [transfer(text=reference if n % 2 else "congress", mark=f"M{n}") for n in range(500)]
    with count_queries() as reading:
        plan = plan_bank(Statement("csv", many))
    assert (plan.count("due"), plan.count("open")) == (250, 250)
    assert len(reading) <= 4
    with count_queries() as storing:
        assert store_lines(plan, actor=EVA, now=now()) == 500
    queued = sum("INSERT INTO job" in statement for statement in storing.statements)
    assert (queued, len(storing) - queued <= 8) == (500, True)
    db.session.commit()
    assert plan_bank(Statement("csv", many)).count("known") == 500
