"""What finance does about the fee of one registration. Each step has a page of its own that says what follows."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final
from zoneinfo import ZoneInfo

from flask import flash, redirect, render_template, url_for

from eventsys.accounts.rules import Permission
from eventsys.core.errors import NotFound
from eventsys.core.i18n import gettext
from eventsys.core.money import format_money, plain_amount
from eventsys.events.queries import get_event
from eventsys.payments.errors import MovedMeanwhile, RefundTooLarge
from eventsys.payments.queries import get_payment, withdrawn
from eventsys.registration.errors import NoFee
from eventsys.registration.operations.office_fee import (
    HandPayment,
    change_fee,
    record_by_hand,
    refund_fee,
    waive_fee,
)
from eventsys.web.office.blueprint import bp
from eventsys.web.office.money_words import METHOD_WORDS
from eventsys.web.office.payments import fee_of
from eventsys.web.office.payments_forms import ChangeForm, RecordForm, RefundForm, WaiveForm
from eventsys.web.office.problems import show_refusal
from eventsys.web.shared.access import current_actor, requires
from eventsys.web.shared.clock import now

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue

    from eventsys.events.queries import Event
    from eventsys.web.shared.forms import Form

REFUSED: Final = 422


def _billed(event: Event, registration_id: int) -> dict[str, Any]:
    page = fee_of(event, registration_id)
    if page["charge"] is None:
        raise NoFee
    return page


def _back(event: Event, registration_id: int, text: str, kind: str = "ok") -> ResponseReturnValue:
    flash(text, kind)
    return redirect(
        url_for("office.payment", slug=event.slug, registration_id=registration_id), 303
    )


def _look_again(form: RecordForm | RefundForm, error: MovedMeanwhile, page: dict[str, Any]) -> None:
    """Show the form with what is true now; sent once more it counts."""
    show_refusal(form, error, "amount")
    form.seen.data = page["seen"]


def _show(template: str, form: Form, page: dict[str, Any], **more: Any) -> ResponseReturnValue:  # noqa: ANN401 (for templates)
    text = render_template(template, form=form, **page, **more)
    return text, REFUSED if form.is_submitted() else 200


@bp.route("/events/<slug>/payments/<int:registration_id>/record", methods=["GET", "POST"])
@requires(Permission.PAYMENTS_EDIT)
def record_payment(slug: str, registration_id: int) -> ResponseReturnValue:
    """Record money that came by bank or in cash; a fee that is paid in full confirms the place."""
    event = get_event(slug)
    page = _billed(event, registration_id)
    currency, today = page["charge"].currency, now().astimezone(ZoneInfo(event.timezone)).date()
    begin: dict[str, Any] = {"day": today, "seen": page["seen"]}
    if page["owed"] > 0:
        begin["amount"] = plain_amount(page["owed"], currency)
    form = RecordForm(data=begin)
    if form.validate_on_submit() and form.check_day(today):
        amount = form.minor(currency)
        if amount is not None:
            money = HandPayment(
                amount=amount,
                method=form.method.data,
                key=form.key.data or "",
                note=form.reason.data or "",
                received_at=form.received_at(event.timezone, now=now()),
                seen=form.seen.data or "",
            )
            try:
                record_by_hand(registration_id, money, actor=current_actor(), now=now())
            except MovedMeanwhile as error:
                _look_again(form, error, page)
            else:
                text = gettext("%(sum)s is recorded.", sum=format_money(amount, currency))
                return _back(event, registration_id, text)
    return _show("office/payments/record.html", form, page)


@bp.route("/events/<slug>/payments/<int:registration_id>/waive", methods=["GET", "POST"])
@requires(Permission.PAYMENTS_EDIT)
def waive_payment(slug: str, registration_id: int) -> ResponseReturnValue:
    """Let go what is still owed, with a reason."""
    event = get_event(slug)
    page = _billed(event, registration_id)
    form = WaiveForm()
    if form.validate_on_submit():
        owed = waive_fee(
            registration_id, reason=form.reason.data or "", actor=current_actor(), now=now(), tell=form.tell.data,
        )  # fmt: skip
        if not owed:
            return _back(event, registration_id, gettext("There is nothing to pay"), "info")
        text = gettext("%(sum)s is waived.", sum=format_money(owed, page["charge"].currency))
        return _back(event, registration_id, text)
    return _show("office/payments/waive.html", form, page)


@bp.route("/events/<slug>/payments/<int:registration_id>/change", methods=["GET", "POST"])
@requires(Permission.PAYMENTS_EDIT)
def change_payment(slug: str, registration_id: int) -> ResponseReturnValue:
    """Make the fee come to something else, with a reason; the difference is a movement."""
    event = get_event(slug)
    page = _billed(event, registration_id)
    charge = page["charge"]
    form = ChangeForm(data={"amount": plain_amount(charge.billed, charge.currency)})
    if form.validate_on_submit():
        total = form.minor(charge.currency, zero=True)
        if total is not None:
            difference = change_fee(
                registration_id, total, reason=form.reason.data or "", actor=current_actor(), now=now(),
                tell=form.tell.data,
            )  # fmt: skip
            if not difference:
                return _back(event, registration_id, gettext("Nothing was changed."), "info")
            text = gettext("The fee is now %(sum)s.", sum=format_money(total, charge.currency))
            return _back(event, registration_id, text)
    return _show("office/payments/change.html", form, page)


@bp.route(
    "/events/<slug>/payments/<int:registration_id>/refund/<int:payment_id>",
    methods=["GET", "POST"],
)
@requires(Permission.PAYMENTS_EDIT)
def refund_payment(slug: str, registration_id: int, payment_id: int) -> ResponseReturnValue:
    """Send a payment back, in full or in part, with a reason."""
    event = get_event(slug)
    page = _billed(event, registration_id)
    payment = get_payment(payment_id)
    if payment.charge_id != page["charge"].id or payment.status != "succeeded":
        raise NotFound
    left = max(0, payment.amount - payment.refunded - withdrawn(payment_id))
    begin = {"amount": plain_amount(left, payment.currency), "seen": page["seen"]}
    form = RefundForm(data=begin)
    if form.validate_on_submit():
        amount = form.minor(payment.currency)
        if amount is not None:
            try:
                refund_fee(
                    payment_id,
                    amount,
                    owed_again=form.fee.data == "owed",
                    reason=form.reason.data or "",
                    key=form.key.data or "",
                    actor=current_actor(),
                    now=now(),
                    tell=form.tell.data,
                    seen=form.seen.data or "",
                )
            except RefundTooLarge as error:
                show_refusal(form, error, "amount")
            except MovedMeanwhile as error:
                _look_again(form, error, page)
            else:
                return _back(event, registration_id, _sent(payment.method))
    return _show(
        "office/payments/refund.html",
        form,
        page,
        paid=payment,
        left=left,
        method=METHOD_WORDS[payment.method],
    )


def _sent(method: str) -> str:
    if method == "stripe":
        return gettext("Stripe is asked to send it back; banks take up to ten days.")
    return gettext("It is recorded as paid out.")
