"""Members and other organisations: list, add, change, periods, further cities, download."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, NamedTuple

from flask import Response, flash, redirect, render_template, request, url_for

from eventsys.accounts.rules import Permission
from eventsys.core.errors import NotFound
from eventsys.core.i18n import current_language, gettext
from eventsys.core.text import clean
from eventsys.files.sheets import csv_stream
from eventsys.members.errors import InvalidMember, MemberExists
from eventsys.members.operations import edit
from eventsys.members.operations.create import create_member
from eventsys.members.queries import (
    OrganisationFilter,
    export_rows,
    get_organisation,
    list_further_cities,
    list_new_members,
    list_organisations,
    list_periods,
    members_on,
)
from eventsys.members.rules import COLUMNS, MORE_COLUMNS, Period
from eventsys.places.queries import find_city, get_cities
from eventsys.web.office.blueprint import bp
from eventsys.web.office.city_choice import CityForm
from eventsys.web.office.members_forms import MemberForm, NewMemberForm, PeriodForm, form_data
from eventsys.web.office.members_labels import KINDS, NATURES, REGIONS
from eventsys.web.office.paging import Pages, page_number
from eventsys.web.office.problems import show_refusal
from eventsys.web.office.texts import text_fields
from eventsys.web.shared.access import current_actor, requires
from eventsys.web.shared.clock import now

if TYPE_CHECKING:
    from collections.abc import Sequence

    from flask.typing import ResponseReturnValue

    from eventsys.members.queries import Organisation

REFUSED = 422
SIZE = 50
OLDEST, LATEST = 1800, 2999


def _wanted() -> OrganisationFilter:
    given = {
        name: clean(request.args.get(name, "")[:100])
        for name in ("words", "kind", "region", "country", "state")
    }
    return OrganisationFilter(**given)


def _day() -> date | None:
    """Read the day as of which members are asked for; None for none, and for what is no day of our time."""
    try:
        day = date.fromisoformat(request.args.get("day", "")[:10])
    except ValueError:
        return None
    return day if OLDEST <= day.year <= LATEST else None


class Standing(NamedTuple):
    """How an organisation stands on a day: member, ended, later or none, and the period that says so."""

    kind: str
    period: Period | None = None


def _standing(periods: Sequence[Period], day: date) -> Standing:
    running = next((period for period in periods if period.covers(day)), None)
    if running is not None:
        return Standing("member", running)
    ended = [period for period in periods if period.since < day]
    if ended:
        return Standing("ended", ended[-1])
    return Standing("later", periods[0]) if periods else Standing("none")


@bp.get("/members")
@requires(Permission.MEMBERS)
def list_of_members() -> str:
    """List organisations as of today or another day, filtered, in pages."""
    wanted, asked = _wanted(), _day()
    day = asked or now().date()
    number = page_number()
    rows, total = list_organisations(wanted, day=day, page=number, size=SIZE)
    periods = list_periods([row.id for row in rows])
    return render_template(
        "office/members/list.html",
        rows=rows,
        wanted=wanted,
        pages=Pages(number, SIZE, total),
        standing={row.id: _standing(periods.get(row.id, ()), day) for row in rows},
        cities=get_cities([row.city_id for row in rows]),
        asked=asked,
        day=day,
        members_then=members_on(day),
        new_members=list_new_members(day.year),
        kinds=KINDS,
        natures=NATURES,
        regions=REGIONS,
    )


@bp.get("/members.csv")
@requires(Permission.MEMBERS)
def download_members() -> Response:
    """Give the list as a file in the columns of the import."""
    day = _day() or now().date()
    rows = list(export_rows(_wanted(), day=day, language=current_language()))
    answer = Response(csv_stream((*COLUMNS, *MORE_COLUMNS), rows), mimetype="text/csv")
    answer.headers["Content-Disposition"] = 'attachment; filename="members.csv"'
    return answer


@bp.route("/members/new", methods=["GET", "POST"])
@requires(Permission.MEMBERS)
def new_member() -> ResponseReturnValue:
    """Add an organisation."""
    form = NewMemberForm()
    status = 200
    if form.is_submitted():
        status = REFUSED
        if form.validate():
            period = Period(form.since.data) if form.since.data else None
            try:
                made = create_member(form.draft(), period, actor=current_actor(), now=now())
            except (InvalidMember, MemberExists) as error:
                show_refusal(form, error, "name")
            else:
                flash(gettext("“%(name)s” is added.", name=made.name), "ok")
                return redirect(url_for("office.change_member", organisation_id=made.id), 303)
    return render_template("office/members/new.html", form=form, text_fields=text_fields), status


@bp.route("/members/<int:organisation_id>", methods=["GET", "POST"])
@requires(Permission.MEMBERS)
def change_member(organisation_id: int) -> ResponseReturnValue:
    """Show and change an organisation."""
    organisation = get_organisation(organisation_id)
    form = MemberForm() if request.method == "POST" else MemberForm(data=form_data(organisation))
    status = 200
    if form.is_submitted():
        status = REFUSED
        if form.validate():
            try:
                edit.save_organisation(
                    form.draft(),
                    organisation_id=organisation_id,
                    actor=current_actor(),
                    now=now(),
                )
            except (InvalidMember, MemberExists) as error:
                show_refusal(form, error, "name")
            else:
                flash(gettext("Saved."), "ok")
                return _back(organisation_id)
    return _page(organisation, form, status)


def _back(organisation_id: int) -> ResponseReturnValue:
    return redirect(url_for("office.change_member", organisation_id=organisation_id), 303)


def _page(
    organisation: Organisation,
    form: MemberForm,
    status: int,
    *,
    period_form: PeriodForm | None = None,
    city_form: CityForm | None = None,
) -> ResponseReturnValue:
    further = get_cities(list_further_cities(organisation.id))
    language = current_language()
    html = render_template(
        "office/members/member.html",
        organisation=organisation,
        form=form,
        text_fields=text_fields,
        periods=list_periods([organisation.id]).get(organisation.id, []),
        period_form=period_form or PeriodForm(formdata=None),
        city_form=city_form or CityForm(formdata=None, prefix="further-"),
        further=[(key, city.name_in(language), city.country) for key, city in further.items()],
        today=now().date(),
    )
    return html, status


@bp.post("/members/<int:organisation_id>/periods")
@requires(Permission.MEMBERS)
def add_period(organisation_id: int) -> ResponseReturnValue:
    """Add a period of membership, or end the one that began on a day."""
    organisation = get_organisation(organisation_id)
    form = PeriodForm()
    if form.validate():
        try:
            edit.save_period(organisation_id, form.period(), actor=current_actor(), now=now())
        except InvalidMember as error:
            show_refusal(form, error)
        else:
            flash(gettext("The period is saved."), "ok")
            return _back(organisation_id)
    filled = MemberForm(formdata=None, data=form_data(organisation))
    return _page(organisation, filled, REFUSED, period_form=form)


@bp.post("/members/<int:organisation_id>/periods/<since>/remove")
@requires(Permission.MEMBERS)
def remove_period(organisation_id: int, since: str) -> ResponseReturnValue:
    """Remove a period that was entered by mistake."""
    try:
        day = date.fromisoformat(since)
    except ValueError:
        raise NotFound from None
    edit.remove_period(organisation_id, day, actor=current_actor(), now=now())
    flash(gettext("The period is removed."), "ok")
    return _back(organisation_id)


@bp.post("/members/<int:organisation_id>/cities")
@requires(Permission.MEMBERS)
def add_city(organisation_id: int) -> ResponseReturnValue:
    """Add a further city that the organisation stands for."""
    organisation = get_organisation(organisation_id)
    form = CityForm(prefix="further-")
    if form.validate():
        if form.city_found is not None:
            edit.add_city(organisation_id, form.city_found, actor=current_actor(), now=now())
            flash(gettext("The city is added."), "ok")
            return _back(organisation_id)
        form.city.errors = [gettext("Enter a city")]
    filled = MemberForm(formdata=None, data=form_data(organisation))
    return _page(organisation, filled, REFUSED, city_form=form)


@bp.post("/members/<int:organisation_id>/cities/<int:city_id>/remove")
@requires(Permission.MEMBERS)
def remove_city(organisation_id: int, city_id: int) -> ResponseReturnValue:
    """Take a further city away."""
    edit.remove_city(organisation_id, city_id, actor=current_actor(), now=now())
    city = find_city(city_id)
    flash(
        gettext(
            "“%(name)s” is taken away.", name=city.name_in(current_language()) if city else city_id
        ),
        "ok",
    )
    return _back(organisation_id)
