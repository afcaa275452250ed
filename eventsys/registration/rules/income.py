"""Income groups of countries, for fees: World Bank, lists for its fiscal year 2026; whoever is not named is ``high``.

A fee may ask for one group. The organiser's page shows which countries it holds, because a list is a decision.
"""

from __future__ import annotations

from typing import Final

GROUPS: Final = ("low", "lower_middle", "upper_middle", "high")

_LISTS: Final = {
    "low": "AF BF BI CD CF ER ET GM GW KP LR MG ML MW MZ NE RW SD SL SO SS SY TD TG UG YE",
    "lower_middle": (
        "AO BD BJ BO BT CG CI CM DJ EG GH GN HN HT IN JO KE KG KH KI KM LA LB LK LS MA MM MR NA NG NI NP PG PH "
        "PK PS SB SN ST SZ TJ TL TN TZ UZ VN VU ZM ZW"
    ),
    "upper_middle": (
        "AL AM AR AZ BA BR BW BY BZ CN CO CU CV DM DO DZ EC FJ FM GA GD GE GQ GT ID IQ IR JM KZ LC LY MD ME MH "
        "MK MN MU MV MX MY PE PY RS SR SV TH TM TO TR TV UA VC WS XK ZA"
    ),
}

_GROUP_OF: Final = {
    country: group for group, countries in _LISTS.items() for country in countries.split()
}


def income_group(country: str | None) -> str | None:
    """Give the group of a country (ISO alpha-2); None when the country is not known."""
    return _GROUP_OF.get(country, "high") if country else None


def countries_of(group: str) -> list[str]:
    """List the countries of a group below ``high``, which is everybody else."""
    return sorted(country for country, name in _GROUP_OF.items() if name == group)
