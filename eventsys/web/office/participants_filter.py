"""What the list of participants is asked for, as it stands in the address."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import urlencode

from eventsys.core.i18n import country_name, gettext, text_in
from eventsys.registration.queries.lists import SORTS, Wanted
from eventsys.web.shared.labels import STATUSES

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

    from eventsys.events.queries import Category

NAMES: Final = (
    "q",
    "status",
    "category",
    "country",
    "city",
    "organisation",
    "member",
    "attended",
    "places",
    "payment",
    "sort",
)
_ANSWERS: Final = {"yes": True, "no": False}
LONGEST: Final = 100
_PAGES: Final = 1_000_000


@dataclass(frozen=True, slots=True)
class Asked:
    """The filters as text (what stands in the address), and what they ask for."""

    here: str
    values: dict[str, str]
    wanted: Wanted

    @property
    def narrowed(self) -> bool:
        """Tell whether anything but the order is asked for."""
        return any(value for name, value in self.values.items() if name != "sort")

    def query(self, **changes: object) -> str:
        """Give the address of the list with some filters changed; empty ones are left out."""
        wanted = {**self.values, **{name: str(value or "") for name, value in changes.items()}}
        query = urlencode({name: value for name, value in wanted.items() if value})
        return f"{self.here}?{query}" if query else self.here


def read_filter(
    here: str,
    args: Mapping[str, str],
    categories: Sequence[Category],
    payments: Collection[str] = (),
) -> Asked:
    """Read the filters from an address; what means nothing is ignored, and what may not be asked for.

    ``payments``: what may be asked for of the fee, nothing where the event is free.
    """
    values = {name: args.get(name, "").strip()[:LONGEST] for name in NAMES}
    codes = {category.code: category.id for category in categories}
    values["status"] = values["status"] if values["status"] in STATUSES else ""
    values["category"] = values["category"] if values["category"] in codes else ""
    values["sort"] = values["sort"] if values["sort"] in SORTS else ""
    for name in ("member", "attended"):
        values[name] = values[name] if values[name] in _ANSWERS else ""
    for name in ("city", "organisation"):
        values[name] = values[name] if number(values[name]) else ""
    values["places"] = "review" if values["places"] == "review" else ""
    values["payment"] = values["payment"] if values["payment"] in payments else ""
    wanted = Wanted(
        q=values["q"],
        status=values["status"],
        category_id=codes.get(values["category"]),
        country=values["country"].upper()[:2],
        city_id=number(values["city"]),
        organisation_id=number(values["organisation"]),
        member=_ANSWERS.get(values["member"]),
        attended=_ANSWERS.get(values["attended"]),
        unresolved=bool(values["places"]),
        payment=values["payment"],
        sort=values["sort"] or "name",
    )
    return Asked(here, values, wanted)


def number(text: str) -> int | None:
    """Read an id or a page number; None for anything else."""
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else None


def page_number(args: Mapping[str, str]) -> int:
    """Read the number of the page, from 1."""
    return min(max(number(args.get("page", "")) or 1, 1), _PAGES)


def options(
    categories: Sequence[Category], countries: Sequence[str | None]
) -> dict[str, list[tuple[str, Any]]]:
    """Give the choices of the filters."""
    named = sorted((country_name(code), code) for code in countries if code)
    return {
        "status": [("", gettext("Any")), *STATUSES.items()],
        "category": [("", gettext("Any")), *((row.code, text_in(row.name)) for row in categories)],
        "country": [("", gettext("Any")), *((code, name) for name, code in named)],
        "attended": [
            ("", gettext("Any")),
            ("yes", gettext("Came")),
            ("no", gettext("Did not come")),
        ],
        "member": [
            ("", gettext("Any")),
            ("yes", gettext("For a member")),
            ("no", gettext("For no member")),
        ],
    }


def sort_link(asked: Asked, name: str) -> dict[str, str]:
    """Give address and state of the sort link of a column; pressed again it turns the order round."""
    current = asked.wanted.sort
    descending = current == name
    state = (
        {"sorted": "descending" if current.startswith("-") else "ascending"}
        if current.lstrip("-") == name
        else {}
    )
    return {"sort": asked.query(sort=f"-{name}" if descending else name, page=""), **state}
