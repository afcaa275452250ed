"""Cities, countries and the resolver of typed names: everything that only reads."""

from __future__ import annotations

from eventsys.places.queries.cities import city_label, city_name, find_city, get_cities, get_city
from eventsys.places.queries.countries import Country, list_countries, resolve_country
from eventsys.places.queries.index import City, configure, open_index
from eventsys.places.queries.learned import (
    NOTHING,
    Learned,
    alias_key,
    all_learned,
    find_alias,
    find_merge,
    get_alias,
    get_merge,
    list_aliases,
    list_merges,
)
from eventsys.places.queries.resolve import Alternative, Resolution, resolve_city, resolve_typed
from eventsys.places.queries.suggest import Suggestion, suggest

__all__ = [
    "NOTHING",
    "Alternative",
    "City",
    "Country",
    "Learned",
    "Resolution",
    "Suggestion",
    "alias_key",
    "all_learned",
    "city_label",
    "city_name",
    "configure",
    "find_alias",
    "find_city",
    "find_merge",
    "get_alias",
    "get_cities",
    "get_city",
    "get_merge",
    "list_aliases",
    "list_countries",
    "list_merges",
    "open_index",
    "resolve_city",
    "resolve_country",
    "resolve_typed",
    "suggest",
]
