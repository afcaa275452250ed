"""The list of participants as a file, in the reader's language; an import reads it back."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final
from zoneinfo import ZoneInfo

from eventsys.core.i18n import country_name, current_language, gettext, text_in
from eventsys.places.queries import city_name
from eventsys.registration.queries.lists import stream_participants
from eventsys.web.office.participants_payment import Sight, payment_tags
from eventsys.web.office.streams import stream_table
from eventsys.web.shared.labels import GENDERS, STATUSES

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import datetime

    from eventsys.events.queries import Category, Event
    from eventsys.registration.queries.lists import Wanted

TYPES: Final = {
    "csv": "text/csv",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}


def headings() -> list[str]:
    """Give the headings of the columns in the current language."""
    return [
        gettext("First name"), gettext("Last name"), gettext("Email"), gettext("Gender"), gettext("City"),
        gettext("Country"), gettext("Organisation"), gettext("Member"), gettext("Job title"), gettext("Category"),
        gettext("Language"), gettext("Registered at"), gettext("Status"), gettext("Checked in at"),
        gettext("City as typed"), gettext("GeoNames number of the city"), gettext("Code of the country"),
        gettext("Code of the badge"), gettext("Note of the office"),
    ]  # fmt: skip


def stream(
    event: Event, categories: Sequence[Category], wanted: Wanted, form: str, seen: Sight
) -> Iterator[bytes]:
    """Write the file piece by piece, in the language of now, after the request has been committed.

    With a last column for paid or not, where it is to be ``seen``.
    """
    names = {category.code: text_in(category.name) for category in categories}
    # The event itself is gone with the request.
    event_id, zone = event.id, ZoneInfo(event.timezone)
    return stream_table(
        form,
        lambda: gettext("Participants"),
        lambda: _headings(seen),
        lambda: _rows(seen, event_id, zone, names, wanted),
    )


def _headings(seen: Sight) -> list[str]:
    return [*headings(), gettext("Payment")] if seen else headings()


def _rows(
    seen: Sight, event_id: int, zone: ZoneInfo, categories: dict[str, str], wanted: Wanted
) -> Iterator[list[Any]]:
    words = _Words(zone)
    for row in stream_participants(event_id, wanted, sums=seen is Sight.SUMS):
        yield [
            row.first_name, row.last_name, row.email, words.genders.get(row.gender, ""),
            words.city(row.city_id) or row.city_typed, words.countries[row.country], row.organisation,
            row.member or "", row.job_title, categories.get(row.category, row.category), row.language,
            words.local(row.registered_at), words.statuses[row.status], words.local(row.attended_at),
            row.city_typed, row.city_id, row.country or "", row.short_code, row.note,
            *([", ".join(word for word, _ in payment_tags(row))] if seen else ()),
        ]  # fmt: skip


class _Words:
    """Words and times for thousands of rows: each word is looked up once."""

    def __init__(self, zone: ZoneInfo) -> None:
        self.zone = zone
        self.language = current_language()
        self.genders = {code: str(word) for code, word in GENDERS.items()}
        self.statuses = {code: str(word) for code, word in STATUSES.items()}
        self.countries = _Countries()
        self._cities: dict[int, str] = {}

    def city(self, city_id: int | None) -> str:
        """Give the name of a city, "" when there is none."""
        if city_id is None:
            return ""
        if city_id not in self._cities:
            self._cities[city_id] = city_name(city_id, self.language)
        return self._cities[city_id]

    def local(self, moment: datetime | None) -> datetime | None:
        """Give a moment on the clock of the event, as a spreadsheet holds it."""
        return moment.astimezone(self.zone).replace(tzinfo=None) if moment else None


class _Countries(dict[str | None, str]):
    def __missing__(self, code: str | None) -> str:
        self[code] = country_name(code)
        return self[code]
