"""Pages of a list."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import quote_plus

from flask import request

LAST_PAGE = 100_000


def page_number() -> int:
    """Read the number of the page from the address; anything else is the first."""
    raw = request.args.get("page", "1")
    number = int(raw) if raw.isascii() and raw.isdigit() and len(raw) <= 6 else 1
    return min(max(number, 1), LAST_PAGE)


@dataclass(frozen=True, slots=True)
class Pages:
    """Where we are in a list: number of the page from 1, rows on a page, rows in all."""

    number: int
    size: int
    total: int

    @property
    def last(self) -> int:
        """Give the number of the last page."""
        return max(1, -(-self.total // self.size))

    @property
    def first_row(self) -> int:
        """Give the number of the first row of the page."""
        return min((self.number - 1) * self.size + 1, self.total)

    @property
    def last_row(self) -> int:
        """Give the number of the last row of the page."""
        return min(self.number * self.size, self.total)

    def url(self, number: int) -> str:
        """Give the address of a page, with the filter as it is."""
        given = {name: value for name, value in request.args.items() if name != "page" and value}
        query = "&".join(
            f"{_quote(name)}={_quote(value)}"
            for name, value in {**given, "page": str(number)}.items()
        )
        return f"{request.script_root}{request.path}?{query}"


def _quote(text: str) -> str:
    return quote_plus(text, errors="replace")
