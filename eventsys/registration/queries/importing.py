"""Read a table of registrations before anything is written: what is in it, and what is wrong with it.

The file is read twice: here, to find every problem, every repeated address and every city, and by the
operation, to write. So nothing of it but the distinct cities and addresses is held in memory, and the
database is not locked while names are resolved.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final
from zoneinfo import ZoneInfo

from eventsys.files.sheets import read_table
from eventsys.members.queries import choose_bearer, names_of_organisations
from eventsys.places.queries import Learned, all_learned, resolve_country, resolve_typed
from eventsys.registration.errors import ColumnsMissing, TooManyRows
from eventsys.registration.queries.billed import billed_of
from eventsys.registration.rules.importing import (
    NOWHERE,
    STANDARD,
    ImportRow,
    Lookups,
    Place,
    Problem,
    category_words,
    match_columns,
    missing_fields,
    new_code,
    read_row,
    word_key,
)
from eventsys.registration.rules.states import Status

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence
    from datetime import datetime
    from typing import BinaryIO

    from eventsys.events.queries import EventFacts
    from eventsys.files.sheets import Row
    from eventsys.members.queries import Bearer
    from eventsys.places.queries import Resolution

    Progress = Callable[[str, int], None]

NOTHING_LEARNED: Final = Learned({}, {})
MOST_ROWS: Final = 200_000
SAMPLE: Final = 5
EVERY: Final = 500


@dataclass(frozen=True, slots=True)
class Reading:
    """How to read the rows of one file for one event: decided once, used by both passes."""

    lookups: Lookups
    matching: dict[str, str]

    def read(self, row: Row) -> tuple[ImportRow, list[Problem]]:
        """Read one row of the table."""
        cells = {name: row.values.get(column, "") for column, name in self.matching.items()}
        return read_row(row.line, cells, self.lookups, surplus=bool(row.surplus))


@dataclass(slots=True)
class Survey:
    """What is in a file: its form, the counts, every problem. Cities and members by what was typed."""

    reading: Reading
    columns: tuple[str, ...]
    format: str
    encoding: str
    delimiter: str
    rows: int = 0
    rejected: list[Problem] = field(default_factory=list)
    more_problems: list[Problem] = field(default_factory=list)
    warnings: list[Problem] = field(default_factory=list)
    duplicates: list[tuple[int, int]] = field(default_factory=list)
    repeated: set[str] = field(default_factory=set)
    places: dict[tuple[str, str], Place] = field(default_factory=dict)
    members: Mapping[str, Sequence[Bearer]] = field(default_factory=dict)
    learned: Learned = NOTHING_LEARNED
    #: Who has a fee, by address: status and category.
    billed: Mapping[str, tuple[str, str]] = field(default_factory=dict)
    new_categories: dict[str, str] = field(default_factory=dict)
    samples: list[dict[str, str]] = field(default_factory=list)
    #: Some cells beyond ASCII: by them a person sees whether the encoding is right.
    beyond_ascii: list[str] = field(default_factory=list)

    @property
    def registrations(self) -> int:
        """Count the persons in the file: rows that can be imported, each address once."""
        return self.rows - len(self.rejected) - len(self.duplicates)

    def member(self, row: ImportRow) -> int | None:
        """Give the organisation that a row says it represents; of two of one name that of the row's country or city."""
        bearers = self.members.get(word_key(row.member), ()) if row.member else ()
        return choose_bearer(bearers, row.country, self.place(row).city_id)

    def place(self, row: ImportRow) -> Place:
        """Give what the resolver said of the city of a row."""
        return self.places[row.city, row.country] if row.city else NOWHERE


def survey_file(
    event: EventFacts,
    source: BinaryIO,
    *,
    now: datetime,
    matching: Mapping[str, str] | None = None,
    create_categories: bool = False,
    encoding: str = "",
    progress: Progress | None = None,
) -> Survey:
    """Read a whole file and say what importing it would meet.

    ``matching`` (column → field) replaces what is found by the headings, ``encoding`` what the bytes look like.
    Raises SheetError when the file cannot be read, ColumnsMissing when it has no column for a name, an address
    or a country, TooManyRows.
    """
    table = read_table(source, encoding)
    matched = _matching(table.columns, matching)
    missing = missing_fields(matched)
    if missing:
        raise ColumnsMissing(fields=missing, columns=list(table.columns), encoding=table.encoding)
    letters = _letters(source, matched, table.encoding)
    reading = Reading(
        _lookups(event, letters, now=now, create_categories=create_categories), matched
    )
    survey = Survey(
        reading,
        table.columns,
        table.format,
        table.encoding,
        table.delimiter,
        members=names_of_organisations(word_key),
        learned=all_learned(),
        billed=billed_of(event.id),
    )
    first_lines: dict[str, int] = {}
    for row in read_table(source, table.encoding).rows:
        _look_at(survey, row, first_lines, event)
        if survey.rows > MOST_ROWS:
            raise TooManyRows(limit=MOST_ROWS)
        if progress is not None and survey.rows % EVERY == 0:
            progress("reading", survey.rows)
    return survey


def list_rows(survey: Survey, source: BinaryIO) -> Iterator[ImportRow]:
    """Read the rows once more, those without a problem only."""
    for row in read_table(source, survey.encoding).rows:
        read, problems = survey.reading.read(row)
        if not problems:
            yield read


def _matching(columns: tuple[str, ...], wanted: Mapping[str, str] | None) -> dict[str, str]:
    if wanted is None:
        return match_columns(columns)
    return {column: wanted[column] for column in columns if wanted.get(column)}


def _lookups(
    event: EventFacts, letters: frozenset[str], *, now: datetime, create_categories: bool
) -> Lookups:
    words = category_words((category.code, category.name) for category in event.categories)

    def category(text: str) -> str | None:
        return words.get(word_key(text)) or (new_code(text) if create_categories else None)

    return Lookups(
        zone=ZoneInfo(event.timezone),
        now=now,
        country=resolve_country,
        category=category,
        gender_letters=letters,
    )


def _letters(source: BinaryIO, matching: Mapping[str, str], encoding: str) -> frozenset[str]:
    """Collect the single letters of the gender column: what M means depends on them."""
    column = next((column for column, name in matching.items() if name == "gender"), None)
    if column is None:
        return frozenset()
    rows = read_table(source, encoding).rows
    values = {row.values.get(column, "").strip().lower() for row in rows}
    return frozenset(value for value in values if len(value) == 1)


def _look_at(survey: Survey, row: Row, first_lines: dict[str, int], event: EventFacts) -> None:
    survey.rows += 1
    if len(survey.samples) < SAMPLE:
        survey.samples.append(row.values)
    if len(survey.beyond_ascii) < SAMPLE:
        survey.beyond_ascii += [text for text in row.values.values() if not text.isascii()][:3]
    read, problems = survey.reading.read(row)
    if problems:
        survey.rejected.append(problems[0])
        survey.more_problems.extend(problems[1:])
        return
    first = first_lines.setdefault(read.email_key, read.line)
    if first != read.line:
        survey.duplicates.append((read.line, first))
        survey.repeated.add(read.email_key)
    _resolve(survey, read)
    _warn(survey, read, event)
    if read.category and all(category.code != read.category for category in event.categories):
        name = row.values.get(
            next(column for column, name in survey.reading.matching.items() if name == "category"),
            "",
        )
        survey.new_categories.setdefault(read.category, "" if read.category in STANDARD else name)


def place_of(answer: Resolution) -> Place:
    """Give what is stored of an answer. A text that somebody decided to be no city is none, not unknown."""
    if answer.status == "resolved":
        return Place(answer.geonameid, "resolved")
    return NOWHERE if answer.decided else Place(None, answer.status)


def _resolve(survey: Survey, read: ImportRow) -> None:
    key = (read.city, read.country)
    if not read.city or key in survey.places:
        return
    survey.places[key] = place_of(resolve_typed(read.city, read.country, "en", survey.learned))


def _warn(survey: Survey, read: ImportRow, event: EventFacts) -> None:
    if read.member and survey.member(read) is None:
        survey.warnings.append(Problem(read.line, "member", "unknown_member", read.member))
    status = survey.place(read).status
    if status in {"ambiguous", "unknown"}:
        survey.warnings.append(Problem(read.line, "city", f"{status}_city", read.city))
    _warn_of_money(survey, read)
    if read.checked_in_at is not None and read.checked_in_at > event.window.ends_at:
        survey.warnings.append(Problem(read.line, "checked_in_at", "after_the_event"))


def _warn_of_money(survey: Survey, read: ImportRow) -> None:
    """Name what a table says of somebody with a fee and cannot change: money would have to move."""
    found = survey.billed.get(read.email_key)
    if found is None:
        return
    status, category = found
    if read.status and read.status != status:
        survey.warnings.append(Problem(read.line, "status", "has_a_fee", read.status))
    elif read.checked_in_at is not None and status != Status.CONFIRMED:
        survey.warnings.append(Problem(read.line, "checked_in_at", "has_a_fee"))
    if read.category and read.category != category:
        survey.warnings.append(Problem(read.line, "category", "has_a_fee", read.category))
