"""Event, tab “Fees”: how it asks for money, the lines in their order, and what somebody would pay today."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, Literal, cast
from zoneinfo import ZoneInfo

from flask import flash, redirect, render_template, request, url_for

from eventsys.accounts.rules import Permission
from eventsys.core.i18n import country_name, current_language, gettext, text_in
from eventsys.core.money import USUAL
from eventsys.events.queries import get_event, list_categories
from eventsys.payments.queries.accounts import gaps_of
from eventsys.places.queries import list_countries
from eventsys.registration.errors import FeesInUse, InvalidFees
from eventsys.registration.operations.set_fees import (
    add_fee,
    edit_fee,
    move_fee,
    remove_fee,
    remove_plan,
    save_plan,
)
from eventsys.registration.queries.fee_setup import get_fee, was_priced
from eventsys.registration.queries.fees import find_plan, list_codes, list_fees, quote_payer
from eventsys.registration.queries.unbilled import list_unbilled
from eventsys.registration.rules.income import GROUPS, countries_of, income_group
from eventsys.registration.rules.price import Payer
from eventsys.web.office.blueprint import bp
from eventsys.web.office.fees_forms import FeeForm, PlanForm, fee_form, plain_rate, plan_data
from eventsys.web.office.money_words import INCOME_WORDS, METHOD_WORDS
from eventsys.web.office.navigation import event_page
from eventsys.web.office.problems import show_refusal
from eventsys.web.office.texts import text_fields
from eventsys.web.shared.access import current_actor, may, requires
from eventsys.web.shared.clock import now
from eventsys.web.shared.sentences import sentence

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from flask.typing import ResponseReturnValue

    from eventsys.events.queries import Category, Event
    from eventsys.registration.queries.fees import Fee, FeePlan

REFUSED: Final = 422


def fee_page(event: Event) -> dict[str, Any]:
    """Give what every page about the fees of an event needs."""
    current = "settings" if may(Permission.EVENT_EDIT, event.id) else "fees"
    return {**event_page(event, current), "tab": "fees", "text_fields": text_fields}


@bp.get("/events/<slug>/fees")
@requires(Permission.FEES)
def fees(slug: str) -> str:
    """Show the plan, the lines, the codes in short, and what somebody would pay today."""
    event = get_event(slug)
    plan = find_plan(event.id)
    if plan is None:
        return render_template("office/fees/none.html", **fee_page(event))
    categories, lines = list_categories(event.id), list_fees(event.id)
    codes = list_codes(event.id)
    return render_template(
        "office/fees/show.html",
        plan=plan,
        rate=plain_rate(plan.tax_rate),
        lines=lines,
        states={line.id: _time_state(line, now=now()) for line in lines},
        categories={row.id: row for row in categories},
        methods=METHOD_WORDS,
        groups=INCOME_WORDS,
        group_countries={
            group: ", ".join(sorted(country_name(code) for code in countries_of(group)))
            for group in sorted({line.income_group for line in lines if line.income_group})
            if group != "high"
        },
        codes=len(codes),
        priced=was_priced(event.id),
        unbilled=len(list_unbilled(event.id)),
        unreached=gaps_of(plan.currency) if "bank" in plan.methods else [],
        preview=_preview(event, plan, categories) if lines else None,
        **fee_page(event),
    )


def _time_state(line: Fee, *, now: datetime) -> str:
    if line.starts_at and now < line.starts_at:
        return "later"
    return "over" if line.until and line.until <= now else "now"


def _preview(event: Event, plan: FeePlan, categories: Sequence[Category]) -> dict[str, Any]:
    args = request.args
    chosen = next((row for row in categories if row.code == args.get("category")), categories[0])
    member = args.get("member", "yes") == "yes"
    countries = list_countries(current_language())
    known = {item.code for item in countries}
    wanted = (args.get("country", ""), event.country or "")
    country = next((code for code in wanted if code in known), countries[0].code)
    group = income_group(country)
    moment = now()
    found = quote_payer(event.id, Payer(chosen.id, member, group, moment))
    return {
        "category": chosen,
        "member": member,
        "country": country,
        "group": INCOME_WORDS[group or "high"],
        "quote": found,
        "currency": plan.currency,
        "day": moment.astimezone(ZoneInfo(event.timezone)),
        "categories": [(row.code, text_in(row.name)) for row in categories],
        "countries": [(item.code, item.name) for item in countries],
    }


@bp.route("/events/<slug>/fees/plan", methods=["GET", "POST"])
@requires(Permission.FEES)
def fee_plan(slug: str) -> ResponseReturnValue:
    """Make or change how the event asks for money."""
    event = get_event(slug)
    plan = find_plan(event.id)
    form = PlanForm(data=plan_data(plan, event.timezone)) if plan else PlanForm()
    form.zone = event.timezone
    status = 200
    if form.is_submitted():
        status = REFUSED
        if form.validate() and form.check_moments("refund_until"):
            try:
                save_plan(event.id, form.draft(), actor=current_actor(), now=now())
            except InvalidFees as error:
                show_refusal(form, error)
            else:
                flash(gettext("Saved."), "ok")
                return redirect(url_for("office.fees", slug=slug), 303)
    return render_template(
        "office/fees/plan.html",
        form=form,
        plan=plan,
        usual=USUAL,
        priced=was_priced(event.id),
        **fee_page(event),
    ), status


@bp.route("/events/<slug>/fees/remove", methods=["GET", "POST"])
@requires(Permission.FEES)
def remove_fees(slug: str) -> ResponseReturnValue:
    """Make the event free again, as long as nobody's fee was frozen."""
    event = get_event(slug)
    if request.method == "POST":
        try:
            remove_plan(event.id, actor=current_actor(), now=now())
        except FeesInUse as error:
            flash(sentence(error), "bad")
        else:
            flash(gettext("The event is free."), "ok")
        return redirect(url_for("office.fees", slug=slug), 303)
    return render_template("office/fees/remove.html", **fee_page(event))


@bp.route("/events/<slug>/fees/new", methods=["GET", "POST"])
@requires(Permission.FEES)
def new_fee(slug: str) -> ResponseReturnValue:
    """Add a line of the fees."""
    return _edit(get_event(slug), None)


@bp.route("/events/<slug>/fees/<int:fee_id>", methods=["GET", "POST"])
@requires(Permission.FEES)
def change_fee(slug: str, fee_id: int) -> ResponseReturnValue:
    """Change a line of the fees for whoever registers from now on."""
    event = get_event(slug)
    return _edit(event, get_fee(event.id, fee_id))


def _edit(event: Event, fee: Fee | None) -> ResponseReturnValue:
    plan = find_plan(event.id)
    if plan is None:
        return redirect(url_for("office.fee_plan", slug=event.slug))
    categories = list_categories(event.id)
    form = fee_form(plan.currency, event.timezone, categories, fee)
    status = 200
    if form.is_submitted():
        status = REFUSED
        if form.validate() and form.check_moments("starts_at", "until"):
            try:
                _save(event, fee, form, categories)
            except InvalidFees as error:
                show_refusal(form, error)
            else:
                flash(gettext("Saved."), "ok")
                return redirect(url_for("office.fees", slug=event.slug), 303)
    groups = [
        (INCOME_WORDS[group], ", ".join(sorted(map(country_name, countries_of(group)))))
        for group in GROUPS
        if group != "high"
    ]
    return render_template(
        "office/fees/edit.html", form=form, fee=fee, plan=plan, groups=groups, **fee_page(event)
    ), status


def _save(event: Event, fee: Fee | None, form: FeeForm, categories: Sequence[Category]) -> None:
    draft = form.draft(categories)
    if fee is None:
        add_fee(event.id, draft, actor=current_actor(), now=now())
    else:
        edit_fee(event.id, fee.id, draft, actor=current_actor(), now=now())


@bp.post("/events/<slug>/fees/<int:fee_id>/move")
@requires(Permission.FEES)
def move_a_fee(slug: str, fee_id: int) -> ResponseReturnValue:
    """Move a line one place up or down."""
    step = request.form.get("step", "")
    if step in {"up", "down"}:
        move_fee(
            get_event(slug).id, fee_id, cast("Literal['up', 'down']", step), actor=current_actor(), now=now(),
        )  # fmt: skip
    return redirect(url_for("office.fees", slug=slug), 303)


@bp.post("/events/<slug>/fees/<int:fee_id>/remove")
@requires(Permission.FEES)
def remove_a_fee(slug: str, fee_id: int) -> ResponseReturnValue:
    """Remove a line; what was shown to people stays theirs."""
    remove_fee(get_event(slug).id, fee_id, actor=current_actor(), now=now())
    flash(gettext("The line is removed."), "ok")
    return redirect(url_for("office.fees", slug=slug), 303)
