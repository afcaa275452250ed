"""Income, open items and the ledger for accounting: of one event, and of all."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import TYPE_CHECKING, Any, Final
from zoneinfo import ZoneInfo

from flask import Response, abort, render_template, request, stream_with_context, url_for

from eventsys.accounts.rules import Permission
from eventsys.core.i18n import format_month, gettext, lazy, text_in
from eventsys.events.queries import get_event, get_event_by_id, list_categories
from eventsys.payments.operations.note_export import note_ledger_export
from eventsys.payments.queries.bookings import count_unbooked, sum_booked
from eventsys.payments.queries.movements import LedgerFilter
from eventsys.payments.rules.ages import CLASSES, age_class
from eventsys.registration.queries.income import IncomeFilter, sum_income, sum_methods, sum_up
from eventsys.registration.queries.money import list_open_items
from eventsys.web.office.blueprint import bp
from eventsys.web.office.bookings_export import stream_bookings
from eventsys.web.office.ledger_export import TYPES, stream_ledger
from eventsys.web.office.money_words import ACCOUNTS
from eventsys.web.office.payments_tabs import money_page
from eventsys.web.shared.access import current_actor, requires
from eventsys.web.shared.clock import now

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from eventsys.events.queries import Event
    from eventsys.registration.queries.money import MoneyRow

AGES: Final[dict[str, Any]] = {
    "not_due": lazy("Not due yet"),
    "to_30": lazy("0 to 30 days"),
    "to_60": lazy("31 to 60 days"),
    "to_90": lazy("61 to 90 days"),
    "over_90": lazy("more than 90 days"),
}
#: What can be taken away, by what stands before the kind of file: the name of the file, and who writes it.
EXPORTS: Final = {"": ("ledger", stream_ledger), "stripe": ("stripe", stream_bookings)}
#: As many open items as a page shows; the sums count all.
MOST_SHOWN: Final = 500


@dataclass(frozen=True, slots=True)
class Period:
    """From a day to a day, both included, as they stand in the address; on the clock of ``zone``."""

    since: date | None
    until: date | None
    zone: str

    @property
    def begins(self) -> datetime | None:
        """Give its first moment."""
        return self._start(self.since) if self.since else None

    @property
    def ends(self) -> datetime | None:
        """Give the first moment after it."""
        return self._start(self.until + timedelta(days=1)) if self.until else None

    def _start(self, day: date) -> datetime:
        return datetime.combine(day, time(), ZoneInfo(self.zone)).astimezone(UTC)

    @property
    def texts(self) -> dict[str, str]:
        """Give it as fields of a form hold it."""
        days = {"since": self.since, "until": self.until}
        return {name: day.isoformat() for name, day in days.items() if day}


def _period(values: Any, event: Event | None) -> Period:  # noqa: ANN401 (a MultiDict)
    return Period(
        _day(values.get("since", "")),
        _day(values.get("until", "")),
        event.timezone if event else "UTC",
    )


def _day(text: str) -> date | None:
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return None
    return day if 1900 <= day.year <= 2200 else None


@bp.get("/payments/income")
@requires(Permission.PAYMENTS_VIEW)
def all_income() -> str:
    """Show what came in by event, month and way of paying."""
    return _income(None)


@bp.get("/events/<slug>/payments/income")
@requires(Permission.PAYMENTS_VIEW)
def event_income(slug: str) -> str:
    """Show what came in for one event by category, month and way of paying."""
    return _income(get_event(slug))


def _income(event: Event | None) -> str:
    period = _period(request.args, event)
    wanted = IncomeFilter(event.id if event else None, period.begins, period.ends)
    part = LedgerFilter(wanted.event_id, wanted.since, wanted.until)
    first = "category" if event else "event"
    name = _category_name(event) if event else _event_name
    firsts, months = sum_income(wanted, first), sum_income(wanted, "month")
    words = (gettext("By event"), gettext("Event"))
    if event:
        words = (gettext("By category"), gettext("Category"))
    return render_template(
        "office/payments/income.html",
        period=period,
        groups=[
            (*words, _named(firsts, name), sum_up(firsts)),
            (gettext("By month"), gettext("Month"), _named(months, _month_name), sum_up(months)),
        ],
        methods=[(str(ACCOUNTS[row.key]), row) for row in sum_methods(wanted)],
        booked=[(_month_name(row.month), row) for row in sum_booked(part)],
        unbooked=count_unbooked(part.event_id),
        export_url=url_for("office.export_event_ledger", slug=event.slug) if event else url_for("office.export_ledger"),
        **money_page(event, "income"),
    )  # fmt: skip


def _named(rows: Sequence[Any], name: Callable[[Any], str]) -> list[tuple[str, Any]]:
    return [(name(row.key), row) for row in rows]


def _event_name(key: int | None) -> str:
    return text_in(get_event_by_id(key).title) if key else gettext("No event")


def _category_name(event: Event) -> Callable[[Any], str]:
    names = {row.id: text_in(row.name) for row in list_categories(event.id)}
    return lambda key: names.get(key, gettext("No category"))


def _month_name(key: str) -> str:
    return format_month(datetime.strptime(f"{key}-01 +0000", "%Y-%m-%d %z"))


@bp.get("/payments/open")
@requires(Permission.PAYMENTS_VIEW)
def all_open() -> str:
    """List what is owed at all events, by age."""
    return _open_items(None)


@bp.get("/events/<slug>/payments/open")
@requires(Permission.PAYMENTS_VIEW)
def event_open(slug: str) -> str:
    """List what is owed at one event, by age."""
    return _open_items(get_event(slug))


def _open_items(event: Event | None) -> str:
    zone = ZoneInfo(event.timezone if event else "UTC")
    today = now().astimezone(zone).date()
    sums: dict[str, dict[str, int]] = {}
    counts: dict[str, dict[str, int]] = {}
    shown: list[tuple[MoneyRow, str]] = []
    for row in list_open_items(event.id if event else None):
        age, currency = age_class(row.due_on, today), row.currency or ""
        sums.setdefault(currency, dict.fromkeys(CLASSES, 0))[age] += row.owed
        counts.setdefault(currency, dict.fromkeys(CLASSES, 0))[age] += 1
        if len(shown) < MOST_SHOWN:
            shown.append((row, age))
    return render_template(
        "office/payments/open.html",
        sums=sums,
        counts=counts,
        shown=shown,
        total=sum(sum(by_age.values()) for by_age in counts.values()),
        ages=AGES,
        events={row.event_id: get_event_by_id(row.event_id) for row, _age in shown},
        today=today,
        **money_page(event, "open"),
    )


@bp.post("/payments/ledger")
@requires(Permission.PAYMENTS_VIEW)
def export_ledger() -> Response:
    """Give the ledger of all events as a file. A POST, because taking it away is written to the log."""
    return _export(None)


@bp.post("/events/<slug>/payments/ledger")
@requires(Permission.PAYMENTS_VIEW)
def export_event_ledger(slug: str) -> Response:
    """Give the ledger of one event as a file."""
    return _export(get_event(slug))


@bp.get("/payments/ledger")
@requires(Permission.PAYMENTS_VIEW)
def back_to_income() -> Any:  # noqa: ANN401 (a redirect)
    """Lead from the address of the download to its page."""
    return all_income()


@bp.get("/events/<slug>/payments/ledger")
@requires(Permission.PAYMENTS_VIEW)
def back_to_event_income(slug: str) -> Any:  # noqa: ANN401 (a redirect)
    """Lead from the address of the download to its page."""
    return event_income(slug=slug)


def _export(event: Event | None) -> Response:
    wish = request.form.get("form", "csv")
    what, _, form = wish.rpartition("-")
    if form not in TYPES or what not in EXPORTS:
        abort(400)
    period = _period(request.form, event)
    event_id = event.id if event else None
    note_ledger_export(event_id, wish, period.texts, actor=current_actor(), now=now())
    wanted = LedgerFilter(event_id, period.begins, period.ends)
    name, stream = EXPORTS[what]
    name = f"{event.slug}-{name}" if event else name
    return Response(
        stream_with_context(stream(wanted, form, period.zone)),
        mimetype=TYPES[form],
        headers={"Content-Disposition": f'attachment; filename="{name}.{form}"'},
    )
