"""The office's pages about documents: who issues, the register and its files, one registration's papers."""

from __future__ import annotations

import csv
import io
import zipfile

import pytest

from eventsys.audit.models import AuditEntry
from eventsys.core.db import db
from eventsys.payments.models import Document, Issuer
from eventsys.payments.rules.documents import DocumentKind
from eventsys.registration.operations.documents import ask_document
from tests.factories.documents import BUYER, STAFF, make_due, make_issuer, now
from tests.factories.events import make_event
from tests.factories.fees import make_plan
from tests.support.en16931 import faults

ISSUER = {
    "name": "Association of City Governments",
    "address": "Carrer d'Avinyó 15\n08002 Barcelona",
    "country": "ES",
    "series": "met",
    "footer_es": "Inscrita en el registro.",
}


def issued(kind=DocumentKind.INVOICE, buyer=BUYER, **person):
    registration = make_due(**person)
    ask_document(registration.id, kind, buyer, actor=STAFF, now=now(), by_person=False)
    db.session.commit()
    return registration


def only(model):
    db.session.expire_all()
    return db.session.query(model).one()


def take(office, shown, **fields):
    """Press one of the buttons below the register."""
    return office.submit(shown, fields, action="documents")


@pytest.fixture
def office(page, session):
    page.sign_in("secretariat")
    return page


def test_who_issues_is_entered_once(office):
    form = office.get("/office/issuer")
    assert "no document is issued" in form.main
    answer = office.submit(form, ISSUER)
    assert answer.status == 303
    row = only(Issuer)
    assert row.series == "MET"
    assert row.footer == {"es": "Inscrita en el registro."}
    again = office.follow(answer)
    assert f"MET-INV-{now().year}-00001" in again.main
    entry = db.session.query(AuditEntry).filter_by(action="payments.edit_issuer").one()
    assert "series" in entry.facts["fields"]


@pytest.mark.parametrize(
    ("field", "value", "sentence"),
    [
        ("name", " ", "Enter the name"),
        ("address", "", "Enter the address"),
        ("country", "", "Choose one from the list"),
        ("email", "nobody", "Enter an email address"),
        ("series", "MÉT", "capital letters and digits"),
    ],
)
def test_what_is_wrong_is_said_beside_its_field(office, field, value, sentence):
    answer = office.submit(office.get("/office/issuer"), {**ISSUER, field: value})
    assert answer.status == 422
    assert sentence in answer.text_by_id(f"{field}-error")
    assert db.session.query(Issuer).count() == 0


def test_an_invoice_is_issued_and_issued_anew_in_the_office(office):
    make_issuer()
    registration = make_due()
    here = f"/office/events/summit/payments/{registration.id}/documents"
    listed = office.follow(office.submit(office.get(here), {**BUYER, "kind": "invoice"}))
    assert "is issued and goes out by mail" in listed.text
    # Somebody else, without saying that the first is taken back: nothing happens.
    refused = office.submit(listed, {"name": "Metropolitan Area", "kind": "invoice"})
    assert refused.status == 422
    assert "The invoice names somebody else" in refused.main
    office.follow(office.submit(listed, {"name": "Metropolitan Area", "kind": "anew"}))
    rows = db.session.query(Document).order_by(Document.id).all()
    assert [(row.kind, row.total) for row in rows] == [
        ("invoice", 12_100),
        ("credit_note", -12_100),
        ("invoice", 12_100),
    ]
    assert rows[2].content["facts"]["buyer"]["name"] == "Metropolitan Area"
    given = office.get(f"/office/events/summit/documents/{rows[1].key}.pdf")
    assert given.body.startswith(b"%PDF")


def test_the_pdf_of_another_event_is_not_found(office):
    make_issuer()
    issued()
    other = make_event("other")
    make_plan(other)
    key = only(Document).key
    assert office.get(f"/office/events/summit/documents/{key}.pdf").status == 200
    assert office.get(f"/office/events/other/documents/{key}.pdf").status == 404


def test_the_register_as_page_and_as_files(office):
    make_issuer()
    first = issued(buyer=BUYER | {"name": "=cmd()"})
    other = make_event("other")
    make_plan(other, 50_000, currency="JPY", confirm_unpaid=True)
    issued(event=other)
    everything = office.get("/office/documents")
    assert "2 documents" in everything.main
    assert "1 document" in office.get("/office/events/summit/documents").main
    assert "No document matches" in office.get("/office/documents?kind=receipt").main
    raw = take(office, everything, form="csv").body.decode("utf-8-sig")
    rows = list(csv.DictReader(io.StringIO(raw)))
    year = now().year
    assert [row["Number"] for row in rows] == [f"MET-INV-{year}-00001", f"MET-INV-{year}-00002"]
    assert rows[0] | {"Total": "121.00", "Tax": "21.00", "Without tax": "100.00"} == rows[0]
    assert rows[0]["Recipient"] == "'=cmd()"
    assert rows[0]["Registration"] == str(first.id)
    assert (rows[1]["Total"], rows[1]["Currency"]) == ("50000", "JPY")
    assert take(office, everything, form="xlsx").body.startswith(b"PK")
    assert len(take(office, everything, form="csv", year="1999").body.splitlines()) == 1
    assert take(office, everything, form="exe").status == 400
    taken = db.session.query(AuditEntry).filter_by(action="payments.export").all()
    assert [entry.facts["form"] for entry in taken] == ["csv", "xlsx", "csv"]


def test_all_papers_in_one_archive(office):
    make_issuer()
    issued()
    given = take(office, office.get("/office/events/summit/documents"), form="zip")
    with zipfile.ZipFile(io.BytesIO(given.body)) as archive:
        assert archive.testzip() is None
        number = f"MET-INV-{now().year}-00001"
        assert archive.namelist() == ["documents.csv", f"{number}.pdf", f"{number}.xml"]
        assert archive.read(f"{number}.pdf").startswith(b"%PDF")
        assert faults(archive.read(f"{number}.xml")) == []


def test_the_file_for_machines_is_given_alone_or_it_is_said_why_there_is_none(office):
    make_issuer()
    registration = issued()
    here = f"/office/events/summit/payments/{registration.id}/documents"
    shown = office.get(here)
    given = office.get(shown.link(f"MET-INV-{now().year}-00001.xml"))
    assert given.headers["Content-Type"].startswith("application/xml")
    assert given.headers["Cache-Control"] == "private, no-store"
    assert faults(given.body) == []
    other = make_event("other")
    make_plan(other, confirm_unpaid=True)
    bare = issued(event=other)
    shown = office.get(f"/office/events/other/payments/{bare.id}/documents")
    assert "do not say why there is no tax" in shown.main
    document = (
        db.session.query(Document).filter_by(currency="EUR").order_by(Document.id.desc()).first()
    )
    assert office.get(f"/office/events/other/documents/{document.key}.xml").status == 404
    assert office.get(f"/office/events/summit/documents/{document.key}.xml").status == 404


def test_a_receipt_is_for_people_only(office):
    make_issuer()
    registration = issued(DocumentKind.PRO_FORMA)
    shown = office.get(f"/office/events/summit/payments/{registration.id}/documents")
    assert "only invoices and credit notes have one" in shown.main


def test_who_may_what(page, session):
    make_issuer()
    registration = issued()
    event_id = registration.event_id
    here = f"/office/events/summit/payments/{registration.id}/documents"
    page.sign_in("manager", event_id=event_id)
    shown = page.get(here)
    assert shown.status == 200
    assert "Take back and issue anew" not in shown.main
    assert page.post(here, {"kind": "invoice"}).status == 403
    assert page.get("/office/issuer").status == 403
    assert page.get("/office/documents").status == 403
    page.sign_in("check-in", event_id=event_id, email="leo@example.org")
    assert page.get(here).status == 403
    assert page.get("/office/events/summit/documents").status == 403
    page.sign_in("finance", email="fina@example.org")
    assert page.get("/office/issuer").status == 200
    assert page.get("/office/documents").status == 200
