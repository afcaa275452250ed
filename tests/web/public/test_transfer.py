"""Paying by bank transfer: the own page and the mails say all that a bank's form asks for."""

from __future__ import annotations

import io

import pytest
import zxingcpp
from PIL import Image

from eventsys.core.db import db
from eventsys.files import qr
from eventsys.mail.models import Message
from eventsys.payments.models import Charge
from eventsys.payments.rules.reference import printed
from eventsys.worker.run import work_once
from tests.factories.documents import make_issuer
from tests.factories.events import make_event
from tests.factories.fees import make_plan
from tests.web.public.test_registration_fee import only, send


def test_the_own_page_says_how_to_transfer(page, session):
    make_plan(make_event())
    make_issuer()
    own = send(page)
    charge = only(Charge)
    for text in (
        "Pay by bank transfer",
        "€250.00",
        printed(charge.reference),
        "ES91 2100 0418 4502 0005 1332",
        "CAIXESBBXXX",
        "CaixaBank",
        "Costs are the payer's.",
    ):
        assert text in own.main
    # The very code that a bank's app reads.
    text = f"BCD\n002\n1\nSCT\nCAIXESBBXXX\nAssociation\nES9121000418450200051332\nEUR250.00\n\n{charge.reference}"
    assert qr.path(qr.matrix(text, "M"), qr.QUIET) in own.html
    image = Image.open(io.BytesIO(qr.png(text, "M", scale=5)))
    assert zxingcpp.read_barcodes(image)[0].text == text


def test_another_currency_has_no_sepa_code(page, session):
    make_plan(make_event(), currency="USD")
    make_issuer()
    own = send(page)
    assert "ES91 2100 0418 4502 0005 1332" in own.main
    assert "Scan the code" not in own.main


@pytest.mark.parametrize("issuer", [False, True])
def test_without_an_account_nothing_is_promised(page, session, issuer):
    make_plan(make_event())
    if issuer:
        make_issuer(account=None)
    assert "bank transfer" not in send(page).main


def test_where_it_is_not_offered_it_is_not_shown(page, session):
    make_plan(make_event(), methods=["stripe"])
    make_issuer()
    assert "bank transfer" not in send(page).main


@pytest.mark.parametrize(
    ("language", "title", "note"),
    [
        ("en", "To pay by bank transfer:", "Costs are the payer's."),
        ("es", "Para pagar por transferencia bancaria:", "Los gastos corren a cargo del ordenante."),
        ("fr", "Pour payer par virement bancaire :", "Costs are the payer's."),
    ],
)  # fmt: skip
def test_the_mail_says_it_too(app, new_client, session, language, title, note):
    make_plan(make_event())
    make_issuer()
    send(new_client())
    db.session.query(Message).one().language = language
    db.session.commit()
    work_once(app)
    mail = only(Message)
    assert mail.template == "registration/pay"
    for body in (mail.body_text, mail.body_html):
        assert printed(only(Charge).reference) in body
        assert "ES91 2100 0418 4502 0005 1332" in body
    assert title.replace(" :", "\u202f:") in mail.body_text.replace("\u00a0:", "\u202f:")
    assert note in mail.body_text


def test_who_is_confirmed_and_unpaid_is_told_how(app, page, session):
    make_plan(make_event(), confirm_unpaid=True)
    make_issuer()
    send(page)
    work_once(app)
    mail = only(Message)
    assert mail.template == "registration/confirmed"
    assert "To be paid by" in mail.body_text
    assert printed(only(Charge).reference) in mail.body_text
