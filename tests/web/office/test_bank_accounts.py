"""Bank accounts in the office: kept by finance, each for its payers, and everybody is told theirs."""

from __future__ import annotations

import csv
import io

import pytest

from eventsys.accounts.models import Account
from eventsys.audit.models import AuditEntry
from eventsys.core.db import db
from eventsys.events.models import Event
from eventsys.mail.models import Message
from eventsys.payments.models import BankAccount, BankLine, Document
from eventsys.payments.queries.documents import pdf_of
from eventsys.worker.run import work_once
from tests.factories.documents import BUYER, charge_of, make_account, make_due, make_issuer
from tests.factories.events import make_event
from tests.factories.fees import make_plan
from tests.integration.payments.test_documents import ask
from tests.web.office.test_bank import bring, rows, table
from tests.web.public.test_registration_fee import send

PATH = "/office/payments/accounts"
IBAN = "ES91 2100 0418 4502 0005 1332"
NUMBERED = {
    "currency": "usd", "reach": "listed", "countries": "Estados Unidos, Canada;\nMexico", "number": "000123456789",
    "code_kind": "aba", "code": "0210 0002 1", "bic": "citius33", "bank_name": "Citibank", "bank_address": "New York",
    "intermediary": "Chase, CHASUS33", "note_en": "All costs are yours.", "note_es": "Todos los gastos son suyos.",
}  # fmt: skip


@pytest.fixture
def office(page, session):
    page.sign_in("finance")
    return page


def add(office, **fields):
    return office.submit(office.get(f"{PATH}/new"), fields)


def kept():
    return rows(BankAccount)


def logged():
    return [
        (entry.action, entry.facts)
        for entry in db.session.query(AuditEntry).order_by(AuditEntry.id)
        if entry.action.startswith("payments.")
    ]


def test_an_account_is_added_changed_and_removed(office):
    make_issuer(account=None)
    empty = office.get(PATH)
    assert "There is no bank account yet" in empty.main
    listed = office.follow(add(office, iban=IBAN.lower(), currency="eur", bic="caixesbb"))
    assert IBAN in listed.main
    assert "payers in every country" in listed.main
    assert "Association of City Governments" in listed.main
    (row,) = kept()
    assert (row.iban, row.bic, row.currency) == ("ES9121000418450200051332", "CAIXESBB", "EUR")
    form = office.get(f"{PATH}/{row.id}")
    assert form.by_id("iban").get("value") == IBAN
    changed = office.submit(form, {"iban": "BE68 5390 0754 7034", "reach": "sepa"})
    assert "payers in the SEPA area" in office.follow(changed).main
    asked = office.get(f"{PATH}/{row.id}/remove")
    assert "BE68 5390 0754 7034" in asked.main
    gone = office.follow(office.submit(asked))
    assert "nobody is told it from now on" in gone.main
    assert kept() == []
    # Whoever had the page open sends it again: it is gone, and nothing else happens.
    assert office.submit(asked).status == 303
    assert logged() == [
        ("payments.add_account", {"after": "ES9121000418450200051332"}),
        (
            "payments.edit_account",
            {
                "fields": ["iban", "reach"],
                "before": "ES9121000418450200051332",
                "after": "BE68539007547034",
            },
        ),
        ("payments.remove_account", {"before": "BE68539007547034"}),
    ]
    office.sign_in("secretariat", email="sec@example.org")
    page = office.get("/office/audit").main
    assert "Bank account changed" in page
    assert "BE68539007547034" in page


@pytest.mark.parametrize("language", ["en", "es", "fr"])
def test_all_who_could_have_done_it_are_told_by_mail(office, app, language):
    """Whoever steals a sign-in turns the money to an account of their own: the others see it on the same day."""
    office.sign_in("secretariat", email="sec@example.org")
    office.sign_in("manager", email="manager@example.org")
    event = make_event()
    office.sign_in("finance", event_id=event.id, email="of-one-event@example.org")
    office.sign_in("finance", email="eva2@example.org")
    db.session.rollback()
    db.session.query(Account).update({"language": language})
    db.session.commit()
    add(office, iban=IBAN, currency="EUR")
    work_once(app)
    mails = {mail.to_address: mail for mail in rows(Message)}
    assert set(mails) == {"eva@example.org", "eva2@example.org", "sec@example.org"}
    mail = mails["sec@example.org"]
    assert mail.language == language
    for text in (IBAN, "Eva2", "/office/payments/accounts"):
        assert text in mail.body_text
        assert text in mail.body_html
    office.submit(office.get(f"{PATH}/1"), {"iban": "BE68 5390 0754 7034"})
    # Only the order: nobody's money goes elsewhere.
    office.post(f"{PATH}/1/move", {"step": "down"})
    office.submit(office.get(f"{PATH}/1/remove"))
    work_once(app)
    said = [mail.body_text for mail in rows(Message) if mail.to_address == "sec@example.org"]
    assert len(said) == 3
    assert all(text in said[1] for text in (IBAN, "BE68 5390 0754 7034"))
    assert IBAN not in said[2]
    assert len({text.splitlines()[0] for text in said}) == 3


def test_an_account_without_iban(office):
    listed = office.follow(add(office, **NUMBERED))
    assert "payers in Canada, Mexico, United States" in listed.main
    (row,) = kept()
    assert row.countries == ["CA", "MX", "US"]
    assert (row.code, row.bic, row.number) == ("021000021", "CITIUS33", "000123456789")
    form = office.get(f"{PATH}/{row.id}")
    assert form.text_by_id("countries") == "Canada, Mexico, United States"
    office.submit(form)
    assert logged()[-1][0] == "payments.add_account"
    # For all countries again: those that were listed are forgotten, not hidden.
    office.submit(form, {"reach": "all"})
    assert kept()[0].countries == []


def test_a_second_click_adds_nothing(office):
    add(office, **NUMBERED)
    assert add(office, **NUMBERED).status == 303
    assert len(kept()) == 1


@pytest.mark.parametrize(
    ("fields", "field", "sentence"),
    [
        ({"iban": "ES91 2100 0418 4502 0005 1323"}, "iban", "check digits do not fit"),
        ({"iban": ""}, "iban", "Enter the IBAN, or the account number"),
        ({"bic": "CAIX"}, "bic", "8 or 11 characters"),
        ({"iban": "", "number": "123"}, "bic", "a number alone finds no bank"),
        ({"code_kind": "aba", "code": "021000022"}, "code", "This is no such code"),
        ({"code": "021000021"}, "code_kind", "Choose what kind"),
        ({"currency": "Euros"}, "currency", "Enter three letters"),
        ({"reach": "listed"}, "countries", "Enter at least one country"),
        ({"reach": "listed", "countries": "Spain, Atlantis"}, "countries", "“Atlantis” is not a country"),
        ({"reach": "listed", "countries": "Spain," * 1_001}, "countries", "6000"),
        ({"reach": "x"}, "reach", "Choose one from the list"),
        ({"note_fr": "x" * 601}, "note_fr", "600"),
    ],
)  # fmt: skip
@pytest.mark.parametrize("language", ["en", "es", "fr"])
def test_what_is_wrong_is_said_beside_its_field(office, fields, field, sentence, language):
    office.language = language
    answer = add(office, **{"iban": IBAN, **fields})
    assert answer.status == 422
    said = answer.text_by_id(f"{field}-error")
    assert (sentence in said) == (language == "en") or sentence in {"600", "6000"}
    assert kept() == []
    # Nothing that was typed is lost.
    if field != "reach":
        assert answer.filled()[field] == fields.get(field, "")


def test_the_order_counts(office):
    make_issuer(account=None)
    for number in (IBAN, "BE68 5390 0754 7034", "DE89 3704 0044 0532 0130 00"):
        add(office, iban=number, currency="EUR")
    listed = office.get(PATH)
    office.follow(office.submit(listed, action="/2/move"))
    assert [row.iban[:2] for row in sorted(kept(), key=lambda row: row.position)] == ["BE", "ES", "DE"]  # fmt: skip
    office.post(f"{PATH}/3/move", {"step": "down"})
    office.post(f"{PATH}/3/move", {"step": "sideways"})
    assert [row.iban[:2] for row in sorted(kept(), key=lambda row: row.position)] == ["BE", "ES", "DE"]  # fmt: skip
    assert office.get(f"{PATH}/3/move").status == 302
    assert office.get(f"{PATH}/99999999999").status == 404


@pytest.mark.parametrize(
    ("role", "seen", "changed"),
    [("secretariat", 200, 200), ("finance", 200, 200), ("manager", 200, 403), ("check-in", 403, 403)],
)  # fmt: skip
def test_who_may_see_and_who_may_change(page, session, role, seen, changed):
    make_account()
    page.sign_in(role)
    listed = page.get(PATH)
    assert listed.status == seen
    assert page.get(f"{PATH}/1").status == changed
    if seen == 200:
        assert ("Add an account" in listed.main) == (changed == 200)
    assert page.post(f"{PATH}/1/remove").status == (303 if changed == 200 else 403)


def test_the_office_is_told_whom_no_account_is_for(office):
    make_plan(make_event("dollars"), currency="USD")
    make_plan(make_event("euros"))
    make_account(currency="EUR", reach="sepa")
    shown = office.get(PATH).main
    assert "No bank account takes USD." in shown
    assert "Payers outside the SEPA area have no account for EUR." in shown
    assert "No bank account takes USD." in office.get("/office/events/dollars/fees").main
    make_account(note={}, holder="For all")
    assert "no account" not in office.get(PATH).main
    assert "They see no bank transfer." not in office.get("/office/events/dollars/fees").main


def event_of(registration):
    return db.session.get_one(Event, registration.event_id)


def world():
    """An account in the euro area, one for payers outside it, and one in the United States."""
    make_issuer(account=None)
    make_account(currency="EUR", note={})
    make_account(
        holder="", currency="EUR", reach="outside", iban="", number="12345-6", code_kind="other", code="0001",
        bic="CITIUS33", bank_name="Citibank", bank_address="New York", intermediary="Chase, CHASUS33",
    )  # fmt: skip


def test_each_payer_is_told_the_account_for_their_country(new_client, session):
    make_plan(make_event())
    world()
    spain = send(new_client())
    assert IBAN in spain.main
    assert "Or scan this code" in spain.main
    # The other account stands there too, folded up, for whoever pays for them from elsewhere.
    (folded,) = spain.all("details")
    assert "Another account: payers outside the SEPA area" in "".join(folded.itertext())
    assert "12345-6" in "".join(folded.itertext())
    kenya = send(new_client(), email="ken@example.org", country="KE", city="Nairobi")
    told = kenya.main.partition("Another account")[0]
    for text in ("Account holder", "Association of City Governments", "12345-6", "Code of the bank", "0001",
                 "SWIFT/BIC", "CITIUS33", "New York", "Intermediary bank", "Chase, CHASUS33", "Costs are the payer's."):  # fmt: skip
        assert text in told
    assert IBAN not in told
    assert "Or scan this code" not in kenya.main


def test_a_code_of_the_sepa_area_is_shown_only_to_whom_it_serves(new_client, session):
    make_plan(make_event())
    make_issuer()
    assert "Or scan this code" in send(new_client()).main
    kenya = send(new_client(), email="ken@example.org", country="KE", city="Nairobi")
    assert IBAN in kenya.main
    assert "Or scan this code" not in kenya.main


def test_the_mail_and_the_paper_say_the_same(app, new_client, session):
    make_plan(make_event(), confirm_unpaid=True)
    world()
    send(new_client(), email="ken@example.org", country="KE", city="Nairobi")
    work_once(app)
    mail = rows(Message)[0]
    for body in (mail.body_text, mail.body_html):
        assert "12345-6" in body
        assert "Chase, CHASUS33" in body
        assert IBAN not in body


def test_the_recipient_of_the_papers_says_the_country(session):
    world()
    registration = make_due(country="KE")
    own = ask(registration, buyer={})
    assert ["Account number", "12345-6"] in own.content["paper"]["transfer"]["rows"]
    assert own.content["paper"]["transfer"]["qr"] == ""
    # An agency in Spain pays for them.
    db.session.commit()
    other = ask(make_due(event=event_of(registration), email="bea@example.org", country="KE"))
    assert BUYER["country"] == "ES"
    assert ["IBAN", IBAN] in other.content["paper"]["transfer"]["rows"]
    assert other.content["paper"]["transfer"]["qr"]


def test_a_paper_keeps_the_account_that_it_told(office):
    world()
    made = ask(make_due())
    before = pdf_of(made)
    for row in kept():
        office.post(f"{PATH}/{row.id}/remove")
    assert kept() == []
    (stored,) = rows(Document)
    assert pdf_of(stored) == before
    assert stored.content["facts"]["account"]["iban"] == "ES9121000418450200051332"


CAMT = """<?xml version="1.0"?><Document xmlns="urn:iso:std:iso:20022:tech:xsd:camt.053.001.08"><BkToCstmrStmt>{}</BkToCstmrStmt></Document>"""
STATEMENT = """<Stmt><Acct><Id>{account}</Id></Acct><Ntry><Amt Ccy="EUR">10.00</Amt><CdtDbtInd>CRDT</CdtDbtInd>
<Sts>BOOK</Sts><BookgDt><Dt>2026-11-03</Dt></BookgDt><AddtlNtryInf>fee</AddtlNtryInf></Ntry></Stmt>"""


def camt(*accounts):
    return CAMT.format("".join(STATEMENT.format(account=account) for account in accounts)).encode()


def test_a_file_says_to_which_account_the_money_came(office):
    make_account()
    shown = bring(office, camt(f"<IBAN>{IBAN.replace(' ', '')}</IBAN>"), "a.xml")
    assert "does not stand among yours" not in shown.main
    assert f"{IBAN} · CaixaBank" in shown.text
    # The same movement on another account is another one.
    shown = bring(office, camt("<Othr><Id>12345-6</Id></Othr>", "<IBAN>BE68539007547034</IBAN>"), "b.xml")  # fmt: skip
    assert "does not stand among yours: 123456, BE68 5390 0754 7034" in shown.main
    office.submit(shown, action="/store")
    assert [line.account for line in rows(BankLine)] == ["123456", "BE68539007547034"]
    assert "BE68 5390 0754 7034" in office.get(f"/office/payments/bank/{rows(BankLine)[1].id}").main
    again = bring(office, camt("<IBAN>BE68539007547034</IBAN>"), "c.xml")
    assert "There is nothing to store." in again.main


def test_a_table_is_of_the_account_that_is_chosen(office):
    make_account()
    content = table("03/11/2026;Ana;hello;10,00")
    # Brought before anybody said accounts: known again, whatever is said now.
    office.submit(bring(office, content), action="/store")
    assert rows(BankLine)[0].account == ""
    assert (
        "There is nothing to store."
        in bring(office, content, account="ES9121000418450200051332").main
    )
    other = table("04/11/2026;Bea;hello;10,00")
    shown = bring(office, other, account="ES9121000418450200051332")
    office.submit(shown, action="/store")
    assert rows(BankLine)[1].account == "ES9121000418450200051332"
    assert (
        "There is nothing to store."
        in bring(office, other, account="ES9121000418450200051332").main
    )
    # What is no account of ours cannot be said for it.
    stored = office.post(
        "/office/payments/bank/store", {"file": shown.filled("/store")["file"], "account": "x"}
    )
    assert stored.status == 303
    assert {line.account for line in rows(BankLine)} == {"", "ES9121000418450200051332"}


def test_the_ledger_for_accounting_says_to_which_account_money_came(office, app):
    registration = make_due()
    make_account()
    reference = charge_of(registration).reference
    statement = camt("<IBAN>BE68539007547034</IBAN>").replace(b"fee", reference.encode())
    office.submit(bring(office, statement, "a.xml"), action="/store")
    work_once(app)
    shown = office.get("/office/payments/income")
    answer = office.submit(shown, {"form": "csv"}, action="/payments/ledger")
    lines = list(csv.DictReader(io.StringIO(answer.body.decode("utf-8-sig"))))
    came = [line["Came to the account"] for line in lines if line["Code of the account"] == "bank"]
    assert came == ["BE68539007547034"]
    assert {line["Came to the account"] for line in lines} == {"", "BE68539007547034"}
