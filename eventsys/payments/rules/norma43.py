"""Statements of account as Spanish banks give them: Cuaderno 43 of the AEB ("Norma 43", 2012), lines of 80. Pure.

Account header (11), movement (22), its texts (23), end of account (33), end of file (88). Banks differ in what
they write into the texts; SEPA transfers have the payer in the first of five.
"""

from __future__ import annotations

import re
from datetime import date
from typing import TYPE_CHECKING, Final

from eventsys.core.money import LARGEST, currency_digits
from eventsys.payments.rules.movements import (
    MOST_LINES,
    PAYER_LENGTH,
    TEXT_LENGTH,
    Movement,
    Statement,
    Trouble,
    UnreadError,
    tidy,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

_HEADER: Final = re.compile(rb"(?:\xef\xbb\xbf)?\s*11[0-9]{18}[0-9]{12}[12][0-9]{14}[0-9]{3}")
#: Currencies are told by number (ISO 4217).
_CURRENCIES: Final = {
    "978": "EUR", "840": "USD", "826": "GBP", "756": "CHF", "392": "JPY", "124": "CAD", "036": "AUD", "752": "SEK",
    "578": "NOK", "208": "DKK", "985": "PLN", "203": "CZK", "348": "HUF", "946": "RON", "484": "MXN", "986": "BRL",
    "156": "CNY", "356": "INR", "504": "MAD", "710": "ZAR", "032": "ARS", "152": "CLP", "170": "COP", "604": "PEN",
}  # fmt: skip
_CREDIT: Final = "2"
# Amounts have two decimals whatever the currency.
_DECIMALS: Final = 2
# With all its texts a movement is a SEPA one: the payer is named in the first 66 places of the first text.
_SEPA_TEXTS: Final = 5
_SEPA_NAME: Final = 66
# Where the second of the two texts of a line begins.
_HALF: Final = 38
_TRANSFER: Final = re.compile(
    r"^(?:TRANSF\w*|TRF)\.?(?:\s+RECIBIDA)?\s*(?:DE|DESDE|ORDEN(?:ANTE)?)?[.:]?\s+(.+)",
    re.IGNORECASE,
)
# Weights of the check digits of an account number (CCC); those of bank and branch are the last eight.
_OF_ACCOUNT: Final = (1, 2, 4, 8, 5, 10, 9, 7, 3, 6)
_NOTHING: Final = re.compile(r"[0\s-]*")


def looks_like_norma43(data: bytes) -> bool:
    """Tell whether a file begins with the header of an account."""
    return bool(_HEADER.match(data[:200]))


def read_norma43(data: bytes) -> Statement:
    """Read the movements of a statement. Raises UnreadError."""
    lines = [line.rstrip("\r") for line in _decoded(data).split("\n")]
    statement, account, currency = Statement("Norma 43"), "", ""
    open_at: int | None = None
    count = 0
    for at, line in enumerate([*lines, "33"]):
        if line[:2] in {"11", "22", "33"} and open_at is not None:
            count += 1
            if count > MOST_LINES:
                raise UnreadError("too_many_lines")
            _read(lines[open_at:at], open_at + 1, statement, account, currency)
            open_at = None
        if line[:2] == "11":
            account, currency = _iban(line[2:20]), _CURRENCIES.get(line[47:50], "")
        elif line[:2] == "22":
            open_at = at
    return statement


def _decoded(data: bytes) -> str:
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        # Letters between 0x80 and 0x9F are none in Latin 1: then it is the code page of old machines.
        old = any(0x80 <= byte <= 0x9F for byte in data)
        return data.decode("cp850" if old else "latin-1")


def _read(
    lines: Sequence[str], number: int, statement: Statement, account: str, currency: str
) -> None:
    head = lines[0].ljust(80)
    if head[27] != _CREDIT:
        statement.outgoing += 1
        return
    booked_on, amount = _day(head[10:16]), _amount(head[28:42], currency)
    if booked_on is None or not currency or amount is None:
        wrong = (
            "bank_no_date" if booked_on is None
            else "bank_no_currency" if not currency
            else "bank_no_amount"
        )  # fmt: skip
        statement.troubles.append(Trouble(number, wrong, head[:80].strip()))
        return
    texts = [line[4:80].ljust(76) for line in lines if line[:2] == "23"]
    statement.movements.append(
        Movement(
            booked_on=booked_on,
            amount=amount,
            currency=currency,
            payer=_payer(texts)[:PAYER_LENGTH],
            # A reference may go on in the next line, so the lines are one text.
            text=tidy(
                [part for part in (" ".join(texts), head[52:64], head[64:80]) if _says(part)],
                TEXT_LENGTH,
            ),
            mark=head[42:52].strip() if _says(head[42:52]) else "",
            account=account,
        )
    )  # fmt: skip


def _says(part: str) -> bool:
    return not _NOTHING.fullmatch(part)


def _payer(texts: Sequence[str]) -> str:
    if len(texts) >= _SEPA_TEXTS:
        return tidy([texts[0][:_SEPA_NAME]], PAYER_LENGTH)
    for text in texts:
        for part in (text[:_HALF], text[_HALF:]):
            if found := _TRANSFER.match(part.strip()):
                return tidy([found[1]], PAYER_LENGTH)
    return ""


def _day(text: str) -> date | None:
    try:
        return date(2000 + int(text[:2]), int(text[2:4]), int(text[4:6]))
    except ValueError:
        return None


def _amount(text: str, currency: str) -> int | None:
    if not currency or not (text.isascii() and text.isdigit()):
        return None
    scale = currency_digits(currency) - _DECIMALS
    whole, rest = divmod(int(text) * 10 ** max(0, scale), 10 ** max(0, -scale))
    return whole if not rest and 0 < whole <= LARGEST else None


def _iban(number: str) -> str:
    """Give the IBAN of bank, branch and account; the file leaves out both pairs of check digits."""
    bank, account = number[:8], number[8:18]
    if not (number.isascii() and number.isdigit()):
        return ""
    own = _check(bank, _OF_ACCOUNT[2:]) + _check(account, _OF_ACCOUNT)
    domestic = f"{bank}{own}{account}"
    # ES as digits (14, 28), then 00 in the place of the check digits: ISO 7064 MOD 97-10.
    return f"ES{98 - int(domestic + '142800') % 97:02d}{domestic}"


def _check(digits: str, weights: Sequence[int]) -> str:
    left = 11 - sum(int(digit) * weight for digit, weight in zip(digits, weights, strict=True)) % 11
    return {10: "1", 11: "0"}.get(left, str(left))
