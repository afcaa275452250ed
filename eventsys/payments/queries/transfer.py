"""How to pay a charge by bank transfer: what the own page, the mails and the papers all say."""

from __future__ import annotations

from dataclasses import asdict, dataclass, replace
from typing import TYPE_CHECKING, Any

from eventsys.core.i18n import in_language, text_in
from eventsys.payments.queries.accounts import account_rows, find_accounts, whom_text
from eventsys.payments.queries.documents import find_issuer
from eventsys.payments.rules.accounts import LIMITS, sends_by_sepa
from eventsys.payments.rules.epc import payload
from eventsys.payments.rules.reference import printed

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from eventsys.payments.models import Charge
    from eventsys.payments.rules.accounts import AccountFacts
    from eventsys.payments.rules.documents import Subject


@dataclass(frozen=True, slots=True)
class Transfer:
    """What stands in a bank's form. ``reference`` is in groups of four, ``code`` is the SEPA one.

    ``others`` are accounts that take the currency too, for payers of other countries.
    """

    account: AccountFacts
    others: Sequence[AccountFacts]
    reference: str
    amount: int
    currency: str
    due_on: date | None
    code: str | None

    @property
    def rows(self) -> list[tuple[str, str]]:
        """Say where to, line by line, in the current language."""
        return self.rows_of(self.account)

    def rows_of(self, account: AccountFacts) -> list[tuple[str, str]]:
        """Say what stands in a bank's form about one of the accounts."""
        return account_rows(asdict(account))

    def whom(self, account: AccountFacts) -> str:
        """Say whose transfers one of the accounts is for."""
        return whom_text(account)


def find_transfer(charge: Charge, country: str | None) -> Transfer | None:
    """Say how what is owed is transferred by a payer of a country (ISO alpha-2, None: nobody knows).

    None when nothing is owed, or no account is for them.
    """
    owed = charge.billed - charge.received
    if not charge.reference or owed <= 0:
        return None
    account, others = accounts_to_tell(charge.currency, country)
    if account is None:
        return None
    return Transfer(
        account=account,
        others=others,
        reference=printed(charge.reference),
        amount=owed,
        currency=charge.currency,
        due_on=charge.due_on,
        code=_code(account, charge, owed) if sends_by_sepa(country) else None,
    )


def _code(account: AccountFacts, charge: Charge, owed: int) -> str | None:
    return payload(
        holder=account.holder,
        iban=account.iban,
        bic=account.bic,
        amount=owed,
        currency=charge.currency,
        reference=charge.reference or "",
    )


def told_account(charge: Charge, subject: Subject) -> dict[str, Any] | None:
    """Give the account that a document tells its recipient, in their language; None where it tells none."""
    if not subject.by_bank:
        return None
    account, _ = accounts_to_tell(charge.currency, subject.buyer.get("country"))
    if account is None:
        return None
    with in_language(subject.language):
        note = text_in(account.note)
    return {name: getattr(account, name) for name in (*LIMITS, "code_kind")} | {"note": note}


def accounts_to_tell(
    currency: str, country: str | None
) -> tuple[AccountFacts | None, list[AccountFacts]]:
    """Find the account that a payer is told, and the others; each with the name of whom it belongs to."""
    account, others = find_accounts(currency, country)
    if account is None:
        return None, []
    issuer = find_issuer()
    name = issuer.name if issuer else ""
    named = [each if each.holder else replace(each, holder=name) for each in (account, *others)]
    # Money cannot be sent to nobody: as long as no name is known, nothing is promised.
    return (None, []) if not named[0].holder else (named[0], named[1:])
