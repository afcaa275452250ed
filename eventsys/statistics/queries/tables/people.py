"""Tables of people: gender, category, members, organisations."""

from __future__ import annotations

from typing import TYPE_CHECKING

from eventsys.core.i18n import country_name, text_in
from eventsys.core.i18n import gettext as _
from eventsys.statistics.queries import labels
from eventsys.statistics.queries.tables.model import OPEN, Cell, Row, Table, people_table
from eventsys.statistics.rules.shares import GENDERS, KNOWN_GENDERS, Composition

if TYPE_CHECKING:
    from collections.abc import Mapping

    from eventsys.statistics.queries.figures import Figures
    from eventsys.statistics.rules.publication import Veil


def _shares(
    cells: Mapping[str, int], table: str, hidden: Veil, prefix: str = ""
) -> list[tuple[Cell, Cell]]:
    """Give count and percentage by gender; no percentage where a hidden cell could be worked out from it."""
    composition = Composition(cells)
    shown = not any(hidden.hides(table, prefix + gender) for gender in KNOWN_GENDERS)
    return [
        (
            None if hidden.hides(table, prefix + gender) else cells.get(gender, 0),
            composition.share(gender) if shown else None,
        )
        for gender in GENDERS
    ]


def gender(figures: Figures, hidden: Veil) -> Table:
    """Tabulate everybody by gender."""
    return gender_table("gender", _("Gender"), figures.gender, hidden)


def gender_table(
    key: str,
    title: str,
    cells: Mapping[str, int],
    hidden: Veil = OPEN,
    *,
    table: str = "gender",
    prefix: str = "",
) -> Table:
    """Tabulate counts by gender with the share of known answers. ``table``, ``prefix``: where the veil has them."""
    shares = _shares(cells, table, hidden, prefix)
    rows = tuple(
        Row(gender, labels.gender_label(gender), pair)
        for gender, pair in zip(GENDERS, shares, strict=True)
    )
    withheld = table in hidden.withheld or not any(cells.values())
    columns = (_("People"), _("Share of known answers"))
    return Table(key, title, _("Gender"), ("people", "share"), columns, () if withheld else rows)


def by_category(figures: Figures, hidden: Veil) -> Table:
    """Tabulate everybody by category."""
    rows = [
        (
            code,
            labels.category_label(code, figures.category_names),
            None if hidden.hides("category", code) else n,
        )
        for code, n in figures.by_category.items()
    ]
    shown = [] if "category" in hidden.withheld else rows
    return people_table(shown, "by_category", _("Categories"), _("Category"))


def members(figures: Figures, hidden: Veil) -> Table:
    """Tabulate representatives of members and others."""
    pairs = (
        ("members", _("Representatives of members"), figures.member_representatives),
        ("others", _("Others"), figures.non_members),
    )
    shown = [] if "members" in hidden.withheld else pairs
    rows = [(key, label, None if hidden.hides("members", key) else n) for key, label, n in shown]
    return people_table(rows, "members", _("Members and others"), _("Group"))


def organisations(figures: Figures, _hidden: Veil) -> Table:
    """List the organisations represented; for the office."""
    rows = [
        Row(
            str(number),
            text_in(entry["names"]) or entry["name"],
            (
                _("Member") if entry["member"] else _("Not a member"),
                labels.region_label(entry["region"]),
                entry["n"],
            ),
        )
        for number, entry in enumerate(figures.organisations, start=1)
    ]
    columns = (_("Membership on the first day"), _("Region"), _("People"))
    title = _("Organisations represented")
    return Table(
        "organisations",
        title,
        _("Organisation"),
        ("member", "region", "people"),
        columns,
        tuple(rows),
    )


def _crossed(
    key: str, titles: tuple[str, str], figures: Figures, names: Mapping[str, str], hidden: Veil
) -> Table:
    table: Mapping[str, Mapping[str, int]] = getattr(figures, key)
    rows = []
    for code, cells in table.items():
        if not any(cells.values()):
            continue
        counts = [
            None if hidden.hides(key, f"{code}/{gender}") else cells[gender] for gender in GENDERS
        ]
        secret = any(hidden.hides(key, f"{code}/{gender}") for gender in KNOWN_GENDERS)
        total = None if hidden.hides("category", code) else sum(cells.values())
        share = None if secret else Composition(cells).share("woman")
        rows.append(Row(code, names[code], (*counts, total, share)))
    keys = (*GENDERS, "total", "women_share")
    genders = (labels.gender_label(gender) for gender in GENDERS)
    columns = (*genders, _("Total"), _("Share of women"))
    title, head = titles
    return Table(key, title, head, keys, columns, () if key in hidden.withheld else tuple(rows))


def gender_by_category(figures: Figures, hidden: Veil) -> Table:
    """Tabulate gender in each category."""
    names = {
        code: labels.category_label(code, figures.category_names)
        for code in figures.gender_by_category
    }
    return _crossed(
        "gender_by_category", (_("Gender by category"), _("Category")), figures, names, hidden
    )


def gender_by_country(figures: Figures, hidden: Veil) -> Table:
    """Tabulate gender in each country; for the office."""
    names = {code: country_name(code) for code in figures.gender_by_country}
    titles = (_("Gender by country or territory"), _("Country or territory"))
    return _crossed("gender_by_country", titles, figures, names, hidden)


def speakers(figures: Figures, hidden: Veil) -> Table:
    """Tabulate unique speakers by gender."""
    title = _("Speakers by gender")
    if hidden is OPEN:
        return gender_table("speakers_by_gender", title, figures.speakers_by_gender)
    # In public the speakers are one row of gender by category, and protected there.
    row = figures.gender_by_category.get("speaker", {})
    same = {gender: n for gender, n in row.items() if n} == figures.speakers_by_gender
    cells = row if same else {}
    return gender_table(
        "speakers_by_gender", title, cells, hidden, table="gender_by_category", prefix="speaker/"
    )
