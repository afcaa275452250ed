"""An independent measure of the resolver: the cities of CLDR's time zones, in thirteen languages.

CLDR names each time zone after a city and gives that name in every language; none of these names is
in our aliases. The city that is meant is found here by country, English name and time zone. Half of
the rows (by a hash) are for tuning, the other half is only measured. Data: Unicode CLDR through
Babel (Unicode-3.0); identifiers: GeoNames (CC BY 4.0).
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from functools import cache

from babel import Locale
from babel.core import get_global

from eventsys.places.queries.index import City, current_index
from eventsys.places.rules import fold

LANGUAGES = ("es", "fr", "pt", "de", "it", "nl", "ca", "pl", "tr", "ru", "zh", "ar", "en")
# Zones that bear the name of a region, an island or a country, not of a city.
NO_CITY = {
    "America/Bahia",
    "America/Grand_Turk",
    "America/Puerto_Rico",
    "America/St_Thomas",
    "Asia/Brunei",
    "Indian/Mahe",
}
# Where the name, the country and the zone do not tell: the capital of the aimag, the border town.
BY_HAND = {"America/Matamoros": 3523466, "Asia/Hovd": 1516048}


@dataclass(frozen=True)
class Row:
    """One name in one language, and the city it means."""

    language: str
    typed: str
    country: str
    geonameid: int
    zone: str
    population: int

    @property
    def held_out(self) -> bool:
        """Tell whether the row is of the half kept apart from tuning."""
        text = f"{self.language}|{self.typed}|{self.zone}"
        return hashlib.sha256(text.encode()).digest()[0] % 2 == 1


def _meant(zone: str, english: str, country: str) -> City | None:
    aliases = get_global("zone_aliases")
    found = [named for named in current_index().named([fold.key(english)], country)]
    same = [
        n for n in found if aliases.get(n.city.timezone, n.city.timezone) == aliases.get(zone, zone)
    ]
    best = max(same or found, key=lambda n: (n.kind == 0, n.city.population), default=None)
    return best.city if best else None


@cache
def rows() -> tuple[Row, ...]:
    """Give all rows, those included that differ from the English name only by case and accents for English itself."""
    english = Locale.parse("en").time_zones
    found = []
    for zone, country in sorted(get_global("zone_territories").items()):
        if (
            zone in NO_CITY
            or country in {"001", "ZZ"}
            or "/" not in zone
            or zone.startswith("Etc/")
        ):
            continue
        name = english.get(zone, {}).get("city") or zone.split("/")[-1].replace("_", " ")
        city = _meant(zone, name, country)
        if city is None and zone not in BY_HAND:
            continue
        number = BY_HAND.get(zone) or (city.id if city else 0)
        population = city.population if city else 0
        for language in LANGUAGES:
            typed = Locale.parse(language).time_zones.get(zone, {}).get("city") or (
                name if language == "en" else ""
            )
            if typed and (language == "en" or fold.key(typed) != fold.key(name)):
                found.append(Row(language, typed, country, number, zone, population))
    return tuple(found)
