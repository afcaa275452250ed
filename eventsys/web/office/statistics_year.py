"""The year's book of figures: page, files, frozen figures. It needs the permission for everything."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any, Final

from flask import Response, flash, redirect, render_template, request, url_for

from eventsys.accounts.rules import Permission
from eventsys.core.errors import NotFound
from eventsys.core.i18n import LANGUAGES, OWN_NAMES, gettext
from eventsys.statistics.operations.freeze import freeze_year
from eventsys.statistics.queries import labels
from eventsys.statistics.queries.files import csv_of, xlsx_of
from eventsys.statistics.queries.frozen import get_frozen_of_year, list_frozen_of_year
from eventsys.statistics.queries.report import year_report
from eventsys.statistics.queries.sentence import year_sentences
from eventsys.statistics.queries.tables.year import year_tables
from eventsys.statistics.queries.year import year_figures, years_with_events
from eventsys.web.office.blueprint import bp
from eventsys.web.office.statistics import attachment, rung_names, wanted_rung
from eventsys.web.shared import charts
from eventsys.web.shared.access import current_actor, requires
from eventsys.web.shared.clock import now

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue

    from eventsys.statistics.queries.year import YearFigures

YEARS: Final = range(1900, 2201)


def _known(year: int) -> int:
    if year not in YEARS:
        raise NotFound(what="year")
    return year


def _page(figures: YearFigures) -> dict[str, Any]:
    tables = {table.key: table for table in year_tables(figures)}
    return {
        "figures": figures,
        "tables": tables,
        "bars": {
            key: charts.bars(tables[key]) for key in ("by_kind", "by_country") if key in tables
        },
        "gender_rows": charts.gender_rows(figures.participations, tables),
        "gender_parts": charts.gender_parts(),
        "known_note": charts.known_note(tables),
        "rung_label": labels.rung_label(figures.rung),
        "rung_meaning": labels.rung_meaning(figures.rung),
        "data_at": datetime.fromisoformat(figures.data_at),
    }


@bp.get("/statistics")
@requires(Permission.FIGURES)
def years() -> ResponseReturnValue:
    """Lead to the latest year that has events and has begun."""
    today = now().year
    past = [year for year in years_with_events() if year <= today]
    return redirect(url_for("office.year_statistics", year=past[0] if past else today))


@bp.get("/statistics/<int:year>")
@requires(Permission.FIGURES)
def year_statistics(year: int) -> str:
    """Show a year on one rung: participations and unique persons, by event and in total."""
    figures = year_figures(_known(year), wanted_rung(request.args.get("rung")), now=now())
    return render_template(
        "office/statistics/year.html",
        **_page(figures),
        years=years_with_events(),
        rungs=list(rung_names().items()),
        rung_names=rung_names(),
        sentences=[
            {"code": code, "name": OWN_NAMES[code], "text": " ".join(year_sentences(figures, code))}
            for code in LANGUAGES
        ],
        frozen=list_frozen_of_year(year),
        frozen_url=lambda frozen_id: url_for(
            "office.frozen_year", year=year, frozen_year_id=frozen_id
        ),
        freeze_url=url_for("office.freeze_figures_of_year", year=year),
    )


@bp.get("/statistics/<int:year>/figures.<any(csv, xlsx, pdf):ending>")
@requires(Permission.FIGURES)
def year_file(year: int, ending: str) -> Response:
    """Give the figures of a year as one file."""
    return _file(
        year_figures(_known(year), wanted_rung(request.args.get("rung")), now=now()), ending
    )


def _file(figures: YearFigures, ending: str) -> Response:
    name = f"{figures.year}-{figures.rung}.{ending}"
    if ending == "pdf":
        return attachment([year_report(figures)], name, ending)
    tables = year_tables(figures)
    return attachment(csv_of(tables) if ending == "csv" else xlsx_of(tables), name, ending)


@bp.post("/statistics/<int:year>/freeze")
@requires(Permission.FIGURES)
def freeze_figures_of_year(year: int) -> ResponseReturnValue:
    """Freeze the figures of a year on a rung."""
    rung = wanted_rung(request.form.get("rung"))
    title = request.form.get("title", "").strip()
    frozen = freeze_year(_known(year), rung, title=title, actor=current_actor(), now=now())
    flash(gettext("The figures are frozen."), "success")
    return redirect(url_for("office.frozen_year", year=year, frozen_year_id=frozen), 303)


@bp.get("/statistics/<int:year>/frozen/<int:frozen_year_id>")
@requires(Permission.FIGURES)
def frozen_year(year: int, frozen_year_id: int) -> str:
    """Show the frozen figures of a year as they were."""
    row, figures = get_frozen_of_year(frozen_year_id, year=year)
    return render_template("office/statistics/frozen_year.html", row=row, **_page(figures))


@bp.get("/statistics/<int:year>/frozen/<int:frozen_year_id>.<any(csv, xlsx, pdf):ending>")
@requires(Permission.FIGURES)
def frozen_year_file(year: int, frozen_year_id: int, ending: str) -> Response:
    """Give the frozen figures of a year as a file."""
    _row, figures = get_frozen_of_year(frozen_year_id, year=year)
    return _file(figures, ending)
