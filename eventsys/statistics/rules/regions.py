"""Regions of the world by country: the United Nations' (M49) and the association's own (ACCEPTANCE A10).

Source: UN Statistics Division, "Standard country or area codes for statistical use (M49)", 2024; codes
outside M49 (TW, XK) stand where their neighbours stand, as CLDR has them. No opinion is expressed.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Mapping

#: M49 codes, in the order of print. 419 and 021 together are the Americas.
UN_REGIONS: Final = ("002", "419", "021", "142", "150", "009")

_COUNTRIES: Final = {
    "002": "DZ EG LY MA SD TN EH IO BI KM DJ ER ET TF KE MG MW MU YT MZ RE RW SC SO SS UG TZ ZM ZW AO CM CF TD CG CD "
    "GQ GA ST BW SZ LS NA ZA BJ BF CV CI GM GH GN GW LR ML MR NE NG SH SN SL TG",
    "419": "AI AG AW BS BB BQ VG KY CU CW DM DO GD GP HT JM MQ MS PR BL KN LC MF VC SX TT TC VI BZ CR SV GT HN MX NI "
    "PA AR BO BV BR CL CO EC FK GF GY PY PE GS SR UY VE",
    "021": "BM CA GL PM US",
    "142": "KZ KG TJ TM UZ CN HK MO KP JP MN KR TW BN KH ID LA MY MM PH SG TH TL VN AF BD BT IN IR MV NP PK LK AM AZ "
    "BH CY GE IQ IL JO KW LB OM QA SA PS SY TR AE YE",
    "150": "BY BG CZ HU PL MD RO RU SK UA AX GG JE DK EE FO FI IS IE IM LV LT NO SJ SE GB AL AD BA HR GI GR VA IT MT "
    "ME MK PT SM RS SI ES XK AT BE FR DE LI LU MC NL CH",
    "009": "AU CX CC HM NZ NF FJ NC PG SB VU GU KI MH FM NR MP PW UM AS CK PF NU PN WS TK TO TV WF",
}

UN_REGION: Final = {
    country: region for region, countries in _COUNTRIES.items() for country in countries.split()
}

#: The association's regions, as its members' list writes them.
OWN_REGIONS: Final = (
    "Africa",
    "Asia-Pacific",
    "Europe",
    "Latin America and the Caribbean",
    "North America",
)

_OWN_OF_UN: Final = {
    "002": "Africa",
    "419": "Latin America and the Caribbean",
    "021": "North America",
    "142": "Asia-Pacific",
    "150": "Europe",
    "009": "Asia-Pacific",
}


def un_region(country: str | None) -> str:
    """Give the M49 code of a country's region, "" when the country is not known."""
    return UN_REGION.get(country or "", "")


def own_region(country: str | None, by_members: Mapping[str, str]) -> str:
    """Give the association's region of a country, "" when unknown.

    ``by_members``: the region that the association itself gave to its members of that country, which
    goes before the United Nations' grouping.
    """
    if not country:
        return ""
    return by_members.get(country) or _OWN_OF_UN.get(un_region(country), "")
