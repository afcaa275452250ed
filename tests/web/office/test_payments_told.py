"""Whether the office tells the person what it did about a fee: a box, ticked unless somebody takes it out."""

from __future__ import annotations

import pytest

from eventsys.core.db import db
from eventsys.mail.models import Message
from tests.factories.documents import make_due, make_payment

LIST = "/office/events/summit/payments"


def told(registration_id):
    db.session.rollback()
    rows = db.session.query(Message).filter_by(registration_id=registration_id).order_by(Message.id)
    return [(row.template.removeprefix("registration/"), row.context.get("note")) for row in rows]


@pytest.mark.parametrize("box", ["on", None])
def test_the_office_chooses_whether_the_person_is_told(staff, session, box):
    registration = make_due(25_000)
    make_payment(registration, 25_000)
    ana = registration.id
    before = len(told(ana))
    for action, fields in (
        ("refund", {"amount": "50"}),
        ("change", {"amount": "300"}),
        ("waive", {}),
    ):
        page = staff.get(f"{LIST}/{ana}")
        url = page.link("Send back") if action == "refund" else f"{LIST}/{ana}/{action}"
        form = staff.get(url)
        assert "Tell the person by mail" in form.main
        choice = {} if box else {"tell": None}
        assert staff.submit(form, {**fields, "reason": "Because", **choice}).status == 303
    expected = [(name, "Because") for name in ("refunded", "fee_changed", "fee_changed")]
    assert told(ana)[before:] == (expected if box else [])


@pytest.mark.parametrize("action", ["change", "refund"])
def test_an_amount_that_no_card_can_be_charged_is_refused_in_a_sentence(staff, session, action):
    registration = make_due(25_550, plan={"currency": "KWD", "tax_rate": 0})
    make_payment(registration, 25_550)
    url = f"{LIST}/{registration.id}"
    form = staff.get(staff.get(url).link("Send back") if action == "refund" else f"{url}/{action}")
    page = staff.submit(form, {"amount": "10.005", "reason": "Because"})
    assert "In KWD the last digit must be 0" in page.text_by_id("amount-error")
    assert staff.submit(form, {"amount": "10.050", "reason": "Because"}).status == 303
