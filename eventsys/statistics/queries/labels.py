"""What the figures are called in the language of the page, file or document."""

from __future__ import annotations

from typing import TYPE_CHECKING

from eventsys.core.i18n import country_name, pgettext, text_in
from eventsys.core.i18n import gettext as _
from eventsys.places.queries import get_cities
from eventsys.statistics.rules.ladder import Rung

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from eventsys.places.queries import City


def rung_label(rung: str) -> str:
    """Name a rung as a state of people: "Attended"."""
    return {
        Rung.REGISTERED: pgettext("counted", "Registered"),
        Rung.APPROVED: pgettext("counted", "Approved"),
        Rung.CONFIRMED: pgettext("counted", "Confirmed"),
        Rung.ATTENDED: pgettext("counted", "Attended"),
    }[Rung(rung)]


def rung_meaning(rung: str) -> str:
    """Say in one sentence who is counted on a rung."""
    return {
        Rung.REGISTERED: _("Everybody who sent a registration, whatever became of it."),
        Rung.APPROVED: _("Everybody whose registration was approved or confirmed."),
        Rung.CONFIRMED: _("Everybody who has a confirmed place."),
        Rung.ATTENDED: _("Everybody with a confirmed place who checked in or joined online."),
    }[Rung(rung)]


def rung_definition(rung: str) -> str:
    """Name a rung and say who is counted on it: "Attended: everybody who …"."""
    return f"{rung_label(rung)}{_(':')} {rung_meaning(rung)}"


def gender_label(gender: str) -> str:
    """Name a gender as a group of people; what a person chose to state, never inferred."""
    return {
        "woman": _("Women"),
        "man": _("Men"),
        "non-binary": _("Non-binary"),
        "prefer not to say": _("Prefer not to say"),
        "not stated": _("Not stated"),
        "known": _("Known answers"),
        "unknown": _("Not known"),
    }[gender]


def region_label(region: str) -> str:
    """Name one of the association's regions; one that only this association has stays as typed."""
    return {
        "": _("Not known"),
        "Africa": _("Africa"),
        "Asia-Pacific": _("Asia-Pacific"),
        "Europe": _("Europe"),
        "Latin America and the Caribbean": _("Latin America and the Caribbean"),
        "North America": _("North America"),
    }.get(region, region)


def un_region_label(code: str) -> str:
    """Name a region of the United Nations by its M49 code."""
    if code == "419":
        return _("Latin America and the Caribbean")
    return country_name(code) if code else _("Not known")


def kind_label(kind: str) -> str:
    """Name a kind of event."""
    return {
        "congress": _("Congress"),
        "summit": _("Summit"),
        "forum": _("Forum"),
        "assembly": _("Assembly"),
        "board": _("Board meeting"),
        "executive": _("Executive meeting"),
        "seminar": _("Seminar"),
        "workshop": _("Workshop"),
        "training": _("Training"),
        "webinar": _("Webinar"),
        "visit": _("Visit"),
        "award": _("Award"),
        "campaign": _("Campaign"),
        "day": _("Day"),
    }.get(kind, kind)


def category_label(code: str, names: Mapping[str, Mapping[str, str]]) -> str:
    """Name a category as the organiser did."""
    return text_in(names.get(code)) or code


def city_labels(ids: Iterable[str], language: str) -> tuple[dict[str, str], dict[int, City]]:
    """Name cities in a language, and give the cities; an id that is no longer known stays a number."""
    wanted = list(ids)
    cities = get_cities(int(city_id) for city_id in wanted)
    names = {
        city_id: cities[int(city_id)].name_in(language) if int(city_id) in cities else city_id
        for city_id in wanted
    }
    return names, cities
