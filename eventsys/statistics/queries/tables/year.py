"""Tables of a year: each event, and all of them together."""

from __future__ import annotations

from datetime import date, datetime
from typing import TYPE_CHECKING

from eventsys.core.i18n import country_name, format_date, format_date_range, pgettext, text_in
from eventsys.core.i18n import gettext as _
from eventsys.statistics.queries import labels
from eventsys.statistics.queries.tables.model import Row, Table, people_table
from eventsys.statistics.queries.tables.people import gender_table

if TYPE_CHECKING:
    from eventsys.statistics.queries.year import YearFigures


def year_tables(figures: YearFigures) -> list[Table]:
    """Make all tables of a year; empty ones are left out."""
    made = [
        _summary(figures), _events(figures), _kinds(figures),
        gender_table("gender", _("Gender (participations)"), figures.gender), _countries(figures),
        _members_by_region(figures), _new_members(figures),
    ]  # fmt: skip
    return [table for table in made if not table.empty]


def _summary(figures: YearFigures) -> Table:
    rows = [
        ("events", _("Events"), len(figures.events)),
        (
            "participations",
            _("Participations (a person counts once for each event)"),
            figures.participations,
        ),
        (
            "unique_persons",
            _("Unique persons (a person counts once for the year)"),
            figures.unique_persons,
        ),
        ("registrations", _("Registrations received"), figures.registrations),
        ("confirmed", pgettext("counted", "Confirmed"), figures.confirmed),
        ("attended", pgettext("counted", "Attended"), figures.attended),
        ("cancelled", pgettext("counted", "Cancelled"), figures.cancelled),
        ("cities", _("Cities"), figures.cities),
        ("countries", _("Countries and territories"), figures.countries),
        ("members", _("Members represented"), figures.members),
        (
            "unresolved_cities",
            _("Participations whose city is not resolved"),
            figures.unresolved_cities,
        ),
        ("country_not_stated", _("Participations without a country"), figures.country_not_stated),
    ]
    if figures.members_day:
        day = format_date(date.fromisoformat(figures.members_day))
        rows += [
            ("members_total", _("Members on %(day)s", day=day), figures.members_total),
            ("new_members", _("New members of the year"), len(figures.new_members)),
        ]
    made = tuple(Row(key, label, (n,)) for key, label, n in rows)
    return Table("summary", _("Summary"), _("Figure"), ("value",), (_("Value"),), made)


def _members_by_region(figures: YearFigures) -> Table:
    rows = tuple(
        Row(region, labels.region_label(region), (n,))
        for region, n in figures.members_by_region.items()
    )
    title = _("All members by region")
    return Table("members_by_region", title, _("Region"), ("members",), (_("Members"),), rows)


def _new_members(figures: YearFigures) -> Table:
    rows = tuple(
        Row(
            str(entry["id"]),
            text_in(entry["names"]) or entry["name"],
            (country_name(entry["country"]) if entry["country"] else "",),
        )
        for entry in figures.new_members
    )
    columns = (_("Country or territory"),)
    return Table(
        "new_members", _("New members of the year"), _("Member"), ("country",), columns, rows
    )


def _events(figures: YearFigures) -> Table:
    keys = (
        "participations", "unique_persons", "registrations", "confirmed", "attended", "cancelled", "cities",
        "countries", "members",
    )  # fmt: skip
    columns = (
        _("Dates"), _("Participations"), _("Unique persons"), _("Registrations"),
        pgettext("counted", "Confirmed"), pgettext("counted", "Attended"), pgettext("counted", "Cancelled"),
        _("Cities"), _("Countries"), _("Members"),
    )  # fmt: skip
    rows = tuple(
        Row(entry["slug"], text_in(entry["title"]), (_dates(entry), *(entry[key] for key in keys)))
        for entry in figures.events
    )
    return Table("events", _("Events"), _("Event"), ("dates", *keys), columns, rows)


def _dates(entry: dict[str, str]) -> str:
    start, end = (
        datetime.fromisoformat(entry["starts_at"]),
        datetime.fromisoformat(entry["ends_at"]),
    )
    return format_date_range(start, end, entry["timezone"])


def _kinds(figures: YearFigures) -> Table:
    rows = tuple(
        Row(kind, labels.kind_label(kind), (counts["events"], counts["participations"]))
        for kind, counts in figures.by_kind.items()
    )
    columns = (_("Events"), _("Participations"))
    return Table(
        "by_kind", _("Kinds of events"), _("Kind"), ("events", "participations"), columns, rows
    )


def _countries(figures: YearFigures) -> Table:
    rows = [(country, country_name(country), n) for country, n in figures.by_country.items()]
    return people_table(
        rows, "by_country", _("Countries and territories"), _("Country or territory")
    )
