"""Territories with a code of their own that people count to a country when they fill in a form."""

from __future__ import annotations

from typing import Final

# ISO 3166-1: country → territories that are administered by it.
BELONGS: Final = {
    "AU": ("CC", "CX", "NF"),
    "CN": ("HK", "MO"),
    "DK": ("FO", "GL"),
    "FI": ("AX",),
    "FR": ("GF", "GP", "MQ", "RE", "YT", "NC", "PF", "PM", "WF", "BL", "MF"),
    "GB": ("GG", "GI", "IM", "JE", "BM", "KY", "VG", "TC", "AI", "MS", "FK", "SH"),
    "NL": ("AW", "BQ", "CW", "SX"),
    "NO": ("SJ",),
    "NZ": ("CK", "NU", "TK"),
    "US": ("PR", "GU", "VI", "AS", "MP"),
}
# Where it is not for us to say: the city is shown, and a person decides.
DISPUTED: Final = {
    "CN": ("TW",),
    "IL": ("PS",),
    "MA": ("EH",),
    "PS": ("IL",),
    "RS": ("XK",),
    "RU": ("UA", "GE"),
    "UA": ("RU",),
}
