"""Cities by their identifier."""

from __future__ import annotations

from typing import TYPE_CHECKING

from eventsys.core.errors import NotFound
from eventsys.places.queries.index import City, current_index

if TYPE_CHECKING:
    from collections.abc import Iterable


def find_city(city_id: int | None) -> City | None:
    """Give a city by its GeoNames id."""
    return None if city_id is None else current_index().city(city_id)


def get_city(city_id: int) -> City:
    """Give a city by its GeoNames id, or raise NotFound."""
    city = find_city(city_id)
    if city is None:
        raise NotFound(what="city", id=city_id)
    return city


def get_cities(ids: Iterable[int | None]) -> dict[int, City]:
    """Give many cities with one query; ids that do not exist are left out."""
    return current_index().cities([city_id for city_id in ids if city_id is not None])


def city_name(city_id: int | None, language: str) -> str:
    """Give the name of a city in a language, "" for none."""
    city = find_city(city_id)
    return city.name_in(language) if city else ""


def city_label(city: City, language: str) -> str:
    """Give the name with its state or province, for where two cities bear the same name."""
    region = current_index().admin_name(city.country, city.admin1)
    name = city.name_in(language)
    return f"{name} ({region})" if region and region != name else name
