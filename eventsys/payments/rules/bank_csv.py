"""Tables of movements as banks let them be downloaded: any separator, encoding, decimal mark and order of dates.

The headings may stand below an address block; they are found by what they are called. A file whose dates or
amounts can be read in two ways is read in the one that fits all of its lines, or refused.
"""

from __future__ import annotations

import csv
import io
import re
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Final

from eventsys.core.money import LARGEST, currency_digits, is_currency
from eventsys.core.text import fold
from eventsys.payments.rules.bank_columns import currency_of, match_columns, serve
from eventsys.payments.rules.movements import (
    MOST_LINES,
    PAYER_LENGTH,
    TEXT_LENGTH,
    Movement,
    Statement,
    Trouble,
    UnreadError,
    tidy,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    Read = Callable[[str], date | None]

SEPARATORS: Final = (";", ",", "\t", "|")
# Address blocks, balances and filters stand above the headings.
HEADER_WITHIN: Final = 40
FIELD_LIMIT: Final = 100_000
OUT: Final = frozenset({"s", "d", "dr", "debit", "debe", "soll", "out", "cargo", "-", "dbit"})
PENDING: Final = re.compile(
    r"pend|vorgemerkt|retenid|en attente|en cours|declin|revert|failed|cancel"
)
_NUMBER: Final = re.compile(r"[0-9.,]*[0-9]")
_DATE: Final = re.compile(r"([0-9]{1,4})[./\- ]([0-9]{1,2})[./\- ]([0-9]{2,4})\b")
_COMPACT: Final = re.compile(r"([0-9]{4})([0-9]{2})([0-9]{2})\b")


def read_csv(data: bytes, currency: str) -> Statement:
    """Read a bank's table; ``currency`` is used where the file names none. Raises UnreadError."""
    text = _decoded(data)
    found = max((_headed(text, separator) for separator in SEPARATORS), key=_score)
    rows, at, places = found
    if not serve(places):
        raise UnreadError("no_columns")
    headings, rows = rows[at], rows[at + 1 :]
    if len(rows) > MOST_LINES:
        raise UnreadError("too_many_lines")
    table = _Table(headings, places, rows, currency)
    return table.read(first_line=at + 2)


def _decoded(data: bytes) -> str:
    if data[:2] in {b"\xff\xfe", b"\xfe\xff"}:
        encodings: tuple[str, ...] = ("utf-16",)
    elif data[:200].count(0):
        encodings = ("utf-16-le",) if data[1:2] == b"\0" else ()
    else:
        encodings = ("utf-8-sig", "cp1252", "latin-1")
    for encoding in encodings:
        try:
            return data.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise UnreadError("not_a_statement")


def _headed(text: str, separator: str) -> tuple[list[list[str]], int, dict[str, list[int]]]:
    csv.field_size_limit(FIELD_LIMIT)
    try:
        rows = list(csv.reader(io.StringIO(text, newline=""), delimiter=separator))
    except csv.Error:
        return [], 0, {}
    scored = [(at, match_columns(row)) for at, row in enumerate(rows[:HEADER_WITHIN])]
    if not scored:
        return rows, 0, {}
    # The first of those that say most.
    at, places = max(scored, key=lambda item: (serve(item[1]), len(item[1]), -item[0]))
    return rows, at, places


def _score(found: tuple[list[list[str]], int, dict[str, list[int]]]) -> tuple[bool, int]:
    return serve(found[2]), sum(map(len, found[2].values()))


class _Table:
    """The rows below the headings, and how their dates and amounts are to be read."""

    def __init__(
        self,
        headings: Sequence[str],
        places: dict[str, list[int]],
        rows: list[list[str]],
        currency: str,
    ) -> None:
        self.places, self.rows = places, rows
        self.headings = headings
        named = [currency_of(headings[p]) for f in ("amount", "credit") for p in places.get(f, ())]
        self.currency = next((code for code in named if code), currency)
        self.day = day_reader(self._column("booked_on"))
        values = [v for f in ("amount", "credit", "debit") for v in self._column(f)]
        self.mark = decimal_mark(values, currency_digits(self.currency))

    def read(self, first_line: int) -> Statement:
        """Read all rows."""
        fields = {f: ", ".join(self.headings[p] for p in at) for f, at in self.places.items()}
        statement = Statement("CSV", columns=fields)
        for line, row in enumerate(self.rows, start=first_line):
            # Footers ("Total", "Saldo final") have no day in the column of days.
            if sum(bool(cell.strip()) for cell in row) > 1:
                self._read_row(row, line, statement)
        return statement

    def _column(self, name: str) -> list[str]:
        return [self._cell(row, name) for row in self.rows if self._cell(row, name)]

    def _cell(self, row: Sequence[str], name: str) -> str:
        place = self.places.get(name, (len(row),))[0]
        return row[place].strip() if place < len(row) else ""

    def _cells(self, row: Sequence[str], name: str) -> list[str]:
        return [row[place] for place in self.places.get(name, ()) if place < len(row)]

    def _read_row(self, row: Sequence[str], line: int, statement: Statement) -> None:
        if PENDING.search(fold(self._cell(row, "status"))):
            statement.pending += 1
            return
        currency = self._cell(row, "currency").upper() or self.currency
        wrong, amount = self._amount(row, currency)
        day = self.day(self._cell(row, "booked_on"))
        if not wrong and day is None:
            wrong = ("bank_no_date", self._cell(row, "booked_on"))
        if wrong:
            statement.troubles.append(Trouble(line, *wrong))
        elif amount <= 0:
            statement.outgoing += 1
        elif day is not None:
            statement.movements.append(self._movement(row, day, amount, currency))

    def _movement(self, row: Sequence[str], day: date, amount: int, currency: str) -> Movement:
        return Movement(
            booked_on=day,
            amount=amount,
            currency=currency,
            payer=tidy(self._cells(row, "payer"), PAYER_LENGTH),
            text=tidy(self._cells(row, "text"), TEXT_LENGTH),
            mark=self._cell(row, "mark")[:100],
        )

    def _amount(self, row: Sequence[str], currency: str) -> tuple[tuple[str, str] | None, int]:
        """Give what is wrong, or what came in (negative: went out)."""
        if not is_currency(currency):
            return ("bank_no_currency", currency), 0
        credit, debit = self._cell(row, "credit"), self._cell(row, "debit")
        typed = self._cell(row, "amount") or credit
        value = number_in(typed, self.mark, currency) if typed else None
        # Banks that have two columns leave one of them empty, or write 0 into it.
        if "amount" not in self.places and not value:
            out = number_in(debit, self.mark, currency) if debit else None
            return (None, -abs(out)) if out is not None else (("bank_no_amount", typed or debit), 0)
        if value is None:
            return ("bank_no_amount", typed), 0
        if fold(self._cell(row, "direction")) in OUT:
            value = -abs(value)
        return None, value


def day_reader(values: Iterable[str]) -> Read:
    """Say how the dates of a column are read: the year first, else the day first unless that cannot be."""
    pairs = [
        (int(match[1]), int(match[2]))
        for value in values
        if (match := _DATE.match(value)) and len(match[1]) < 3
    ]
    month_first = any(second > 12 for _, second in pairs) and all(first <= 12 for first, _ in pairs)

    def read(value: str) -> date | None:
        match = _DATE.match(value)
        compact = _COMPACT.match(value)
        if match is None and compact is None:
            return None
        if match is None and compact is not None:
            year, month, day = int(compact[1]), int(compact[2]), int(compact[3])
        elif match is not None and len(match[1]) == 4:
            year, month, day = int(match[1]), int(match[2]), int(match[3])
        elif match is not None:
            day, month, year = int(match[1]), int(match[2]), int(match[3])
            if month_first:
                day, month = month, day
            year += 2000 if len(match[3]) == 2 else 0
        try:
            return date(year, month, day)
        except ValueError:
            return None

    return read


def decimal_mark(values: Iterable[str], digits: int) -> str:
    """Find the decimal mark of a column; raises UnreadError when lines contradict each other.

    ``1.250`` alone says nothing: three digits behind one mark are a group, unless other lines say otherwise.
    """
    said = {_mark_of(value, digits) for value in values} - {""}
    if len(said) > 1:
        raise UnreadError("two_decimal_marks")
    return said.pop() if said else "."


def _mark_of(value: str, digits: int) -> str:
    bare = re.sub(r"[^0-9.,]", "", value)
    marks = [letter for letter in bare if letter in ".,"]
    if not marks:
        return ""
    if len(set(marks)) == 2:
        return marks[-1]
    if len(marks) > 1:
        # Written more than once: it groups, so the other one is the decimal mark.
        return "." if marks[0] == "," else ","
    behind = len(bare) - bare.rfind(marks[0]) - 1
    if behind == 3 and digits != 3:
        return ""
    return marks[0]


def number_in(value: str, mark: str, currency: str) -> int | None:
    """Read an amount with its sign in minor units; None when it is none."""
    text = re.sub(r"[\s'’\u00a0\u202f]|[A-Z]{3}|[€$£]", "", value)
    negative = text.startswith(("-", "−", "(")) or text.endswith(("-", "−"))
    bare = text.strip("+-−()")
    group = "," if mark == "." else "."
    if not _NUMBER.fullmatch(bare) or bare.count(mark) > 1:
        return None
    whole, _, fraction = bare.partition(mark)
    parts = whole.split(group)
    if group in fraction or (len(parts) > 1 and any(len(part) != 3 for part in parts[1:])):
        return None
    amount = Decimal(f"{''.join(parts) or 0}.{fraction or 0}").scaleb(currency_digits(currency))
    number = int(amount)
    if number != amount or number > LARGEST:
        return None
    return -number if negative else number
