"""One row of a table of registrations: what it says, or what is wrong with it."""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass, fields
from datetime import datetime, timedelta
from operator import attrgetter
from typing import TYPE_CHECKING, Final

from eventsys.core.text import clean, email_key
from eventsys.registration.rules.importing.times import read_moment
from eventsys.registration.rules.importing.words import read_gender, read_language, read_status

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from zoneinfo import ZoneInfo

_ADDRESS: Final = re.compile(
    r"[^\s@<>()\[\],;:\"\\]{1,64}@(?:[^\s@<>()\[\],;:\"\\.]{1,63}\.)+[^\s@<>()\[\],;:\"\\.\d]{2,63}"
)
_NAMED_ADDRESS: Final = re.compile(r"[^<>]*<([^<>]+)>")
_LIMITS: Final = {
    "first_name": 150,
    "last_name": 150,
    "email": 254,
    "city": 200,
    "organisation": 200,
    "member": 200,
    "job_title": 200,
}
# Clocks of other systems may run ahead.
_AHEAD: Final = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Problem:
    """Why a row or a cell was not taken as it is: line of the file, field, code, and what stood there."""

    line: int
    field: str
    reason: str
    value: str = ""


@dataclass(frozen=True, slots=True)
class Lookups:
    """What the rules cannot know by themselves."""

    zone: ZoneInfo
    now: datetime
    country: Callable[[str], str | None]
    category: Callable[[str], str | None]
    gender_letters: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class ImportRow:
    """What a row says. Empty and None mean that it says nothing, which never erases what is known."""

    line: int
    first_name: str
    last_name: str
    email: str
    email_key: str
    gender: str
    country: str
    city: str
    organisation: str
    member: str
    job_title: str
    category: str
    language: str
    registered_at: datetime | None
    status: str
    checked_in_at: datetime | None

    @property
    def digest(self) -> str:
        """Give a short digest of everything said: the same row again changes nothing."""
        said = "\x1f".join(map(str, _SAID(self)))
        return hashlib.blake2b(said.encode(), digest_size=12).hexdigest()


_SAID: Final = attrgetter(*(field.name for field in fields(ImportRow) if field.name != "line"))


class _Reader:
    """Reads the cells of one row and collects what is wrong."""

    def __init__(self, line: int, cells: Mapping[str, str], lookups: Lookups) -> None:
        self.line = line
        self.cells = cells
        self.lookups = lookups
        self.problems: list[Problem] = []

    def wrong(self, field: str, reason: str, value: str = "") -> None:
        self.problems.append(Problem(self.line, field, reason, value[:200]))

    def text(self, field: str) -> str:
        value = clean(self.cells.get(field, ""))
        if len(value) > _LIMITS.get(field, 1_000):
            self.wrong(field, "too_long", value)
        return value

    def name(self) -> str:
        value = self.text("first_name")
        if not value:
            self.wrong("first_name", "missing")
        return value

    def email(self) -> str:
        value = self.text("email")
        named = _NAMED_ADDRESS.fullmatch(value)
        value = (named.group(1) if named else value.removeprefix("mailto:")).strip()
        if not value:
            self.wrong("email", "missing")
        elif not _ADDRESS.fullmatch(value) or ".." in value:
            self.wrong("email", "not_an_address", value)
        return value

    def known(self, field: str, meaning: Callable[[str], str | None], reason: str) -> str:
        value = self.text(field)
        if not value:
            return ""
        found = meaning(value)
        if found is None:
            self.wrong(field, reason, value)
        return found or ""

    def country(self) -> str:
        if not self.text("country"):
            self.wrong("country", "missing")
        return self.known("country", self.lookups.country, "unknown_country")

    def gender(self) -> str:
        letters = self.lookups.gender_letters
        return self.known("gender", lambda text: read_gender(text, letters), "unknown_gender")

    def moment(self, field: str) -> datetime | None:
        value = self.text(field)
        if not value:
            return None
        found = read_moment(value, self.lookups.zone)
        if found is None:
            self.wrong(field, "not_a_time", value)
        elif found > self.lookups.now + _AHEAD:
            self.wrong(field, "in_the_future", value)
        return found

    def attendance(self, status: str) -> datetime | None:
        found = self.moment("checked_in_at")
        if found is not None and status not in {"", "confirmed"}:
            # Somebody who cancelled and came after all: which of the two is true, a person must say.
            self.wrong("checked_in_at", "not_confirmed", status)
        return found


def read_row(
    line: int, cells: Mapping[str, str], lookups: Lookups, *, surplus: bool = False
) -> tuple[ImportRow, list[Problem]]:
    """Read one row: cells by field. With any problem the row must not be imported."""
    reader = _Reader(line, cells, lookups)
    if surplus:
        reader.wrong("row", "too_many_cells")
    email = reader.email()
    status = reader.known("status", read_status, "unknown_status")
    row = ImportRow(
        line=line,
        first_name=reader.name(),
        last_name=reader.text("last_name"),
        email=email,
        email_key=email_key(email),
        gender=reader.gender(),
        country=reader.country(),
        city=reader.text("city"),
        organisation=reader.text("organisation"),
        member=reader.text("member"),
        job_title=reader.text("job_title"),
        category=reader.known("category", lookups.category, "unknown_category"),
        language=reader.known("language", lambda text: read_language(text) or "", ""),
        registered_at=reader.moment("registered_at"),
        status=status,
        checked_in_at=reader.attendance(status),
    )
    return row, reader.problems
