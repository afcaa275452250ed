"""Money: whole numbers of the smallest unit plus a currency (ISO 4217). Never a float."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Final

from babel.numbers import format_currency, get_currency_precision, list_currencies

from eventsys.core.i18n import current_locale

LARGEST: Final = 10**11
_WHOLE: Final = re.compile(r"[0-9]{1,3}(?:[.,][0-9]{3})+|[0-9]{1,12}")
_DIGITS: Final = re.compile(r"[0-9]*")
#: What an association's events are priced in; any other current code of ISO 4217 works as well.
USUAL: Final = (
    "EUR",
    "USD",
    "GBP",
    "CHF",
    "CAD",
    "BRL",
    "MXN",
    "CNY",
    "JPY",
    "KRW",
    "INR",
    "ZAR",
    "MAD",
    "XOF",
    "TRY",
    "IDR",
    "AED",
)


def is_currency(code: str) -> bool:
    """Tell whether this is a code of ISO 4217."""
    return len(code) == 3 and code.isascii() and code.isupper() and code in list_currencies()


def currency_digits(currency: str) -> int:
    """Give how many decimals the currency has: 2 for EUR, 0 for JPY, 3 for TND (CLDR, after ISO 4217)."""
    return int(get_currency_precision(currency))


def payable_step(currency: str) -> int:
    """Give the smallest amount that can be paid, in minor units: 10 where there are three decimals, else 1.

    Card networks and Stripe take KWD, BHD, JOD, OMR and TND in steps of 0.010 only.
    """
    return 10 if currency_digits(currency) == 3 else 1


def in_steps(amount: int, step: int) -> int:
    """Give the amount that can be paid and is nearest to this one, half up; ``step`` in minor units."""
    return (2 * amount + step) // (2 * step) * step


def parse_amount(text: str, currency: str) -> int | None:
    """Read an amount as a person types it (``1250``, ``1 250,50``, ``1,250.50``); None when it is none.

    A mark with no more digits behind it than the currency has is the decimal mark; others group thousands.
    """
    digits = currency_digits(currency)
    cleaned = "".join(text.split()).replace("’", "").replace("'", "")
    mark = max(cleaned.rfind("."), cleaned.rfind(","))
    whole, fraction = cleaned, ""
    if mark >= 0 and 1 <= len(cleaned) - mark - 1 <= digits:
        whole, fraction = cleaned[:mark], cleaned[mark + 1 :]
    if not _WHOLE.fullmatch(whole) or not _DIGITS.fullmatch(fraction):
        return None
    whole = whole.replace(".", "").replace(",", "")
    amount = int(Decimal(f"{whole}.{fraction or 0}").scaleb(digits))
    return amount if amount <= LARGEST else None


def plain_amount(amount: int, currency: str) -> str:
    """Write an amount for machines and form fields: ``1250.50``, ``-3.00``, ``500`` (JPY)."""
    return f"{Decimal(amount).scaleb(-currency_digits(currency)):f}"


def format_money(amount: int, currency: str) -> str:
    """Write an amount as the language does: ``1.250,50 €``; whole amounts of a currency with cents keep them."""
    value = Decimal(amount).scaleb(-currency_digits(currency))
    text = str(format_currency(value, currency, locale=current_locale()))
    # A minus sign: voices leave a hyphen before a number out.
    return text.replace("-", "−")


def tax_included(gross: int, rate: int) -> int:
    """Give the tax inside a gross amount; ``rate`` in hundredths of a per cent (2100 is 21 %), half up."""
    sign = -1 if gross < 0 else 1
    whole = 10_000 + rate
    return sign * ((2 * abs(gross) * rate + whole) // (2 * whole))


def share_of(amount: int, percent: int) -> int:
    """Give a percentage of an amount, half up."""
    return (2 * amount * percent + 100) // 200
