"""What was decided about places: names learnt and cities counted as others; each can be taken back."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from flask import flash, redirect, render_template, request, url_for
from wtforms import StringField

from eventsys.accounts.rules import Permission
from eventsys.core.errors import DomainError
from eventsys.core.i18n import current_language, gettext, lazy, ngettext
from eventsys.places.errors import AlreadyUndone
from eventsys.places.queries import find_city, get_cities, list_aliases, list_merges, resolve_city
from eventsys.registration.operations.review_places import (
    count_apart,
    count_as,
    decide_places,
    take_back,
)
from eventsys.web.office.blueprint import bp
from eventsys.web.office.city_choice import CityForm
from eventsys.web.office.paging import page_number
from eventsys.web.office.places import decided_words
from eventsys.web.office.problems import show_refusal
from eventsys.web.shared.access import current_actor, requires
from eventsys.web.shared.clock import now
from eventsys.web.shared.forms import AtMost, Filled, strip
from eventsys.web.shared.sentences import sentence

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue

    from eventsys.places.queries import City

REFUSED: Final = 422
SIZE: Final = 50


class AliasForm(CityForm):
    """A name to learn before anybody types it."""

    text = StringField(
        lazy("Name as people type it"),
        filters=[strip],
        validators=[Filled(lazy("Enter the name")), AtMost(200)],
    )
    note = StringField(lazy("Why?"), filters=[strip], validators=[AtMost(500)])


class MergeForm(CityForm):
    """A city to be counted as another one; the inherited fields are the one it is counted as."""

    other = StringField(
        lazy("City that is not to be counted by itself"),
        filters=[strip],
        validators=[Filled(lazy("Enter the city by name or by its GeoNames number")), AtMost(200)],
    )
    note = StringField(lazy("Why?"), filters=[strip], validators=[AtMost(500)])


def _decisions(form: AliasForm, status: int = 200) -> ResponseReturnValue:
    number = page_number()
    q = request.args.get("q", "")[:100]
    rows = list_aliases(q, limit=SIZE + 1, offset=(number - 1) * SIZE)
    page = {
        "rows": rows[:SIZE],
        "number": number,
        "more": len(rows) > SIZE,
        "q": q,
        "tab": "decisions",
    }
    cities = get_cities(row.city_id for row in rows)
    return render_template("office/places/decisions.html", form=form, cities=cities, **page), status


@bp.route("/places/decisions", methods=["GET", "POST"])
@requires(Permission.PLACES)
def place_decisions() -> ResponseReturnValue:
    """List what was decided about typed names, and learn one more."""
    form = AliasForm()
    if not form.is_submitted():
        return _decisions(form)
    if not form.validate() or form.city_found is None:
        if not form.errors:
            form.city.errors = [gettext("Enter a city")]
        return _decisions(form, REFUSED)
    typed, city_id = form.text.data or "", form.city_found
    try:
        reached = decide_places(
            [typed],
            form.country.data or None,
            city_id,
            actor=current_actor(),
            now=now(),
            note=form.note.data or "",
        )
    except DomainError as error:
        show_refusal(form, error, "text")
        return _decisions(form, REFUSED)
    flash(decided_words(typed, city_id, reached), "ok")
    return redirect(url_for("office.place_decisions"), 303)


@bp.post("/places/decisions/<int:alias_id>/take-back")
@requires(Permission.PLACES)
def take_back_decision(alias_id: int) -> ResponseReturnValue:
    """Take a decision back; what it had set is looked up anew."""
    try:
        reached = take_back(alias_id, actor=current_actor(), now=now())
    except AlreadyUndone as error:
        flash(sentence(error), "info")
        return redirect(url_for("office.place_decisions"), 303)
    flash(_taken_back(reached), "ok")
    return redirect(url_for("office.place_decisions"), 303)


def _taken_back(reached: int) -> str:
    return ngettext(
        "Taken back: %(n)s registration was looked up anew.",
        "Taken back: %(n)s registrations were looked up anew.",
        reached,
    )


def _merges(form: MergeForm, status: int = 200) -> ResponseReturnValue:
    rows = list_merges()
    cities = get_cities(number for row in rows for number in (row.from_city_id, row.into_city_id))
    return render_template(
        "office/places/merges.html", form=form, rows=rows, cities=cities, tab="merges"
    ), status


@bp.route("/places/merges", methods=["GET", "POST"])
@requires(Permission.PLACES)
def place_merges() -> ResponseReturnValue:
    """List the cities that are counted as others, and add one."""
    form = MergeForm()
    if not form.is_submitted():
        return _merges(form)
    valid = form.validate()
    other = _city_of(form.other.data or "", form.country.data or None)
    if valid and (other is None or form.city_found is None):
        name = "other" if other is None else "city"
        form[name].errors = [gettext("We do not know this city")]
        valid = False
    if not valid or other is None or form.city_found is None:
        return _merges(form, REFUSED)
    try:
        reached = count_as(
            other.id, form.city_found, actor=current_actor(), now=now(), note=form.note.data or ""
        )
    except DomainError as error:
        show_refusal(form, error, "city")
        return _merges(form, REFUSED)
    flash(
        ngettext("%(n)s registration was changed.", "%(n)s registrations were changed.", reached),
        "ok",
    )
    return redirect(url_for("office.place_merges"), 303)


def _city_of(text: str, country: str | None) -> City | None:
    """Find a city by its GeoNames number or its name."""
    if text.isascii() and text.isdigit() and len(text) < 10:
        return find_city(int(text))
    return find_city(resolve_city(text, country, current_language()).geonameid)


@bp.post("/places/merges/<int:merge_id>/take-back")
@requires(Permission.PLACES)
def take_back_merge(merge_id: int) -> ResponseReturnValue:
    """Count a city as itself again."""
    try:
        reached = count_apart(merge_id, actor=current_actor(), now=now())
    except AlreadyUndone as error:
        flash(sentence(error), "info")
        return redirect(url_for("office.place_merges"), 303)
    flash(_taken_back(reached), "ok")
    return redirect(url_for("office.place_merges"), 303)
