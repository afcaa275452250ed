"""What a member may be, how periods of membership stand, and how a row of a table is read."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import TYPE_CHECKING, Final
from urllib.parse import urlsplit

from eventsys.core.text import clean, fold

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

# What an organisation is to the association (ACCEPTANCE A13 to A15).
KINDS: Final = ("member", "partner", "collaborator", "network", "other")
# What it is by itself (A03); never the same thing as a city.
NATURES: Final = (
    "city", "metropolitan", "region", "canton", "association", "network", "university", "company", "international",
    "other",
)  # fmt: skip
# The association's own regions (A10), in the order of print.
REGIONS: Final = (
    "Africa",
    "Asia-Pacific",
    "Europe",
    "Latin America and the Caribbean",
    "North America",
)
REGION_WORDS: Final = {
    "africa": "Africa", "afrique": "Africa",
    "asia-pacific": "Asia-Pacific", "asia pacific": "Asia-Pacific", "asia-pacifico": "Asia-Pacific",
    "asia y el pacifico": "Asia-Pacific", "asia pacifico": "Asia-Pacific", "asie-pacifique": "Asia-Pacific",
    "asie pacifique": "Asia-Pacific",
    "europe": "Europe", "europa": "Europe",
    "latin america and the caribbean": "Latin America and the Caribbean",
    "latin america": "Latin America and the Caribbean",
    "america latina y el caribe": "Latin America and the Caribbean",
    "america latina": "Latin America and the Caribbean",
    "amerique latine et caraibes": "Latin America and the Caribbean",
    "amerique latine et les caraibes": "Latin America and the Caribbean",
    "north america": "North America", "america del norte": "North America", "norteamerica": "North America",
    "amerique du nord": "North America",
}  # fmt: skip

COLUMNS: Final = ("name", "city", "country", "region", "kind", "since")
MORE_COLUMNS: Final = ("external_id", "until", "nature", "name_en", "name_es", "name_fr", "website")
NAME_LENGTH: Final = 200
SUFFIX_LENGTH: Final = len(" (xx)")
FIRST_YEAR: Final = 1850
LAST_YEAR: Final = 2200
_YEAR: Final = re.compile(r"\d{4}")

# field, reason, facts of the sentence
Problem = tuple[str, str, dict[str, object]]


@dataclass(frozen=True, slots=True)
class Period:
    """A time of membership: ``since`` inclusive, ``until`` exclusive; None is open."""

    since: date
    until: date | None = None

    def covers(self, day: date) -> bool:
        """Tell whether a day is in it."""
        return self.since <= day and (self.until is None or day < self.until)


@dataclass(frozen=True, slots=True, kw_only=True)
class MemberDraft:
    """What the secretariat enters of an organisation."""

    name: str
    kind: str = "member"
    nature: str = "city"
    names: dict[str, str] = field(default_factory=dict)
    country: str | None = None
    city_id: int | None = None
    city_typed: str = ""
    region: str = ""
    website: str = ""
    external_id: str | None = None


@dataclass(slots=True)
class MemberRow:
    """One row of a table as it was read: texts that were given, dates, and what is wrong."""

    line: int
    given: dict[str, str]
    since: date | None = None
    until: date | None = None
    problems: list[Problem] = field(default_factory=list)

    def key(self) -> tuple[str, str]:
        """Give what makes two rows of one country the same organisation: the external id, else the folded name."""
        if self.given.get("external_id"):
            return "external_id", self.given["external_id"]
        return "name", fold(self.given.get("name", ""))


def name_key(name: str, country: str | None, taken_by: str | None) -> str:
    """Give the key of an organisation's name.

    ``taken_by`` is the country of another organisation that has the plain key: in another country the
    same name is another organisation, and its key says so.
    """
    key = fold(name)[:NAME_LENGTH]  # some letters fold to many
    if country and taken_by and country != taken_by:
        return f"{key[: NAME_LENGTH - SUFFIX_LENGTH]} ({country.lower()})"
    return key


def draft_problems(draft: MemberDraft) -> list[Problem]:
    """List what is wrong with an organisation."""
    found: list[Problem] = []
    if not draft.name:
        found.append(("name", "missing_name", {}))
    limits = {"name": NAME_LENGTH, "website": 300, "external_id": 80, "city_typed": 200}
    found.extend(
        (name, "too_long", {"limit": limit})
        for name, limit in limits.items()
        if len(getattr(draft, name) or "") > limit
    )
    if any(len(text) > NAME_LENGTH for text in draft.names.values()):
        found.append(("names", "too_long", {"limit": NAME_LENGTH}))
    for name, known in (("kind", KINDS), ("nature", NATURES), ("region", ("", *REGIONS))):
        if getattr(draft, name) not in known:
            found.append((name, "unknown", {"value": getattr(draft, name)}))
    if draft.website and not _is_web_address(draft.website):
        found.append(("website", "bad_address", {}))
    return found


def _is_web_address(text: str) -> bool:
    try:
        parts = urlsplit(text)
    except ValueError:
        return False
    return parts.scheme in {"http", "https"} and bool(parts.hostname) and " " not in text


def period_problems(period: Period, others: Iterable[Period]) -> list[Problem]:
    """List what is wrong with a period beside the organisation's others: they may touch, never overlap."""
    if period.until is not None and period.until <= period.since:
        return [("until", "until_before_since", {})]
    for other in others:
        starts_before_other_ends = other.until is None or period.since < other.until
        other_starts_before_end = period.until is None or other.since < period.until
        if starts_before_other_ends and other_starts_before_end:
            return [("since", "overlap", {})]
    return []


def read_day(text: str, *, end: bool = False) -> date | None:
    """Read ``2023``, ``2023-05-01`` or ``01/05/2023``; None when it is none of them.

    A year alone is its first day; as an end (``until``) it means that the whole year still counted.
    """
    text = text.strip()
    if _YEAR.fullmatch(text):
        year = int(text) + (1 if end else 0)
        return date(year, 1, 1) if FIRST_YEAR <= year <= LAST_YEAR else None
    for form in ("%Y-%m-%d", "%d/%m/%Y", "%d.%m.%Y"):
        try:
            day = datetime.strptime(text, form).date()  # noqa: DTZ007 (a day has no zone)
        except ValueError:
            continue
        return day if FIRST_YEAR <= day.year <= LAST_YEAR else None
    return None


def read_region(text: str) -> str | None:
    """Read one of the association's regions in any of our languages; None when it is none of them."""
    return REGION_WORDS.get(fold(text).replace("&", "and")) if text.strip() else ""


def read_row(line: int, values: Mapping[str, str]) -> MemberRow:
    """Read one row of a table; what cannot be read becomes a problem that names the column."""
    given = {
        name: clean(values.get(name, "")) for name in (*COLUMNS, *MORE_COLUMNS) if name in values
    }
    row = MemberRow(line, {name: text for name, text in given.items() if text})
    if not row.given.get("name"):
        row.problems.append(("name", "missing_name", {}))
    for name, known in (("kind", KINDS), ("nature", NATURES)):
        if name in row.given:
            row.given[name] = row.given[name].casefold()
            if row.given[name] not in known:
                row.problems.append((name, "unknown", {"value": row.given[name]}))
    region = read_region(row.given.get("region", ""))
    if region is None:
        row.problems.append(("region", "unknown", {"value": row.given["region"]}))
    elif region:
        row.given["region"] = region
    _read_days(row)
    return row


def _read_days(row: MemberRow) -> None:
    if "since" in row.given:
        row.since = read_day(row.given["since"])
        if row.since is None:
            row.problems.append(("since", "bad_day", {"value": row.given["since"]}))
    if "until" in row.given:
        row.until = read_day(row.given["until"], end=True)
        if row.until is None:
            row.problems.append(("until", "bad_day", {"value": row.given["until"]}))
    if row.since and row.until:
        row.problems.extend(period_problems(Period(row.since, row.until), ()))


def search_text(draft: MemberDraft, cities: Iterable[str]) -> str:
    """Give what the list is searched by: names in all languages, cities, the external id."""
    parts = [draft.name, *draft.names.values(), *cities, draft.city_typed, draft.external_id or ""]
    return fold(" ".join(dict.fromkeys(part for part in parts if part)))


# Headings that people use in their own tables, folded, and the column that each one is.
HEADINGS: Final = {
    "nombre": "name", "nom": "name", "member": "name", "organisation": "name", "organization": "name",
    "organizacion": "name", "miembro": "name", "membre": "name",
    "ciudad": "city", "ville": "city",
    "pais": "country", "pays": "country", "country code": "country",
    "region": "region", "tipo": "kind", "type": "kind",
    "desde": "since", "depuis": "since", "member since": "since", "year": "since",
    "hasta": "until", "jusqu'a": "until",
    "id": "external_id", "external id": "external_id", "web": "website", "naturaleza": "nature",
}  # fmt: skip


def match_columns(columns: Iterable[str]) -> tuple[dict[str, str], list[str]]:
    """Match the headings of a table: heading to column, and the headings that mean nothing to us."""
    matched: dict[str, str] = {}
    unknown: list[str] = []
    for heading in columns:
        key = fold(heading)
        name = key if key in (*COLUMNS, *MORE_COLUMNS) else HEADINGS.get(key, "")
        if not name and key.replace(" ", "_") in (*COLUMNS, *MORE_COLUMNS):
            name = key.replace(" ", "_")
        if name and name not in matched.values():
            matched[heading] = name
        else:
            unknown.append(heading)
    return matched, unknown
