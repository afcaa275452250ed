"""Places to review: what was typed and not found for sure, decided by a person, once for all."""

from __future__ import annotations

from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import TYPE_CHECKING, Any, Final

from flask import flash, redirect, render_template, request, url_for
from wtforms import BooleanField, StringField

from eventsys.accounts.rules import Permission
from eventsys.core.errors import DomainError, NotFound
from eventsys.core.i18n import country_name, current_language, gettext, lazy, ngettext
from eventsys.core.text import fold
from eventsys.places.queries import find_alias, find_city, resolve_city, suggest
from eventsys.registration.operations.review_places import decide_places
from eventsys.registration.queries.undecided import (
    PAGE,
    Undecided,
    count_undecided,
    list_undecided,
    list_undecided_countries,
)
from eventsys.web.office.blueprint import bp
from eventsys.web.office.city_choice import CityForm
from eventsys.web.office.paging import Pages, page_number
from eventsys.web.office.problems import show_refusal
from eventsys.web.shared.access import current_actor, requires
from eventsys.web.shared.clock import now
from eventsys.web.shared.forms import AtMost, strip

if TYPE_CHECKING:
    from collections.abc import Sequence

    from flask.typing import ResponseReturnValue

REFUSED: Final = 422
SUGGESTIONS: Final = 4
ALIKE: Final = 0.72
BEGINNING: Final = 5
MOST_ALIKE: Final = 12


@dataclass(frozen=True, slots=True)
class Choice:
    """A city that may be meant, in words that tell it from its namesakes."""

    id: int
    label: str


class DecisionForm(CityForm):
    """Which city a text means, and for whom that holds."""

    note = StringField(lazy("Why?"), filters=[strip], validators=[AtMost(500)])
    everywhere = BooleanField(lazy("The text means this city whatever country was chosen"))


def suggestions(typed: str, country: str, limit: int = SUGGESTIONS) -> list[Choice]:
    """Suggest cities for a text: what the resolver weighs, else what begins alike."""
    language = current_language()
    answer = resolve_city(typed, country or None, language)
    found = [
        Choice(
            item.geonameid,
            ", ".join(
                part for part in (item.name, item.region, country_name(item.country)) if part
            ),
        )
        for item in answer.alternatives
    ]
    if answer.geonameid is not None and answer.name:
        found.insert(0, Choice(answer.geonameid, f"{answer.name}, {country_name(answer.country)}"))
    if not found and typed:
        near = suggest(typed[:BEGINNING], country or None, language, limit=limit)
        found = [Choice(item.id, item.label) for item in near if _ratio(typed, item.name) >= ALIKE]
    return found[:limit]


def _ratio(one: str, other: str) -> float:
    return SequenceMatcher(None, fold(one), fold(other)).ratio()


@bp.get("/places")
@requires(Permission.PLACES)
def places_queue() -> str:
    """List the typed places that wait for a decision, those of most registrations first."""
    country = request.args.get("country", "").upper()[:2]
    number = page_number()
    texts, registrations = count_undecided()
    rows = list_undecided(country=country, page=number)
    return render_template(
        "office/places/queue.html",
        tab="queue",
        rows=[(row, suggestions(row.typed, row.country)) for row in rows],
        country=country,
        countries=sorted((country_name(code), code) for code in list_undecided_countries()),
        texts=texts,
        registrations=registrations,
        pages=Pages(
            number, PAGE, texts if not country else len(list_undecided(country=country, size=None))
        ),
    )


def _row(typed: str, country: str) -> Undecided | None:
    return next(
        (row for row in list_undecided(country=country, size=None) if row.typed == typed), None
    )


def _alike(typed: str, country: str) -> Sequence[Undecided]:
    """List other texts of the country that look like this one: they may mean the same city."""
    scored = [
        (_ratio(typed, row.typed), row)
        for row in list_undecided(country=country, size=None)[:500]
        if row.typed != typed
    ]
    alike = sorted(
        (item for item in scored if item[0] >= ALIKE), key=lambda item: (-item[0], item[1].typed)
    )
    return [row for _score, row in alike[:MOST_ALIKE]]


def _decision_page(
    typed: str, country: str, form: DecisionForm, status: int = 200
) -> ResponseReturnValue:
    row = _row(typed, country)
    decided = find_alias(typed, country or None)
    if row is None and decided is None:
        raise NotFound
    return render_template(
        "office/places/decide.html",
        tab="queue",
        typed=typed,
        country=country,
        row=row,
        decided=decided,
        decided_city=find_city(decided.city_id) if decided and decided.city_id else None,
        choices=suggestions(typed, country, limit=8),
        alike=_alike(typed, country),
        form=form,
    ), status


@bp.get("/places/decide")
@requires(Permission.PLACES)
def ask_place() -> ResponseReturnValue:
    """Show one typed place with everything that may be meant."""
    typed, country = request.args.get("text", "")[:200], request.args.get("country", "").upper()[:2]
    return _decision_page(typed, country, DecisionForm(formdata=None, data={"country": country}))


@bp.post("/places/decide")
@requires(Permission.PLACES)
def decide_place() -> ResponseReturnValue:
    """Keep the decision about one or several typed places and apply it everywhere."""
    typed, home = request.form.get("text", "")[:200], request.form.get("home", "").upper()[:2]
    form = DecisionForm()
    what = request.form.get("what", "")
    valid = form.validate() if what == "other" else True
    city_id = _chosen(what, form)
    if not valid or (city_id is None and what != "none"):
        if valid:
            form.form_errors.append(gettext("Choose a city, or say that the text names none."))
        return _decision_page(typed, home, form, REFUSED)
    limit = None if form.everywhere.data else home or None
    texts = [typed, *(text[:200] for text in request.form.getlist("alike"))]
    try:
        reached = decide_places(
            texts,
            limit,
            city_id,
            actor=current_actor(),
            now=now(),
            note=(form.note.data or "")[:500],
        )
    except DomainError as error:
        show_refusal(form, error)
        return _decision_page(typed, home, form, REFUSED)
    flash(decided_words(typed, city_id, reached), "ok")
    return redirect(url_for("office.places_queue", country=request.form.get("filter") or None), 303)


def _chosen(what: str, form: DecisionForm) -> int | None:
    if what == "other":
        return form.city_found
    return int(what) if what.isascii() and what.isdigit() and len(what) < 10 else None


def decided_words(typed: str, city_id: int | None, reached: int) -> str:
    """Say what was decided and how far it reached."""
    city = find_city(city_id) if city_id is not None else None
    meaning = city.name_in(current_language()) if city else gettext("no city")
    values: dict[str, Any] = {"text": typed, "city": meaning}
    return ngettext(
        "“%(text)s” now means %(city)s: %(n)s registration was changed.",
        "“%(text)s” now means %(city)s: %(n)s registrations were changed.",
        reached,
        **values,
    )
