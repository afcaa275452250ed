"""Transfers in the office: bring a file, look, store; match by hand, leave out, take back."""

from __future__ import annotations

import io
from pathlib import Path

import pytest

from eventsys.core.db import db
from eventsys.payments.models import BankLine, Charge, Payment
from eventsys.registration.models import Registration
from eventsys.web.office import bank
from eventsys.worker.run import work_once
from tests.factories.documents import make_issuer
from tests.factories.events import make_event
from tests.factories.fees import make_plan
from tests.factories.registrations import register

PATH = "/office/payments/bank"
FOLDER = Path(__file__).parents[2] / "data" / "bank"


@pytest.fixture
def ana(session):
    event = make_event(capacity=5)
    make_plan(event, 25_000)
    make_issuer()
    number = register(event).registration_id
    db.session.commit()
    return number


def rows(model):
    db.session.rollback()
    return db.session.query(model).order_by(model.id).all()


def reference():
    return rows(Charge)[-1].reference


def bring(staff, content, name="bank.csv", **more):
    staff.get(f"{PATH}/import")
    return staff.post(
        f"{PATH}/import",
        {"file": (io.BytesIO(content), name), "currency": "EUR", **more},
    )


def table(*lines):
    return ("Date;Payer;Purpose;Amount\n" + "".join(f"{line}\n" for line in lines)).encode()


def stored(staff, *lines):
    """Bring a file, store it and let the worker match it; gives the list that follows."""
    shown = bring(staff, table(*lines))
    answer = staff.submit(shown, action="/store")
    listed = staff.follow(answer)
    work_once(staff.app)
    return listed


def status(number):
    row = next(row for row in rows(Registration) if row.id == number)
    return row.status, row.payment


def test_a_file_is_looked_at_before_anything_is_stored(staff, ana):
    shown = bring(
        staff,
        table(
            f"03/11/2026;Ana Ñandú;{reference()};250,00",
            "04/11/2026;Somebody;hello;10,00",
            "05/11/2026;Printer;badges;-99,00",
            "06/11/2026;Nobody;hello;ten",
        ),
    )
    assert shown.h1 == "Look at the transfers"
    assert "Fee found by the reference" in shown.main
    assert "€250.00 to pay" in shown.main
    assert "1 line cannot be read" in shown.main
    assert "no amount that can be read" in shown.main
    assert rows(BankLine) == []
    answer = staff.submit(shown, action="/store")
    assert answer.status == 303
    listed = staff.follow(answer)
    assert "2 transfers were stored." in listed.main
    assert listed.headers["Refresh"] == "2"
    work_once(staff.app)
    assert status(ana) == ("confirmed", "paid")
    listed = staff.get(PATH)
    assert "Refresh" not in listed.headers
    assert "Somebody" in listed.main
    matched = staff.get(listed.link("Matched"))
    assert "Ana Ñandú" in matched.main
    # The second click, and the same file again.
    again = staff.follow(staff.submit(shown, action="/store"))
    assert "All of these transfers were stored before: nothing has changed." in again.main
    assert (
        "There is nothing to store."
        in bring(staff, table(f"03/11/2026;Ana Ñandú;{reference()};250,00")).main
    )
    assert len(rows(BankLine)) == 2


@pytest.mark.parametrize("path", sorted(FOLDER.glob("*.[cnx]*")))
def test_files_of_several_banks_are_shown(staff, session, path):
    shown = bring(staff, path.read_bytes(), path.name)
    assert shown.status == 200
    assert "To be matched by you" in shown.main
    answer = staff.follow(staff.submit(shown, action="/store"))
    assert rows(BankLine)
    assert answer.h1 == "Bank transfers"


@pytest.mark.parametrize("language", ["es", "fr"])
def test_the_pages_in_other_languages(staff, ana, language):
    staff.language = language
    bring(staff, table("03/11/2026;Ana;hello;250,00"))
    staff.submit(staff.last, action="/store")
    work_once(staff.app)
    for page in (staff.get(PATH), staff.get(f"{PATH}/1"), staff.get(f"{PATH}?state=ignored")):
        assert "Transfer " not in page.main
        assert page.status == 200


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "Choose a file that is not empty"),
        (b"a,b\n1,2\n", "No row names a column"),
        (b"<!DOCTYPE a [<!ENTITY b 'c'>]><Document/>", "declares a document type"),
        (b"<Document/>", "This is no statement of account"),
        (b"x" * 3_001, "This file is too large"),
        (b"Date;Amount\n2026-11-01;1.00\n2026-11-02;1,00\n", "others a decimal comma"),
    ],
)
def test_a_file_that_is_none_is_refused_in_words(staff, session, monkeypatch, content, words):
    monkeypatch.setattr(bank, "LARGEST", 3_000)
    shown = bring(staff, content)
    assert shown.status in {413, 422}
    assert words in shown.text_by_id("file-error")


@pytest.mark.parametrize("sent", ["", "%%%", "PGE+", "ñ"])
def test_what_travels_in_the_page_is_read_with_the_same_care(staff, session, sent):
    staff.get(f"{PATH}/import")
    shown = staff.post(f"{PATH}/store", {"file": sent, "currency": "EUR"})
    assert shown.status == 422
    assert "This file cannot be read as one of a bank" in shown.main
    assert rows(BankLine) == []


def test_a_transfer_is_matched_by_hand_and_taken_back(staff, ana):
    stored(staff, "03/11/2026;NANDU ANA;congress fee;250,00")
    line = staff.get(f"{PATH}/1")
    assert "same amount" in line.main
    assert "similar name" in line.main
    done = staff.follow(staff.submit(line, action="/match"))
    assert "The transfer pays the fee of Ana Ñandú." in done.main
    assert status(ana) == ("confirmed", "paid")
    # Whoever had the page open meanwhile is told, and nothing happens twice.
    late = staff.submit(line, action="/match")
    assert late.status == 409
    assert "Somebody has just dealt with this transfer" in late.text
    assert len(rows(Payment)) == 1
    line = staff.get(f"{PATH}/1")
    assert staff.submit(line, action="/undo").status == 422
    back = staff.follow(staff.submit(line, {"reason": "another Ana"}, action="/undo"))
    assert "The match is taken back" in back.main
    assert status(ana) == ("confirmed", "due")
    assert [row.status for row in rows(Payment)] == ["undone"]
    # The page of their fee and the log say it in words.
    fee = staff.get(f"/office/events/summit/payments/{ana}")
    assert fee.main.count("Payment taken back") == 2
    assert "Match of a transfer taken back" in staff.get("/office/audit").main


def test_somebody_who_is_not_suggested_is_searched_for(staff, ana):
    stored(staff, "03/11/2026;Treasury;7741;10,00")
    line = staff.get(f"{PATH}/1")
    assert "No unpaid fee has this amount or a similar name." in line.main
    assert "Nobody with a fee" in staff.get(f"{PATH}/1?q=zzz").main
    found = staff.get(f"{PATH}/1?q={reference()}")
    assert "Ana Ñandú" in found.main
    staff.submit(found, action="/match")
    assert rows(Charge)[0].received == 1_000


def test_a_transfer_that_is_no_fee_is_left_out_with_a_reason(staff, ana):
    stored(staff, "03/11/2026;Somebody;membership;250,00")
    line = staff.get(f"{PATH}/1")
    assert "Say why" in staff.submit(line, action="/ignore").text_by_id("reason-error")
    left = staff.follow(staff.submit(line, {"reason": "membership fee"}, action="/ignore"))
    assert "The transfer is left out." in left.main
    assert "Somebody" in staff.get(f"{PATH}?state=ignored").main
    again = staff.follow(staff.submit(left, action="/reopen"))
    assert "Whose fee is it?" in again.main
    assert rows(Payment) == []


def test_a_charge_that_is_not_there_is_not_found(staff, ana):
    stored(staff, "03/11/2026;Somebody;x;250,00")
    staff.get(f"{PATH}/1")
    assert staff.post(f"{PATH}/1/match", {"charge": "999"}).status == 404
    assert staff.post(f"{PATH}/1/match", {"charge": "x"}).status == 303
    assert staff.get(f"{PATH}/99").status == 404
    assert staff.get(f"{PATH}/99999999999999999999").status == 404


def test_who_may_not_move_money_sees_no_transfers(page, ana):
    page.sign_in(role="check-in")
    assert page.get(PATH).status == 403
    assert page.get(f"{PATH}/import").status == 403


def test_finance_may(page, ana):
    page.sign_in(role="finance")
    assert page.get(PATH).status == 200
    assert page.get(f"{PATH}/import").status == 200
