"""Whoever's money moves is told: once, in their language, how much, why, by which way and when it comes."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
import sqlalchemy as sa

from eventsys.core.db import db
from eventsys.events.models import Category, Event
from eventsys.jobs.models import Job
from eventsys.mail.models import Message
from eventsys.payments.models import Case
from eventsys.registration.operations.amend import move_to_category
from eventsys.registration.operations.cancel import cancel
from eventsys.registration.operations.decide_case import decide_case
from eventsys.registration.operations.office_fee import (
    HandPayment,
    change_fee,
    record_by_hand,
    refund_fee,
    waive_fee,
)
from tests.factories.events import STAFF
from tests.factories.fees import make_fee
from tests.support.payer import FEE, Payer


def now():
    return datetime.now(UTC)


@pytest.fixture
def ana(app, session, stripe, worker):
    payer = Payer(app, stripe, language="es")
    payer.intent = stripe.account.pay(payer.open_page())["payment_intent"]
    stripe.deliver()
    worker()
    assert payer.mails == ["pay", "confirmed"]
    return payer


def refund(payer, amount, key="k", **more):
    values = {"owed_again": False, "reason": "Enfermedad", "key": key, **more}
    refund_fee(payer.payments[0].id, amount, actor=STAFF, now=now(), **values)
    db.session.commit()


def hold_up_ours():
    """Let the worker come to our own refund after everything else."""
    later = now() + timedelta(days=1)
    db.session.execute(
        sa.update(Job).where(Job.name == "payments.send_refund").values(due_at=later)
    )
    db.session.commit()


def letters(payer, template):
    """Give the texts of the mails of a kind."""
    db.session.commit()
    rows = db.session.scalars(
        sa.select(Message)
        .where(
            Message.registration_id == payer.registration_id,
            Message.template == f"registration/{template}",
        )
        .order_by(Message.id)
    ).all()
    return [" ".join((row.body_text or "").replace("\xa0", " ").split()) for row in rows]


def test_a_refund_of_the_office_is_told_once(ana, stripe, worker):
    for _ in range(2):
        refund(ana, 10_000)
    worker()
    stripe.deliver(times=2)
    worker()
    [text] = letters(ana, "refunded")
    assert "le devolvemos 100,00 € de lo que pagó" in text
    assert "los bancos tardan hasta diez días" in text
    assert "Por qué: Enfermedad" in text
    assert "pendiente" not in text


def test_the_office_may_tell_nobody(ana, worker):
    refund(ana, 10_000, tell=False)
    worker()
    assert ana.mails == ["pay", "confirmed"]


def test_a_fee_that_stays_is_told_to_be_paid_in_another_way(ana, worker):
    refund(ana, FEE, owed_again=True)
    worker()
    [text] = letters(ana, "refunded")
    assert "La cuota sigue pendiente de pago, por otro medio. Por pagar: 250,00 €" in text


@pytest.mark.parametrize(
    ("method", "words"),
    [("bank", "Se ha transferido desde nuestra cuenta"), ("cash", "Se ha devuelto en efectivo.")],
)
def test_money_that_a_person_paid_out(app, session, stripe, worker, method, words):
    ana = Payer(app, stripe, language="es")
    money = HandPayment(FEE, method, key="m")
    record_by_hand(ana.registration_id, money, actor=STAFF, now=now())
    db.session.commit()
    refund(ana, FEE)
    worker()
    [text] = letters(ana, "refunded")
    assert words in text


def test_a_refund_of_stripes_dashboard_is_told_once(ana, stripe, worker):
    stripe.account.refund(ana.intent, 7_000)
    stripe.deliver(times=2, backwards=True)
    worker()
    stripe.deliver(stripe.account.events)
    worker()
    [text] = letters(ana, "refunded")
    assert "70,00 €" in text


@pytest.mark.parametrize(
    "lost", [False, True], ids=["before ours was sent", "its message was lost"]
)
def test_a_refund_of_the_dashboard_in_place_of_ours_is_not_told_again(ana, stripe, worker, lost):
    if not lost:
        refund(ana, FEE)
    stripe.account.refund(ana.intent)
    if lost:
        # Ours is refused by Stripe: it had gone back already.
        stripe.lose()
        refund(ana, FEE)
        worker()
        stripe.deliver(stripe.account.events)
    else:
        stripe.deliver()
        hold_up_ours()
    worker()
    assert [row[1:] for row in ana.refunds] == [("office", "failed"), ("dashboard", "succeeded")]
    assert len(letters(ana, "refunded")) == 1


def test_more_in_the_dashboard_than_was_asked_for_here_is_told_by_the_difference(
    ana, stripe, worker
):
    refund(ana, 10_000)
    hold_up_ours()
    stripe.account.refund(ana.intent)
    stripe.deliver()
    worker()
    first, second = letters(ana, "refunded")
    assert "100,00 €" in first
    assert "150,00 €" in second


def test_whoever_cancels_is_told_what_comes_back(ana, worker):
    cancel(ana.registration_id, window=None, actor=STAFF, now=now())
    db.session.commit()
    worker()
    assert ana.mails == ["pay", "confirmed", "cancelled", "refunded"]
    assert "250,00 €" in letters(ana, "refunded")[0]


def test_a_refund_that_failed_and_was_paid_by_transfer_is_told_again(ana, stripe, worker):
    stripe.account.refunds_become = "failed"
    refund(ana, FEE)
    worker()
    case = db.session.scalars(sa.select(Case.id)).one()
    decide_case(case, "paid_out", note="Cuenta nueva", actor=STAFF, now=now())
    db.session.commit()
    worker()
    texts = letters(ana, "refunded")
    assert len(texts) == 2
    assert "Se ha transferido desde nuestra cuenta" in texts[1]
    # What was written with the decision is for the office.
    assert "Cuenta nueva" not in texts[1]


def test_a_fee_that_is_waived(app, session, stripe, worker):
    ana = Payer(app, stripe, language="es")
    for _ in range(2):
        waive_fee(ana.registration_id, reason="Ponente", actor=STAFF, now=now())
        db.session.commit()
    worker()
    assert ana.mails == ["pay", "confirmed", "fee_changed"]
    [text] = letters(ana, "fee_changed")
    assert "le hemos condonado 250,00 €" in text
    assert "Por qué: Ponente" in text
    assert "No queda nada por pagar." in text


def test_a_fee_that_is_changed(app, session, stripe, worker):
    ana = Payer(app, stripe, language="es")
    for total in (30_000, 30_000):
        change_fee(ana.registration_id, total, reason="Cena", actor=STAFF, now=now())
        db.session.commit()
    change_fee(ana.registration_id, 20_000, reason="-", actor=STAFF, now=now(), tell=False)
    db.session.commit()
    worker()
    [text] = letters(ana, "fee_changed")
    assert "es ahora de 300,00 € en lugar de 250,00 €" in text
    assert "Por pagar: 300,00 €" in text


def test_a_fee_that_falls_below_what_was_paid(ana, worker):
    change_fee(ana.registration_id, 20_000, reason="Acuerdo", actor=STAFF, now=now())
    db.session.commit()
    worker()
    [text] = letters(ana, "fee_changed")
    assert "Ha pagado 50,00 € de más" in text


def test_another_category_at_another_fee(ana, worker):
    press = db.session.scalars(sa.select(Category.id).where(Category.code == "press")).one()
    make_fee(db.session.get_one(Event, ana.event_id), 40_000, category_id=press)
    move_to_category(ana.registration_id, press, actor=STAFF, now=now())
    db.session.commit()
    worker()
    [text] = letters(ana, "fee_changed")
    assert "es ahora de 400,00 € en lugar de 250,00 €" in text
    assert "Ha cambiado lo que la determina" in text
    assert "Por pagar: 150,00 €" in text
