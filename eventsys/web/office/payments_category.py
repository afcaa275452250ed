"""Move a participant to another category and see before what the difference of the fees is."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import flash, redirect, render_template, request, url_for

from eventsys.accounts.rules import Permission
from eventsys.core.i18n import gettext, text_in
from eventsys.events.queries import get_event, list_categories
from eventsys.registration.errors import CategoryFull, WrongState
from eventsys.registration.operations.amend import move_to_category
from eventsys.registration.queries.fee_setup import totals_by_category
from eventsys.registration.queries.fees import find_plan
from eventsys.registration.rules.states import ENDED
from eventsys.web.office.blueprint import bp
from eventsys.web.office.payments import fee_of
from eventsys.web.shared.access import current_actor, may, requires
from eventsys.web.shared.clock import now
from eventsys.web.shared.sentences import sentence

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue


@bp.route("/events/<slug>/payments/<int:registration_id>/category", methods=["GET", "POST"])
@requires(Permission.PARTICIPANTS_EDIT)
def recategorise(slug: str, registration_id: int) -> ResponseReturnValue:
    """Show what each category would cost this person, and move them to one."""
    event = get_event(slug)
    page = fee_of(event, registration_id)
    registration = page["registration"]
    if registration.status in ENDED:
        raise WrongState(status=registration.status)
    categories = [row for row in list_categories(event.id) if row.id != registration.category_id]
    chosen = next((row for row in categories if row.code == request.form.get("category")), None)
    problem = ""
    if request.method == "POST":
        if chosen is None:
            problem = gettext("Choose a category")
        else:
            try:
                move_to_category(registration_id, chosen.id, actor=current_actor(), now=now())
            except CategoryFull as error:
                problem = sentence(error)
            else:
                flash(gettext("Moved to “%(name)s”.", name=text_in(chosen.name)), "ok")
                seen = may(Permission.PAYMENTS_VIEW, event.id)
                endpoint = "office.payment" if seen else "office.participant"
                return redirect(url_for(endpoint, slug=slug, registration_id=registration_id), 303)
    plan = find_plan(event.id)
    totals = totals_by_category(registration, [row.id for row in categories])
    frozen = page["price"].total if page["price"] else 0
    text = render_template(
        "office/payments/category.html",
        categories=categories,
        totals=totals,
        frozen=frozen,
        currency=plan.currency if plan else "EUR",
        chosen=chosen,
        problem=problem,
        **page,
    )
    return text, 422 if problem else 200
