"""Countries: names in any language of CLDR, ISO codes, and the variants people write."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Final

from eventsys.core.i18n import country_name
from eventsys.places.queries.index import current_index
from eventsys.places.rules import fold
from eventsys.places.rules.country_forms import country_keys
from eventsys.places.rules.variants import parts

if TYPE_CHECKING:
    from collections.abc import Sequence

LONGEST_TEXT: Final = 100


@dataclass(frozen=True, slots=True)
class Country:
    """A country or territory: ISO 3166 alpha-2 and its name."""

    code: str
    name: str


def _code_of(keys: Sequence[str]) -> str | None:
    """Give the code of the first key that is the name of a country."""
    if not keys:
        return None
    marks = ",".join("?" * len(keys))
    statement = f"SELECT key, code FROM country WHERE key IN ({marks})"  # noqa: S608 (only marks)
    found = {str(key): str(code) for key, code in current_index().rows(statement, keys)}
    return next((found[key] for key in keys if key in found), None)


@lru_cache(maxsize=2000)
def _code_of_text(text: str) -> str | None:
    code = _code_of([text_key]) if (text_key := fold.key(text)) else None
    code = code or _code_of(country_keys(text))
    if code is None:
        # "Burma (Myanmar)", "España / Spain": two names of one country, else it is none.
        pieces = parts(text)
        codes = {_code_of(country_keys(piece)) for piece in pieces} if len(pieces) > 1 else set()
        code = codes.pop() if len(codes) == 1 else None
    return code


def resolve_country(text: str | None) -> str | None:
    """Give the ISO alpha-2 code of a country written in any common way, or None."""
    if not text:
        return None
    return _code_of_text(text[:LONGEST_TEXT])


def _collation(name: str) -> tuple[str, str]:
    # ñ is a letter of its own after n; other accents do not change the place in es, en and fr.
    plain = fold.key(name.lower().replace("ñ", "n\uffff").replace("\uffff", "zz"))
    return plain, name


@lru_cache(maxsize=8)
def list_countries(language: str) -> tuple[Country, ...]:
    """Give all countries and territories in the order of the language."""
    codes = [str(row[0]) for row in current_index().rows("SELECT DISTINCT code FROM country")]
    found = [Country(code, country_name(code, language)) for code in codes]
    return tuple(sorted(found, key=lambda country: (_collation(country.name), country.code)))
