"""Take back a payment that somebody of the office recorded by mistake."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import flash, redirect, render_template, url_for

from eventsys.accounts.rules import Permission
from eventsys.core.errors import NotFound
from eventsys.core.i18n import gettext
from eventsys.core.money import format_money
from eventsys.events.queries import get_event
from eventsys.payments.errors import PartlyRefunded
from eventsys.payments.operations.take_back import can_take_back
from eventsys.payments.queries import get_payment
from eventsys.registration.operations.take_back import take_back
from eventsys.web.office.blueprint import bp
from eventsys.web.office.payments import fee_of
from eventsys.web.office.payments_forms import WaiveForm
from eventsys.web.office.problems import show_refusal
from eventsys.web.shared.access import current_actor, requires
from eventsys.web.shared.clock import now

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue

REFUSED = 422


@bp.route(
    "/events/<slug>/payments/<int:registration_id>/take-back/<int:payment_id>",
    methods=["GET", "POST"],
)
@requires(Permission.PAYMENTS_EDIT)
def take_back_payment(slug: str, registration_id: int, payment_id: int) -> ResponseReturnValue:
    """Ask whether it was a mistake, and why; then take it off the fee."""
    page = fee_of(get_event(slug), registration_id)
    payment = get_payment(payment_id)
    if page["charge"] is None or payment.charge_id != page["charge"].id:
        raise NotFound
    if payment.status != "undone" and not can_take_back(payment):
        raise NotFound
    form = WaiveForm()
    if form.validate_on_submit():
        try:
            done = take_back(
                payment_id, reason=form.reason.data or "", actor=current_actor(), now=now(), told=form.tell.data,
            )  # fmt: skip
        except PartlyRefunded as error:
            show_refusal(form, error, "reason")
        else:
            sum_ = format_money(payment.amount, payment.currency)
            text = gettext("%(sum)s is taken back.", sum=sum_) if done else gettext("Nothing was changed.")  # fmt: skip
            flash(text, "ok" if done else "info")
            back = url_for("office.payment", slug=slug, registration_id=registration_id)
            return redirect(back, 303)
    text = render_template("office/payments/take_back.html", form=form, paid=payment, **page)
    return text, REFUSED if form.is_submitted() else 200
