"""An invoice for machines, by EN 16931: what a frozen document says in the terms of the standard. Pure.

Numbers in brackets are the standard's own: BT is a term, BR a rule. Everything comes from the content that was frozen
when the document was issued; what it does not hold is not made up: then there is no invoice for machines, and
``lack_of`` says why. Amounts stay minor units. A credit note has the type for that and positive amounts.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import TYPE_CHECKING, Any, Final

from eventsys.core.money import currency_digits
from eventsys.payments.rules.accounts import account_of, printed_code
from eventsys.payments.rules.documents import FISCAL, DocumentKind
from eventsys.payments.rules.epc import SEPA

if TYPE_CHECKING:
    from collections.abc import Sequence

#: Decimals that amounts of the standard may have (BR-DEC).
DECIMALS: Final = 2
_NO_MARKS: Final = re.compile(r"[\s.\-/]")
_VAT: Final = re.compile(r"[A-Z]{2}(?=[0-9A-Z]*[0-9])[0-9A-Z+*]{2,18}")
# Where the letters of VAT numbers, or those of the standard's list of countries, are not those of ISO 3166.
_VAT_LETTERS: Final = {"GR": "EL"}
_COUNTRIES: Final = {"XK": "1A"}
# What XML cannot hold, typed or pasted.
_NO_XML: Final = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


class Lack(StrEnum):
    """Why a document has no invoice for machines; the first one that is found."""

    NOT_FISCAL = "not_fiscal"
    SELLER_COUNTRY = "seller_country"
    SELLER_NUMBER = "seller_number"
    BUYER_COUNTRY = "buyer_country"
    TAX_REASON = "tax_reason"
    DUE_DATE = "due_date"
    DECIMALS = "decimals"
    TAX_ROUNDING = "tax_rounding"


class Category(StrEnum):
    """Kinds of tax (UNTDID 5305)."""

    STANDARD = "S"
    ZERO = "Z"
    EXEMPT = "E"
    OUTSIDE = "O"


_CATEGORIES: Final = {"zero": Category.ZERO, "outside": Category.OUTSIDE}


@dataclass(frozen=True, slots=True)
class Party:
    """Seller or buyer. ``vat`` has its letters in front; any other number is ``number``."""

    name: str
    address: tuple[str, ...]
    country: str
    vat: str
    number: str
    email: str
    legal: str = ""


@dataclass(frozen=True, slots=True)
class Item:
    """A line without tax; what is taken off is a negative amount."""

    text: str
    net: int


@dataclass(frozen=True, slots=True)
class Tax:
    """The one tax of a document; ``rate`` in hundredths of a per cent, None where there is none to name."""

    category: Category
    rate: int | None
    reason: str
    net: int
    tax: int


@dataclass(frozen=True, slots=True)
class Account:
    """Where to pay (BG-17) and with which reference (BT-83).

    BT-84 is the IBAN, or the number where the account has none; ``means`` (BT-82) is what else its bank asks for.
    """

    holder: str
    iban: str
    number: str
    means: str
    bic: str
    reference: str
    sepa: bool


@dataclass(frozen=True, slots=True)
class EInvoice:
    """An invoice or a credit note in the terms of EN 16931."""

    number: str
    credit: bool
    issued_on: date
    notes: tuple[str, ...]
    currency: str
    reference: str
    order: str
    starts_on: date | None
    ends_on: date | None
    country: str
    seller: Party
    buyer: Party
    items: tuple[Item, ...]
    tax: Tax
    paid: int
    due_on: date | None
    terms: str
    account: Account | None
    corrects: str
    corrects_on: date | None

    @property
    def total(self) -> int:
        """Give the amount with tax (BT-112)."""
        return self.tax.net + self.tax.tax

    @property
    def due(self) -> int:
        """Give what is still to pay (BT-115)."""
        return self.total - self.paid


def lack_of(content: dict[str, Any]) -> Lack | None:
    """Say why a document has no invoice for machines; None when it has one."""
    facts = content["facts"]
    seller = facts["issuer"]
    lacks = (
        (Lack.NOT_FISCAL, facts["kind"] not in FISCAL),
        (Lack.SELLER_COUNTRY, not seller["country"]),
        (Lack.SELLER_NUMBER, not seller["tax_number"]),
        (Lack.BUYER_COUNTRY, not facts["buyer"].get("country")),
        (Lack.TAX_REASON, _category(facts) in _TOLD and not facts["tax_text"]),
        (Lack.DUE_DATE, _to_pay(facts) > 0 and not facts["due_on"]),
        (Lack.DECIMALS, not _has_few_decimals(facts)),
        (Lack.TAX_ROUNDING, not _tax_fits(facts)),
    )
    return next((lack for lack, holds in lacks if holds), None)


#: Categories that must say why (BR-E-10, BR-O-10).
_TOLD: Final = (Category.EXEMPT, Category.OUTSIDE)


def read(content: dict[str, Any]) -> EInvoice:
    """Put a frozen document into the terms of the standard; only for one that lacks nothing."""
    facts, sign = content["facts"], _sign(content["facts"])
    lines, about = facts["lines"], facts["subject"]
    place = about.get("country", "")
    return EInvoice(
        number=facts["number"],
        credit=sign < 0,
        issued_on=date.fromisoformat(facts["issued_on"]),
        notes=_notes(content),
        currency=facts["currency"],
        reference=_plain(facts["buyer"].get("reference", "")),
        order=_plain(facts["buyer"].get("purchase_order", "")),
        starts_on=_date(about.get("starts_on")),
        ends_on=_date(about.get("ends_on")),
        country=_COUNTRIES.get(place, place),
        seller=_party(facts["issuer"], _category(facts), legal=facts["issuer"]["footer"]),
        buyer=_party(facts["buyer"], _category(facts)),
        items=tuple(Item(_plain(line["text"]), sign * line["net"]) for line in lines),
        tax=_tax(facts),
        paid=facts["total"] - _to_pay(facts) if sign > 0 else 0,
        due_on=_date(facts["due_on"]) if _to_pay(facts) > 0 else None,
        terms=_terms(facts),
        account=_account(facts),
        corrects=facts.get("corrects", ""),
        corrects_on=_date(facts.get("corrects_on")),
    )


def _date(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None


def _sign(facts: dict[str, Any]) -> int:
    return -1 if facts["kind"] == DocumentKind.CREDIT_NOTE else 1


def _to_pay(facts: dict[str, Any]) -> int:
    # As on the paper: nothing is asked for by a credit note.
    if facts["kind"] == DocumentKind.CREDIT_NOTE:
        return 0
    return int(max(0, facts["total"] - max(0, facts.get("received", 0))))


def _plain(text: str) -> str:
    return _NO_XML.sub("", text).strip()


def _notes(content: dict[str, Any]) -> tuple[str, ...]:
    # What it is for, in the words of the paper; and why, where it takes something back.
    about = "\n".join(content["paper"]["subject"])
    return tuple(
        text for text in (_plain(about), _plain(content["facts"].get("reason", ""))) if text
    )


def _category(facts: dict[str, Any]) -> Category:
    if facts["rate"]:
        return Category.STANDARD
    return _CATEGORIES.get(facts.get("tax_kind", ""), Category.EXEMPT)


def _tax(facts: dict[str, Any]) -> Tax:
    category, sign = _category(facts), _sign(facts)
    (sums,) = facts["taxes"]
    return Tax(
        category=category,
        rate=None if category is Category.OUTSIDE else facts["rate"],
        reason=_plain(facts["tax_text"]) if category in _TOLD else "",
        net=sign * sums["net"],
        tax=sign * sums["tax"],
    )


def _party(facts: dict[str, Any], category: Category, *, legal: str = "") -> Party:
    country, number = facts["country"], _plain(facts.get("tax_number", ""))
    vat = vat_number(number, country)
    if category is Category.OUTSIDE:
        # Outside the scope of the tax nobody is named by a number of that tax (BR-O-02).
        vat = ""
    return Party(
        name=_plain(facts["name"]),
        address=_three_lines([_plain(line) for line in facts.get("address", "").splitlines()]),
        country=_COUNTRIES.get(country, country),
        vat=vat,
        number="" if vat else number,
        email=_plain(facts.get("email", "")),
        legal=_plain(legal),
    )


def vat_number(number: str, country: str) -> str:
    """Give a VAT number as machines write it; nothing when the letters of the country are not in front (BR-CO-9)."""
    squeezed = _NO_MARKS.sub("", number).upper()
    letters = _VAT_LETTERS.get(country, country)
    return squeezed if squeezed.startswith(letters) and _VAT.fullmatch(squeezed) else ""


def _three_lines(lines: Sequence[str]) -> tuple[str, ...]:
    # The standard has three lines for what is not told apart into street, code and city.
    filled = [line for line in lines if line]
    return (*filled[:2], ", ".join(filled[2:])) if len(filled) > 2 else tuple(filled)


def _terms(facts: dict[str, Any]) -> str:
    if facts["kind"] == DocumentKind.CREDIT_NOTE:
        # What it is set against (BR-CO-25 asks for terms): the line says it in words.
        return _plain(facts["lines"][0]["text"])
    told = account_of(facts) if _account(facts) else None
    return _plain(told["note"]) if told else ""


def _account(facts: dict[str, Any]) -> Account | None:
    told = account_of(facts)
    if told is None or _to_pay(facts) <= 0:
        return None
    return Account(
        holder=_plain(told["holder"]),
        iban=told["iban"],
        number="" if told["iban"] else _plain(told["number"]),
        means=_means(told),
        bic=told["bic"],
        reference=facts["reference"],
        sepa=facts["currency"] == "EUR" and told["iban"][:2] in SEPA,
    )


def _means(told: dict[str, Any]) -> str:
    """Say what an account without IBAN needs besides its number; a name is understood in any language."""
    code = printed_code(told["code_kind"], told["code"])
    special = (
        f"{told['code_kind'].upper()} {code}" if code else "",
        told["bank_address"],
        told["intermediary"],
    )
    if not any(special):
        return ""
    return "; ".join(_plain(part) for part in (special[0], told["bank_name"], *special[1:]) if part)


def _has_few_decimals(facts: dict[str, Any]) -> bool:
    more = currency_digits(facts["currency"]) - DECIMALS
    if more <= 0:
        return True
    amounts = [
        facts["total"],
        facts["tax"],
        _to_pay(facts),
        *(line["net"] for line in facts["lines"]),
    ]
    return all(amount % 10**more == 0 for amount in amounts)


def _tax_fits(facts: dict[str, Any]) -> bool:
    """Tell whether the tax is the rate of the net amount, less than one whole unit apart (BR-S-09).

    Fees include the tax, so the tax is taken out of the whole to the nearest unit; the standard's examiners allow
    for that. Only whole yen and the like, changed several times, can be further apart.
    """
    unit = 10 ** currency_digits(facts["currency"])
    return bool(
        abs((facts["total"] - facts["tax"]) * facts["rate"] - facts["tax"] * 10_000) < unit * 10_000
    )
