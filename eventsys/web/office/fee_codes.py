"""Event, tab “Fees”: the codes that lower a fee, made one by one or many at once."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flask import flash, redirect, render_template, url_for

from eventsys.accounts.rules import Permission
from eventsys.core.i18n import gettext, ngettext
from eventsys.core.money import format_money
from eventsys.events.queries import get_event, list_categories
from eventsys.registration.errors import FeesInUse, InvalidFees
from eventsys.registration.operations.set_codes import edit_code, make_codes, remove_code
from eventsys.registration.queries.fee_setup import codes_in_use, get_code
from eventsys.registration.queries.fees import find_plan, list_codes
from eventsys.web.office.blueprint import bp
from eventsys.web.office.fees import REFUSED, fee_page
from eventsys.web.office.fees_forms import CodeForm, NewCodeForm, code_form
from eventsys.web.office.money_words import CODE_KIND_WORDS
from eventsys.web.office.problems import show_refusal
from eventsys.web.shared.access import current_actor, requires
from eventsys.web.shared.clock import now
from eventsys.web.shared.sentences import sentence

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue

    from eventsys.registration.queries.fees import FeeCode


def code_effect(code: FeeCode, currency: str) -> str:
    """Say what a code does."""
    if code.kind == "percent":
        return gettext("%(n)s per cent off", n=code.value)
    if code.kind == "amount":
        return gettext("%(sum)s off", sum=format_money(code.value, currency))
    return str(CODE_KIND_WORDS.get(code.kind, code.kind))


@bp.get("/events/<slug>/fees/codes")
@requires(Permission.FEES)
def codes(slug: str) -> ResponseReturnValue:
    """List the codes, how often each was used and how often it still can be."""
    event = get_event(slug)
    plan = find_plan(event.id)
    if plan is None:
        return redirect(url_for("office.fees", slug=slug))
    return render_template(
        "office/fees/codes.html",
        plan=plan,
        rows=list_codes(event.id),
        kept=codes_in_use(event.id),
        effect=code_effect,
        now=now(),
        categories={row.id: row for row in list_categories(event.id)},
        **fee_page(event),
    )


@bp.route("/events/<slug>/fees/codes/new", methods=["GET", "POST"])
@requires(Permission.FEES)
def new_codes(slug: str) -> ResponseReturnValue:
    """Make one code, or many of one kind."""
    event = get_event(slug)
    plan = find_plan(event.id)
    if plan is None:
        return redirect(url_for("office.fees", slug=slug))
    categories = list_categories(event.id)
    form = code_form(NewCodeForm, plan.currency, event.timezone, categories)
    status = 200
    if form.is_submitted():
        status = REFUSED
        if form.validate() and form.check_moments("valid_until"):
            try:
                made = make_codes(
                    event.id,
                    form.code.data or "",
                    form.draft(categories),
                    number=1 if form.number.data is None else form.number.data,
                    actor=current_actor(),
                    now=now(),
                )
            except InvalidFees as error:
                show_refusal(form, error)
            else:
                n = len(made)
                flash(ngettext("%(n)s code is made.", "%(n)s codes are made.", n), "ok")
                return redirect(url_for("office.codes", slug=slug), 303)
    return _form_page(form, None, plan.currency, fee_page(event)), status


@bp.route("/events/<slug>/fees/codes/<int:code_id>", methods=["GET", "POST"])
@requires(Permission.FEES)
def change_code(slug: str, code_id: int) -> ResponseReturnValue:
    """Change what a code does from now on."""
    event = get_event(slug)
    code, plan = get_code(event.id, code_id), find_plan(event.id)
    if plan is None:
        return redirect(url_for("office.fees", slug=slug))
    categories = list_categories(event.id)
    form = code_form(CodeForm, plan.currency, event.timezone, categories, code)
    status = 200
    if form.is_submitted():
        status = REFUSED
        if form.validate() and form.check_moments("valid_until"):
            try:
                edit_code(
                    event.id, code_id, form.draft(categories), actor=current_actor(), now=now()
                )
            except InvalidFees as error:
                show_refusal(form, error)
            else:
                flash(gettext("Saved."), "ok")
                return redirect(url_for("office.codes", slug=slug), 303)
    return _form_page(form, code, plan.currency, fee_page(event)), status


def _form_page(form: CodeForm, code: FeeCode | None, currency: str, page: dict[str, Any]) -> str:
    return render_template("office/fees/code.html", form=form, code=code, currency=currency, **page)


@bp.post("/events/<slug>/fees/codes/<int:code_id>/remove")
@requires(Permission.FEES)
def remove_a_code(slug: str, code_id: int) -> ResponseReturnValue:
    """Remove a code that nobody used."""
    event = get_event(slug)
    word = get_code(event.id, code_id).code
    try:
        remove_code(event.id, code_id, actor=current_actor(), now=now())
    except FeesInUse as error:
        flash(sentence(error), "bad")
    else:
        flash(gettext("“%(name)s” is removed.", name=word), "ok")
    return redirect(url_for("office.codes", slug=slug), 303)
