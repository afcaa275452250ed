"""Categories of an event: list, add, change, order, remove."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

from flask import flash, redirect, render_template, request, url_for
from wtforms import BooleanField, StringField

from eventsys.accounts.rules import Permission
from eventsys.core.i18n import gettext, lazy, text_in
from eventsys.events.errors import (
    CategoryAsked,
    CategoryInUse,
    CodeTaken,
    InvalidEvent,
    LastCategory,
    PlacesGiven,
)
from eventsys.events.operations.categories import (
    add_category,
    edit_category,
    move_category,
    remove_category,
)
from eventsys.events.queries import get_category, get_event, list_categories
from eventsys.events.rules.colour import read_colour
from eventsys.events.rules.kinds import CATEGORY_KINDS
from eventsys.events.rules.parts import (
    HINT_LENGTH,
    NAME_LENGTH,
    CategoryDraft,
    preset_category,
    suggest_code,
)
from eventsys.web.office.blueprint import bp
from eventsys.web.office.fields import WholeNumber
from eventsys.web.office.navigation import event_page
from eventsys.web.office.problems import show_refusal
from eventsys.web.office.texts import read_texts, spread, text_fields, texts
from eventsys.web.shared.access import current_actor, requires
from eventsys.web.shared.clock import now
from eventsys.web.shared.forms import AtMost, Form, strip
from eventsys.web.shared.sentences import sentence

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue

    from eventsys.core.order import Step
    from eventsys.events.queries import Category, Event

REFUSED = 422


class CategoryForm(Form):
    """What an organiser enters of a category."""

    name_en, name_es, name_fr = texts(lazy("Name"), NAME_LENGTH)
    hint_en, hint_es, hint_fr = texts(lazy("Explanation"), HINT_LENGTH)
    code = StringField(lazy("Code"), filters=[strip], validators=[AtMost(40)])
    colour = StringField(
        lazy("Colour on the badge"), filters=[strip], validators=[AtMost(20)], default="#0a5a7a"
    )
    quota = WholeNumber(lazy("Quota"))
    open_to_public = BooleanField(
        lazy("People can choose it themselves when they register"), default=True
    )
    counted = BooleanField(lazy("Counts as a participant in the figures"), default=True)
    speaker = BooleanField(lazy("Counts as a speaker in the figures"))

    def draft(self, code: str) -> CategoryDraft:
        """Give what was entered."""
        colour = self.colour.data or ""
        return CategoryDraft(
            code=code,
            name=read_texts(self, "name"),
            hint=read_texts(self, "hint"),
            colour=read_colour(colour) or colour,
            quota=self.quota.data,
            counted=bool(self.counted.data),
            speaker=bool(self.speaker.data),
            open_to_public=bool(self.open_to_public.data),
        )


def _data(draft: CategoryDraft | Category) -> dict[str, Any]:
    names = ("code", "colour", "quota", "counted", "speaker", "open_to_public")
    return {
        **{name: getattr(draft, name) for name in names},
        **spread("name", draft.name),
        **spread("hint", draft.hint),
    }


def _page(event: Event) -> dict[str, Any]:
    return {**event_page(event, "settings"), "tab": "categories", "text_fields": text_fields}


@bp.get("/events/<slug>/categories")
@requires(Permission.EVENT_EDIT)
def list_of_categories(slug: str) -> str:
    """List the categories in their order."""
    event = get_event(slug)
    rows = list_categories(event.id)
    unused = [
        preset_category(code)
        for code, *_ in CATEGORY_KINDS
        if code not in {row.code for row in rows}
    ]
    return render_template("office/categories/list.html", rows=rows, presets=unused, **_page(event))


@bp.route("/events/<slug>/categories/new", methods=["GET", "POST"])
@requires(Permission.EVENT_EDIT)
def new_category(slug: str) -> ResponseReturnValue:
    """Add a category, blank or one of the usual ones."""
    event = get_event(slug)
    wanted = request.args.get("preset", "")
    known = {code for code, *_ in CATEGORY_KINDS}
    form = CategoryForm(data=_data(preset_category(wanted))) if wanted in known else CategoryForm()
    status = 200
    if form.is_submitted():
        status = REFUSED
        if form.validate():
            taken = {row.code for row in list_categories(event.id)}
            code = form.code.data or suggest_code(read_texts(form, "name"), taken, "category")
            try:
                add_category(event.id, form.draft(code), actor=current_actor(), now=now())
            except (InvalidEvent, CodeTaken) as error:
                show_refusal(form, error, "code")
            else:
                flash(gettext("The category is added."), "ok")
                return redirect(url_for("office.list_of_categories", slug=slug), 303)
    return render_template(
        "office/categories/edit.html", form=form, category=None, **_page(event)
    ), status


@bp.route("/events/<slug>/categories/<code>", methods=["GET", "POST"])
@requires(Permission.EVENT_EDIT)
def change_category(slug: str, code: str) -> ResponseReturnValue:
    """Change a category."""
    event = get_event(slug)
    category = get_category(event.id, code)
    form = CategoryForm() if request.method == "POST" else CategoryForm(data=_data(category))
    status = 200
    if form.is_submitted():
        status = REFUSED
        if form.validate():
            try:
                edit_category(event.id, code, form.draft(code), actor=current_actor(), now=now())
            except (InvalidEvent, PlacesGiven) as error:
                show_refusal(form, error, "quota")
            else:
                flash(gettext("Saved."), "ok")
                return redirect(url_for("office.list_of_categories", slug=slug), 303)
    return render_template(
        "office/categories/edit.html", form=form, category=category, **_page(event)
    ), status


@bp.post("/events/<slug>/categories/<code>/move")
@requires(Permission.EVENT_EDIT)
def move_a_category(slug: str, code: str) -> ResponseReturnValue:
    """Move a category one place up or down."""
    step = request.form.get("step", "")
    if step in {"up", "down"}:
        move_category(
            get_event(slug).id, code, cast("Step", step), actor=current_actor(), now=now()
        )
    return redirect(url_for("office.list_of_categories", slug=slug), 303)


@bp.post("/events/<slug>/categories/<code>/remove")
@requires(Permission.EVENT_EDIT)
def remove_a_category(slug: str, code: str) -> ResponseReturnValue:
    """Remove a category that nobody ever had."""
    event = get_event(slug)
    name = text_in(get_category(event.id, code).name)
    try:
        remove_category(event.id, code, actor=current_actor(), now=now())
    except (CategoryAsked, CategoryInUse, LastCategory) as error:
        flash(sentence(error), "bad")
    else:
        flash(gettext("“%(name)s” is removed.", name=name), "ok")
    return redirect(url_for("office.list_of_categories", slug=slug), 303)
