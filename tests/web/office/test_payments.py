"""Payments of an event in the office: the list, one person's fee, and what finance does about it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from eventsys.audit.models import AuditEntry
from eventsys.core.actor import Actor
from eventsys.core.db import db
from eventsys.events.queries import list_categories
from eventsys.payments.models import Case, Charge, LedgerLine, Payment, Refund
from eventsys.payments.operations.cases import open_case
from eventsys.payments.operations.pay import keep_session, settle_session, start_payment
from eventsys.payments.operations.refund import refuse_refund
from eventsys.payments.rules.settling import SessionFacts
from eventsys.registration.models import Price, Registration
from eventsys.registration.operations.cancel import cancel
from eventsys.registration.operations.settle import settle
from eventsys.registration.queries.integrity import find_faults
from tests.factories.events import STAFF, make_event
from tests.factories.fees import make_code, make_fee, make_plan
from tests.factories.registrations import register

NOW = datetime.now(UTC)
STRIPE = Actor.system("Stripe")
LIST = "/office/events/summit/payments"


@pytest.fixture
def event(staff, session):
    """Give an event with a fee; whatever a test does, all sums must agree afterwards."""
    event = make_event("summit")
    make_plan(event)
    yield event
    db.session.rollback()
    assert find_faults() == []


@pytest.fixture
def ana(event):
    """Give the number of a registration that owes 250 euros."""
    return register(event).registration_id


def charge_of(registration_id):
    db.session.rollback()
    return db.session.query(Charge).filter_by(registration_id=registration_id).one()


def registration(registration_id):
    db.session.rollback()
    return db.session.get_one(Registration, registration_id)


def lines():
    return {
        account: sum(row.amount for row in db.session.query(LedgerLine).filter_by(account=account))
        for account in ("receivable", "income", "tax", "waived", "stripe", "bank", "cash", "suspense")
    }  # fmt: skip


def pay_by_card(registration_id, came=25_000, currency="EUR"):
    """Let Stripe say that somebody has paid."""
    payment = start_payment(charge_of(registration_id).id, now=NOW)
    session = SessionFacts(
        "cs_1", "complete", "paid", came, currency, livemode=False, payment_key=payment.key, intent_id="pi_1",
    )  # fmt: skip
    keep_session(payment.id, session, now=NOW)
    settle_session(session, livemode=False, actor=STRIPE, now=NOW)
    settle(registration_id, actor=STRIPE, now=NOW)
    db.session.commit()
    return payment.id


def pay_by_hand(staff, registration_id, **fields):
    return staff.submit(staff.get(f"{LIST}/{registration_id}/record"), fields)


def test_the_list_shows_who_owes_what(staff, event, ana):
    page = staff.get(LIST)
    assert page.rows()[1][:6] == ["Ana ÑandúAjuntament", "Payment due", "Delegate", "€250.00", "€0.00", "€250.00"]  # fmt: skip
    assert "Still to come" in page.main
    reference = charge_of(ana).reference
    for query, found in (
        (f"q={reference[:4]}+{reference[4:]}", True), ("q=nandu", True), ("q=bruno", False),
        ("state=due", True), ("state=overdue", False), ("state=paid", False), ("state=to_refund", False),
        ("state=waived", False), ("state=nonsense", True), ("page=9", True),
    ):  # fmt: skip
        assert ("Ana Ñandú" in staff.get(f"{LIST}?{query}").main) is found, query


def test_what_is_overdue_is_found(staff, event, ana):
    charge = charge_of(ana)
    charge.due_on = NOW.date() - timedelta(days=2)
    db.session.commit()
    assert "overdue" in staff.get(f"{LIST}?state=overdue").main


def test_a_free_event_says_that_there_is_nothing(staff, session):
    make_event("free")
    assert "This event is free" in staff.get("/office/events/free/payments").main


def test_a_payment_by_bank_is_recorded_and_confirms_the_place(staff, event, ana):
    page = staff.follow(pay_by_hand(staff, ana, reason="statement 7"))
    assert "€250.00 is recorded." in page.main
    assert "Nothing is left to be paid." in page.main
    row = registration(ana)
    assert (row.status, row.payment) == ("confirmed", "paid")
    assert lines() | {} == {
        "receivable": 0, "income": -25_000, "tax": 0, "waived": 0, "stripe": 0, "bank": 25_000, "cash": 0, "suspense": 0,
    }  # fmt: skip


def test_the_same_form_sent_twice_records_once(staff, event, ana):
    form = staff.get(f"{LIST}/{ana}/record")
    for _ in range(2):
        assert staff.submit(form, {"amount": "100"}).status == 303
    assert (charge_of(ana).received, db.session.query(Payment).count()) == (10_000, 1)
    assert registration(ana).status == "submitted"


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"amount": "0"}, "amount"),
        ({"amount": "much"}, "amount"),
        ({"day": "2999-01-01"}, "day"),
        ({"day": "then"}, "day"),
        ({"method": "magic"}, "method"),
        ({"reason": "x" * 301}, "reason"),
    ],
)
def test_what_cannot_be_recorded_is_named_next_to_the_field(staff, event, ana, fields, field):
    page = pay_by_hand(staff, ana, **fields)
    assert page.status == 422
    assert page.text_by_id(f"{field}-error").startswith("Error: ")
    assert charge_of(ana).received == 0


def test_a_fee_is_waived_with_a_reason(staff, event, ana):
    form = staff.get(f"{LIST}/{ana}/waive")
    assert staff.submit(form, {"reason": " "}).status == 422
    for _ in range(2):
        assert staff.submit(form, {"reason": "Speaker"}).status == 303
    row = registration(ana)
    assert (row.status, row.payment) == ("confirmed", "waived")
    assert lines()["waived"] == 25_000
    page = staff.get(f"{LIST}/{ana}")
    assert "Speaker" in page.main
    assert "Eva" in page.main
    [entry] = db.session.query(AuditEntry).filter_by(action="payments.waive").all()
    assert entry.facts["reason"] == "Speaker"


def test_a_fee_is_changed_beside_what_was_frozen(staff, event, ana):
    form = staff.get(f"{LIST}/{ana}/change")
    for _ in range(2):
        assert staff.submit(form, {"amount": "100,00", "reason": "Agreed"}).status == 303
    assert charge_of(ana).billed == 10_000
    price = db.session.get_one(Price, ana)
    assert [line["amount"] for line in price.lines] == [25_000, -15_000]
    assert price.total == 10_000
    staff.submit(staff.get(f"{LIST}/{ana}/change"), {"amount": "0", "reason": "Guest"})
    assert registration(ana).status == "confirmed"


def test_a_refund_in_cash_is_recorded_at_once_and_the_fee_goes_down(staff, event, ana):
    pay_by_hand(staff, ana, method="cash")
    form = staff.get(staff.get(f"{LIST}/{ana}").link("Send back"))
    page = staff.submit(form, {"amount": "300", "reason": "Kind"})
    assert "At most €250.00" in page.text_by_id("amount-error")
    for _ in range(2):
        assert staff.submit(form, {"amount": "100", "reason": "Kind"}).status == 303
    charge = charge_of(ana)
    assert (charge.billed, charge.received, lines()["cash"]) == (15_000, 15_000, 15_000)
    assert registration(ana).payment == "paid"
    assert db.session.query(Refund).one().status == "succeeded"


def test_a_fee_that_rises_is_owed_again(staff, event, ana):
    pay_by_hand(staff, ana)
    staff.submit(staff.get(f"{LIST}/{ana}/change"), {"amount": "300", "reason": "Dinner"})
    row = registration(ana)
    assert (row.status, row.payment) == ("confirmed", "due")


def test_everything_sent_back_is_a_refund_and_no_waiver(staff, event, ana):
    pay_by_hand(staff, ana)
    form = staff.get(staff.get(f"{LIST}/{ana}").link("Send back"))
    staff.submit(form, {"reason": "Guest after all"})
    row = registration(ana)
    assert (row.status, row.payment) == ("confirmed", "refunded")


def test_a_refund_can_leave_the_fee_to_be_paid_in_another_way(staff, event, ana):
    pay_by_hand(staff, ana)
    form = staff.get(staff.get(f"{LIST}/{ana}").link("Send back"))
    staff.submit(form, {"reason": "Wrong account", "fee": "owed"})
    charge = charge_of(ana)
    assert (charge.billed, charge.received) == (25_000, 0)
    row = registration(ana)
    assert (row.status, row.payment) == ("confirmed", "due")


def test_what_was_too_much_goes_back_without_touching_the_fee(staff, event, ana):
    pay_by_hand(staff, ana, amount="300")
    assert "To be sent back: €50.00" in staff.get(f"{LIST}/{ana}").main
    form = staff.get(staff.get(f"{LIST}/{ana}").link("Send back"))
    staff.submit(form, {"amount": "50", "reason": "Too much"})
    charge = charge_of(ana)
    assert (charge.billed, charge.received) == (25_000, 25_000)


def test_a_refund_by_stripe_waits_for_the_worker(staff, event, ana):
    payment_id = pay_by_card(ana)
    form = staff.get(f"{LIST}/{ana}/refund/{payment_id}")
    page = staff.follow(staff.submit(form, {"reason": "Ill"}))
    assert "Being sent" in page.main
    charge = charge_of(ana)
    assert (charge.billed, charge.received) == (0, 25_000)


def test_nobody_is_called_refunded_before_the_money_has_left(staff, event, ana):
    pay_by_hand(staff, ana)
    db.session.rollback()
    cancel(ana, window=None, actor=STAFF, now=datetime.now(UTC))
    db.session.commit()
    assert registration(ana).payment == "paid"
    for page in (staff.get(f"{LIST}/{ana}"), staff.get(LIST)):
        assert "Refunded" not in "".join("".join(tag.itertext()) for tag in page.all("span"))
        assert "To send back" in page.main
    form = staff.get(staff.get(f"{LIST}/{ana}").link("Send back"))
    staff.submit(form, {"reason": "Cancelled"})
    assert registration(ana).payment == "refunded"
    assert "To send back" not in staff.get(f"{LIST}/{ana}").main


def test_a_payment_of_somebody_else_is_not_here(staff, event, ana):
    pay_by_hand(staff, ana)
    other = register(event, "bruno@example.org").registration_id
    [payment] = db.session.query(Payment).all()
    assert staff.get(f"{LIST}/{other}/refund/{payment.id}").status == 404
    make_event("other")
    assert staff.get(f"/office/events/other/payments/{ana}").status == 404


def test_another_category_makes_a_difference(staff, event, ana):
    press = next(row.id for row in event_categories(event) if row.code == "press")
    make_fee(event, 30_000, category_id=press, position=1)
    pay_by_hand(staff, ana)
    page = staff.get(f"{LIST}/{ana}/category")
    assert "To be paid in addition: €50.00" in page.main
    assert staff.submit(page).status == 422
    page = staff.follow(staff.submit(page, {"category": "press"}))
    assert "To be paid: €50.00" in page.main
    assert registration(ana).category_id == press
    assert [line["amount"] for line in db.session.get_one(Price, ana).lines] == [25_000, 5_000]


def test_a_waived_fee_stays_waived_when_the_category_changes(staff, event, ana):
    press = next(row.id for row in event_categories(event) if row.code == "press")
    make_fee(event, 30_000, category_id=press, position=1)
    staff.submit(staff.get(f"{LIST}/{ana}/waive"), {"reason": "Speaker"})
    staff.submit(staff.get(f"{LIST}/{ana}/category"), {"category": "press"})
    assert charge_of(ana).billed == 5_000


def event_categories(event):
    return list_categories(event.id)


def test_a_registration_without_a_fee_has_a_page_that_says_so(staff, event):
    make_code(event, "GUEST")
    guest = register(event, code="GUEST", shown_total=0).registration_id
    page = staff.get(f"{LIST}/{guest}")
    assert "Nothing was billed." in page.main
    assert staff.get(f"{LIST}/{guest}/waive").status == 409
    assert "Ana Ñandú" in staff.get(f"{LIST}?state=waived").main


def two_pages(staff, new_client, event, path):
    """Let two people of finance open one page; gives both, and their pages."""
    otto = new_client()
    otto.sign_in("finance", event_id=event.id, email="otto@example.org")
    return otto, staff.get(path), otto.get(path)


def test_two_who_look_at_one_line_of_the_bank_record_it_once(staff, new_client, event, ana):
    otto, hers, his = two_pages(staff, new_client, event, f"{LIST}/{ana}/record")
    assert staff.submit(hers).status == 303
    refused = otto.submit(his)
    assert (refused.status, charge_of(ana).received) == (422, 25_000)
    assert "Money has moved here since you opened this page." in refused.main
    # The same form of hers once more is a repeat, not a colleague.
    assert staff.submit(hers).status == 303
    assert charge_of(ana).received == 25_000
    # Whoever has looked, and means it, may.
    assert otto.submit(refused, {"amount": "10"}).status == 303
    assert charge_of(ana).received == 26_000


def test_two_who_send_back_a_part_send_it_once(staff, new_client, event, ana):
    path = f"{LIST}/{ana}/refund/{pay_by_card(ana)}"
    otto, hers, his = two_pages(staff, new_client, event, path)
    fields = {"amount": "100", "reason": "One day only"}
    assert staff.submit(hers, fields).status == 303
    refused = otto.submit(his, fields)
    assert "Money has moved here since you opened this page." in refused.main
    assert staff.submit(hers, fields).status == 303
    assert [row.amount for row in db.session.query(Refund)] == [10_000]
    assert otto.submit(refused).status == 303
    assert [row.amount for row in db.session.query(Refund)] == [10_000, 10_000]


# ------------------------------------------------------------------------------------------------ cases


def only_case():
    db.session.rollback()
    return db.session.query(Case).one()


def decide(staff, choice, note="Looked at it"):
    case = only_case()
    return staff.submit(staff.get(f"{LIST}/cases/{case.id}"), {"choice": choice, "note": note})


def test_a_wrong_amount_is_counted_after_a_decision(staff, event, ana):
    pay_by_card(ana, came=20_000)
    assert registration(ana).status == "submitted"
    page = staff.get("/office/payments/cases")
    assert "€250.00 were asked for and €200.00 came." in page.main
    form = staff.get(page.link("Money came"))
    assert staff.submit(form, {"choice": "accept", "note": ""}).status == 422
    assert staff.submit(form, {"choice": "magic", "note": "x"}).status == 422
    assert staff.submit(form, {"choice": "accept", "note": "Will bring the rest"}).status == 303
    charge = charge_of(ana)
    assert (charge.received, lines()["suspense"], lines()["stripe"]) == (20_000, 0, 20_000)
    case = only_case()
    assert (case.decision, case.closed_by, case.facts["note"]) == (
        "accept",
        "Eva",
        "Will bring the rest",
    )
    late = staff.follow(staff.submit(form, {"choice": "send_back", "note": "x"}))
    assert "Somebody has decided this already" in late.main
    assert "Will bring the rest" in staff.get(f"{LIST}/cases").main
    pay_by_hand(staff, ana, amount="50")
    assert registration(ana).status == "confirmed"


def test_a_wrong_amount_is_sent_back_and_never_was_a_payment(staff, event, ana):
    pay_by_card(ana, came=30_000)
    assert decide(staff, "send_back").status == 303
    charge = charge_of(ana)
    assert (charge.received, charge.billed) == (0, 25_000)
    refund = db.session.query(Refund).one()
    assert (refund.amount, refund.status) == (30_000, "requested")
    assert registration(ana).status == "submitted"


def test_money_of_another_currency_cannot_be_counted_as_paid(staff, event, ana):
    pay_by_card(ana, currency="USD")
    page = staff.get(f"{LIST}/cases/{only_case().id}")
    assert "Count it as paid" not in page.main
    assert decide(staff, "accept").status == 422
    decide(staff, "send_back")
    refund = db.session.query(Refund).one()
    payment = db.session.get_one(Payment, refund.payment_id)
    assert (refund.amount, payment.currency, lines()["stripe"]) == (25_000, "USD", 0)


def test_a_refund_that_failed_is_paid_out_by_bank(staff, event, ana):
    payment_id = pay_by_card(ana)
    staff.submit(staff.get(f"{LIST}/{ana}/refund/{payment_id}"), {"reason": "Ill"})
    refuse_refund(db.session.query(Refund).one().id, "card closed", actor=STRIPE, now=NOW)
    db.session.commit()
    assert "card closed" in staff.get(f"{LIST}/cases/{only_case().id}").main
    assert decide(staff, "paid_out", "IBAN by phone").status == 303
    charge = charge_of(ana)
    assert (charge.billed, charge.received) == (0, 0)
    assert (lines()["bank"], lines()["stripe"]) == (-25_000, 25_000)


def test_a_refund_that_failed_is_tried_again(staff, event, ana):
    payment_id = pay_by_card(ana)
    staff.submit(staff.get(f"{LIST}/{ana}/refund/{payment_id}"), {"reason": "Ill"})
    refuse_refund(db.session.query(Refund).one().id, "later", actor=STRIPE, now=NOW)
    db.session.commit()
    decide(staff, "again")
    assert sorted(row.status for row in db.session.query(Refund)) == ["failed", "requested"]


def test_money_to_pay_out_is_paid_out_once(staff, event, ana):
    pay_by_hand(staff, ana, amount="300")
    case = only_case()
    assert (case.kind, case.facts["amount"]) == ("pay_out", 5_000)
    case.facts = {"amount": 9_000, "currency": "EUR"}
    db.session.commit()
    assert decide(staff, "send_back").status == 303
    # The case said 90; only 50 are too much now.
    assert charge_of(ana).received == 25_000


@pytest.mark.parametrize(
    "kind", ["no_place", "refund_mismatch", "dispute", "unknown_money", "pay_out"]
)
def test_every_case_is_told_in_words_and_can_be_closed(staff, event, ana, kind):
    facts = {"amount": 5_000, "currency": "EUR", "came": 5_000, "came_currency": "EUR"}
    open_case(kind, f"{kind}:1", now=NOW, charge_id=charge_of(ana).id, facts=facts)
    db.session.commit()
    assert "(1)" in staff.get(LIST).main
    assert decide(staff, "keep" if kind == "pay_out" else "other").status == 303
    assert only_case().closed_by == "Eva"
    assert charge_of(ana).received == 0


def test_a_case_without_a_charge_is_decided_for_all_events(staff, session):
    open_case("unknown_money", "unknown:1", now=NOW, facts={"came": 100, "came_currency": "EUR"})
    db.session.commit()
    case = only_case()
    form = staff.get(f"/office/payments/cases/{case.id}")
    assert staff.submit(form, {"choice": "other", "note": "A donation"}).status == 303
    assert staff.get("/office/payments/cases/999").status == 404


# ------------------------------------------------------------------------------------------------ roles

PAGES = ("", "/{ana}", "/cases", "/income", "/open")
STEPS = ("/{ana}/record", "/{ana}/waive", "/{ana}/change")


@pytest.mark.parametrize(
    ("role", "sees", "moves"),
    [
        ("secretariat", 200, 200), ("finance", 200, 200), ("manager", 200, 403), ("check-in", 403, 403),
        ("viewer", 403, 403),
    ],
)  # fmt: skip
def test_who_sees_and_who_moves_money(new_client, event, ana, role, sees, moves):
    client = new_client()
    everywhere = role == "secretariat"
    client.sign_in(role, event_id=None if everywhere else event.id, email="otto@example.org")
    for path in PAGES:
        assert client.get(LIST + path.format(ana=ana)).status == sees, path
    for path in STEPS:
        assert client.get(LIST + path.format(ana=ana)).status == moves, path
        answer = client.post(LIST + path.format(ana=ana), {"amount": "1", "reason": "x"})
        assert (answer.status == 403) is (moves == 403), path


def test_a_manager_sees_a_case_and_decides_nothing(new_client, event, ana):
    open_case("dispute", "d:1", now=NOW, charge_id=charge_of(ana).id, facts={"amount": 1})
    db.session.commit()
    client, case = new_client(), only_case()
    client.sign_in("manager", event_id=event.id, email="otto@example.org")
    page = client.get(f"{LIST}/cases/{case.id}")
    assert "Finance or the secretariat decides this." in page.main
    client.post(f"{LIST}/cases/{case.id}", {"choice": "other", "note": "x"})
    assert only_case().closed_at is None


def test_the_door_sees_paid_or_not_and_no_amount(new_client, event, ana):
    client = new_client()
    client.sign_in("check-in", event_id=event.id, email="otto@example.org")
    page = client.get(f"/office/events/summit/participants/{ana}")
    assert "Payment due" in page.main
    assert "250" not in page.main


@pytest.mark.parametrize("language", ["en", "es", "fr"])
def test_pages_are_good_in_every_language(staff, event, ana, language):
    pay_by_hand(staff, ana, amount="300")
    payment = db.session.query(Payment).one()
    staff.language = language
    for path in (
        "", f"/{ana}", f"/{ana}/record", f"/{ana}/waive", f"/{ana}/change", f"/{ana}/category",
        f"/{ana}/refund/{payment.id}", "/cases", f"/cases/{only_case().id}", "/income", "/open", "/ledger",
    ):  # fmt: skip
        assert staff.get(LIST + path).status == 200, path
    for path in ("cases", "income", "open", "ledger"):
        assert staff.get(f"/office/payments/{path}").status == 200
