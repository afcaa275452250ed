"""The figures of an event and of a year: exact, for those who may see them; files, frozen figures, publication."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flask import Response, flash, redirect, render_template, request, url_for

from eventsys.accounts.rules import Permission
from eventsys.core.errors import NotFound
from eventsys.core.i18n import gettext
from eventsys.events.queries import get_event
from eventsys.statistics.operations.freeze import freeze_event
from eventsys.statistics.operations.publish import publish, withdraw
from eventsys.statistics.queries import labels
from eventsys.statistics.queries.event import event_figures
from eventsys.statistics.queries.files import csv_of, csv_of_table, xlsx_of
from eventsys.statistics.queries.frozen import get_frozen, list_frozen
from eventsys.statistics.queries.report import event_report
from eventsys.statistics.queries.tables.event import event_tables, veil_of
from eventsys.statistics.queries.tables.model import OPEN
from eventsys.statistics.rules.hiding import DEFAULT_K
from eventsys.statistics.rules.ladder import Rung
from eventsys.web.office.blueprint import bp
from eventsys.web.office.navigation import event_page
from eventsys.web.shared import figures_page
from eventsys.web.shared.access import current_actor, requires
from eventsys.web.shared.clock import now

if TYPE_CHECKING:
    from collections.abc import Iterable

    from flask.typing import ResponseReturnValue

    from eventsys.statistics.queries.figures import Figures
    from eventsys.statistics.queries.tables.model import Table
    from eventsys.statistics.rules.publication import Veil

TYPES = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "pdf": "application/pdf",
}


def wanted_rung(text: str | None) -> Rung:
    """Read a rung from an address or a form; anything else is the rung of attendance."""
    return Rung(text) if text in set(Rung) else Rung.ATTENDED


def rung_names() -> dict[str, str]:
    """Name the rungs in the order of the ladder."""
    return {rung.value: labels.rung_label(rung.value) for rung in Rung}


def attachment(pieces: Iterable[bytes], name: str, ending: str) -> Response:
    """Answer with a file; it is made before the answer begins, so a failure is a page and not half a file."""
    response = Response(b"".join(pieces), content_type=TYPES[ending])
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


@bp.get("/events/<slug>/statistics")
@requires(Permission.FIGURES)
def event_statistics(slug: str) -> str:
    """Show the figures of one rung, exactly."""
    event = get_event(slug)
    figures = event_figures(slug, wanted_rung(request.args.get("rung")), now=now())
    return render_template(
        "office/statistics/event.html",
        **figures_page.page_of(figures),
        sentences=figures_page.sentences(figures),
        rungs=list(rung_names().items()),
        rung_names=rung_names(),
        published_label=labels.rung_label(event.figures_rung),
        frozen=list_frozen(event.id),
        frozen_url=lambda frozen_id: url_for(
            "office.frozen_figures", slug=slug, frozen_id=frozen_id
        ),
        freeze_url=url_for("office.freeze_figures", slug=slug),
        **event_page(event, "statistics"),
    )


def _file(figures: Figures, ending: str, hidden: Veil) -> Response:
    name = figures_page.file_name(figures, ending)
    if ending == "pdf":
        return attachment([event_report(figures, hidden)], name, ending)
    tables = event_tables(figures, hidden)
    return attachment(csv_of(tables) if ending == "csv" else xlsx_of(tables), name, ending)


@bp.get("/events/<slug>/statistics/figures.<any(csv, xlsx, pdf):ending>")
@requires(Permission.FIGURES)
def figures_file(slug: str, ending: str) -> Response:
    """Give all figures of a rung as one file; with ``share=1`` small groups are hidden."""
    figures = event_figures(slug, wanted_rung(request.args.get("rung")), now=now())
    share = request.args.get("share") == "1"
    hidden = veil_of(figures, get_event(slug).small_group or DEFAULT_K) if share else OPEN
    return _file(figures, ending, hidden)


@bp.get("/events/<slug>/statistics/tables/<table>.csv")
@requires(Permission.FIGURES)
def figures_table(slug: str, table: str) -> Response:
    """Give one table as CSV."""
    rung = wanted_rung(request.args.get("rung"))
    return attachment(csv_of_table(_table(slug, rung, table)), f"{slug}-{rung}-{table}.csv", "csv")


@bp.get("/events/<slug>/statistics/tables/<table>")
@requires(Permission.FIGURES)
def figures_table_page(slug: str, table: str) -> str:
    """Show one table whole: a congress has hundreds of cities, too many for the page of all figures."""
    event, rung = get_event(slug), wanted_rung(request.args.get("rung"))
    return render_template(
        "office/statistics/table.html",
        table=_table(slug, rung, table),
        rung=rung.value,
        rung_label=labels.rung_label(rung.value),
        rung_meaning=labels.rung_meaning(rung.value),
        **event_page(event, "statistics"),
    )


def _table(slug: str, rung: Rung, key: str) -> Table:
    tables = event_tables(event_figures(slug, rung, now=now()))
    found = next((table for table in tables if table.key == key), None)
    if found is None:
        raise NotFound(what="table")
    return found


@bp.post("/events/<slug>/statistics/freeze")
@requires(Permission.FIGURES)
def freeze_figures(slug: str) -> ResponseReturnValue:
    """Freeze the figures of a rung."""
    rung = wanted_rung(request.form.get("rung"))
    title = request.form.get("title", "").strip()
    frozen = freeze_event(slug, rung, title=title, actor=current_actor(), now=now())
    flash(gettext("The figures are frozen."), "success")
    return redirect(url_for("office.frozen_figures", slug=slug, frozen_id=frozen), 303)


@bp.get("/events/<slug>/statistics/frozen/<int:frozen_id>")
@requires(Permission.FIGURES)
def frozen_figures(slug: str, frozen_id: int) -> str:
    """Show frozen figures as they were."""
    event = get_event(slug)
    row, figures = get_frozen(frozen_id, event_id=event.id)
    context: dict[str, Any] = figures_page.page_of(figures)
    return render_template(
        "office/statistics/frozen.html", row=row, **context, **event_page(event, "statistics")
    )


@bp.get("/events/<slug>/statistics/frozen/<int:frozen_id>.<any(csv, xlsx, pdf):ending>")
@requires(Permission.FIGURES)
def frozen_file(slug: str, frozen_id: int, ending: str) -> Response:
    """Give frozen figures as a file."""
    _row, figures = get_frozen(frozen_id, event_id=get_event(slug).id)
    return _file(figures, ending, OPEN)


@bp.post("/events/<slug>/statistics/publish")
@requires(Permission.FIGURES_PUBLISH)
def publish_figures(slug: str) -> ResponseReturnValue:
    """Freeze the figures of a rung and show them to the public, small groups hidden."""
    raw = request.form.get("small_group", "")
    small_group = int(raw) if raw.isascii() and raw.isdigit() and len(raw) < 3 else 0
    rung = wanted_rung(request.form.get("rung"))
    publish(slug, rung, small_group, actor=current_actor(), now=now())
    flash(gettext("The figures are public."), "success")
    return redirect(url_for("office.event_statistics", slug=slug, rung=rung.value), 303)


@bp.post("/events/<slug>/statistics/withdraw")
@requires(Permission.FIGURES_PUBLISH)
def withdraw_figures(slug: str) -> ResponseReturnValue:
    """Take the figures off the public pages."""
    withdraw(slug, actor=current_actor(), now=now())
    flash(gettext("The figures are no longer public."), "success")
    return redirect(url_for("office.event_statistics", slug=slug), 303)
