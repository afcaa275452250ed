"""The fees of the demo's summit, and what became of them: made by the product's own operations, without network.

Nobody asks Stripe: what it would say of each payment is written here, and applied as if it had.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Final

from eventsys.core.actor import Actor
from eventsys.core.db import db
from eventsys.payments.operations.accounts import save_account
from eventsys.payments.operations.book import book_payment, book_refund
from eventsys.payments.operations.issuer import save_issuer
from eventsys.payments.operations.pay import (
    record_payment,
    settle_session,
    start_payment,
)
from eventsys.payments.operations.refund import settle_refund
from eventsys.payments.queries import find_charge_of, list_payments, list_refunds
from eventsys.payments.rules.accounts import AccountDraft, Reach
from eventsys.payments.rules.documents import DocumentKind
from eventsys.payments.rules.issuer import IssuerDraft
from eventsys.payments.rules.settling import Booking, RefundFacts, SessionFacts
from eventsys.places.queries.countries import list_countries
from eventsys.registration.operations.cancel import cancel
from eventsys.registration.operations.documents import ask_document
from eventsys.registration.operations.office_fee import refund_fee, waive_fee
from eventsys.registration.operations.set_codes import make_codes
from eventsys.registration.operations.set_fees import add_fee, save_plan
from eventsys.registration.operations.settle import settle, settle_payment
from eventsys.registration.rules.fee_setup import CodeDraft, FeeDraft, PlanDraft

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from eventsys.events.queries import EventFacts
    from eventsys.payments.queries import Charge

STAFF: Final = Actor("staff", None, "demo")
STRIPE: Final = Actor.system("Stripe")
CODE: Final = "SPEAKER"
# The guests of the organiser: their code takes the whole fee off.
GUESTS: Final = frozenset({21, 34, 47})
# A month, so that the demo still has unpaid fees when it is looked at.
PAY_HOURS: Final = 30 * 24


def _words(english: str, spanish: str, french: str) -> dict[str, str]:
    return {"en": english, "es": spanish, "fr": french}


#: One for everybody, and before it one for payers outside the SEPA area; both are examples of the registry.
ACCOUNTS: Final = (
    AccountDraft(
        iban="ES9121000418450200051332", bic="CAIXESBBXXX", bank_name="Banco de la demostración", currency="EUR",
    ),
    AccountDraft(
        iban="BE68539007547034", bic="NICABEBBXXX", bank_name="Banque de démonstration", currency="EUR",
        reach=Reach.OUTSIDE, bank_address="Rue de l’Exemple 1, 1000 Bruxelles",
        note=_words(
            "Please order the transfer with all costs at your side (OUR), so that the whole fee arrives.",
            "Ordene la transferencia con todos los gastos a su cargo (OUR), para que llegue la cuota íntegra.",
            "Veuillez ordonner le virement avec tous les frais bancaires à votre charge (OUR).",
        ),
    ),
)  # fmt: skip


def set_up(event_id: int, *, starts_at: datetime, now: datetime) -> None:
    """Give the summit its issuer, its fees and a code for guests."""
    # The last minute of a day half-way; the summit begins at nine.
    early = starts_at - timedelta(days=(starts_at - now).days // 2, hours=9, minutes=1)
    save_issuer(
        IssuerDraft(
            name="Asociación de Gobiernos Metropolitanos", address="Avenida Metropolitana 1\n08038 Barcelona",
            country="ES", tax_number="ESG00000000", email="secretariat@example.org",
        ),
        frozenset(country.code for country in list_countries("en")),
        actor=STAFF,
        now=now,
    )  # fmt: skip
    for account in ACCOUNTS:
        save_account(None, account, actor=STAFF, now=now)
    draft = PlanDraft(
        currency="EUR",
        tax_text=_words(
            "No tax is charged: meeting of a non-profit association.",
            "Exento de impuestos: reunión de una asociación sin ánimo de lucro.",
            "Exonéré de taxe : réunion d’une association à but non lucratif.",
        ),
        pay_hours=PAY_HOURS,
        refund_until=starts_at - timedelta(days=21),
        refund_percent=80,
    )
    save_plan(event_id, draft, actor=STAFF, now=now)
    low = _words("Low-income countries", "Países de ingreso bajo", "Pays à faible revenu")
    reduced = _words(
        "Lower-middle-income countries",
        "Países de ingreso mediano bajo",
        "Pays à revenu intermédiaire inférieur",
    )
    member_early = _words("Member, early", "Miembro, anticipada", "Membre, tarif anticipé")
    member = _words("Member", "Miembro", "Membre")
    others_early = _words("Not a member, early", "No miembro, anticipada", "Non-membre, tarif anticipé")  # fmt: skip
    others = _words("Not a member", "No miembro", "Non-membre")
    for fee in (
        FeeDraft(label=low, amount=0, income_group="low"),
        FeeDraft(label=reduced, amount=10_000, income_group="lower_middle"),
        FeeDraft(label=member_early, amount=25_000, member=True, until=early),
        FeeDraft(label=member, amount=35_000, member=True),
        FeeDraft(label=others_early, amount=45_000, until=early),
        FeeDraft(label=others, amount=60_000),
    ):
        add_fee(event_id, fee, actor=STAFF, now=now)
    code = CodeDraft(kind="free", most=10, note="Speakers")
    make_codes(event_id, CODE, code, number=1, actor=STAFF, now=now)


@dataclass(frozen=True, slots=True)
class Guest:
    """Somebody who was billed, and the moment."""

    number: int
    registration_id: int
    event: EventFacts
    now: datetime

    @property
    def charge(self) -> Charge:
        """What they were billed."""
        charge = find_charge_of(self.registration_id)
        if charge is None:
            raise LookupError(f"registration {self.registration_id} was not billed")
        return charge


def follow(guest: Guest) -> None:
    """Do what became of somebody's fee; most have paid online."""
    if find_charge_of(guest.registration_id) is None:
        return
    _STORIES.get(guest.number, _pay_online)(guest)
    db.session.flush()


def _unpaid(_guest: Guest) -> None:
    """Leave the fee open: the place waits for it."""


def _pay_online(guest: Guest) -> None:
    # The page is not kept beforehand: nobody shall look after it at Stripe, which does not know it.
    payment = start_payment(guest.charge.id, now=guest.now)
    page = SessionFacts(
        id=f"cs_demo_{guest.number}", status="complete", payment_status="paid", amount=guest.charge.billed,
        currency=guest.charge.currency, livemode=False, payment_key=payment.key,
        intent_id=f"pi_demo_{guest.number}", booking=_booked(guest, "ch", guest.charge.billed),
    )  # fmt: skip
    settle_session(page, livemode=False, actor=STRIPE, now=guest.now)
    book_payment(page, livemode=False, actor=STRIPE, now=guest.now)
    settle_payment(guest.registration_id, payment.id, actor=STRIPE, now=guest.now)


def _booked(guest: Guest, what: str, amount: int) -> Booking:
    """Say what Stripe booked: of what came it keeps 1.5 per cent and 25 cents, of what went back nothing."""
    fee = amount * 15 // 1_000 + 25 if amount > 0 else 0
    number = f"txn_demo_{what}_{guest.number}"
    return Booking(number, amount, fee, guest.charge.currency, guest.now)


def _pay_by_bank(guest: Guest, amount: int | None = None) -> None:
    record_payment(
        guest.charge.id, amount or guest.charge.billed, "bank", actor=STAFF, now=guest.now, source="office",
    )  # fmt: skip
    settle(guest.registration_id, actor=STAFF, now=guest.now)


def _pay_in_part(guest: Guest) -> None:
    _pay_by_bank(guest, guest.charge.billed // 2)


def _invoiced(guest: Guest) -> None:
    _pay_by_bank(guest)
    buyer = {"name": "Ville de la démonstration", "address": "1, place de l’Hôtel", "country": "FR"}
    ask_document(
        guest.registration_id, DocumentKind.INVOICE, buyer, actor=STAFF, now=guest.now, by_person=False,
    )  # fmt: skip


def _pro_forma(guest: Guest) -> None:
    buyer = {"name": "City Treasury", "address": "2 Demo Street", "purchase_order": "PO-4711"}
    ask_document(
        guest.registration_id, DocumentKind.PRO_FORMA, buyer, actor=STAFF, now=guest.now, by_person=True,
    )  # fmt: skip


def _let_go(guest: Guest) -> None:
    reason = "Guest of the presidency"
    waive_fee(guest.registration_id, reason=reason, actor=STAFF, now=guest.now)


def _cancelled(guest: Guest) -> None:
    """Pay, cancel, and get back what the rule for refunds gives."""
    _pay_online(guest)
    person = Actor("person", None, "demo")
    cancel(guest.registration_id, window=guest.event.window, actor=person, now=guest.now)
    _sent(guest)


def _called_off(guest: Guest) -> None:
    """Pay, be taken off by the organiser, and get everything back."""
    _pay_online(guest)
    cancel(guest.registration_id, window=None, actor=STAFF, now=guest.now)
    _sent(guest)


def _refunded_in_part(guest: Guest) -> None:
    _pay_online(guest)
    payment = list_payments(guest.charge.id)[0]
    refund_fee(
        payment.id, 5_000, owed_again=False, reason="Rate for one day, agreed by mail", key="demo-refund",
        actor=STAFF, now=guest.now,
    )  # fmt: skip
    _sent(guest)


def _sent(guest: Guest) -> None:
    for refund in list_refunds(guest.charge.id):
        facts = RefundFacts(
            f"re_demo_{guest.number}", "succeeded", refund.amount, guest.charge.currency,
            f"pi_demo_{guest.number}", refund.key, _booked(guest, "re", -refund.amount),
        )  # fmt: skip
        settle_refund(facts, actor=STRIPE, now=guest.now)
        book_refund(facts, actor=STRIPE, now=guest.now)
    settle(guest.registration_id, actor=STRIPE, now=guest.now)


_STORIES: Final[dict[int, Callable[[Guest], None]]] = {
    1: _unpaid,
    5: _unpaid,
    14: _pro_forma,
    19: _pay_in_part,
    22: _pay_by_bank,
    31: _invoiced,
    35: _let_go,
    38: _cancelled,
    40: _refunded_in_part,
    44: _called_off,
    50: _unpaid,
    53: _let_go,
}
