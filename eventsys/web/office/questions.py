"""An event's own questions: list, add, change, order, remove, preview."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, cast

from flask import flash, redirect, render_template, request, url_for
from wtforms import BooleanField, RadioField, SelectMultipleField, StringField

from eventsys.accounts.rules import Permission
from eventsys.core.i18n import LANGUAGES, gettext, lazy, text_in
from eventsys.events.errors import CodeTaken, InvalidEvent, QuestionAnswered
from eventsys.events.operations.questions import (
    add_question,
    edit_question,
    move_question,
    remove_question,
)
from eventsys.events.queries import (
    get_event,
    get_question,
    list_categories,
    list_questions,
    question_draft_of,
)
from eventsys.events.rules.parts import (
    HINT_LENGTH,
    LABEL_LENGTH,
    MOST_OPTIONS,
    OPTION_LENGTH,
    TAKEN_NAMES,
    QuestionDraft,
    read_options,
    suggest_code,
)
from eventsys.web.office.blueprint import bp
from eventsys.web.office.navigation import event_page
from eventsys.web.office.problems import show_refusal
from eventsys.web.office.texts import read_texts, spread, text_fields, texts
from eventsys.web.shared.access import current_actor, requires
from eventsys.web.shared.clock import now
from eventsys.web.shared.forms import AtMost, Form, options, strip
from eventsys.web.shared.sentences import sentence

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue

    from eventsys.core.order import Step
    from eventsys.events.queries import Event
    from eventsys.events.rules.parts import Option

REFUSED = 422
KINDS: Final[dict[str, Any]] = {
    "text": lazy("One line of text"),
    "long_text": lazy("Several lines of text"),
    "choice": lazy("One answer of a list"),
    "choices": lazy("Several answers of a list"),
    "yes_no": lazy("A box to tick"),
    "number": lazy("A whole number"),
    "date": lazy("A day"),
}


class QuestionForm(Form):
    """What an organiser enters of a question."""

    label_en, label_es, label_fr = texts(lazy("Question"), LABEL_LENGTH)
    hint_en, hint_es, hint_fr = texts(lazy("Explanation"), HINT_LENGTH)
    kind = RadioField(
        lazy("Kind of answer"),
        choices=options(KINDS.items()),
        validate_choice=False,
        default="text",
    )
    options_en, options_es, options_fr = texts(
        lazy("Answers to choose from"), MOST_OPTIONS * OPTION_LENGTH, rows=6
    )
    section_en, section_es, section_fr = texts(lazy("Heading above it"), LABEL_LENGTH)
    name = StringField(lazy("Name"), filters=[strip], validators=[AtMost(40)])
    category_codes = SelectMultipleField(lazy("Asked of"), validate_choice=False)
    required = BooleanField(lazy("An answer is needed"))
    sensitive = BooleanField(
        lazy("Sensitive (health, diet, beliefs): kept apart and deleted early")
    )

    def draft(self, name: str, known: tuple[Option, ...] = ()) -> QuestionDraft:
        """Give what was entered; ``known`` are the options stored so far."""
        columns = {language: self[f"options_{language}"].data or "" for language in LANGUAGES}
        return QuestionDraft(
            name=name,
            kind=self.kind.data or "",
            label=read_texts(self, "label"),
            hint=read_texts(self, "hint"),
            section=read_texts(self, "section"),
            options=read_options(columns, known),
            category_codes=tuple(self.category_codes.data or ()),
            required=bool(self.required.data),
            sensitive=bool(self.sensitive.data),
        )


def _data(draft: QuestionDraft) -> dict[str, Any]:
    lines = {
        f"options_{language}": "\n".join(option.label.get(language, "") for option in draft.options)
        for language in LANGUAGES
    }
    return {
        **{
            name: getattr(draft, name)
            for name in ("name", "kind", "category_codes", "required", "sensitive")
        },
        **spread("label", draft.label),
        **spread("hint", draft.hint),
        **spread("section", draft.section),
        **lines,
    }


def _form(event: Event, data: dict[str, Any] | None = None) -> QuestionForm:
    form = QuestionForm(data=data)
    form.category_codes.choices = options(
        (row.code, text_in(row.name)) for row in list_categories(event.id)
    )
    return form


def _page(event: Event) -> dict[str, Any]:
    return {
        **event_page(event, "settings"),
        "tab": "questions",
        "text_fields": text_fields,
        "kinds": KINDS,
    }


@bp.get("/events/<slug>/questions")
@requires(Permission.EVENT_EDIT)
def list_of_questions(slug: str) -> str:
    """List the questions in their order, with a preview."""
    event = get_event(slug)
    names = {row.code: text_in(row.name) for row in list_categories(event.id)}
    rows = list_questions(event.id)
    return render_template(
        "office/questions/list.html", rows=rows, category_names=names, **_page(event)
    )


@bp.route("/events/<slug>/questions/new", methods=["GET", "POST"])
@requires(Permission.EVENT_EDIT)
def new_question(slug: str) -> ResponseReturnValue:
    """Add a question."""
    event = get_event(slug)
    form = _form(event)
    status = 200
    if form.is_submitted():
        status = REFUSED
        if form.validate():
            taken = TAKEN_NAMES | {row.name for row in list_questions(event.id)}
            name = form.name.data or suggest_code(read_texts(form, "label"), taken, "question")
            try:
                add_question(event.id, form.draft(name), actor=current_actor(), now=now())
            except (InvalidEvent, CodeTaken) as error:
                show_refusal(form, error, "name")
            else:
                flash(gettext("The question is added."), "ok")
                return redirect(url_for("office.list_of_questions", slug=slug), 303)
    return render_template(
        "office/questions/edit.html", form=form, question=None, **_page(event)
    ), status


@bp.route("/events/<slug>/questions/<name>", methods=["GET", "POST"])
@requires(Permission.EVENT_EDIT)
def change_question(slug: str, name: str) -> ResponseReturnValue:
    """Change a question."""
    event = get_event(slug)
    question = get_question(event.id, name)
    known = question_draft_of(question)
    form = _form(event, _data(known) if request.method == "GET" else None)
    status = 200
    if form.is_submitted():
        status = REFUSED
        if form.validate():
            try:
                edit_question(
                    event.id,
                    name,
                    form.draft(name, known.options),
                    actor=current_actor(),
                    now=now(),
                )
            except InvalidEvent as error:
                show_refusal(form, error)
            else:
                flash(gettext("Saved."), "ok")
                return redirect(url_for("office.list_of_questions", slug=slug), 303)
    return render_template(
        "office/questions/edit.html", form=form, question=question, **_page(event)
    ), status


@bp.post("/events/<slug>/questions/<name>/move")
@requires(Permission.EVENT_EDIT)
def move_a_question(slug: str, name: str) -> ResponseReturnValue:
    """Move a question one place up or down."""
    step = request.form.get("step", "")
    if step in {"up", "down"}:
        move_question(
            get_event(slug).id, name, cast("Step", step), actor=current_actor(), now=now()
        )
    return redirect(url_for("office.list_of_questions", slug=slug), 303)


@bp.post("/events/<slug>/questions/<name>/remove")
@requires(Permission.EVENT_EDIT)
def remove_a_question(slug: str, name: str) -> ResponseReturnValue:
    """Remove a question that nobody has answered."""
    try:
        remove_question(get_event(slug).id, name, actor=current_actor(), now=now())
    except QuestionAnswered as error:
        flash(sentence(error), "bad")
    else:
        flash(gettext("The question is removed."), "ok")
    return redirect(url_for("office.list_of_questions", slug=slug), 303)
