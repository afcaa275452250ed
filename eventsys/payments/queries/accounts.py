"""Read the bank accounts of the association, and say what stands in a bank's form about one."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import select

from eventsys.core.db import db
from eventsys.core.errors import NotFound
from eventsys.core.i18n import country_name, gettext, lazy, ngettext
from eventsys.payments.models import BankAccount
from eventsys.payments.rules.accounts import (
    AccountFacts,
    Code,
    Reach,
    accounts_for,
    gaps,
    printed_code,
    takes,
)
from eventsys.payments.rules.bank import is_iban, printed_iban

if TYPE_CHECKING:
    from collections.abc import Sequence

__all__ = ["BankAccount"]

#: How the code of a bank is called where it is used.
CODE_WORDS: Final[dict[str, Any]] = {
    Code.ABA: lazy("Routing number (ABA)"),
    Code.SORT: lazy("Sort code"),
    Code.BSB: lazy("BSB number"),
    Code.IFSC: lazy("IFSC code"),
    Code.TRANSIT: lazy("Transit and institution number"),
    Code.CNAPS: lazy("CNAPS code"),
    Code.OTHER: lazy("Code of the bank"),
}


def list_accounts() -> Sequence[BankAccount]:
    """List the accounts in their order."""
    return db.session.scalars(
        select(BankAccount).order_by(BankAccount.position, BankAccount.id)
    ).all()


def get_account(account_id: int) -> BankAccount:
    """Get an account; raises NotFound."""
    found = db.session.get(BankAccount, account_id)
    if found is None:
        raise NotFound(what="bank_account")
    return found


def facts_of(account: BankAccount) -> AccountFacts:
    """Give an account as plain values."""
    return AccountFacts(
        id=account.id,
        holder=account.holder,
        iban=account.iban,
        number=account.number,
        code_kind=account.code_kind,
        code=account.code,
        bic=account.bic,
        bank_name=account.bank_name,
        bank_address=account.bank_address,
        intermediary=account.intermediary,
        currency=account.currency,
        reach=account.reach,
        countries=tuple(account.countries),
        note=account.note,
    )


def account_text(mark: str) -> str:
    """Write the IBAN or number of an account as it stands on paper."""
    return printed_iban(mark) if is_iban(mark) else mark


def known_accounts() -> dict[str, str]:
    """Name the accounts as files of the bank do, each with what people call it; the same one stands once."""
    names: dict[str, str] = {}
    for account in map(facts_of, list_accounts()):
        parts = (account_text(account.mark), account.bank_name, account.currency)
        names.setdefault(account.mark, " · ".join(part for part in parts if part))
    return names


def find_accounts(currency: str, country: str | None) -> tuple[AccountFacts | None, list[AccountFacts]]:  # fmt: skip
    """Find the account that a payer is told, and the others that take their currency.

    None where no account takes it, or none is for their country.
    """
    known = [facts_of(each) for each in list_accounts()]
    chosen = next(iter(accounts_for(known, currency, country)), None)
    return chosen, [each for each in known if each != chosen and takes(each, currency)]


def gaps_of(currency: str) -> list[str]:
    """Say in words which payers of a currency no account is for, in the current language."""
    words = {
        Reach.ALL: gettext("No bank account takes %(currency)s.", currency=currency),
        Reach.SEPA: gettext("Payers in the SEPA area have no account for %(currency)s.", currency=currency),
        Reach.OUTSIDE: gettext("Payers outside the SEPA area have no account for %(currency)s.", currency=currency),
    }  # fmt: skip
    return [words[side] for side in gaps([facts_of(each) for each in list_accounts()], currency)]


def account_rows(account: dict[str, Any]) -> list[tuple[str, str]]:
    """Give what stands in a bank's form about an account, in the current language; what is not known is left out.

    ``account`` has the names of ``AccountFacts``; papers keep it so.
    """
    code_kind = account["code_kind"]
    rows = [
        (gettext("Account holder"), account["holder"]),
        ("IBAN", printed_iban(account["iban"])),
        (gettext("Account number"), account["number"]),
        (str(CODE_WORDS.get(code_kind, "")), printed_code(code_kind, account["code"])),
        ("BIC" if account["iban"] else "SWIFT/BIC", account["bic"]),
        (gettext("Bank"), account["bank_name"]),
        (gettext("Address of the bank"), account["bank_address"]),
        (gettext("Intermediary bank"), account["intermediary"]),
    ]
    return [row for row in rows if row[1]]


#: Countries that are named one by one; a longer list is cut.
NAMED: Final = 8


def whom_text(account: AccountFacts) -> str:
    """Say whose transfers an account is for, in the current language."""
    reach = Reach(account.reach)
    if reach is not Reach.LISTED:
        return {
            Reach.ALL: gettext("payers in every country"),
            Reach.SEPA: gettext("payers in the SEPA area"),
            Reach.OUTSIDE: gettext("payers outside the SEPA area"),
        }[reach]
    names = sorted(country_name(code) for code in account.countries)
    more = len(names) - NAMED
    if more > 0:
        return ngettext(
            "payers in %(countries)s and %(n)s more", "payers in %(countries)s and %(n)s more", more,
            countries=", ".join(names[:NAMED]),
        )  # fmt: skip
    return gettext("payers in %(countries)s", countries=", ".join(names))
