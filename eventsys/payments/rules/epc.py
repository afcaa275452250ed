"""The code that banking apps of the euro area read: EPC069-12, version 002 (BIC optional inside the EEA). Pure."""

from __future__ import annotations

import unicodedata
from decimal import Decimal
from typing import Final

from eventsys.payments.rules.bank import is_iban
from eventsys.payments.rules.reference import is_reference

LARGEST: Final = 99_999_999_999  # 999 999 999,99 EUR
NAME_LENGTH: Final = 70
# Whose accounts a SEPA credit transfer reaches (EPC409-09, list of the SEPA scheme countries), by IBAN.
SEPA: Final = frozenset(
    "AD AL AT BE BG CH CY CZ DE DK EE ES FI FR GB GI GR HR HU IE IS IT LI LT LU LV MC MD ME MK MT NL NO PL "
    "PT RO RS SE SI SK SM VA".split()
)


def payload(
    *, holder: str, iban: str, bic: str, amount: int, currency: str, reference: str
) -> str | None:
    """Give what the code says; None when a SEPA transfer cannot carry it.

    ``iban`` and ``bic`` are squeezed, ``amount`` is in cents, ``reference`` is an ISO 11649 one: it goes into
    the structured field, so that the bank passes it on as it is. Draw it with error correction M.
    """
    name = _line(holder)[:NAME_LENGTH].strip()
    if currency != "EUR" or not 1 <= amount <= LARGEST or not name:
        return None
    if iban[:2] not in SEPA or not is_iban(iban) or not is_reference(reference):
        return None
    euros = f"EUR{Decimal(amount).scaleb(-2):.2f}"
    # Service tag, version, UTF-8, SCT, BIC, name, IBAN, amount, purpose, structured reference.
    return f"BCD\n002\n1\nSCT\n{bic}\n{name}\n{iban}\n{euros}\n\n{reference}"


def _line(text: str) -> str:
    """Give a text on one line and without what no bank form holds."""
    kept = (" " if unicodedata.category(letter).startswith("C") else letter for letter in text)
    return " ".join("".join(kept).split())
