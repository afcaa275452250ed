"""The calendar: what comes, what was, by kind, year and country; as pages and as a feed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from flask import Response, render_template, request

from eventsys.core.i18n import country_name, current_language, gettext
from eventsys.events.queries import CalendarFilter, list_calendar_choices, list_published
from eventsys.events.rules import KINDS as ALL_KINDS
from eventsys.files.calendar import calendar as make_calendar
from eventsys.web.public.blueprint import bp
from eventsys.web.public.entries import calendar_entry
from eventsys.web.public.present import event_view
from eventsys.web.shared.access import public
from eventsys.web.shared.clock import now
from eventsys.web.shared.labels import KINDS
from eventsys.web.shared.pages import settings

if TYPE_CHECKING:
    from eventsys.web.public.present import EventView

FIRST_YEAR: Final = 1900
LAST_YEAR: Final = 2200


def _wanted() -> CalendarFilter:
    """Read the filter from the address; what makes no sense is left out rather than refused."""
    year, kind, country = (
        request.args.get("year", ""),
        request.args.get("kind", ""),
        request.args.get("country", ""),
    )
    sensible = (
        year.isascii() and year.isdigit() and len(year) <= 4 and FIRST_YEAR < int(year) < LAST_YEAR
    )
    return CalendarFilter(
        past=request.args.get("when") == "past",
        kind=kind if kind in ALL_KINDS else None,
        year=int(year) if sensible else None,
        country=country.upper()
        if len(country) == 2 and country.isascii() and country.isalpha()
        else None,
    )


@bp.get("/")
@public
def calendar() -> str:
    """Show the calendar."""
    wanted = _wanted()
    views = [event_view(event, (), now=now()) for event in list_published(wanted, now=now())]
    choices = list_calendar_choices(now=now())
    return render_template(
        "public/calendar/calendar.html",
        groups=_by_year(views),
        count=len(views),
        wanted=wanted,
        years=[
            (str(year), str(year))
            for year in sorted({item[0].year for item in choices}, reverse=True)
        ],
        kinds=[
            (kind, str(KINDS[kind]))
            for kind in ALL_KINDS
            if any(kind == used for _, used, _ in choices)
        ],
        countries=sorted(
            (
                (code, country_name(code))
                for code in {country for _, _, country in choices if country}
            ),
            key=lambda pair: pair[1],
        ),
    )


def _by_year(views: list[EventView]) -> list[tuple[int, list[EventView]]]:
    groups: dict[int, list[EventView]] = {}
    for view in views:
        groups.setdefault(view.event.starts_at.year, []).append(view)
    return list(groups.items())


@bp.get("/calendar.ics")
@public
def feed() -> Response:
    """Give all published events as a feed that calendars subscribe to."""
    coming = list_published(CalendarFilter(), now=now())
    past = list_published(CalendarFilter(past=True), now=now())
    name = f"{settings().site_name}{gettext(':')} {gettext('Events')}"
    made = make_calendar(
        [calendar_entry(event) for event in (*past, *coming)],
        name=name,
        language=current_language(),
    )
    return Response(
        made, mimetype="text/calendar", headers={"Cache-Control": "public, max-age=900"}
    )
