"""The bank accounts of the association, and which of them a payer is told. Pure.

A payer is told one account: it takes the currency of the fee, and it is for their country. What is said about
fewer payers comes first; of two that say the same, the one that stands higher in the list.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING, Any, Final

from eventsys.core.money import is_currency
from eventsys.payments.rules.bank import is_bic, is_iban, squeeze
from eventsys.payments.rules.epc import SEPA
from eventsys.payments.rules.problems import texts_too_long, too_long

if TYPE_CHECKING:
    from collections.abc import Iterable

    from eventsys.payments.rules.problems import Problem

LIMITS: Final = {
    "holder": 200,
    "iban": 34,
    "number": 34,
    "code": 20,
    "bic": 11,
    "bank_name": 200,
    "bank_address": 200,
    "intermediary": 200,
}
NOTE_LENGTH: Final = 600
COUNTRIES_LENGTH: Final = 6_000  # all there are, in words
#: Where a SEPA transfer can come from: the countries of its accounts, and the territories whose accounts have
#: the letters of another country (EPC409-09).
SEPA_COUNTRIES: Final = SEPA | frozenset("AX BL GF GG GP IM JE MF MQ PM RE YT".split())


class Reach(StrEnum):
    """Whose transfers an account is for."""

    ALL = "all"
    SEPA = "sepa"
    OUTSIDE = "outside"
    LISTED = "listed"


class Code(StrEnum):
    """How the bank is named inside its country, where it has no IBAN."""

    NONE = ""
    ABA = "aba"
    SORT = "sort"
    BSB = "bsb"
    IFSC = "ifsc"
    TRANSIT = "transit"
    CNAPS = "cnaps"
    OTHER = "other"


_SHAPES: Final = {
    Code.ABA: re.compile(r"[0-9]{9}"),
    Code.SORT: re.compile(r"[0-9]{6}"),
    Code.BSB: re.compile(r"[0-9]{6}"),
    Code.IFSC: re.compile(r"[A-Z]{4}0[A-Z0-9]{6}"),
    Code.TRANSIT: re.compile(r"[0-9]{8,9}"),
    Code.CNAPS: re.compile(r"[0-9]{12}"),
    Code.OTHER: re.compile(r"[A-Z0-9]{1,20}"),
}
# Dashes and the like belong to some countries' numbers, and are kept as they are typed.
_NUMBER: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9 ./-]{0,33}")
# How many digits stand together on paper.
_GROUPS: Final = {Code.SORT: 2, Code.BSB: 3}


@dataclass(frozen=True, slots=True)
class AccountDraft:
    """An account as entered: IBAN, BIC and code are squeezed, countries are ISO alpha-2, texts are by language.

    ``currency`` is empty where it takes every one; ``unknown`` are words that name no country.
    """

    holder: str = ""
    iban: str = ""
    number: str = ""
    code_kind: str = ""
    code: str = ""
    bic: str = ""
    bank_name: str = ""
    bank_address: str = ""
    intermediary: str = ""
    currency: str = ""
    reach: str = Reach.ALL.value
    countries: tuple[str, ...] = ()
    unknown: tuple[str, ...] = ()
    note: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class AccountFacts:
    """An account as it is told to a payer. ``note`` is by language."""

    id: int
    holder: str
    iban: str
    number: str
    code_kind: str
    code: str
    bic: str
    bank_name: str
    bank_address: str
    intermediary: str
    currency: str
    reach: str
    countries: tuple[str, ...]
    note: dict[str, str]

    @property
    def mark(self) -> str:
        """Give what names the account in a file of the bank: its IBAN, else its number, squeezed."""
        return self.iban or squeeze(self.number)


def problems_of(draft: AccountDraft) -> list[Problem]:
    """List what is wrong: field, reason, facts."""
    found = too_long(draft, LIMITS) + texts_too_long("note", draft.note, NOTE_LENGTH)
    found += [("countries", "unknown_country", {"value": word}) for word in draft.unknown[:1]]
    wrong = (
        ("iban", "missing_account", not draft.iban and not draft.number),
        ("iban", "bad_iban", bool(draft.iban) and not is_iban(draft.iban)),
        ("number", "bad_number", bool(draft.number) and not _NUMBER.fullmatch(draft.number)),
        ("code_kind", "missing_code_kind", bool(draft.code) and not draft.code_kind),
        ("code", "missing_code", bool(draft.code_kind) and not draft.code),
        ("code", "bad_bank_code", bool(draft.code) and not is_bank_code(draft.code_kind, draft.code)),
        ("bic", "bad_bic", bool(draft.bic) and not is_bic(draft.bic)),
        # A number alone finds no bank; an IBAN does.
        ("bic", "missing_bank", bool(draft.number) and not (draft.iban or draft.bic or draft.code)),
        ("currency", "unknown_currency", bool(draft.currency) and not is_currency(draft.currency)),
        ("reach", "unknown", draft.reach not in tuple(Reach)),
        (
            "countries",
            "missing_countries",
            draft.reach == Reach.LISTED and not draft.countries and not draft.unknown,
        ),
    )  # fmt: skip
    return found + [(name, reason, {}) for name, reason, is_wrong in wrong if is_wrong]


def is_bank_code(kind: str, text: str) -> bool:
    """Tell whether this is a squeezed code of that kind; one that says nothing of its kind is not."""
    shape = _SHAPES.get(Code(kind)) if kind in tuple(Code) else None
    if shape is None or not shape.fullmatch(text):
        return False
    return kind != Code.ABA or _fits_aba(text)


def _fits_aba(text: str) -> bool:
    """Tell whether the check digit of a routing number fits (American Bankers Association: weights 3, 7, 1)."""
    total = sum(int(digit) * weight for digit, weight in zip(text, (3, 7, 1) * 3, strict=True))
    return total > 0 and total % 10 == 0


def printed_code(kind: str, text: str) -> str:
    """Write the code of a bank as it stands on paper: ``20-00-00``."""
    size = _GROUPS.get(Code(kind)) if kind in tuple(Code) else None
    if size is None:
        return text
    return "-".join(text[start : start + size] for start in range(0, len(text), size))


def accounts_for(
    accounts: Iterable[AccountFacts], currency: str, country: str | None
) -> list[AccountFacts]:
    """Give the accounts that a payer may be told, the best first.

    ``country`` is where the payer is (ISO alpha-2); as long as nobody knows it, what an account says of countries
    does not keep it back, but one for everybody comes first.
    """
    fitting = [each for each in accounts if takes(each, currency) and reaches(each, country)]
    known = bool(country)

    def rank(account: AccountFacts) -> tuple[int, int]:
        narrow = _NARROWNESS[Reach(account.reach)]
        return (-narrow if known else narrow, 0 if account.currency else 1)

    return sorted(fitting, key=rank)


_NARROWNESS: Final = {Reach.ALL: 0, Reach.SEPA: 1, Reach.OUTSIDE: 1, Reach.LISTED: 2}


def takes(account: AccountFacts, currency: str) -> bool:
    """Tell whether an account takes a currency."""
    return account.currency in {"", currency}


def reaches(account: AccountFacts, country: str | None) -> bool:
    """Tell whether an account is for payers of a country; of one that nobody knows it may be."""
    if not country:
        return True
    within = country in SEPA_COUNTRIES
    return {
        Reach.ALL: True,
        Reach.SEPA: within,
        Reach.OUTSIDE: not within,
        Reach.LISTED: country in account.countries,
    }[Reach(account.reach)]


def sends_by_sepa(country: str | None) -> bool:
    """Tell whether a payer's bank may know SEPA transfers; of one whose country nobody knows it may."""
    return not country or country in SEPA_COUNTRIES


def gaps(accounts: Iterable[AccountFacts], currency: str) -> list[Reach]:
    """Say which payers of a currency no account is for: all of them, those inside or those outside the SEPA area.

    An account for some countries only leaves the others of its area without one.
    """
    reached = {Reach(account.reach) for account in accounts if takes(account, currency)}
    if not reached:
        return [Reach.ALL]
    if Reach.ALL in reached:
        return []
    return [side for side in (Reach.SEPA, Reach.OUTSIDE) if side not in reached]


def account_of(facts: dict[str, Any]) -> dict[str, Any] | None:
    """Give the account that a document tells its payer, by the names of ``AccountFacts``; None where it tells none.

    Documents issued before there were several accounts keep theirs with whoever issued them.
    """
    if not facts["by_bank"]:
        return None
    if "account" in facts:
        told: dict[str, Any] | None = facts["account"]
        return told
    issuer = facts["issuer"]
    if not issuer["iban"]:
        return None
    empty = dict.fromkeys(("number", "code_kind", "code", "bank_address", "intermediary"), "")
    return {
        **empty,
        **{name: issuer[name] for name in ("iban", "bic", "bank_name")},
        "holder": issuer["account_holder"] or issuer["name"],
        "note": issuer["transfer_note"],
    }
