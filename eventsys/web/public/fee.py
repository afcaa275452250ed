"""Pay the fee by link: start, go to the payment page, come back. What is true is what the charge says."""

from __future__ import annotations

import logging
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from flask import flash, redirect, render_template, url_for

from eventsys.core.i18n import gettext, text_in
from eventsys.core.money import payable_step
from eventsys.files import qr
from eventsys.payments.errors import GatewayAway, MethodNotOffered, NothingDue, TooLittle
from eventsys.payments.gateway import Order, RefusedByStripe, TooLittleForStripe, make_gateway
from eventsys.payments.operations.pay import drop_payment, keep_session, start_payment
from eventsys.payments.queries import find_charge_of, find_open_payment
from eventsys.registration.queries.detail import get_by_link
from eventsys.registration.queries.fees import find_plan, find_price
from eventsys.registration.queries.transfer import offered_transfer
from eventsys.registration.rules.states import ENDED
from eventsys.web.public.blueprint import bp
from eventsys.web.public.present import event_view
from eventsys.web.public.refund_words import refund_rule
from eventsys.web.shared.access import link_holder
from eventsys.web.shared.clock import now
from eventsys.web.shared.pages import absolute, settings
from eventsys.web.shared.sentences import sentence
from eventsys.web.shared.transaction import commit_before_calling_outside

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue

    from eventsys.payments.queries import Charge, Payment
    from eventsys.registration.queries.detail import Detail
    from eventsys.registration.queries.fees import FeePlan, Price
    from eventsys.registration.queries.transfer import Transfer


log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class FeeView:
    """What the own page shows of a fee."""

    price: Price
    charge: Charge | None
    plan: FeePlan | None
    by_card: bool
    transfer: Transfer | None
    processing: bool
    rule: str

    @property
    def transfer_code(self) -> str:
        """Draw the SEPA code of the transfer; empty where there is none."""
        code = self.transfer.code if self.transfer else None
        return qr.svg(code, "M") if code else ""

    @property
    def owed(self) -> int:
        """Give what is still to be paid; negative: what goes back."""
        return self.charge.billed - self.charge.received if self.charge else 0


def fee_view(detail: Detail) -> FeeView | None:
    """Show the fee of a registration; None when it costs nothing."""
    price = find_price(detail.registration.id)
    if price is None:
        return None
    plan, charge = find_plan(detail.event.id), find_charge_of(detail.registration.id)
    methods = plan.methods if plan else []
    owed = charge.billed - charge.received if charge else 0
    # What a transfer left of a currency with three decimals may be an amount that no card can be charged.
    chargeable = charge is None or owed % payable_step(charge.currency) == 0
    trying = find_open_payment(charge.id, "stripe") if charge else None
    trying_by_debit = trying is not None and trying.status == "processing"
    return FeeView(
        price=price,
        charge=charge,
        plan=plan,
        by_card="stripe" in methods and settings().stripe_secret_key is not None and chargeable,
        transfer=offered_transfer(charge, detail.registration)
        if charge and not trying_by_debit
        else None,
        processing=trying_by_debit,
        rule=_rule(detail, plan, charge),
    )


def _rule(detail: Detail, plan: FeePlan | None, charge: Charge | None) -> str:
    """Say what comes back after cancelling, to whoever has a fee and can still cancel."""
    if plan is None or charge is None or charge.billed == 0 or detail.registration.status in ENDED:
        return ""
    return refund_rule(plan, detail.event.timezone, at=now())


@bp.post("/registrations/<token>/pay")
@link_holder
def pay_mine(token: str) -> ResponseReturnValue:
    """Open the payment page of Stripe for what is owed; a second click finds the same page."""
    detail = get_by_link(token)
    gateway = make_gateway(settings())
    if gateway is None:
        return _back(token, sentence(MethodNotOffered()), "bad")
    try:
        payment, order = _order(detail, token)
        if payment.session_id is None:
            payment_id = payment.id
            commit_before_calling_outside()
            keep_session(payment_id, gateway.create_session(order), now=now())
    except NothingDue as refusal:
        return _back(token, sentence(refusal), "ok")
    except RefusedByStripe as refused:
        log.exception("a payment page was refused")
        drop_payment(payment.id, now=now())
        why = TooLittle() if isinstance(refused, TooLittleForStripe) else GatewayAway()
        return _back(token, sentence(why), "bad")
    except GatewayAway as away:
        log.warning("%s", away)
        return _back(token, sentence(away), "bad")
    return redirect(url_for(".paying", token=token), 303)


def _back(token: str, message: str, kind: str) -> ResponseReturnValue:
    flash(message, kind)
    return redirect(url_for(".mine", token=token), 303)


def _order(detail: Detail, token: str) -> tuple[Payment, Order]:
    charge = find_charge_of(detail.registration.id)
    if charge is None or detail.registration.status in {"cancelled", "rejected", "expired"}:
        raise NothingDue
    payment = start_payment(charge.id, now=now())
    if payment.expires_at is None:
        raise NothingDue
    order = Order(
        payment_key=payment.key,
        amount=payment.amount,
        currency=payment.currency,
        title=text_in(detail.event.title),
        email=detail.registration.email,
        language=detail.registration.language,
        reference=charge.reference or charge.key,
        success_url=absolute(url_for(".paid", token=token)),
        cancel_url=absolute(url_for(".mine", token=token)),
        expires_at=payment.expires_at,
    )
    return payment, order


@bp.get("/registrations/<token>/pay")
@link_holder
def paying(token: str) -> ResponseReturnValue:
    """Lead on to the payment page: a page of ours between, so that our forms need post to nobody else."""
    detail = get_by_link(token)
    charge = find_charge_of(detail.registration.id)
    payment = find_open_payment(charge.id, "stripe") if charge else None
    if payment is None or not payment.url or payment.status != "open":
        return redirect(url_for(".mine", token=token))
    return render_template(
        "public/mine/paying.html", view=_view(detail), url=payment.url, token=token
    )


@bp.get("/registrations/<token>/paid")
@link_holder
def paid(token: str) -> ResponseReturnValue:
    """Say what is known when somebody comes back from the payment page; the page asks again by itself."""
    detail = get_by_link(token)
    fee = fee_view(detail)
    if fee is None or fee.owed <= 0 or fee.processing:
        if detail.registration.payment == "paid":
            flash(gettext("Your payment has arrived. Thank you."), "ok")
        return redirect(url_for(".mine", token=token))
    return render_template("public/mine/paid.html", view=_view(detail), token=token)


def _view(detail: Detail) -> Any:  # noqa: ANN401 (for templates)
    return event_view(detail.event, (), now=now())
