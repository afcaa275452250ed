"""Receipts that were missed before anybody issued documents: told on the register, made with one press."""

from __future__ import annotations

import io
import zipfile

from eventsys.audit.models import AuditEntry
from eventsys.core.db import db
from eventsys.payments.models import Document
from eventsys.registration.operations.office_fee import refund_fee
from tests.factories.documents import STAFF, make_due, make_issuer, make_payment, now

ALL = "/office/documents"


def test_what_is_missing_is_told_and_made(staff, session, worker):
    payment_id = make_payment(make_due(), 12_100)
    worker()
    assert "no receipt yet" not in staff.get(ALL).main
    make_issuer()
    page = staff.get(ALL)
    assert "1 payment has no receipt yet" in page.main
    assert "1 payment has no receipt yet" in staff.get("/office/events/summit/documents").main
    for text in ("1 receipt is being made", "No receipt is missing."):
        assert text in staff.follow(staff.submit(page, action="receipts")).main
    worker()
    refund_fee(payment_id, 2_100, owed_again=False, reason="Ill", key="k", actor=STAFF, now=now())
    db.session.commit()
    worker()
    page = staff.get(ALL)
    assert "no receipt yet" not in page.main
    assert [row[1:2] for row in page.rows()[1:]] == [["Confirmation of repayment"], ["Receipt"]]
    assert "\N{MINUS SIGN}€21.00" in page.main
    packed = staff.submit(page, {"form": "zip"}, action="documents")
    with zipfile.ZipFile(io.BytesIO(packed.body)) as archive:
        names = archive.namelist()
        register = archive.read("documents.csv").decode("utf-8-sig")
    year = now().year
    assert f"MET-RPY-{year}-00001.pdf" in names
    assert f"MET-REC-{year}-00001" in register.splitlines()[2]
    assert db.session.query(AuditEntry).filter_by(action="payments.make_receipts").count() == 1


def test_without_an_issuer_nothing_is_made(staff, session):
    make_issuer()
    make_payment(make_due(), 12_100)
    db.session.execute(db.text("DELETE FROM job"))
    db.session.commit()
    page = staff.get(ALL)
    db.session.execute(db.text("DELETE FROM issuer"))
    db.session.commit()
    answer = staff.follow(staff.submit(page, action="receipts"))
    assert "who issues documents" in answer.main
    assert db.session.query(Document).count() == 0
