"""How to pay a charge by bank transfer: what the own page, the mails and the papers all say."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from eventsys.payments.queries.documents import find_issuer
from eventsys.payments.rules.bank import printed_iban
from eventsys.payments.rules.epc import payload
from eventsys.payments.rules.reference import printed

if TYPE_CHECKING:
    from datetime import date

    from eventsys.payments.models import Charge


@dataclass(frozen=True, slots=True)
class Transfer:
    """What stands in a bank's form. ``iban`` and ``reference`` are in groups of four, ``code`` is the SEPA one."""

    holder: str
    iban: str
    bic: str
    bank: str
    reference: str
    amount: int
    currency: str
    due_on: date | None
    note: dict[str, str]
    code: str | None


def find_transfer(charge: Charge) -> Transfer | None:
    """Say how what is owed is transferred; None when nothing is owed or nobody has named an account."""
    issuer = find_issuer()
    owed = charge.billed - charge.received
    if issuer is None or not issuer.iban or not charge.reference or owed <= 0:
        return None
    holder = issuer.account_holder or issuer.name
    return Transfer(
        holder=holder,
        iban=printed_iban(issuer.iban),
        bic=issuer.bic,
        bank=issuer.bank_name,
        reference=printed(charge.reference),
        amount=owed,
        currency=charge.currency,
        due_on=charge.due_on,
        note=issuer.transfer_note,
        code=payload(
            holder=holder,
            iban=issuer.iban,
            bic=issuer.bic,
            amount=owed,
            currency=charge.currency,
            reference=charge.reference,
        ),
    )
