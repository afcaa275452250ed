"""Bank accounts as they are written: IBAN (ISO 13616, check digits) and BIC (ISO 9362)."""

from __future__ import annotations

import re
from typing import Final

# Length by country, IBAN Registry of SWIFT (release 99).
_LENGTHS: Final = {
    country: int(length)
    for length, countries in (
        ("15", "NO"),
        ("16", "BE"),
        ("18", "DK FK FI FO GL NL SD"),
        ("19", "MK SI"),
        ("20", "AT BA EE KZ LT LU MN XK"),
        ("21", "CH HR LI LV"),
        ("22", "BG BH CR DE GB GE IE ME RS VA"),
        ("23", "AE GI IL IQ OM SO TL"),
        ("24", "AD CZ ES MD PK RO SA SE SK TN VG"),
        ("25", "LY PT ST"),
        ("26", "IS TR"),
        ("27", "BI DJ FR GR IT MC MR SM"),
        ("28", "AL AZ BY CY DO GT HN HU LB NI PL SV"),
        ("29", "BR EG PS QA UA"),
        ("30", "JO KW MU YE"),
        ("31", "MT SC"),
        ("32", "LC"),
        ("33", "RU"),
    )
    for country in countries.split()
}
_IBAN: Final = re.compile(r"[A-Z]{2}[0-9]{2}[0-9A-Z]{11,30}")
_BIC: Final = re.compile(r"[A-Z0-9]{4}([A-Z]{2})[A-Z0-9]{2}([A-Z0-9]{3})?")


def squeeze(text: str) -> str:
    """Give an account or a bank's code as it is stored: no blanks or dashes, capital letters."""
    return re.sub(r"[\s\-.]", "", text).upper()


def is_iban(text: str) -> bool:
    """Tell whether this is a squeezed IBAN: its country's length, right check digits (ISO 7064 MOD 97-10)."""
    if not _IBAN.fullmatch(text) or len(text) != _LENGTHS.get(text[:2]):
        return False
    # 00, 01 and 99 leave the same remainder as 97, 98 and 02, and are never given.
    if not "02" <= text[2:4] <= "98":
        return False
    turned = text[4:] + text[:4]
    return int("".join(str(int(letter, 36)) for letter in turned)) % 97 == 1


def is_bic(text: str) -> bool:
    """Tell whether this is a squeezed BIC: bank, country, place, and a branch or none. It has no check digits."""
    return bool(_BIC.fullmatch(text))


def printed_iban(text: str) -> str:
    """Write an IBAN in groups of four, as it stands on paper."""
    return " ".join(text[start : start + 4] for start in range(0, len(text), 4))
