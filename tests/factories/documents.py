"""Issuers, and registrations that owe something, for tests about documents."""

from __future__ import annotations

from datetime import UTC, datetime
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from eventsys.core.actor import Actor
from eventsys.core.db import db
from eventsys.payments.models import BankAccount, Charge, Issuer
from eventsys.payments.operations.accounts import save_account
from eventsys.payments.operations.pay import record_payment
from eventsys.payments.rules.accounts import AccountDraft
from eventsys.registration.models import Registration
from eventsys.registration.operations.settle import settle
from tests.factories.events import make_event
from tests.factories.fees import make_plan
from tests.factories.registrations import register

if TYPE_CHECKING:
    from collections.abc import Mapping

    from eventsys.events.models import Event

STAFF = Actor("staff", 1, "Marta")
BUYER = {
    "name": "Ajuntament de Barcelona",
    "address": "Plaça de Sant Jaume 1\n08002 Barcelona",
    "country": "ES",
    "tax_number": "P0801900B",
    "purchase_order": "PO-77",
    "reference": "04011000-12345-03",
    "email": "factures@example.org",
}


def now() -> datetime:
    return datetime.now(UTC)


def make_issuer(account: Mapping[str, Any] | None = MappingProxyType({}), **more: Any) -> Issuer:
    """Say who issues documents, and one account for everybody; None: no account."""
    values: dict[str, Any] = {
        "name": "Association of City Governments",
        "address": "Carrer d'Avinyó 15\n08002 Barcelona",
        "country": "ES",
        "tax_number": "G00000000",
        "email": "finance@example.org",
        "footer": {"en": "Registered association."},
        "series": "MET",
        **more,
    }  # fmt: skip
    issuer = Issuer(id=1, updated_at=now(), **values)
    db.session.add(issuer)
    db.session.commit()
    if account is not None:
        make_account(**account)
    return issuer


def make_account(**more: Any) -> BankAccount:
    """Say where transfers go; without more: one account for everybody."""
    values: dict[str, Any] = {
        "holder": "Association",
        "iban": "ES9121000418450200051332",
        "bic": "CAIXESBBXXX",
        "bank_name": "CaixaBank",
        "note": {"en": "Costs are the payer's.", "es": "Los gastos corren a cargo del ordenante."},
        **more,
    }
    account = save_account(None, AccountDraft(**values), actor=STAFF, now=now())
    db.session.commit()
    return account


def make_due(
    amount: int = 12_100, *, event: Event | None = None, plan: dict[str, Any] | None = None, **person: Any
) -> Registration:  # fmt: skip
    """Register somebody who is confirmed and owes a fee with 21 % tax."""
    if event is None:
        event = make_event()
        make_plan(event, amount, **{"tax_rate": 2100, "confirm_unpaid": True, **(plan or {})})
    outcome = register(event, **person)
    return db.session.get_one(Registration, outcome.registration_id)


def charge_of(registration: Registration) -> Charge:
    db.session.expire_all()
    return db.session.query(Charge).filter_by(registration_id=registration.id).one()


def make_payment(registration: Registration, amount: int) -> int:
    """Let money come by bank; gives the id of the payment."""
    charge = charge_of(registration)
    settled = record_payment(
        charge.id, amount, "bank", actor=STAFF, now=now(), source=f"test:{registration.id}:{amount}"
    )
    settle(registration.id, actor=STAFF, now=now())
    db.session.commit()
    return settled.payment_id
