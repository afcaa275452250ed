"""Tables of places: regions, countries, cities."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from eventsys.core.i18n import country_name, current_language
from eventsys.core.i18n import gettext as _
from eventsys.statistics.queries import labels
from eventsys.statistics.queries.tables.model import Cell, Row, Table, people_table

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from eventsys.statistics.queries.figures import Figures
    from eventsys.statistics.rules.publication import Veil


def by_region(figures: Figures, hidden: Veil) -> Table:
    """Tabulate people by the association's own regions."""
    rows: list[tuple[str, str, Cell]] = [
        (region, labels.region_label(region), None if hidden.hides("places", region) else n)
        for region, n in figures.by_region.items()
    ]
    shown = [] if "places" in hidden.withheld else rows
    table = people_table(shown, "by_region", _("Regions"), _("Region"))
    return replace(table, rows=_hidden_last(table.rows))


def by_un_region(figures: Figures, _hidden: Veil) -> Table:
    """Tabulate people by the regions of the United Nations; for the office."""
    rows = [(code, labels.un_region_label(code), n) for code, n in figures.by_un_region.items()]
    return people_table(rows, "by_un_region", _("Regions of the United Nations"), _("Region"))


def by_country(figures: Figures, hidden: Veil) -> Table:
    """Tabulate people by country or territory."""

    def key(country: str) -> str:
        return f"{figures.region_of_country.get(country, '')}/{country}"

    rows = [
        Row(
            country,
            country_name(country),
            (
                labels.region_label(figures.region_of_country.get(country, "")),
                None if hidden.hides("places", key(country)) else n,
            ),
        )
        for country, n in _by_count_and_name(figures.by_country, country_name)
    ]
    shown = () if "places" in hidden.withheld else _hidden_last(rows)
    title = _("Countries and territories")
    return Table(
        "by_country",
        title,
        _("Country or territory"),
        ("region", "people"),
        (_("Region"), _("People")),
        shown,
    )


def _hidden_last(rows: Iterable[Row]) -> tuple[Row, ...]:
    """Put hidden numbers at the end by name: their place in an order by count would tell the count."""
    found = list(rows)
    shown = [row for row in found if row.values[-1] is not None]
    return (
        *shown,
        *sorted((row for row in found if row.values[-1] is None), key=lambda row: row.label),
    )


def _by_count_and_name(
    cells: Mapping[str, int], name: Callable[[str], str]
) -> list[tuple[str, int]]:
    return sorted(cells.items(), key=lambda item: (-item[1], name(item[0])))


def by_city(figures: Figures, hidden: Veil) -> Table:
    """Tabulate people by city, named in the language of now."""
    names, cities = labels.city_labels(figures.by_city, current_language())
    secret = _hidden_cities(figures, hidden)
    rows = [
        Row(
            city,
            names[city],
            (country_name(cities[int(city)].country) if int(city) in cities else "", n),
        )
        for city, n in _by_count_and_name(figures.by_city, names.__getitem__)
        # A list of cities with hidden numbers would be hundreds of names without a figure.
        if city not in secret
    ]
    shown = () if "places" in hidden.withheld else tuple(rows)
    columns = (_("Country or territory"), _("People"))
    return Table("by_city", _("Cities"), _("City"), ("country", "people"), columns, shown)


def _hidden_cities(figures: Figures, hidden: Veil) -> set[str]:
    regions = figures.region_of_country
    return {
        str(city)
        for country, city, _n in figures.places
        if hidden.hides("places", f"{regions.get(country, '')}/{country}/{city}")
    }
