"""Three languages, outside and inside HTTP alike: screens, mails, PDFs, commands.

A thin layer over Babel without Flask, because mails and PDFs are made by the worker. The catalogues
are read from the ``.po`` files themselves: there is no compile step that could be forgotten.
"""

from __future__ import annotations

import io
import re
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from functools import cache, lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final
from zoneinfo import ZoneInfo

from babel import Locale, dates, numbers
from babel.core import get_global
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from babel.support import LazyProxy, Translations

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

LANGUAGES: Final = ("en", "es", "fr")
SOURCE: Final = "en"
OWN_NAMES: Final = {"en": "English", "es": "Español", "fr": "Français"}
FOLDER: Final = Path(__file__).parent.parent / "translations"
SPANISH_GROUPS_FROM: Final = 10_000
# English as the secretariat writes it: day before month.
_LOCALES: Final = {"en": "en_GB", "es": "es", "fr": "fr"}

# Also where a closing mark follows, as in « x », or « x ».; not in a time or an address.
_FRENCH_SPACE: Final = re.compile(r"(?<=\S)[ \u00a0](?=[:;?!»](?![\w/]))|(?<=«)[ \u00a0]")
_ONE: Final = re.compile(r"(?<!\d)1 (?=[^\W\d])")

_language: ContextVar[str] = ContextVar("language", default=SOURCE)


def current_language() -> str:
    """Give the language in which texts are made now: ``en``, ``es`` or ``fr``."""
    return _language.get()


def set_language(language: str) -> None:
    """Choose the language of this context; an unknown one becomes English."""
    _language.set(language if language in LANGUAGES else SOURCE)


@contextmanager
def in_language(language: str) -> Iterator[None]:
    """Make the texts inside in a given language."""
    token = _language.set(language if language in LANGUAGES else SOURCE)
    try:
        yield
    finally:
        _language.reset(token)


@cache
def _locale(language: str) -> Locale:
    return Locale.parse(_LOCALES[language])


def current_locale() -> Locale:
    """Give Babel's locale of the current language."""
    return _locale(current_language())


@cache
def _catalogue(language: str) -> Any:  # noqa: ANN401 (gettext has no common type)
    path = FOLDER / language / "LC_MESSAGES" / "messages.po"
    if language == SOURCE or not path.exists():
        return Translations()
    with path.open("rb") as file:
        catalogue = read_po(file, locale=language)
    compiled = io.BytesIO()
    write_mo(compiled, catalogue)
    compiled.seek(0)
    return Translations(compiled)


def gettext(message: str, **values: object) -> str:
    """Translate a sentence; ``%(name)s`` is filled from the values."""
    text: str = _catalogue(current_language()).ugettext(message)
    return text % values if values else text


_ = gettext


def ngettext(one: str, many: str, n: int, /, **values: object) -> str:
    """Translate a sentence with a number; ``%(n)s`` is the number as the language writes it."""
    return plural_form(one, many, n) % {"n": format_number(n), **values}


def plural_form(one: str, many: str, n: int) -> str:
    """Choose the form of a sentence for a number, without filling it (Jinja fills it)."""
    text: str = _catalogue(current_language()).ungettext(one, many, n)
    return text


def pgettext(context: str, message: str, **values: object) -> str:
    """Translate a word that means different things in different places."""
    text: str = _catalogue(current_language()).upgettext(context, message)
    return text % values if values else text


def lazy(message: str, **values: object) -> Any:  # noqa: ANN401 (stands for a str)
    """Translate when shown, not when imported: for labels of forms."""
    return LazyProxy(gettext, message, enable_cache=False, **values)


def text_in(value: Mapping[str, str] | None, language: str | None = None) -> str:
    """Give an organiser's text in a language, else in English, else in any language it has."""
    if not value:
        return ""
    for candidate in (language or current_language(), *LANGUAGES):
        if value.get(candidate):
            return value[candidate]
    return next(iter(value.values()))


def text_language(value: Mapping[str, str] | None, language: str | None = None) -> str:
    """Say in which language ``text_in`` answers: pages mark a fall-back with it (``lang=``)."""
    for candidate in (language or current_language(), *LANGUAGES):
        if value and value.get(candidate):
            return candidate
    return language or current_language()


def typeset(text: str, language: str) -> str:
    """Keep French marks on the line of their word: people type plain spaces before ``:`` and inside ``« »``."""
    return _FRENCH_SPACE.sub("\u202f", text) if language == "fr" else text


def format_number(value: float) -> str:
    """Write a number as the language does."""
    return _format_number(value, current_language())


# The tables of a congress hold thousands of numbers, mostly the same small ones, and Babel works out the
# pattern anew for each.
@lru_cache(maxsize=4096)
def _format_number(value: float, language: str) -> str:
    # Spanish groups digits from five on (CLDR minimumGroupingDigits 2, which Babel does not apply).
    grouped = language != "es" or abs(value) >= SPANISH_GROUPS_FROM
    return str(numbers.format_decimal(value, locale=_locale(language), group_separator=grouped))


def format_rate(rate: str) -> str:
    """Write a rate of exchange with all its decimals and the language's mark: 1.085 is a thousand in Spanish."""
    value = Decimal(rate)
    return str(numbers.format_decimal(value, locale=current_locale(), decimal_quantization=False))


def format_percent(share: float, digits: int = 0) -> str:
    """Write a share of 1 as a percentage."""
    pattern = current_locale().percent_formats[None].pattern
    if digits:
        pattern = pattern.replace("0%", "0." + "0" * digits + "%").replace(
            "0\xa0%", "0." + "0" * digits + "\xa0%"
        )
    return str(numbers.format_percent(share, format=pattern, locale=current_locale()))


def format_date(value: date | datetime, zone: str | None = None, form: str = "long") -> str:
    """Write a day; a moment is read in the given time zone (default UTC)."""
    if isinstance(value, datetime):
        value = value.astimezone(ZoneInfo(zone) if zone else UTC).date()
    return _first(dates.format_date(value, format=form, locale=current_locale()))


def _first(text: str) -> str:
    # French counts the first of a month: "1er juin"; CLDR writes a plain 1.
    return _ONE.sub("1er ", text, 1) if current_language() == "fr" else text


def format_month(value: date | datetime) -> str:
    """Write a month in short, as the calendar's sheets do: ``Oct 2026``."""
    return dates.format_date(value, "MMM yyyy", locale=current_locale())


def format_time(value: datetime, zone: str | None = None) -> str:
    """Write the hour and minute of a moment in a time zone."""
    return dates.format_time(
        value.astimezone(ZoneInfo(zone) if zone else UTC), "HH:mm", locale=current_locale()
    )


def format_datetime(value: datetime, zone: str | None = None, form: str = "long") -> str:
    """Write a day and the hour, in a time zone (default UTC)."""
    return f"{format_date(value, zone, form)}, {format_time(value, zone)}"


def format_date_range(start: datetime, end: datetime, zone: str | None = None) -> str:
    """Write the days of an event: ``12–15 June 2023``, in its own time zone."""
    tz = ZoneInfo(zone) if zone else UTC
    first, last = start.astimezone(tz), end.astimezone(tz)
    if last > first and last.hour == 0 and last.minute == 0:
        last -= timedelta(minutes=1)  # an event that ends at midnight ends on the day before
    if first.date() == last.date():
        return format_date(first.date())
    whole = format_date(last.date())
    if (first.year, first.month) == (last.year, last.month):
        day = "1er" if first.day == 1 and current_language() == "fr" else first.day
        return f"{day}–{whole}"  # in all three languages the day stands first
    if first.year == last.year:
        return f"{_first(dates.format_skeleton('MMMMd', first.date(), locale=current_locale()))} – {whole}"
    return f"{format_date(first.date())} – {whole}"


@cache
def _territories(language: str) -> Mapping[str, str]:
    return dict(_locale(language).territories)


def zone_city(zone: str) -> str:
    """Give the city that stands for a time zone: ``America/Mexico_City`` is ``Ciudad de México``."""
    place = dates.get_timezone_location(zone, locale=current_locale(), return_city=True)
    return place.rpartition("/")[2]


# The zone of the capital, or of most people, where a country has several.
_MAIN_ZONES: Final = {
    "AR": "America/Argentina/Buenos_Aires",
    "AU": "Australia/Sydney",
    "BR": "America/Sao_Paulo",
    "CA": "America/Toronto",
    "CL": "America/Santiago",
    "CN": "Asia/Shanghai",
    "DE": "Europe/Berlin",
    "EC": "America/Guayaquil",
    "ES": "Europe/Madrid",
    "ID": "Asia/Jakarta",
    "MX": "America/Mexico_City",
    "PT": "Europe/Lisbon",
    "US": "America/New_York",
}


def country_zone(code: str | None) -> ZoneInfo:
    """Give the time zone by which an office in a country dates its papers; UTC where it is not known."""
    zones = get_global("territory_zones").get(code or "", [])
    name = _MAIN_ZONES.get(code or "") or (zones[0] if len(zones) == 1 else "UTC")
    return ZoneInfo(name)


def country_name(code: str | None, language: str | None = None) -> str:
    """Give the name of a country or territory (ISO 3166 alpha-2) from CLDR."""
    if not code:
        return ""
    return _territories(language or current_language()).get(code.upper(), code)


def language_name(code: str) -> str:
    """Give the name of a language in itself."""
    return OWN_NAMES.get(code, code)
